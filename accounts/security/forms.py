"""The forms of django-allauth's pages in the portal's words."""

from typing import Any

from allauth.account.forms import AddEmailForm, ChangePasswordForm, ReauthenticateForm
from allauth.core import context
from allauth.mfa.base import forms as second_factor
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import attempts
from accounts.forms import too_many
from accounts.registration.forms import CodeField
from accounts.security.second_factors import SlowedCode


class PasswordField(forms.CharField):
    def __init__(self, *, autocomplete: str, **kwargs: Any) -> None:
        widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
        super().__init__(strip=False, widget=widget, **kwargs)


class ApplicationCodeField(CodeField):
    def __init__(self) -> None:
        super().__init__()
        self.label, self.help_text = (
            _("Code from the application"),
            _("Six digits; new ones every half minute."),
        )


class AnyCodeField(CodeField):
    def __init__(self) -> None:
        super().__init__()
        self.help_text = _("Six digits from the application of codes, or one of your recovery codes.")


class PasskeyNameField(forms.CharField):
    def __init__(self, *, required: bool = True) -> None:
        help_text = _("To tell your passkeys apart: “My telephone”, “Computer in room 12”.")
        super().__init__(
            label=_("Name of the passkey"), max_length=60, required=required, help_text=help_text
        )


class PasswordAgainForm(ReauthenticateForm):
    password = PasswordField(label=_("Password"), autocomplete="current-password")

    def clean_password(self) -> str:
        """A wrong password counts as at the door."""
        address = attempts.address_of(context.request)
        try:
            attempt = attempts.begin(self.user.username, address, now=timezone.now())
        except attempts.MustWait as must:
            raise too_many(must.wait) from must
        password: str = super().clean_password()
        attempts.succeed(attempt)
        return password


class OwnPasswordForm(ChangePasswordForm):
    oldpassword = PasswordField(label=_("Present password"), autocomplete="current-password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first, again = self.fields["password1"], self.fields["password2"]
        first.label, again.label = _("New password"), _("New password once more")
        first.help_text = _("Eight characters at least, not digits alone, no common word.")
        for field in (first, again):
            field.widget.attrs.pop("placeholder", None)


class OwnEmailForm(AddEmailForm):
    email = forms.EmailField(
        label=_("New e-mail"),
        help_text=_("A code comes to it. The old one holds until the code is entered."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class SecondFactorForm(SlowedCode, second_factor.AuthenticateForm):
    code = AnyCodeField()


class SecondFactorAgainForm(SlowedCode, second_factor.ReauthenticateForm):
    code = AnyCodeField()


class ApplicationForm(SlowedCode, ActivateTOTPForm):
    code = ApplicationCodeField()


class NewPasskeyForm(AddWebAuthnForm):
    name = PasskeyNameField(required=False)


class PasskeyNameForm(EditWebAuthnForm):
    name = PasskeyNameField()
