"""The second factor of a sign-in, on django-allauth's `mfa`: an application of codes, or passkeys.

Its secrets are sealed in the database; wrong codes are slowed down wherever they are typed.
"""

from io import BytesIO
from typing import Any

import segno
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import attempts
from accounts.forms import too_many
from accounts.models import User
from accounts.security import notices, sessions
from schools.models.documents import sealed, unsealed


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = {
        "add_email_blocked": gettext_lazy("An e-mail cannot be added now."),
        "cannot_delete_authenticator": gettext_lazy("This second factor cannot be removed."),
        "cannot_generate_recovery_codes": gettext_lazy(
            "Recovery codes need a second factor: set up an application of codes or a passkey first."
        ),
        "incorrect_code": gettext_lazy("The code does not fit. Check it and type it again."),
        "unverified_email": gettext_lazy("Confirm your e-mail first."),
    }

    def encrypt(self, text: str) -> str:
        return sealed(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unsealed(encrypted_text)

    def build_totp_svg(self, url: str) -> str:
        """Dark on white in the dark theme too, with the quiet margin that cameras want."""
        drawing = BytesIO()
        code = segno.make(url, error="m")
        code.save(drawing, kind="svg", xmldecl=False, scale=6, border=4, dark="#000", light="#fff")
        return drawing.getvalue().decode()

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return _("Passkey %(number)d") % {"number": number}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return super().get_public_key_credential_rp_entity() | {"name": settings.MFA_TOTP_ISSUER}


class SlowedCode:
    """For forms with a `code` of `user`: after five wrong ones a wait, which grows (`attempts`).

    Counted for the account, from wherever they come: who types here knows the password already.
    """

    user: User

    def clean_code(self) -> str:
        try:
            attempt = attempts.begin(attempts_key(self.user), "", now=timezone.now())
        except attempts.MustWait as must:
            raise too_many(must.wait) from must
        code: str = super().clean_code()  # type: ignore[misc]
        attempts.succeed(attempt)
        return code


def attempts_key(account: User) -> str:
    """Under which `SignInAttempt` counts codes. No login has a colon."""
    return f"{account.pk}:code"


def remove_all(account: User) -> None:
    """By an office, for who lost everything. Whoever asks at the door next needs the password alone;
    whoever is in, perhaps with what was lost, is out."""
    found = Authenticator.objects.filter(user=account)
    if found.exists():
        found.delete()
        sessions.end_all(account)
        notices.send(notices.Notice.SECOND_FACTOR_REMOVED, account, device=_("Django admin"))


def codes_left(account: User) -> int:
    """Recovery codes that were not used yet."""
    found = Authenticator.objects.filter(user=account, type=Authenticator.Type.RECOVERY_CODES).first()
    return len(found.wrap().get_unused_codes()) if found else 0
