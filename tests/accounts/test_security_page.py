"""*Security*, and the person's own journal of sign-ins."""

from typing import Any

import pytest
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.template.loader import get_template
from django.test import Client
from django.urls import NoReverseMatch, reverse

from accounts import attempts
from accounts.models import SignInAttempt, User
from accounts.security.second_factors import SecondFactorAdapter
from schools.models import SignIn
from tests.accounts.test_proving_again import sign_in
from tests.conftest import NOW, PASSWORD
from tests.queries import assert_same_statements

JOURNAL = "accounts:sign-in-journal"


def sign_ins(account: Any, count: int) -> None:
    SignIn.objects.bulk_create(
        SignIn(account=account, door="school", session_hash=str(number)) for number in range(count)
    )


def test_it_is_linked_from_the_header_and_from_more(cast: Any, as_: Any):
    page = as_(cast.parent).get(reverse("more")).content.decode()
    assert page.count(f'href="{reverse("accounts:security")}"') == 2


def test_it_says_what_there_is(cast: Any):
    page = sign_in(cast.teacher).get(reverse("accounts:security"))
    text = page.content.decode()
    assert cast.teacher.account.username in text
    assert "не подключено" in text
    assert [session.is_this for session in page.context["sessions"]] == [True]


def test_the_journal_has_twenty_a_page_newest_first(cast: Any, as_: Any):
    sign_ins(cast.parent.account, 25)
    client = as_(cast.parent)
    first = client.get(reverse(JOURNAL)).context["page"]
    assert len(first.object_list) == 20
    assert len(client.get(reverse(JOURNAL), {"page": 2}).context["page"].object_list) == 5
    assert client.get(reverse(JOURNAL), {"page": "x"}).status_code == 200


def test_the_journal_says_by_which_door_and_what_was_refused(cast: Any, client: Client):
    address = reverse("accounts:sign-in")
    client.post(address, {"username": cast.parent.account.username, "password": "wrong"})
    text = sign_in(cast.parent).get(reverse(JOURNAL)).content.decode()
    assert "логин, выданный школой" in text
    assert "неверный логин или пароль" in text
    assert "127.0.0.1" in text


def test_the_journal_says_which_rule_kept_a_role_shut(cast: Any):
    client = sign_in(cast.parent)
    assert SignIn.objects.get().refusals == ["guardian-door"]
    assert "Дневник ребёнка открывается через Госуслуги" in client.get(reverse(JOURNAL)).content.decode()


def test_an_expired_first_password_is_told_as_such_and_is_no_guess(cast: Any, as_: Any, client: Client):
    account = cast.parent.account
    User.objects.filter(pk=account.pk).update(first_password_until=NOW, must_change_password=True)
    for _try in range(6):
        client.post(reverse("accounts:sign-in"), {"username": account.username, "password": PASSWORD})
    assert attempts.wait_before(account.username, "127.0.0.1", now=NOW) == attempts.NO_WAIT
    assert "первый пароль истёк" in as_(cast.parent).get(reverse(JOURNAL)).content.decode()
    tries = as_(cast.region_operator).get(reverse("admin:accounts_signinattempt_changelist"))
    assert "первый пароль истёк" in tries.content.decode()


def test_nobody_sees_anybody_elses(cast: Any):
    sign_in(cast.parent)
    SignInAttempt.objects.create(username=cast.parent.account.username, succeeded=False)
    entries = sign_in(cast.outsider).get(reverse(JOURNAL)).context["page"].object_list
    assert len(entries) == 1


def test_statements_do_not_grow_with_the_journal(cast: Any, as_: Any):
    client = as_(cast.parent)
    sign_ins(cast.parent.account, 2)
    assert_same_statements(lambda: client.get(reverse(JOURNAL)), lambda: sign_ins(cast.parent.account, 12))


KEPT = [
    "account/reauthenticate.html",
    "account/email_change.html",
    "account/phone_change.html",
    "account/password_change.html",
    "account/account_inactive.html",
    "account/confirm_email_verification_code.html",
    "account/confirm_phone_verification_code.html",
    "account/messages/logged_in.txt",
    "account/messages/password_changed.txt",
    "mfa/index.html",
    "mfa/authenticate.html",
    "mfa/reauthenticate.html",
    "mfa/totp/activate_form.html",
    "mfa/totp/deactivate_form.html",
    "mfa/webauthn/add_form.html",
    "mfa/webauthn/authenticator_list.html",
    "mfa/webauthn/edit_form.html",
    "mfa/webauthn/authenticator_confirm_delete.html",
    "mfa/webauthn/reauthenticate.html",
    "mfa/recovery_codes/index.html",
    "mfa/recovery_codes/generate.html",
    "mfa/messages/totp_activated.txt",
    "mfa/messages/webauthn_added.txt",
]


@pytest.mark.parametrize("name", KEPT)
def test_its_pages_are_ours(name: str):
    assert str(get_template(name).origin.name).startswith(str(settings.BASE_DIR / "templates"))  # type: ignore[attr-defined]


def test_what_allauth_says_of_second_factors_is_ours():
    assert set(SecondFactorAdapter.error_messages) == set(DefaultMFAAdapter.error_messages)


@pytest.mark.parametrize(
    "name",
    [
        "account_reset_password",
        "account_set_password",
        "account_confirm_login_code",
        "mfa_download_recovery_codes",
        "mfa_login_webauthn",
        "mfa_trust",
    ],
)
def test_the_other_pages_of_allauth_do_not_exist(name: str):
    with pytest.raises(NoReverseMatch):
        reverse(name)


@pytest.mark.parametrize("path", ["password/reset/", "password/set/", "login/code/confirm/", "2fa/trust/"])
def test_nor_do_their_addresses(cast: Any, as_: Any, path: str):
    assert as_(cast.parent).get(f"/account/{path}").status_code == 404


def test_a_sign_in_of_the_same_moment_is_shown_with_its_end(cast: Any, as_: Any):
    sign_ins(cast.parent.account, 1)
    SignIn.objects.update(ended_at=NOW)
    assert "завершён" in as_(cast.parent).get(reverse(JOURNAL)).content.decode()
