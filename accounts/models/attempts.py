"""What was tried at the doors and what was sent for it, kept so that guessing is slowed down."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from schools.append_only import AppendOnly


class SignInAttempt(models.Model):
    """Each try at the school's door, of existing and of unknown logins (`accounts.attempts`).

    `succeeded` says that the password was right. With `refused` as well it has expired; `refused`
    alone: nobody looked at it.
    """

    username = models.CharField(_("login"), max_length=64)
    address = models.GenericIPAddressField(_("address"), null=True)
    at = models.DateTimeField(_("at"), auto_now_add=True)
    succeeded = models.BooleanField(_("succeeded"))
    refused = models.BooleanField(_("refused while waiting"), default=False)

    append_only = AppendOnly(columns=("succeeded", "refused"), may_be_deleted=True)

    class Meta:
        verbose_name = _("sign-in attempt")
        verbose_name_plural = _("sign-in attempts")
        indexes = [
            models.Index(fields=["username", "at"], name="attempt_of_login"),
            models.Index(fields=["address", "at"], name="attempt_from_address"),
        ]
        triggers = [
            # Whoever breaks in does not wipe out the traces (`accounts.attempts.KEPT`).
            pgtrigger.Protect(
                name="traces_stay",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Condition("OLD.at > now() - interval '90 days'"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.at:%d.%m.%Y %H:%M}"


class SentCode(models.Model):
    """A confirmation code, or the answer in its place, went to a telephone or an e-mail address
    (`accounts.codes`). The hash is the contact's keyed one. Rows live for a day."""

    contact_hash = models.CharField(max_length=64)
    address = models.GenericIPAddressField(_("address"), null=True)
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("sent code")
        verbose_name_plural = _("sent codes")
        indexes = [
            models.Index(fields=["contact_hash", "at"], name="code_to_contact"),
            models.Index(fields=["address", "at"], name="code_asked_from_address"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%d.%m.%Y %H:%M}"
