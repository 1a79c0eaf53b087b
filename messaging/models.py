"""What leaves the portal: a row a letter or SMS. The rows are the truth, the queue only hurries them."""

import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from schools.models.documents import EncryptedTextField

if TYPE_CHECKING:
    from collections.abc import Iterator

FIRST_WAIT = datetime.timedelta(minutes=2)
LONGEST_WAIT = datetime.timedelta(hours=2)
# With the waits above: given up after about eight hours.
MOST_ATTEMPTS = 10
# The clocks of the web server, which writes a row, and of the worker may differ by this much.
CLOCKS_DIFFER = datetime.timedelta(seconds=5)


class OutgoingQuerySet(models.QuerySet["Outgoing"]):
    def due(self, now: datetime.datetime) -> "OutgoingQuerySet":
        """Waiting, and its time has come."""
        return self.filter(next_attempt_at__lte=now + CLOCKS_DIFFER)

    def newest_first(self) -> "OutgoingQuerySet":
        return self.order_by("-created_at", "-pk")


class Outgoing(models.Model):
    """A letter or an SMS to one recipient: waiting, sent, or given up.

    Codes and what concerns children stand in it, so the words are encrypted, and emptied as soon as
    they were sent or given up; only the outbox of development keeps them.
    """

    class Channel(models.TextChoices):
        EMAIL = "email", _("Letter")
        SMS = "sms", _("SMS")

    channel = models.CharField(_("channel"), max_length=8, choices=Channel)
    recipient = EncryptedTextField(_("recipient"))
    subject = EncryptedTextField(_("subject"), blank=True)
    text = EncryptedTextField(_("text"), blank=True)
    html = EncryptedTextField(_("text in HTML"), blank=True)
    language = models.CharField(_("language"), max_length=16)
    created_at = models.DateTimeField(_("written at"))
    expires_at = models.DateTimeField(_("of no use after"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    # Empty once there is nothing more to do.
    next_attempt_at = models.DateTimeField(_("next attempt at"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    # Why the last attempt failed: a few words for the operator, never an address or a number.
    failure = models.CharField(_("failure"), max_length=100, blank=True)

    objects = OutgoingQuerySet.as_manager()

    class Meta:
        verbose_name = _("outgoing message")
        verbose_name_plural = _("outgoing messages")
        constraints = [
            models.CheckConstraint(
                condition=Q(channel__in=["email", "sms"]), name="outgoing_channel_is_known"
            ),
            models.CheckConstraint(condition=~Q(recipient=""), name="outgoing_has_a_recipient"),
            models.CheckConstraint(
                condition=Q(channel="email") | Q(subject="", html=""), name="outgoing_sms_is_text_alone"
            ),
            models.CheckConstraint(
                condition=Q(next_attempt_at__isnull=True) | ~Q(text=""), name="outgoing_waits_with_its_text"
            ),
            models.CheckConstraint(
                condition=Q(next_attempt_at__isnull=False, sent_at__isnull=True)
                | Q(next_attempt_at__isnull=True, sent_at__isnull=False, failure="")
                | (Q(next_attempt_at__isnull=True, sent_at__isnull=True) & ~Q(failure="")),
                name="outgoing_waits_or_is_sent_or_given_up",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                condition=Q(next_attempt_at__isnull=False),
                name="outgoing_waiting",
            ),
            models.Index(fields=["-created_at", "-id"], name="outgoing_newest_first"),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.pk}"

    @property
    def key(self) -> str:
        """The same at each attempt, so that the receiving side can drop a repetition; of this row
        alone, also when a database made anew begins to count from one."""
        return f"{self.pk}-{self.created_at:%Y%m%d%H%M%S%f}"

    def is_expired(self, now: datetime.datetime) -> bool:
        return self.expires_at is not None and self.expires_at <= now

    def begin_attempt(self, now: datetime.datetime) -> None:
        """Count an attempt before it is made, so that one a worker dies of counts as well. Until the
        wait is over the row is nobody else's."""
        self.attempts += 1
        self.next_attempt_at = now + min(FIRST_WAIT * 2 ** (self.attempts - 1), LONGEST_WAIT)
        self.save(update_fields=["attempts", "next_attempt_at"])

    def mark_sent(self, now: datetime.datetime) -> None:
        self.sent_at, self.failure = now, ""
        self._finish()

    def put_off(self, failure: str) -> None:
        """The attempt failed; the next one is due when `begin_attempt` said. The last gives up."""
        if self.attempts >= MOST_ATTEMPTS:
            self.give_up(failure)
            return
        self.failure = failure
        self.save(update_fields=["failure"])

    def give_up(self, failure: str) -> None:
        self.failure = failure
        self._finish()

    def _finish(self) -> None:
        self.next_attempt_at = None
        self.save(update_fields=["next_attempt_at", "sent_at", "failure", *self._forget_words()])

    def _forget_words(self) -> "Iterator[str]":
        if not settings.OUTBOX:
            for field in ("subject", "text", "html"):
                setattr(self, field, "")
                yield field
