"""Before what protects an account is changed, its holder proves again to be the holder."""

import datetime
import json
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import SecretQuestion, SignInAttempt
from schools.doors import Door, Level, Proof
from tests.conftest import NOW, PASSWORD

GUARDED = [
    "accounts:secret-question",
    "account_email",
    "account_change_phone",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_generate_recovery_codes",
]
ESIA = Proof(Door.ESIA, Level.VERIFIED)


def sign_in(person: Any) -> Client:
    client = Client()
    client.post(reverse("accounts:sign-in"), {"username": person.account.username, "password": PASSWORD})
    return client


@pytest.fixture
def without_password(cast: Any) -> Any:
    """An account that Gosuslugi alone opens."""
    cast.parent.account.set_unusable_password()
    cast.parent.account.save()
    return cast.parent


@pytest.mark.parametrize("name", GUARDED)
def test_an_old_session_proves_again_first(cast: Any, as_: Any, name: str):
    client = as_(cast.parent)
    assert client.get(reverse(name))["Location"].startswith(reverse("account_reauthenticate"))
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert client.get(reverse(name)).status_code == 200


@pytest.mark.parametrize("name", GUARDED)
def test_whoever_has_just_signed_in_need_not(cast: Any, name: str):
    client = sign_in(cast.parent)
    assert client.get(reverse(name)).status_code == 200
    with time_machine.travel(NOW + datetime.timedelta(minutes=6), tick=False):
        assert client.get(reverse(name)).status_code == 302


@pytest.mark.parametrize("name", GUARDED)
def test_an_account_without_password_does_not_pass_silently(without_password: Any, as_: Any, name: str):
    client = as_(without_password, ESIA)
    way = client.get(reverse(name))["Location"]
    assert way.startswith(reverse("accounts:sign-in-anew"))
    assert client.get(way).status_code == 200


def test_it_signs_out_and_comes_back_by_its_door(without_password: Any, as_: Any):
    client = as_(without_password, ESIA)
    answer = client.post(reverse("accounts:sign-in-anew"), {"next": reverse("account_email")})
    assert answer["Location"] == f"{reverse('accounts:sign-in')}?next=%2Faccount%2Femail%2F"
    assert client.get(reverse("diary:home")).status_code == 302


def test_a_fresh_sign_in_of_such_an_account_passes(without_password: Any, as_: Any):
    client = as_(without_password, ESIA)
    session = client.session
    session["signed_in_at"] = int(NOW.timestamp())
    session.save()
    assert client.get(reverse("account_email")).status_code == 200


def test_a_post_does_not_pass_either(without_password: Any, as_: Any):
    client = as_(without_password, ESIA)
    client.post(reverse("account_email"), {"action_add": "1", "email": "thief@example.ru"})
    assert not EmailAddress.objects.exists()
    assert "account_email_verification_code" not in client.session


def test_what_was_sent_too_late_is_kept_nowhere(cast: Any, as_: Any):
    client, page = as_(cast.parent), reverse("accounts:secret-question")
    late = client.post(page, {"question": "Как звали кошку?", "answer": "Тихоня"})
    assert late["Location"] == f"{reverse('account_reauthenticate')}?{urlencode({'next': page})}"
    assert "Тихоня" not in json.dumps(dict(client.session), ensure_ascii=False)
    assert "введите ещё раз" in client.get(late["Location"]).content.decode()
    assert client.post(late["Location"], {"password": PASSWORD})["Location"] == page
    assert not SecretQuestion.objects.exists()


def test_such_an_account_has_no_password_to_change(without_password: Any, as_: Any):
    assert as_(without_password, ESIA).get(reverse("account_change_password")).status_code == 404


def test_wrong_passwords_are_counted_as_at_the_door(cast: Any, as_: Any):
    client = as_(cast.parent)
    for _guess in range(5):
        client.post(reverse("account_reauthenticate"), {"password": "wrong"})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert client.get(reverse("account_email")).status_code == 302
    assert SignInAttempt.objects.filter(username=cast.parent.account.username, refused=False).count() == 5


def test_the_way_on_leads_nowhere_else(cast: Any, as_: Any):
    address = f"{reverse('account_reauthenticate')}?next=https://evil.example/"
    assert as_(cast.outsider).post(address, {"password": PASSWORD})["Location"] == reverse("diary:home")
