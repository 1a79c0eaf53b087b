"""Letters about the safety of an account. They say what happened, when, and on what kind of device;
no name, no login, no contact, no network address."""

from collections.abc import Iterable

from allauth.account.models import EmailAddress
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from messaging.sending import send_letter, send_sms


class Notice(models.TextChoices):
    """The value is the name that django-allauth has for it, where it has one."""

    NEW_DEVICE = "new-device", gettext_lazy("Sign-in on a new device")
    PASSWORD_CHANGED = "account/email/password_changed", gettext_lazy("The password was changed")
    EMAIL_CHANGED = "account/email/email_changed", gettext_lazy("The e-mail was changed")
    PHONE_CHANGED = "phone-changed", gettext_lazy("The telephone was changed")
    APPLICATION_ADDED = "mfa/email/totp_activated", gettext_lazy("An application of codes was added")
    APPLICATION_REMOVED = "mfa/email/totp_deactivated", gettext_lazy("The application of codes was removed")
    PASSKEY_ADDED = "mfa/email/webauthn_added", gettext_lazy("A passkey was added")
    PASSKEY_REMOVED = "mfa/email/webauthn_removed", gettext_lazy("A passkey was removed")
    SECOND_FACTOR_REMOVED = (
        "second-factor-removed",
        gettext_lazy("The second factor was removed by an office"),
    )
    LOGIN_REISSUED = "login-reissued", gettext_lazy("The login was issued anew, with a new first password")
    QUESTION_CHANGED = "question-changed", gettext_lazy("The secret question was changed")
    NEW_RECOVERY_CODES = "mfa/email/recovery_codes_generated", gettext_lazy("New recovery codes were made")


def send(notice: Notice, account: User, *, device: str, to: str = "") -> None:
    """To the account's confirmed e-mail, or to the one that it had until now."""
    address = to or confirmed_email(account)
    if address:
        send_letter(to=address, subject=_in_portal(notice), text=_text(notice, device))


def send_to_all(notice: Notice, accounts: Iterable[User], *, device: str) -> None:
    """To the confirmed e-mails of those who have one. One statement, and each letter's own."""
    confirmed = EmailAddress.objects.filter(user__in=accounts, verified=True).order_by("primary", "-pk")
    for address in dict(confirmed.values_list("user", "email")).values():  # the last, a primary, stays
        send_letter(to=address, subject=_in_portal(notice), text=_text(notice, device))


def tell_old_telephone(number: str) -> None:
    send_sms(to=number, text=f"{_in_portal(Notice.PHONE_CHANGED)}. {_if_not_you()}")


def confirmed_email(account: User) -> str:
    confirmed = EmailAddress.objects.filter(user=account, verified=True).order_by("-primary", "pk")
    return confirmed.values_list("email", flat=True).first() or ""


def _in_portal(notice: Notice) -> str:
    return _("ASU RSO: %(what)s") % {"what": notice.label[0].lower() + notice.label[1:]}


def _text(notice: Notice, device: str) -> str:
    when = date_format(timezone.localtime(), "j E Y, H:i")
    return "\n\n".join(
        [
            f"{notice.label}.",
            _("When: %(when)s.\nDevice: %(device)s.") % {"when": when, "device": device},
            _("If it was you, nothing needs to be done."),
            _if_not_you(),
        ]
    )


def _if_not_you() -> str:
    return _(
        "If it was not you: open “Security” in the portal, sign out elsewhere and change the password. "
        "If you cannot get in, ask your school’s administrator."
    )
