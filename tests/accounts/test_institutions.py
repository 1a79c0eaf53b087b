"""Municipality → locality → type → organisation, each list narrowed by the choice before it."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.institutions import asked_for, cascade
from schools.models import Organisation
from tests import factories as make
from tests.conftest import PASSWORD
from tests.queries import statements

pytestmark = pytest.mark.django_db
SIGN_IN = "accounts:sign-in"


@pytest.fixture
def schools() -> list[Organisation]:
    """Two in one town, a gymnasium among them, and one elsewhere."""
    town = make.LocalityFactory(name="Борское")
    return [
        make.OrganisationFactory(locality=town, short_name="Школа № 1"),
        make.OrganisationFactory(locality=town, short_name="Гимназия", kind="gymnasium"),
        make.OrganisationFactory(locality__name="Кинель", short_name="Школа № 1"),
    ]


def steps(asked: dict[str, str]) -> dict[str, list[str]]:
    return {step.name: [words for _value, words in step.options] for step in cascade(asked).steps}


def test_at_first_only_municipalities_with_schools_are_offered(schools):
    make.MunicipalityFactory(name="Без школ")
    found = steps({})
    assert list(found) == ["municipality"]
    assert len(found["municipality"]) == 2


def test_a_list_of_one_is_chosen_by_itself(schools):
    municipality = {"municipality": asked_for(schools[2])["municipality"]}
    assert cascade(municipality).organisation == schools[2]


def test_two_types_ask_for_the_type(schools):
    asked = asked_for(schools[0]) | {"kind": "", "organisation": ""}
    assert list(steps(asked)) == ["municipality", "locality", "kind"]


def test_the_whole_way_leads_to_the_organisation(schools):
    assert [cascade(asked_for(school)).organisation for school in schools] == schools


@pytest.mark.parametrize("nonsense", ["", "0", "999999", "1 OR 1=1", "ё", "-1", "\x00"])
def test_nonsense_in_the_address_asks_anew(schools, nonsense):
    assert cascade({"municipality": nonsense, "organisation": nonsense}).organisation is None


def test_a_choice_of_another_town_is_dropped(schools):
    asked = asked_for(schools[0]) | {"organisation": str(schools[2].pk)}
    assert cascade(asked).organisation in (None, schools[0])


def test_statements_do_not_grow_with_the_region(schools):
    asked = asked_for(schools[0])
    before = statements(lambda: cascade(asked))
    for _school in range(10):
        make.OrganisationFactory(locality=schools[0].locality)
        make.OrganisationFactory()
    assert statements(lambda: cascade(asked)) == before


def test_the_choice_is_remembered_on_the_device(schools, client: Client):
    client.get(reverse(SIGN_IN), asked_for(schools[0]))
    assert client.get(reverse(SIGN_IN)).context["cascade"].organisation == schools[0]


@pytest.mark.parametrize("cookie", ["x", "999999999999", "-1", ""])
def test_a_spoilt_cookie_does_no_harm(schools, client: Client, cookie):
    client.cookies["institution"] = cookie
    assert client.get(reverse(SIGN_IN)).status_code == 200


def test_a_refused_password_keeps_the_choice(schools, client: Client):
    typed = asked_for(schools[0]) | {"username": "ivanov27", "password": "wrong"}
    response = client.post(reverse(SIGN_IN), typed)
    assert response.status_code == 422
    assert response.context["cascade"].organisation == schools[0]


def test_the_tab_of_the_administration_asks_for_no_institution(cast: Any, client: Client):
    address = reverse("accounts:sign-in-administration")
    assert "cascade" not in client.get(address).context
    typed = {"username": cast.territory_staff.account.username, "password": PASSWORD}
    assert client.post(address, typed)["Location"] == reverse("diary:home")
