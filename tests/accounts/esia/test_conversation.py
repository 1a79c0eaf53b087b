"""The whole conversation with the stand-in for ESIA, which checks every signature, time and code."""

import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from django.test import Client
from django.urls import reverse

from accounts.models import EsiaLink
from local import esia
from schools.models import Organisation, Person, SignIn
from tests import factories as make
from tests.accounts.esia.conftest import is_signed_in, link, refusal, save
from tests.accounts.esia.standing_in import files, point_at, stand_in
from tests.conftest import PASSWORD
from tests.esia_mock.conftest import Mock, free_port

PORTAL = "http://testserver"
CALLBACK = f"{PORTAL}{esia.CALLBACK}"
WAIT = 20


@pytest.fixture(scope="session")
def mock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mock]:
    with stand_in(tmp_path_factory.mktemp("esia"), PORTAL) as running:
        yield running


@pytest.fixture(params=["v2", "v1"])
def both_protocols(request: Any, settings: Any) -> None:
    settings.ESIA_PROTOCOL = request.param


@pytest.fixture(autouse=True)
def _portal_of_the_stand_in(mock: Mock, settings: Any) -> None:
    point_at(mock, settings)


@pytest.fixture
def school(db: None) -> Organisation:
    found: Organisation = make.OrganisationFactory()
    return found


@pytest.fixture
def people(school: Organisation, password_hash: str) -> dict[str, Person]:
    return files(school, password_hash)


@pytest.fixture
def visit(client: Client) -> Callable[..., Any]:
    """To the stand-in's page of sign-in as one of its people, and back."""

    def through(person: str, *, door: str = "parent", failure: str = "none") -> Any:
        way_there = client.post(reverse("accounts:esia"), {"as": door})["Location"]
        session = requests.Session()
        page = session.get(way_there, timeout=WAIT)
        assert page.status_code == 200, page.text
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
        assert token, page.text
        chosen = {"person": person, "failure": failure, "seconds": "8", "csrfmiddlewaretoken": token[1]}
        back = session.post(page.url, data=chosen, allow_redirects=False, timeout=WAIT)
        assert back.headers["Location"].startswith(CALLBACK), back.headers["Location"]
        return client.get(f"{esia.CALLBACK}?{urlsplit(back.headers['Location']).query}")

    return through


@pytest.mark.usefixtures("both_protocols")
def test_a_parent_signs_in_for_the_first_and_for_the_second_time(
    people: dict[str, Person], school: Organisation, visit: Any, client: Client
) -> None:
    assert visit("parent")["Location"] == reverse("accounts:esia-institution")
    assert save(client, school)["Location"] == reverse("diary:home")
    assert client.get(reverse("diary:home")).status_code == 200
    client.post(reverse("accounts:sign-out"))
    assert visit("parent")["Location"] == reverse("diary:home")
    assert (EsiaLink.objects.get().person, EsiaLink.objects.get().basis) == (people["parent"], "snils")


def test_the_children_come_along(
    people: dict[str, Person], school: Organisation, visit: Any, client: Client
) -> None:
    visit("parent")
    save(client, school)
    kids = json.loads(SignIn.objects.get().children)
    assert people["student"].snils in [kid["snils"] for kid in kids]
    assert all(kid["documents"][0]["type"] == "RF_BRTH_CERT" for kid in kids)


def test_a_simplified_account_of_a_student_links_with_the_slip(
    people: dict[str, Person], school: Organisation, visit: Any, client: Client
) -> None:
    assert visit("student", door="student")["Location"] == reverse("accounts:esia-link")
    assert link(client, people["student"], PASSWORD)["Location"] == reverse("accounts:esia-institution")
    save(client, school)
    assert client.get(reverse("diary:home")).status_code == 200
    assert SignIn.objects.get().level == "simplified"


def test_a_teacher_is_asked_about_no_children(
    people: dict[str, Person], school: Organisation, visit: Any, client: Client
) -> None:
    visit("teacher", door="teacher")
    save(client, school)
    assert SignIn.objects.get().children == ""


def test_a_stranger_is_led_to_the_schools_login(people: dict[str, Person], visit: Any) -> None:
    assert visit("stranger")["Location"] == reverse("accounts:esia-link")


def test_a_cancelled_account_is_refused(people: dict[str, Person], visit: Any) -> None:
    assert refusal(visit("cancelled")) == "cancelled"


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        ("denied", "denied"),
        ("expired", "unproven"),
        ("signature", "unproven"),
        ("down", "unavailable"),
        ("slow", "unavailable"),
    ],
)
def test_each_failure_has_its_page_within_five_seconds(
    people: dict[str, Person], visit: Any, client: Client, failure: str, reason: str
) -> None:
    began = time.perf_counter()
    assert refusal(visit("parent", failure=failure)) == reason
    assert time.perf_counter() - began < 5
    assert not is_signed_in(client)


def test_a_code_used_twice_proves_nothing(
    people: dict[str, Person], visit: Any, client: Client, monkeypatch: Any
) -> None:
    """The state is fresh, the code is an old one."""
    used: list[str] = []
    send = requests.request

    def watched(method: str, url: str, **kwargs: Any) -> requests.Response:
        if method == "POST":
            used.append(kwargs["data"]["code"])
            kwargs["data"] = kwargs["data"] | {"code": used[0]}
        return send(method, url, **kwargs)

    monkeypatch.setattr("social_core.backends.base.requests.request", watched)
    assert visit("parent")["Location"] == reverse("accounts:esia-institution")
    assert refusal(visit("parent")) == "unproven"


def test_another_key_than_the_registered_one_is_refused_by_esia(
    people: dict[str, Person], keys: Path, client: Client, settings: Any
) -> None:
    settings.ESIA_CLIENT_KEY = str(keys / "stranger.key")
    way_there = client.post(reverse("accounts:esia"))["Location"]
    back = requests.get(way_there, allow_redirects=False, timeout=WAIT)
    assert "ESIA-007053" in back.headers["Location"]
    answered = client.get(f"{esia.CALLBACK}?{urlsplit(back.headers['Location']).query}")
    assert refusal(answered) == "unproven"


def test_signing_out_comes_back_to_the_front_page(
    people: dict[str, Person], school: Organisation, visit: Any, client: Client
) -> None:
    visit("parent")
    save(client, school)
    way_out = client.post(reverse("accounts:sign-out"))["Location"]
    back = requests.get(way_out, allow_redirects=False, timeout=WAIT)
    assert back.headers["Location"] == "http://testserver/"


def test_when_nobody_answers_the_door_says_so(db: None, client: Client, settings: Any) -> None:
    settings.ESIA_URL = f"http://localhost:{free_port()}"
    began = time.perf_counter()
    assert refusal(client.post(reverse("accounts:esia"))) == "unavailable"
    assert time.perf_counter() - began < 5
