"""Whether a telephone, an e-mail or a file exists is told to its owner alone."""

import datetime
import re
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts import codes
from accounts.models import Registration, SentCode, SignInAttempt, User
from accounts.registration.deciding import forget_unconfirmed
from messaging.models import Outgoing
from tests import factories as make
from tests.accounts.registering import (
    EMAIL_CODE,
    PHONE_CODE,
    TYPED,
    code_in,
    confirm_email,
    confirm_phone,
    last_text,
    register,
    sign_up,
)
from tests.conftest import NOW
from tests.queries import statements

pytestmark = pytest.mark.django_db

NEW = {"username": "second84", "email": "new@family.example", "phone": "+79270000002"}


@pytest.fixture(autouse=True)
def _today(today: Any) -> None:
    """Noon of the cast's day."""


@pytest.fixture
def olga(db: Any) -> Registration:
    """Somebody whose telephone and e-mail of `TYPED` are confirmed."""
    register(Client())
    return Registration.objects.get()


def plain(response: Any) -> str:
    """The page without what differs by itself: tokens, and what was typed."""
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())
    return re.sub(r"\+7\d{10}|[\w.]+@[\w.]+", "", page)


def walk(**changed: Any) -> list[Any]:
    """What a stranger sees who has neither the telephone nor the letter."""
    client = Client()
    answer = sign_up(client, **NEW | changed)
    pages = [
        client.get(answer["Location"]),
        client.post(reverse(PHONE_CODE), {"code": "000000"}),
        client.post(reverse(PHONE_CODE), {"action": "resend"}, follow=True),
    ]
    return [answer.status_code, answer["Location"], *map(plain, pages)]


def test_a_known_telephone_gets_the_same_answers(olga: Registration):
    assert walk(phone=TYPED["phone"]) == walk(username="third84", phone="+79270000003")


def test_a_known_email_gets_the_same_answers(olga: Registration):
    assert walk(email=TYPED["email"]) == walk(username="third84", email="third@family.example")


def test_a_known_email_gets_the_same_answers_after_the_telephones_code(olga: Registration):
    pages = []
    for number, email in enumerate((TYPED["email"], "new@family.example")):
        client = Client()
        sign_up(client, username=f"other{number}", email=email, phone=f"+7927000001{number}")
        assert confirm_phone(client)["Location"] == reverse(EMAIL_CODE)
        pages.append(plain(client.get(reverse(EMAIL_CODE))))
        pages.append(plain(client.post(reverse(EMAIL_CODE), {"code": "000000"})))
    assert pages[:2] == pages[2:]


def test_known_and_unknown_cost_the_same_statements(olga: Registration):
    known = statements(lambda: sign_up(Client(), **NEW | {"phone": TYPED["phone"]}))
    unknown = statements(lambda: sign_up(Client(), **NEW | {"username": "third84"}))
    assert len(known) == len(unknown)


def test_the_owner_of_a_telephone_is_told_in_the_codes_place(olga: Registration):
    sign_up(Client(), **NEW | {"phone": TYPED["phone"]})
    assert Outgoing.objects.newest_first()[0].recipient == "+79271234567"
    assert not code_in("sms")


def test_the_owner_of_an_email_is_told_in_the_codes_place(olga: Registration):
    client = Client()
    sign_up(client, **NEW | {"email": TYPED["email"]})
    confirm_phone(client)
    assert Outgoing.objects.newest_first()[0].recipient == "olga@family.example"
    assert not code_in("email")
    assert "Ольга" not in last_text("email")


def test_a_family_may_share_a_telephone_until_one_confirms_it(client: Client):
    sign_up(client)
    other = Client()
    sign_up(other, **NEW | {"phone": TYPED["phone"]})
    confirm_phone(other)
    confirm_email(other)
    assert User.objects.get(username="second84").phone_number.confirmed_at


def test_the_second_to_confirm_one_telephone_is_refused_kindly(client: Client):
    sign_up(client)
    first = code_in("sms")
    other = Client()
    sign_up(other, **NEW | {"phone": TYPED["phone"]})
    confirm_phone(other)
    response = client.post(reverse(PHONE_CODE), {"code": first})
    assert response.status_code == 200
    assert response.context["verify_form"].errors


def test_a_taken_user_name_suggests_another_and_counts_as_a_guess(olga: Registration):
    response = sign_up(Client(), **NEW | {"username": "novikova84"})
    assert response.status_code == 422
    assert re.search(r"novikova\d{2}", " ".join(response.context["form"].errors["username"]))
    assert SignInAttempt.objects.filter(succeeded=False).count() == 1


def test_user_names_are_not_guessed_in_bulk(olga: Registration):
    guesses = [SignInAttempt(username="", address="127.0.0.1", succeeded=False) for _guess in range(200)]
    SignInAttempt.objects.bulk_create(guesses)
    taken, free = (sign_up(Client(), **NEW | {"username": name}) for name in ("novikova84", "free84"))
    assert taken.context["form"].errors["username"] == free.context["form"].errors["username"]


@pytest.mark.parametrize("status", ["parent", "student"])
def test_the_page_does_not_tell_whether_a_file_matches(cast: Any, status: str):
    """The parent and the student of the cast are in the files, the others are not."""
    from accounts.institutions import asked_for  # noqa: PLC0415

    place = asked_for(cast.school) | {"as": status}
    person = getattr(cast, status)
    typed = {field: getattr(person, field) for field in ("surname", "first_name", "patronymic", "birth_date")}
    pages = []
    for number, names in enumerate((typed, {})):
        client = Client()
        contacts = {
            "username": f"other{number}",
            "phone": f"+7927000001{number}",
            "email": f"{number}@x.example",
        }
        register(client, **contacts, **place, **names)
        page = plain(client.get(reverse("accounts:registration")))
        for word in ("Новикова Ольга Петровна", person.full_name, *contacts.values()):
            page = page.replace(word, "")
        pages.append(page)
    assert pages[0] == pages[1]


# --- Limits --------------------------------------------------------------------------------------
def test_a_number_is_not_flooded_from_one_address(client: Client):
    for number in range(codes.TO_CONTACT_FROM_ADDRESS):
        sign_up(Client(), username=f"other{number}", email=f"{number}@family.example")
    assert sign_up(client, username="onemore").status_code == 429
    assert Outgoing.objects.count() == codes.TO_CONTACT_FROM_ADDRESS
    with time_machine.travel(NOW + datetime.timedelta(hours=1, minutes=1), tick=False):
        typed = {"username": "onemore", "password": TYPED["password1"]}
        assert Client().post(reverse("accounts:sign-in"), typed)["Location"] == reverse(PHONE_CODE)


def test_a_number_is_not_flooded_from_everywhere(client: Client):
    for place in range(codes.TO_CONTACT):
        codes.count("+79271234567", f"203.0.113.{place}", now=NOW)
    assert sign_up(client).status_code == 429


def test_a_school_behind_one_address_registers_in_one_evening(client: Client):
    for number in range(100):
        codes.count(f"+7927000{number:04d}", "127.0.0.1", now=NOW)
    assert sign_up(client).status_code == 302


def test_an_address_has_an_end(client: Client):
    for number in range(codes.FROM_ADDRESS):
        codes.count(f"+7927000{number:04d}", "127.0.0.1", now=NOW)
    assert sign_up(client).status_code == 429


def test_numbers_are_not_kept_in_clear(client: Client):
    sign_up(client)
    assert "9271234567" not in SentCode.objects.get().contact_hash


def test_what_nobody_confirmed_is_forgotten(olga: Registration, client: Client):
    sign_up(client, **NEW)
    make.UserFactory()  # a login of a school that nobody has used yet
    assert forget_unconfirmed(NOW + datetime.timedelta(days=2)) == 0
    forget_unconfirmed(NOW + datetime.timedelta(days=4))
    assert not User.objects.filter(username="second84").exists()
    assert User.objects.count() == 2


def test_sign_up_wants_the_csrf_token():
    assert sign_up(Client(enforce_csrf_checks=True)).status_code == 403


@pytest.mark.parametrize("evil", ["https://evil.example/", "//evil.example"])
def test_the_way_on_leads_nowhere_else(client: Client, evil: str):
    sign_up(client, next=evil)
    confirm_phone(client)
    assert confirm_email(client)["Location"] == reverse("diary:home")
