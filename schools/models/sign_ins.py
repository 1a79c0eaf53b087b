"""The journal of sign-ins: what each of them proved, and what was refused after the proof."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from schools.append_only import AppendOnly
from schools.doors import Door, Level, Proof, Refusal
from schools.models.documents import EncryptedTextField
from schools.models.people import Person


class SignIn(models.Model):
    """One sign-in of an account. The session carries the same proof, and `pk`, for as long as it lives.

    `session_hash` (SHA-256 of the session's key, hex) ties both together without letting a reader of
    the table into the session. `children` is what ESIA said of the person's children, as JSON.
    `refusals`: by which rules of the doors roles of the person stayed shut at the sign-in.
    """

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="sign_ins", verbose_name=_("account")
    )
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="sign_ins", verbose_name=_("person")
    )
    at = models.DateTimeField(_("at"), auto_now_add=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    door = models.CharField(_("door"), max_length=10, choices=Door)
    level = models.CharField(_("level of the account"), max_length=10, choices=Level, blank=True)
    second_factor = models.BooleanField(_("with a second factor"), default=False)
    refusals = ArrayField(
        models.CharField(max_length=20, choices=Refusal),
        verbose_name=_("roles shut"),
        default=list,
        blank=True,
    )
    address = models.GenericIPAddressField(_("address"), null=True, blank=True)
    device = models.CharField(_("device"), max_length=200, blank=True)
    session_hash = models.CharField(max_length=64, editable=False)
    children = EncryptedTextField(blank=True, default="", editable=False)

    append_only = AppendOnly(columns=("ended_at", "second_factor"))

    class Meta:
        verbose_name = _("sign-in")
        verbose_name_plural = _("sign-ins")
        indexes = [
            models.Index(fields=["account", "-at"], name="sign_in_of_account"),
            models.Index(fields=["session_hash"], name="sign_in_of_session"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(door__in=["school", "own", "esia", "demo"]), name="sign_in_door"
            ),
            models.CheckConstraint(
                condition=models.Q(door="esia", level__in=["simplified", "standard", "verified", "child"])
                | ~models.Q(door="esia") & models.Q(level=""),
                name="sign_in_level_is_of_esia",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%d.%m.%Y %H:%M}, {self.get_door_display()}"

    @property
    def proof(self) -> Proof:
        return Proof(door=self.door, level=self.level, second_factor=self.second_factor)

    @classmethod
    def of(cls, proof: Proof, **fields: Any) -> "SignIn":
        return cls(door=proof.door, level=proof.level, second_factor=proof.second_factor, **fields)
