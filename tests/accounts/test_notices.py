"""Letters about the safety of an account."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.urls import reverse

from accounts.issuing.logins import issue_logins
from accounts.models import LoginIssue
from accounts.security.devices import in_words
from messaging.models import Outgoing
from tests.conftest import PASSWORD

YANDEX = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/124.0.0.0 YaBrowser/24.6.0 Safari/537.36"
)
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile/15E148 Safari/604.1"


@pytest.fixture(autouse=True)
def _email(cast: Any) -> None:
    EmailAddress.objects.create(
        user=cast.parent.account, email="anna@family.example", verified=True, primary=True
    )


def sign_in(client: Client, person: Any, **headers: Any) -> None:
    typed = {"username": person.account.username, "password": PASSWORD}
    client.post(reverse("accounts:sign-in"), typed, headers=headers)


def test_a_login_issued_anew_is_told(cast: Any):
    EmailAddress.objects.create(user=cast.parent.account, email="old@family.example", verified=True)
    EmailAddress.objects.create(user=cast.outsider.account, email="x@family.example", verified=False)
    issue_logins([cast.parent, cast.outsider, cast.student], again=True, how=LoginIssue.How.OFFICE)
    (letter,) = letters()
    assert letter.recipient == "anna@family.example"
    assert "Логин выдан заново" in letter.text
    assert "администратором" in letter.text
    assert cast.parent.account.username not in letter.text


def letters() -> list[Outgoing]:
    return list(Outgoing.objects.newest_first())


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [(YANDEX, "Яндекс Браузер, Windows"), (IPHONE, "Safari, iPhone"), ("", "неизвестное устройство")],
)
def test_a_device_is_told_in_words(user_agent: str, words: str):
    assert in_words(user_agent) == words


def test_the_very_first_device_is_no_news(cast: Any, client: Client):
    sign_in(client, cast.parent)
    assert not letters()


def test_a_new_device_is_told_and_a_known_one_is_not(cast: Any, client: Client):
    sign_in(client, cast.parent)
    other = Client()
    sign_in(other, cast.parent, **{"user-agent": IPHONE})
    [letter] = letters()
    assert letter.subject == "АСУ РСО: вход с нового устройства"
    assert "Safari, iPhone" in letter.text
    for known in (client, other):
        known.post(reverse("accounts:sign-out"))
        sign_in(known, cast.parent)
    assert len(letters()) == 1


def test_a_familys_device_knows_each_of_them(cast: Any, client: Client):
    for person in (cast.student, cast.parent, cast.student, cast.parent):
        sign_in(client, person)
        client.post(reverse("accounts:sign-out"))
    assert not letters()


def test_a_forged_cookie_makes_no_device_known(cast: Any, client: Client):
    sign_in(client, cast.parent)
    other = Client()
    other.cookies["devices"] = "forged"
    sign_in(other, cast.parent)
    assert len(letters()) == 1


def test_a_changed_password_is_told_in_the_persons_language(cast: Any, client: Client):
    client.cookies["django_language"] = "en"
    sign_in(client, cast.parent)
    typed = {"oldpassword": PASSWORD, "password1": "another-Pass-9", "password2": "another-Pass-9"}
    client.post(reverse("account_change_password"), typed)
    assert letters()[0].subject == "ASU RSO: the password was changed"


def test_a_removed_factor_is_told(
    cast: Any, client: Client, monkeypatch: Any, django_capture_on_commit_callbacks: Any
):
    sign_in(client, cast.parent)
    TOTP.activate(cast.parent.account, generate_totp_secret())
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("mfa_deactivate_totp"))
    assert "отключено приложение с кодами" in letters()[0].subject


def test_letters_carry_no_personal_data(cast: Any, client: Client):
    sign_in(client, cast.parent)
    sign_in(Client(), cast.parent)
    said = letters()[0].subject + letters()[0].text
    for secret in (cast.parent.surname, cast.parent.account.username, "127.0.0.1", "anna@"):
        assert secret not in said


def test_an_unconfirmed_email_gets_none_and_the_outsiders_neither(cast: Any, client: Client):
    EmailAddress.objects.update(verified=False)
    EmailAddress.objects.create(user=cast.outsider.account, email="o@x.example", verified=True)
    sign_in(client, cast.parent)
    sign_in(Client(), cast.parent)
    assert not letters()
