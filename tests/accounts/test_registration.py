"""From *Who are you?* to the page that says how the registration stands."""

import datetime
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse

from accounts.institutions import asked_for
from accounts.models import PhoneNumber, Registration, User
from messaging.models import Outgoing
from schools.models import Person, SignIn
from tests import factories as make
from tests.accounts.registering import (
    EMAIL_CODE,
    PHONE_CODE,
    SIGN_UP,
    TYPED,
    code_in,
    confirm_email,
    confirm_phone,
    last_text,
    register,
    sign_up,
)
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(today: Any) -> None:
    """Noon of the cast's day."""


def test_the_front_page_leads_here(client: Client):
    assert reverse(SIGN_UP) in client.get(reverse("front")).content.decode()


def test_first_the_status_is_asked(client: Client):
    page = client.get(reverse(SIGN_UP)).content.decode()
    assert all(f"{reverse(SIGN_UP)}?as={status}" in page for status in Registration.Status.values)
    assert client.get(reverse(SIGN_UP), {"as": "headmaster"}).content.decode().count("?as=") >= 4


def test_the_whole_way_of_a_parent(client: Client):
    assert sign_up(client)["Location"] == reverse(PHONE_CODE)
    assert confirm_phone(client)["Location"] == reverse(EMAIL_CODE)
    assert confirm_email(client)["Location"] == reverse("diary:home")
    page = client.get(reverse("diary:home"), follow=True)
    assert page.redirect_chain == [(reverse("accounts:registration"), 302)]
    assert "Госуслуги" in page.content.decode()


def test_what_was_typed_is_kept_and_nothing_is_tied(client: Client):
    register(client)
    account = User.objects.get(username="novikova84")
    assert account.origin == "registered"
    assert account.registration.full_name == "Новикова Ольга Петровна"
    assert account.phone_number.number == "+79271234567"
    assert EmailAddress.objects.get(user=account, verified=True).email == "olga@family.example"
    assert not Person.objects.filter(account=account).exists()
    assert SignIn.objects.get(account=account).door == "own"


def test_a_teacher_chooses_the_institution(client: Client):
    school = make.OrganisationFactory(short_name="Лицей")
    page = client.get(reverse(SIGN_UP), {"as": "teacher", **asked_for(school)})
    assert "Лицей" in page.content.decode()
    register(client, **{"as": "teacher"}, **asked_for(school))
    assert Registration.objects.get().organisation == school


def test_the_institution_is_remembered_on_the_device(client: Client):
    school = make.OrganisationFactory()
    client.get(reverse(SIGN_UP), {"as": "teacher", **asked_for(school)})
    make.OrganisationFactory()
    assert client.get(reverse(SIGN_UP), {"as": "student"}).context["cascade"].organisation == school


@pytest.mark.parametrize("forged", ["999999", "0", "1 OR 1=1", ""])
def test_a_forged_institution_is_refused(client: Client, forged: str):
    make.OrganisationFactory()
    school = make.OrganisationFactory()
    make.OrganisationFactory(locality=school.locality)
    asked = asked_for(school) | {"organisation": forged}
    assert sign_up(client, **{"as": "teacher"}, **asked).status_code == 422
    assert not Registration.objects.exists()


def test_a_parent_has_no_place_even_if_one_is_sent(client: Client):
    territory = make.TerritoryFactory()
    register(client, territory=territory.pk, **asked_for(make.OrganisationFactory()))
    assert Registration.objects.get().place is None


def test_staff_choose_their_territory(client: Client):
    territory = make.TerritoryFactory()
    assert sign_up(client, **{"as": "staff"}).status_code == 422
    assert sign_up(client, **{"as": "staff", "territory": 999999}).status_code == 422
    register(client, **{"as": "staff", "territory": territory.pk})
    assert Registration.objects.get().territory == territory


def test_without_a_status_nothing_is_taken(client: Client):
    assert sign_up(client, **{"as": "operator"})["Location"] == reverse(SIGN_UP)
    assert not User.objects.exists()


@pytest.mark.parametrize("name", ["Ёлкина", "Мамед-оглы", "О’Нил", "Müller", "Ли", "аль Фараби"])
def test_real_names_are_taken(client: Client, name: str):
    assert sign_up(client, surname=f"  {name} ", patronymic="").status_code == 302
    assert Registration.objects.get().surname == name


def test_a_decomposed_letter_is_the_same_letter(client: Client):
    sign_up(client, surname="Е\u0308лкина")
    assert Registration.objects.get().surname == "Ёлкина"


@pytest.mark.parametrize("name", ["😀", "Новикова😀", "4567", "<b>", "a\x00b", " ", "x" * 101, "--"])
def test_signs_are_no_names(client: Client, name: str):
    assert sign_up(client, surname=name).status_code == 422
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("birth_date", "2026-12-17"),
        ("birth_date", "1884-02-29"),
        ("birth_date", "31.02.1984"),
        ("phone", "12345"),
        ("phone", ""),
        ("email", "olga"),
        ("email", ""),
        ("username", "ольга"),
        ("username", "olg"),
        ("username", "olga novikova"),
        ("username", "olga+1"),
        ("username", "😀😀😀😀"),
        ("password1", "12345678"),
        ("password2", "another"),
    ],
)
def test_what_does_not_fit_is_told_beside_its_field(client: Client, field: str, wrong: str):
    response = sign_up(client, **{field: wrong})
    assert response.status_code == 422
    assert response.context["form"].errors[field] if field != "password1" else response.context["form"].errors
    assert "kamu-tire-saha" not in response.content.decode()


def test_a_russian_date_is_a_date(client: Client):
    assert sign_up(client, birth_date="29.02.1984").status_code == 302


def test_a_phones_capital_letter_is_no_part_of_the_user_name(client: Client):
    sign_up(client, username="Novikova84")
    assert User.objects.get().username == "novikova84"


def test_sent_twice_it_is_one_registration(client: Client):
    sign_up(client)
    assert sign_up(client)["Location"] == reverse(PHONE_CODE)
    assert User.objects.count() == 1


def test_two_who_take_one_user_name_at_once(client: Client, monkeypatch: Any):
    monkeypatch.setattr("accounts.registration.forms.User.objects", _Blind(User.objects))
    sign_up(client)
    other = sign_up(Client(), email="other@family.example", phone="+79270000001")
    assert other.status_code == 422
    assert "username" in other.context["form"].errors
    assert Registration.objects.count() == 1


class _Blind:
    """A look at the logins that sees nobody: the other one comes between the look and the writing."""

    def __init__(self, manager: Any) -> None:
        self.manager = manager

    def filter(self, **conditions: Any) -> Any:
        return self.manager.none()


# --- Codes ---------------------------------------------------------------------------------------
def test_the_code_is_sent_once_and_of_no_use_later(client: Client):
    sign_up(client)
    sms = Outgoing.objects.get()
    assert sms.recipient == "+79271234567"
    assert sms.expires_at == NOW + datetime.timedelta(minutes=15)


def test_a_wrong_code_is_refused_and_five_end_the_try(client: Client):
    sign_up(client)
    for _guess in range(4):
        assert client.post(reverse(PHONE_CODE), {"code": "wrong1"}).status_code == 200
    assert client.post(reverse(PHONE_CODE), {"code": "wrong1"})["Location"] == reverse("account_login")
    confirm_phone(client)
    assert not PhoneNumber.objects.filter(confirmed_at__isnull=False).exists()


def test_five_wrong_codes_of_the_letter_end_the_try(client: Client):
    sign_up(client)
    confirm_phone(client)
    for _guess in range(5):
        client.post(reverse(EMAIL_CODE), {"code": "wrong1"})
    confirm_email(client)
    assert not EmailAddress.objects.filter(verified=True).exists()
    assert client.get(reverse("diary:home")).status_code == 302


def test_an_expired_code_opens_nothing(client: Client):
    sign_up(client)
    with time_machine.travel(NOW + datetime.timedelta(minutes=16), tick=False):
        confirm_phone(client)
    assert not PhoneNumber.objects.filter(confirmed_at__isnull=False).exists()


def test_a_new_code_may_be_asked_for_twice(client: Client):
    sign_up(client)
    for _again in range(3):
        client.post(reverse(PHONE_CODE), {"action": "resend"})
    assert Outgoing.objects.count() == 3
    assert confirm_phone(client)["Location"] == reverse(EMAIL_CODE)


def test_a_registration_left_before_its_codes_goes_on_at_sign_in(client: Client):
    sign_up(client)
    later = Client()
    typed = {"username": "novikova84", "password": TYPED["password1"]}
    assert later.post(reverse("accounts:sign-in"), typed)["Location"] == reverse(PHONE_CODE)
    assert confirm_phone(later)["Location"] == reverse(EMAIL_CODE)
    assert later.get(reverse("diary:home")).status_code == 302
    assert confirm_email(later)["Location"] == reverse("diary:home")


def test_a_login_of_a_school_is_asked_for_no_codes(cast: Any, client: Client):
    typed = {"username": cast.student.account.username, "password": "right-password-1"}
    assert client.post(reverse("accounts:sign-in"), typed)["Location"] == reverse("diary:home")


def test_who_mistyped_begins_anew_and_the_name_is_free_again(client: Client):
    sign_up(client, phone="+79270000001")
    assert client.post(reverse("accounts:registration-anew"))["Location"] == reverse(SIGN_UP)
    assert not User.objects.exists()
    assert sign_up(client)["Location"] == reverse(PHONE_CODE)


def test_nobody_begins_anew_for_others(cast: Any, client: Client, as_: Any):
    before = User.objects.count()
    assert client.post(reverse("accounts:registration-anew"))["Location"] == reverse(SIGN_UP)
    assert as_(cast.parent).post(reverse("accounts:registration-anew")).status_code == 404
    register(client)
    assert client.post(reverse("accounts:registration-anew")).status_code == 404
    assert User.objects.count() == before + 1


def test_the_page_of_the_code_speaks_both_languages(client: Client):
    client.cookies["django_language"] = "en"
    sign_up(client)
    assert "An SMS is on its way" in client.get(reverse(PHONE_CODE)).content.decode()
    assert "Tell it to nobody" in last_text("sms")
    assert code_in("sms")


def test_the_logins_that_esia_makes_are_not_given_away(client: Client):
    assert sign_up(client, username="Esia-1000300001").status_code == 422
    assert not User.objects.filter(username__startswith="esia-").exists()
