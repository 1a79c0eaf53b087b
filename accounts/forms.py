"""What is typed at the doors."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import attempts


class SignInForm(AuthenticationForm):
    """Login and password. Wrong login, wrong password and closed account get one answer; too many
    failures get a wait, which holds for logins that do not exist as well."""

    error_messages = dict.fromkeys(
        ("invalid_login", "inactive"),
        _("The login or the password did not fit. Try again, or reset the password."),
    )

    def clean(self) -> dict[str, Any]:
        username = (self.cleaned_data.get("username") or "").strip().lower()
        address = attempts.address_of(self.request)
        self._refuse_while_waiting(username, address)
        try:
            cleaned = super().clean()
        except forms.ValidationError:
            attempts.record(username, address, succeeded=False)
            raise
        attempts.record(username, address, succeeded=self.user_cache is not None)
        return cleaned

    def confirm_login_allowed(self, user: Any) -> None:
        """After the right password alone, so that the words tell a stranger nothing."""
        super().confirm_login_allowed(user)
        if user.first_password_expired(timezone.now()):
            raise forms.ValidationError(
                _(
                    "The first password has expired. A student or a parent asks the class teacher for a new "
                    "one, staff ask the school’s administrator."
                ),
                code="expired",
            )

    def _refuse_while_waiting(self, username: str, address: str) -> None:
        wait = attempts.wait_before(username, address, now=timezone.now())
        if wait:
            minutes = -(-wait.seconds // 60)
            raise forms.ValidationError(
                ngettext(
                    "Too many attempts. Try again in %(minutes)d minute.",
                    "Too many attempts. Try again in %(minutes)d minutes.",
                    minutes,
                )
                % {"minutes": minutes},
                code="wait",
            )
