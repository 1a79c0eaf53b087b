"""What is typed in a registration, with its codes, and in the answer to it."""

import datetime
import re
import unicodedata
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ConfirmEmailVerificationCodeForm, SignupForm, VerifyPhoneForm
from allauth.account.models import EmailAddress
from django import forms
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts import attempts
from accounts.forms import too_many
from accounts.issuing.logins import free_login
from accounts.models import Registration, User
from accounts.models.users import LOGINS_OF_ESIA
from schools.models import Organisation, Territory

_NAME = re.compile(r"[^\W\d_]+(?:[ .'’-]+[^\W\d_]+)*\.?")
_LOGIN = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*")
_OLDEST = 120 * 365  # days


class LoginTaken(Exception):
    """Another registration took the login in the same moment."""


class NameField(forms.CharField):
    """A part of a person's name, in any alphabet, as `schools.Person` keeps it."""

    def __init__(self, *, autocomplete: str, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"autocomplete": autocomplete})
        super().__init__(max_length=100, widget=widget, **kwargs)

    def clean(self, value: Any) -> str:
        name = " ".join(unicodedata.normalize("NFC", super().clean(value)).split())
        if name and not _NAME.fullmatch(name):
            raise forms.ValidationError(
                _("Write the name in letters, as in the passport, without signs and digits."), code="name"
            )
        return name


class CodeField(forms.CharField):
    def __init__(self) -> None:
        attrs = {"autocomplete": "one-time-code", "inputmode": "numeric"}
        super().__init__(label=_("Code"), max_length=16, widget=forms.TextInput(attrs=attrs))


class TelephoneCodeForm(VerifyPhoneForm):
    code = CodeField()


class EmailCodeForm(ConfirmEmailVerificationCodeForm):
    code = CodeField()


class RegistrationForm(SignupForm):
    """An account and its application. Existing and new telephones and e-mails go the same way, down to
    the hashing of the password: who owns them is told by the code's message alone (`AccountAdapter`).
    """

    surname = NameField(label=_("Surname"), autocomplete="family-name")
    first_name = NameField(label=_("First name"), autocomplete="given-name")
    patronymic = NameField(
        label=_("Patronymic"),
        autocomplete="additional-name",
        required=False,
        help_text=_("Leave it empty if you have none."),
    )
    birth_date = forms.DateField(
        label=_("Birth date"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "autocomplete": "bday"}),
    )
    territory = forms.ModelChoiceField(
        Territory.objects.order_by("name"), label=_("Territorial administration"), empty_label=_("Choose")
    )

    field_order = (
        "territory",
        "surname",
        "first_name",
        "patronymic",
        "birth_date",
        "phone",
        "email",
        "username",
        "password1",
        "password2",
    )

    def __init__(
        self, *args: Any, status: str, organisation: Organisation | None, address: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.status, self.organisation, self.address = status, organisation, address
        if status != Registration.Status.STAFF:
            del self.fields["territory"]
        self.fields["phone"].required = True
        self._say(
            email=(_("E-mail"), _("A code comes to it, and later the answer.")),
            phone=(_("Telephone"), _("A code comes to it by SMS.")),
            username=(_("User name"), _("Latin letters and digits, four at least: you sign in with it.")),
            password1=(_("Password"), _("Eight characters at least, not digits alone, no common word.")),
            password2=(_("Password once more"), ""),
        )

    def _say(self, **words: tuple[Any, Any]) -> None:
        for name, (label, help_text) in words.items():
            field = self.fields[name]
            field.label, field.help_text = label, help_text
            field.widget.attrs.pop("placeholder", None)

    def clean_birth_date(self) -> datetime.date:
        born: datetime.date = self.cleaned_data["birth_date"]
        today = timezone.localdate()
        if not today - datetime.timedelta(days=_OLDEST) < born < today:
            raise forms.ValidationError(_("Check the birth date."), code="birth_date")
        return born

    def clean_username(self) -> str:
        """That a login is taken cannot be hidden, so asking for it counts like a guess at a password."""
        username = str(self.cleaned_data["username"]).strip().lower()
        if not _LOGIN.fullmatch(username):
            raise forms.ValidationError(
                _("Latin letters and digits, between them a dot, a hyphen or an underscore."), code="login"
            )
        if username.startswith(LOGINS_OF_ESIA):
            raise forms.ValidationError(_("User names like this are made by Gosuslugi."), code="login")
        if wait := attempts.wait_of_address(self.address, now=timezone.now()):
            raise too_many(wait)
        if User.objects.filter(username=username).exists():
            attempts.note_guess(self.address)
            raise forms.ValidationError(self.login_taken(), code="taken")
        return username

    def login_taken(self) -> str:
        words = _("This user name is taken. Free is, for example, %(login)s.")
        return words % {"login": free_login(self.cleaned_data.get("surname", ""))}

    def validate_unique_email(self, value: str) -> str:
        """Not here: see the class."""
        return value

    def _clean_phone(self) -> None:
        """Not here: see the class."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if self.status in Registration.AT_A_SCHOOL and self.organisation is None:
            raise forms.ValidationError(_("Choose your institution first."), code="organisation")
        return cleaned

    def try_save(self, request: HttpRequest) -> tuple[User, None]:
        """Raises LoginTaken."""
        try:
            return self.save(request), None
        except IntegrityError as error:
            raise LoginTaken from error

    @transaction.atomic
    def save(self, request: HttpRequest) -> User:
        adapter, typed = get_adapter(request), self.cleaned_data
        account: Any = adapter.save_user(request, User(origin=User.Origin.REGISTERED), self)
        EmailAddress.objects.create(user=account, email=typed["email"], primary=True)
        Registration.objects.create(
            account=account,
            status=self.status,
            surname=typed["surname"],
            first_name=typed["first_name"],
            patronymic=typed["patronymic"],
            birth_date=typed["birth_date"],
            organisation=self.organisation if self.status in Registration.AT_A_SCHOOL else None,
            territory=typed.get("territory"),
            language=get_language() or "",
        )
        user: User = account
        return user


class ApprovalForm(forms.Form):
    """`file` is one of `candidates` that may be tied, or a new file."""

    NEW = "new"

    file = forms.ChoiceField(
        label=_("File"), error_messages={"required": _("Choose the file, or a new one.")}
    )
    position = forms.CharField(
        label=_("Position"),
        max_length=200,
        required=False,
        help_text=_("For a new file, or where the file has no work here yet."),
    )

    def __init__(self, *args: Any, files: list[int], with_position: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        file: Any = self.fields["file"]
        file.choices = [(str(pk), "") for pk in files] + [(self.NEW, "")]
        if not with_position:
            del self.fields["position"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        is_new = cleaned.get("file") == self.NEW
        if is_new and "position" in self.fields and not cleaned.get("position"):
            self.add_error("position", _("A new file needs the position."))
        return cleaned

    @property
    def chosen(self) -> int | None:
        """The number of the chosen file; None for a new one."""
        file: str = self.cleaned_data["file"]
        return None if file == self.NEW else int(file)


class RefusalForm(forms.Form):
    reason = forms.ChoiceField(label=_("Reason"), choices=[("", _("Choose")), *Registration.Reason.choices])
    explanation = forms.CharField(
        label=_("In words"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The person reads it on the own page. Not needed if the reason says it all."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("reason") == Registration.Reason.OTHER and not cleaned.get("explanation"):
            self.add_error("explanation", _("Say in words which."))
        return cleaned
