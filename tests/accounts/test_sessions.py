"""How long sessions live, where one is signed in, and signing out elsewhere."""

import datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts import signing_in
from accounts.models import User
from schools.doors import Door, Level, Proof
from schools.models import SignIn
from tests.accounts.test_proving_again import sign_in
from tests.conftest import NOW, PASSWORD
from tests.queries import assert_same_statements

HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)
SESSIONS = "usersessions_list"


def is_in(client: Client) -> bool:
    return client.get(reverse("accounts:security")).status_code == 200


@pytest.mark.parametrize(
    ("role", "lifetime"),
    [
        ("student", 14 * DAY),
        ("parent", 14 * DAY),
        ("teacher", 12 * HOUR),
        ("head_teacher", 12 * HOUR),
        ("administrator", 2 * HOUR),
        ("region_operator", 2 * HOUR),
        ("outsider", 2 * HOUR),
    ],
)
def test_an_unused_session_ends(cast: Any, as_: Any, role: str, lifetime: datetime.timedelta):
    stays, goes = as_(getattr(cast, role)), as_(getattr(cast, role))
    assert is_in(stays)
    assert is_in(goes)
    with time_machine.travel(NOW + lifetime - HOUR / 60, tick=False):
        assert is_in(stays)
    with time_machine.travel(NOW + lifetime + HOUR / 60, tick=False):
        assert not is_in(goes)
        assert is_in(stays)


def test_a_teacher_whose_role_is_shut_has_no_longer_session(cast: Any, as_: Any):
    client = as_(cast.teacher, Proof(Door.SCHOOL))
    assert is_in(client)
    with time_machine.travel(NOW + 13 * HOUR, tick=False):
        assert not is_in(client)


def test_the_end_is_told_at_the_door(cast: Any, as_: Any):
    client = as_(cast.teacher)
    is_in(client)
    with time_machine.travel(NOW + 13 * HOUR, tick=False):
        page = client.get(reverse("accounts:security"), follow=True)
    assert "Вас долго не было" in page.content.decode()


def test_on_a_shared_device_it_ends_with_the_browser_or_after_half_an_hour(cast: Any, client: Client):
    typed = {"username": cast.parent.account.username, "password": PASSWORD, "shared_device": "on"}
    client.post(reverse("accounts:sign-in"), typed)
    assert client.cookies["sessionid"]["max-age"] == ""
    assert is_in(client)
    with time_machine.travel(NOW + HOUR / 2 + HOUR / 60, tick=False):
        assert not is_in(client)


def test_on_the_own_device_it_outlives_the_browser(cast: Any):
    client = sign_in(cast.parent)
    assert client.cookies["sessionid"]["max-age"] == 14 * 24 * 3600


def test_a_closed_account_is_out_at_once(cast: Any, as_: Any):
    client = as_(cast.parent)
    User.objects.filter(pk=cast.parent.account.pk).update(is_active=False)
    assert not is_in(client)


def test_a_changed_password_ends_the_other_sessions(cast: Any):
    here, elsewhere = sign_in(cast.parent), sign_in(cast.parent)
    typed = {"oldpassword": PASSWORD, "password1": "another-Pass-9", "password2": "another-Pass-9"}
    assert here.post(reverse("account_change_password"), typed)["Location"] == reverse("accounts:security")
    assert is_in(here)
    assert not is_in(elsewhere)
    assert len(here.get(reverse(SESSIONS)).context["sessions"]) == 1


def test_signing_out_elsewhere_leaves_this_session_alone(cast: Any):
    here, elsewhere, other = sign_in(cast.parent), sign_in(cast.parent), sign_in(cast.outsider)
    here.post(reverse(SESSIONS))
    assert is_in(here)
    assert not is_in(elsewhere)
    assert is_in(other)
    assert SignIn.objects.filter(account=cast.parent.account, ended_at__isnull=False).count() == 1


def test_one_session_can_be_ended(cast: Any):
    here, second, third = sign_in(cast.parent), sign_in(cast.parent), sign_in(cast.parent)
    chosen = here.get(reverse(SESSIONS)).context["sessions"][1]
    here.post(reverse(SESSIONS), {"session": chosen.pk})
    assert sorted([is_in(second), is_in(third)]) == [False, True]


def test_the_outsider_ends_nobody_elses(cast: Any):
    here, outsider = sign_in(cast.parent), sign_in(cast.outsider)
    chosen = here.get(reverse(SESSIONS)).context["sessions"][0]
    outsider.post(reverse(SESSIONS), {"session": chosen.pk})
    assert is_in(here)


def test_an_old_session_proves_again_before_it_ends_others(cast: Any, as_: Any):
    old, elsewhere = as_(cast.parent, Proof(Door.ESIA, Level.VERIFIED)), sign_in(cast.parent)
    assert old.post(reverse(SESSIONS))["Location"].startswith(reverse("account_reauthenticate"))
    assert is_in(elsewhere)


def test_signing_out_is_in_the_journal(cast: Any):
    client = sign_in(cast.parent)
    client.post(reverse("accounts:sign-out"))
    assert SignIn.objects.get().ended_at == NOW


def test_so_is_signing_out_of_django_admin(cast: Any, as_: Any):
    client = as_(cast.administrator)
    account, session = cast.administrator.account, signing_in.hash_of(client.session.session_key)
    SignIn.objects.create(account=account, door="esia", level="verified", session_hash=session)
    response = client.post(reverse("admin:logout"))
    assert response["Clear-Site-Data"] == '"cache"'
    assert SignIn.objects.get().ended_at == NOW


def test_statements_do_not_grow_with_sessions(cast: Any):
    client = sign_in(cast.parent)
    assert_same_statements(
        lambda: client.get(reverse(SESSIONS)), lambda: [sign_in(cast.parent) for _each in range(5)]
    )


def test_a_session_is_not_written_at_every_request(cast: Any):
    client = sign_in(cast.parent)
    is_in(client)
    before = client.session["seen_at"]
    with time_machine.travel(NOW + HOUR / 2, tick=False):
        is_in(client)
    assert client.session["seen_at"] == before
