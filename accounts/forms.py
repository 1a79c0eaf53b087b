"""What is typed at the doors."""

import datetime
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
        _("The login or the password did not fit. Try again, or ask your school for a new password."),
    )

    def clean(self) -> dict[str, Any]:
        username = (self.cleaned_data.get("username") or "").strip().lower()
        address = attempts.address_of(self.request)
        try:
            attempt = attempts.begin(username, address, now=timezone.now())
        except attempts.MustWait as must:
            raise _too_many(must.wait) from must
        cleaned = super().clean()
        if self.user_cache is not None:
            attempts.succeed(attempt)
        return cleaned


def _too_many(wait: datetime.timedelta) -> forms.ValidationError:
    minutes = -(-wait.seconds // 60)
    return forms.ValidationError(
        ngettext(
            "Too many attempts. Try again in %(minutes)d minute.",
            "Too many attempts. Try again in %(minutes)d minutes.",
            minutes,
        )
        % {"minutes": minutes},
        code="wait",
    )
