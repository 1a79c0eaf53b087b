"""What gives a new password away: a confirmed telephone, a secret question, a recovery under way."""

from django.contrib.auth.hashers import check_password, make_password
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.users import User
from schools.models import sort_key
from schools.models.documents import EncryptedTextField


class SecretQuestionManager(models.Manager["SecretQuestion"]):
    def set_for(self, account: User, question: str, answer: str) -> None:
        """`answer`: a hash (`answer_hash`). They take the place of what was set before."""
        self.update_or_create(account=account, defaults={"question": question, "answer": answer})


class SecretQuestion(models.Model):
    """A second proof for recovery, chosen by the account's holder. The answer is kept as a hash only."""

    account = models.OneToOneField(
        User, models.CASCADE, related_name="secret_question", verbose_name=_("account")
    )
    question = models.CharField(_("secret question"), max_length=200)
    answer = models.CharField(max_length=128, editable=False)
    set_at = models.DateTimeField(_("set at"), auto_now=True)

    objects = SecretQuestionManager()

    class Meta:
        verbose_name = _("secret question")
        verbose_name_plural = _("secret questions")

    def __str__(self) -> str:
        return self.question

    def is_answered_by(self, text: str) -> bool:
        return check_password(_normalised(text), self.answer)


def answer_hash(text: str) -> str:
    """Capital letters, Ё, hyphens and blanks are remembered by nobody: they do not count."""
    return make_password(_normalised(text))


def _normalised(answer: str) -> str:
    return " ".join(sort_key(answer).split())


class PhoneNumber(models.Model):
    """The telephone of an account. A family may share one; confirmed, it is one account's alone,
    because it gives a new password away (model.md, "People"). The hash is the number's keyed one."""

    account = models.OneToOneField(
        User, models.CASCADE, related_name="phone_number", verbose_name=_("account")
    )
    number = EncryptedTextField(_("telephone"))
    number_hash = models.CharField(max_length=64, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("telephone number")
        verbose_name_plural = _("telephone numbers")
        constraints = [
            models.UniqueConstraint(
                fields=["number_hash"],
                condition=models.Q(confirmed_at__isnull=False),
                name="confirmed_phone_once",
            )
        ]

    def __str__(self) -> str:
        return str(self.account)


class Recovery(models.Model):
    """A try at a new password. There is one for an unknown contact as well, which nothing can finish:
    whoever asks cannot tell the two apart. `code` is hashed like a password, but quickly (HMAC).
    Rows live for a month."""

    class Channel(models.TextChoices):
        EMAIL = "email", _("by e-mail")
        SMS = "sms", _("by SMS")

    channel = models.CharField(_("channel"), max_length=5, choices=Channel)
    contact = EncryptedTextField(_("contact"))
    address = models.GenericIPAddressField(_("address"), null=True, blank=True)
    language = models.CharField(_("language"), max_length=10)
    at = models.DateTimeField(_("at"))
    expires_at = models.DateTimeField(_("holds until"))
    account = models.ForeignKey(
        User, models.CASCADE, null=True, blank=True, related_name="recoveries", verbose_name=_("account")
    )
    code = models.CharField(max_length=64, blank=True, editable=False)
    wrong_codes = models.PositiveSmallIntegerField(_("wrong codes"), default=0)
    wrong_answers = models.PositiveSmallIntegerField(_("wrong answers"), default=0)
    code_shown_at = models.DateTimeField(_("code shown at"), null=True, blank=True)
    answered_at = models.DateTimeField(_("question answered at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        verbose_name = _("recovery of a password")
        verbose_name_plural = _("recoveries of passwords")
        constraints = [
            models.CheckConstraint(condition=Q(channel__in=["email", "sms"]), name="recovery_channel"),
            models.CheckConstraint(
                condition=Q(code_shown_at__isnull=True) | Q(account__isnull=False),
                name="recovery_code_is_of_an_account",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()}, {self.at:%d.%m.%Y %H:%M}"
