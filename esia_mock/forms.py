"""What the tester enters on the pages of the sign-in."""

from typing import Any

from django import forms

from esia_mock import settings
from esia_mock.failures import Failure
from esia_mock.people import Account

SECOND_FACTOR_CODE = "111111"


class SignInForm(forms.Form):
    """Who signs in, and what goes wrong."""

    person = forms.ChoiceField(
        error_messages={"required": "Выберите, кто входит.", "invalid_choice": "Такой записи нет."}
    )
    failure = forms.ChoiceField(
        choices=[(each.value, each.label) for each in Failure],
        initial=Failure.NONE,
        widget=forms.RadioSelect,
    )
    seconds = forms.IntegerField(min_value=1, max_value=60, initial=settings.SLOW_SECONDS)

    def __init__(self, *args: Any, people: dict[str, Account], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        person = self.fields["person"]
        assert isinstance(person, forms.ChoiceField)  # noqa: S101 - for the type checker
        person.choices = [(key, account.full_name) for key, account in people.items()]

    def clean_person(self) -> Account:
        account = self.people[self.cleaned_data["person"]]
        if account.wrong_password:
            raise forms.ValidationError("Неверный логин или пароль.")
        return account

    def clean_failure(self) -> Failure:
        return Failure(self.cleaned_data["failure"])


class CodeForm(forms.Form):
    """The code of the second factor."""

    code = forms.CharField(error_messages={"required": "Введите код."})

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"].strip()
        if code != SECOND_FACTOR_CODE:
            raise forms.ValidationError("Неверный код.")
        return code
