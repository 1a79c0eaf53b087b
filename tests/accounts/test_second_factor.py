"""Staff with a login, and everybody in Django admin, show a second factor."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client
from django.urls import reverse

from schools.doors import Door, Level, Proof
from schools.models import SignIn
from tests.conftest import PASSWORD

SCHOOL_LOGIN = Proof(Door.SCHOOL)
ESIA = Proof(Door.ESIA, Level.VERIFIED)


def code_now(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


@pytest.fixture
def secret(cast: Any) -> str:
    """The teacher's application of codes."""
    secret = generate_totp_secret()
    TOTP.activate(cast.teacher.account, secret)
    return secret


def sign_in(client: Client, person: Any) -> Any:
    typed = {"username": person.account.username, "password": PASSWORD}
    return client.post(reverse("accounts:sign-in"), typed)


def test_a_teachers_login_alone_opens_no_journal(cast: Any, as_: Any):
    client = as_(cast.teacher, SCHOOL_LOGIN)
    assert client.get(reverse("diary:lesson", args=[cast.lesson.pk])).status_code == 404
    assert client.get(reverse("diary:home")).status_code == 403


def test_the_password_is_followed_by_the_code(cast: Any, client: Client, secret: str):
    assert sign_in(client, cast.teacher)["Location"] == reverse("mfa_authenticate")
    assert client.get(reverse("diary:home")).status_code == 302  # not in yet
    client.post(reverse("mfa_authenticate"), {"code": code_now(secret)})
    assert client.get(reverse("diary:lesson", args=[cast.lesson.pk])).status_code == 200


def test_a_wrong_code_does_not_let_in(cast: Any, client: Client, secret: str):
    sign_in(client, cast.teacher)
    client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert client.get(reverse("diary:home")).status_code == 302


def test_the_journal_of_sign_ins_says_so(cast: Any, client: Client, secret: str):
    sign_in(client, cast.teacher)
    client.post(reverse("mfa_authenticate"), {"code": code_now(secret)})
    assert SignIn.objects.get(account=cast.teacher.account).second_factor


def test_django_admin_wants_it_even_after_esia(cast: Any, as_: Any):
    client = as_(cast.administrator, ESIA)
    assert client.get(reverse("admin:index"))["Location"] == reverse("mfa_index")
    assert as_(cast.administrator).get(reverse("admin:index")).status_code == 200


def test_django_admin_does_not_exist_for_others(cast: Any, as_: Any):
    assert as_(cast.parent).get(reverse("admin:index")).status_code == 404


def test_setting_one_up_opens_the_journal_in_the_same_session(cast: Any, client: Client, monkeypatch: Any):
    """Outside tests the transaction ends within the request, before the session is saved."""
    monkeypatch.setattr("django.db.transaction.on_commit", lambda run, **_: run())
    sign_in(client, cast.teacher)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": code_now(secret)})
    assert Authenticator.objects.filter(user=cast.teacher.account, type="totp").exists()
    assert client.get(reverse("diary:lesson", args=[cast.lesson.pk])).status_code == 200
