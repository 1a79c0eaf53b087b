"""Staff with a login, and everybody in Django admin, show a second factor."""

import datetime
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client
from django.urls import reverse

from accounts.security import second_factors
from messaging.models import Outgoing
from schools.doors import Door, Level, Proof
from schools.models import SignIn
from tests.conftest import NOW, PASSWORD

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
    way = client.get(reverse("admin:index"))["Location"]
    assert way == f"{reverse('mfa_index')}?next={reverse('admin:index')}"
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


def test_the_way_from_django_admin_asks_for_the_factor_that_was_not_shown(cast: Any, as_: Any):
    secret = generate_totp_secret()
    TOTP.activate(cast.administrator.account, secret)
    client = as_(cast.administrator, ESIA)
    page = client.get(client.get(reverse("admin:index"))["Location"]).content.decode()
    show = f"{reverse('mfa_reauthenticate')}?next={reverse('admin:index')}"
    assert show in page
    assert client.post(show, {"code": code_now(secret)})["Location"] == reverse("admin:index")
    assert client.get(reverse("admin:index")).status_code == 200


def test_the_key_lies_sealed_in_the_database(cast: Any, secret: str):
    assert secret not in str(Authenticator.objects.get(type="totp").data)


def test_after_five_wrong_codes_even_the_right_one_waits(cast: Any, client: Client, secret: str):
    sign_in(client, cast.teacher)
    for _guess in range(5):
        client.post(reverse("mfa_authenticate"), {"code": "000000"})
    client.post(reverse("mfa_authenticate"), {"code": code_now(secret)})
    assert client.get(reverse("diary:home")).status_code == 302
    with time_machine.travel(NOW + datetime.timedelta(seconds=31), tick=False):
        client.post(reverse("mfa_authenticate"), {"code": code_now(secret)})
        assert client.get(reverse("accounts:security")).status_code == 200


def test_the_right_password_again_gives_no_new_guesses(cast: Any, client: Client, secret: str):
    for _round in range(2):
        sign_in(client, cast.teacher)
        for _guess in range(3):
            page = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert page.context["form"].errors["code"].as_data()[0].code == "wait"


def test_recovery_codes_are_shown_once(cast: Any, client: Client, monkeypatch: Any):
    monkeypatch.setattr("django.db.transaction.on_commit", lambda run, **_: run())
    sign_in(client, cast.teacher)
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    made = client.post(reverse("mfa_activate_totp"), {"code": code_now(secret)})
    codes = client.get(made["Location"]).context["unused_codes"]
    assert len(codes) == 10
    again = client.get(made["Location"]).content.decode()
    assert not any(code in again for code in codes)


def test_a_recovery_code_opens_the_door_once(cast: Any, client: Client, secret: str):
    code = RecoveryCodes.activate(cast.teacher.account).get_unused_codes()[0]
    for attempt in (Client(), Client()):
        sign_in(attempt, cast.teacher)
        attempt.post(reverse("mfa_authenticate"), {"code": code})
    assert attempt.get(reverse("accounts:security")).status_code == 302
    assert SignIn.objects.filter(account=cast.teacher.account).count() == 1


def test_the_outsider_reaches_nobody_elses_passkey(cast: Any, client: Client):
    passkey = Authenticator.objects.create(
        user=cast.teacher.account, type="webauthn", data={"name": "x", "credential": {}}
    )
    sign_in(client, cast.outsider)
    for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        assert client.get(reverse(name, args=[passkey.pk])).status_code == 404
        assert client.post(reverse(name, args=[passkey.pk]), {"name": "mine"}).status_code == 404


def test_the_operator_removes_a_lost_factor_and_the_person_hears_of_it(cast: Any, as_: Any, secret: str):
    EmailAddress.objects.create(user=cast.teacher.account, email="t@school.example", verified=True)
    accounts = reverse("admin:accounts_user_changelist")
    chosen = {"action": "remove_second_factor", "_selected_action": [cast.teacher.account.pk]}
    as_(cast.region_operator).post(accounts, chosen)
    assert not Authenticator.objects.filter(user=cast.teacher.account).exists()
    assert Outgoing.objects.get().recipient == "t@school.example"


def test_nobody_else_removes_one(cast: Any, as_: Any, secret: str):
    chosen = {"action": "remove_second_factor", "_selected_action": [cast.teacher.account.pk]}
    for person in (cast.administrator, cast.outsider):
        assert as_(person).post(reverse("admin:accounts_user_changelist"), chosen).status_code == 404
    assert Authenticator.objects.filter(user=cast.teacher.account).exists()


def test_removing_the_factor_ends_the_sessions_it_opened(cast: Any, client: Client, secret: str):
    sign_in(client, cast.teacher)
    client.post(reverse("mfa_authenticate"), {"code": code_now(secret)})
    second_factors.remove_all(cast.teacher.account)
    assert client.get(reverse("diary:lesson", args=[cast.lesson.pk])).status_code == 302
