"""Who registered as a parent or a student, and then comes through Gosuslugi, has one account: that."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Registration, User
from schools.models import Person
from tests.accounts.esia.conftest import FakeEsia, is_signed_in, refusal, save
from tests.accounts.registering import TYPED, register
from tests.conftest import PASSWORD

LINK, INSTITUTION = "accounts:esia-link", "accounts:esia-institution"
MINE = {"username": TYPED["username"], "password": TYPED["password1"]}


@pytest.fixture
def parent(cast: Any, esia: FakeEsia) -> Person:
    """Entered in the child's file, without an account, and registered."""
    Person.objects.filter(pk=cast.parent.pk).update(account=None)
    names = {name: getattr(cast.parent, name) for name in ("surname", "first_name", "patronymic")}
    register(Client(), **names, birth_date=cast.parent.birth_date.isoformat())
    esia.be(cast.parent)
    return Person.objects.get(pk=cast.parent.pk)


def test_the_registered_account_takes_the_file(parent: Person, cast: Any, visit: Any, client: Client) -> None:
    assert visit()["Location"] == reverse(LINK)
    assert client.post(reverse(LINK), MINE)["Location"] == reverse(INSTITUTION)
    assert save(client, cast.school)["Location"] == reverse("diary:home")
    registration = Registration.objects.get()
    parent.refresh_from_db()
    assert (registration.state, registration.person) == ("approved", parent)
    assert parent.account == registration.account
    assert not User.objects.filter(username__startswith="esia-").exists()


def test_who_did_not_register_goes_on_without(parent: Person, cast: Any, visit: Any, client: Client) -> None:
    visit()
    page = client.get(reverse(LINK)).content.decode()
    assert 'name="without"' in page
    assert client.post(reverse(LINK), {"without": "1"})["Location"] == reverse(INSTITUTION)
    save(client, cast.school)
    assert is_signed_in(client)
    assert Registration.objects.get().state == "waiting"


def test_a_wrong_password_adopts_nothing(parent: Person, visit: Any, client: Client) -> None:
    visit()
    assert client.post(reverse(LINK), MINE | {"password": "wrong"}).status_code == 422


def test_an_outsiders_login_gets_no_file(parent: Person, cast: Any, visit: Any, client: Client) -> None:
    visit()
    client.post(reverse(LINK), {"username": cast.outsider.account.username, "password": PASSWORD})
    assert refusal(save(client, cast.school)) == "linking-expired"
    assert not is_signed_in(client)


def test_a_registration_with_a_second_factor_is_not_adopted_by_its_password(
    parent: Person, visit: Any, client: Client
) -> None:
    account: Any = Registration.objects.get().account
    account.authenticator_set.create(type="totp", data={"secret": "x"})
    visit()
    assert refusal(client.post(reverse(LINK), MINE)) == "second-factor"


def test_whom_no_school_has_entered_is_told_who_enters_them(
    parent: Person, cast: Any, esia: FakeEsia, visit: Any, client: Client
) -> None:
    esia.be(cast.other_parent, firstName="Ктото", snils="")
    visit()
    assert refusal(client.post(reverse(LINK), MINE)) == "not-in-file"


def test_nobody_else_is_asked(parent: Person, cast: Any, esia: FakeEsia, visit: Any) -> None:
    esia.be(cast.student)
    assert visit()["Location"] == reverse(INSTITUTION)
