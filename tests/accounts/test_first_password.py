"""A first password stands on paper: it is changed before anybody gets in."""

import datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.issuing.logins import issue_logins
from tests.conftest import NOW

OWN = "Кот-учёный-7"


@pytest.fixture
def first(cast: Any) -> Any:
    """The login on the slip of a student who had none."""
    type(cast.student).objects.filter(pk=cast.student.pk).update(account=None)
    return issue_logins([cast.student])[0]


def sign_in(client: Client, login: str, password: str) -> Any:
    return client.post(reverse("accounts:sign-in"), {"username": login, "password": password})


def choose(client: Client, *passwords: str) -> Any:
    typed = dict(zip(("new_password1", "new_password2"), passwords, strict=True))
    return client.post(reverse("accounts:first-password"), typed)


def test_the_slip_leads_to_a_password_of_ones_own_and_then_in(first: Any, client: Client):
    assert sign_in(client, first.login, first.password)["Location"] == reverse("accounts:first-password")
    assert choose(client, OWN, OWN)["Location"] == reverse("diary:home")
    assert client.get(reverse("diary:diary"), follow=True).status_code == 200


def test_nobody_is_in_before_the_change(first: Any, client: Client):
    sign_in(client, first.login, first.password)
    assert client.get(reverse("diary:home")).status_code == 302


@pytest.mark.parametrize("passwords", [("123", "123"), (OWN, "другое-слово-7"), ("", "")])
def test_a_weak_or_mistyped_password_is_refused_in_words(first: Any, client: Client, passwords: Any):
    sign_in(client, first.login, first.password)
    response = choose(client, *passwords)
    assert response.status_code == 422
    assert response.context["form"].errors


def test_the_password_of_the_slip_is_not_taken_again(first: Any, client: Client):
    sign_in(client, first.login, first.password)
    assert choose(client, first.password, first.password).status_code == 422
    assert client.get(reverse("diary:home")).status_code == 302


def test_afterwards_the_slip_opens_nothing(first: Any, client: Client):
    sign_in(client, first.login, first.password)
    choose(client, OWN, OWN)
    assert sign_in(Client(), first.login, first.password).status_code == 422
    assert sign_in(Client(), first.login, OWN)["Location"] == reverse("diary:home")


def test_an_unused_slip_expires_and_says_whom_to_ask(first: Any, client: Client):
    with time_machine.travel(NOW + datetime.timedelta(days=61), tick=False):
        response = sign_in(client, first.login, first.password)
        assert response.status_code == 422
        assert "классного руководителя" in response.content.decode()
        assert "классного руководителя" not in sign_in(client, first.login, "wrong").content.decode()


def test_the_page_without_a_sign_in_leads_to_the_door(cast: Any, client: Client):
    assert client.get(reverse("accounts:first-password"))["Location"] == reverse("accounts:sign-in")


def test_the_outsider_cannot_choose_it_for_another(first: Any, cast: Any, as_: Any):
    client = as_(cast.outsider)
    assert choose(client, OWN, OWN)["Location"] == reverse("accounts:sign-in")
    assert sign_in(Client(), first.login, OWN).status_code == 422
