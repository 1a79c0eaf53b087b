"""A link made by a simplified account's word is compared again once ESIA has checked the data."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from social_django.models import UserSocialAuth

from accounts.models import EsiaLink
from schools.doors import Level, Proof
from tests.accounts.esia.conftest import SNILS, FakeEsia, come_back, go, is_signed_in, link, refusal, save


@pytest.fixture
def linked(cast: Any, esia: FakeEsia) -> Client:
    """Signed in by the parent's typed name and her slip: who it is nobody has checked."""
    client = Client()
    esia.be(cast.parent, level="simplified")
    come_back(client, code="code", state=go(client)["state"])
    link(client, cast.parent)
    save(client, cast.school)
    assert is_signed_in(client)
    return client


@pytest.mark.parametrize("level", ["standard", "verified", "child"])
def test_somebody_else_does_not_sign_in_as_the_linked_person(
    linked: Client, cast: Any, esia: FakeEsia, visit: Any, client: Client, level: str
) -> None:
    esia.be(cast.outsider, level=level)
    assert refusal(visit()) == "linked-to-another"
    assert not is_signed_in(client)


def test_the_wrong_link_and_its_sessions_end(
    linked: Client, cast: Any, esia: FakeEsia, visit: Any, client: Client
) -> None:
    esia.be(cast.outsider)
    visit()
    assert EsiaLink.objects.get().ended_at
    assert not UserSocialAuth.objects.exists()
    assert linked.get(reverse("diary:home")).status_code == 302
    visit()  # again, and as oneself
    save(client, cast.other_school)
    assert EsiaLink.objects.get(ended_at=None).person == cast.outsider


def test_words_are_said_in_the_very_session_that_ends(linked: Client, cast: Any, esia: FakeEsia) -> None:
    esia.be(cast.outsider)
    assert refusal(come_back(linked, code="code", state=go(linked)["state"])) == "linked-to-another"
    assert not is_signed_in(linked)


def test_another_snils_is_another_person(linked: Client, cast: Any, esia: FakeEsia, visit: Any) -> None:
    cast.parent.snils = "00000060006"
    cast.parent.save()
    esia.be(cast.parent, snils=SNILS)
    assert refusal(visit()) == "linked-to-another"


def test_the_same_person_signs_in_and_the_new_level_is_kept(
    linked: Client, cast: Any, esia: FakeEsia, visit: Any, client: Client
) -> None:
    esia.be(cast.parent, lastName="Девичья")
    assert visit()["Location"] == reverse("diary:home")
    proof = Proof.of_session(client.session)
    assert proof
    assert proof.level == Level.VERIFIED
    assert EsiaLink.objects.get().level == Level.VERIFIED


def test_what_was_compared_once_is_not_compared_again(
    linked: Client, cast: Any, esia: FakeEsia, visit: Any
) -> None:
    esia.be(cast.parent)
    visit()
    esia.be(cast.parent, birthDate="01.01.1986")
    assert visit()["Location"] == reverse("diary:home")
