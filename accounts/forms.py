"""What is typed at the doors."""

import datetime
from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, SetPasswordForm
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import attempts
from messaging.phones import normal_number

SHORTEST_ANSWER = 3


class SignInForm(AuthenticationForm):
    """Login and password. Wrong login, wrong password and closed account get one answer; too many
    failures get a wait, which holds for logins that do not exist as well."""

    shared_device = forms.BooleanField(
        label=_("Other people use this device too"),
        help_text=_("You are signed out when the browser closes, or after half an hour."),
        required=False,
    )

    error_messages = dict.fromkeys(
        ("invalid_login", "inactive"),
        _("The login or the password did not fit. Try again, or reset the password."),
    )

    def clean(self) -> dict[str, Any]:
        username = (self.cleaned_data.get("username") or "").strip().lower()
        address = attempts.address_of(self.request)
        try:
            self.attempt = attempts.begin(username, address, now=timezone.now())
        except attempts.MustWait as must:
            raise too_many(must.wait) from must
        cleaned = super().clean()
        if self.user_cache is not None:
            attempts.succeed(self.attempt)
        return cleaned

    def confirm_login_allowed(self, user: Any) -> None:
        """After the right password alone, so that the words tell a stranger nothing."""
        super().confirm_login_allowed(user)
        if user.first_password_expired(timezone.now()):
            attempts.expire(self.attempt)
            raise forms.ValidationError(
                _(
                    "The first password has expired. A student or a parent asks the class teacher for a new "
                    "one, staff ask the school’s administrator."
                ),
                code="expired",
            )


def too_many(wait: datetime.timedelta) -> forms.ValidationError:
    minutes = -(-wait // datetime.timedelta(minutes=1))
    return forms.ValidationError(
        ngettext(
            "Too many attempts. Try again in %(minutes)d minute.",
            "Too many attempts. Try again in %(minutes)d minutes.",
            minutes,
        )
        % {"minutes": minutes},
        code="wait",
    )


class ContactForm(forms.Form):
    """Where a confirmed contact gets the code for a new password: `cleaned_data` is {channel, contact}."""

    channel = forms.ChoiceField(
        label=_("How to get the code"),
        choices=[("email", _("by e-mail")), ("sms", _("by SMS"))],
        widget=forms.RadioSelect,
        initial="email",
    )
    contact = forms.CharField(
        label=_("E-mail or telephone"),
        max_length=254,
        help_text=_("The one you confirmed in the portal."),
        widget=forms.TextInput(attrs={"autocomplete": "email", "autofocus": True}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        contact = cleaned.get("contact", "")
        check = normal_number if cleaned.get("channel") == "sms" else _clean_email
        if contact:
            try:
                cleaned["contact"] = check(contact)
            except forms.ValidationError as error:
                self.add_error("contact", error)
        return cleaned


def _clean_email(text: str) -> str:
    try:
        validate_email(text.strip())
    except forms.ValidationError:
        raise forms.ValidationError(
            _("Enter an e-mail address, like anna@example.ru."), code="email"
        ) from None
    return text.strip().lower()


class CodeForm(forms.Form):
    """A one-time code, however it was copied."""

    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
        ),
    )

    def clean_code(self) -> str:
        return "".join(letter for letter in self.cleaned_data["code"] if letter.isalnum())


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=_("Your answer"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )


class SecretQuestionForm(forms.Form):
    """A question, and an answer that is hashed before it is kept (`models.answer_hash`)."""

    question = forms.CharField(
        label=_("Secret question"),
        max_length=200,
        help_text=_("It will be asked when you reset a password. Choose one whose answer only you know."),
    )
    answer = forms.CharField(
        label=_("Answer"),
        min_length=SHORTEST_ANSWER,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class NewPasswordForm(SetPasswordForm):
    """A password of one's own, twice. `AUTH_PASSWORD_VALIDATORS` say what is too weak; the one that
    stands on a slip, or was forgotten once, is not taken again."""

    def clean_new_password1(self) -> str:
        password: str = self.cleaned_data["new_password1"]
        if self.user.check_password(password):
            raise forms.ValidationError(
                _("This is the password until now. Choose another one."), code="unchanged"
            )
        return password
