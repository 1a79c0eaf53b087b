"""The school's login and password."""

import datetime
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import time_machine
from django.db import InternalError, connections, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import attempts
from accounts.models import SignInAttempt
from accounts.tasks import purge_attempts
from tests.conftest import NOW, PASSWORD
from tests.factories import UserFactory


def sign_in(client: Any, account: Any, password: str = PASSWORD, **extra: Any) -> Any:
    fields = {"username": getattr(account, "username", account), "password": password, **extra}
    return client.post(reverse("accounts:sign-in"), fields)


def test_the_right_password_opens_home(cast: Any, client: Client) -> None:
    assert sign_in(client, cast.parent.account)["Location"] == reverse("diary:home")


def test_a_phones_capital_letter_and_blanks_do_not_matter(cast: Any, client: Client) -> None:
    assert sign_in(client, f" {cast.parent.account.username.capitalize()} ").status_code == 302


def test_wrong_login_and_wrong_password_get_one_answer(cast: Any, client: Client) -> None:
    wrong = sign_in(client, cast.parent.account, "wrong")
    unknown = sign_in(client, "nobody", "wrong")
    assert wrong.status_code == unknown.status_code == 422
    assert wrong.context["form"].non_field_errors() == unknown.context["form"].non_field_errors()


def test_a_closed_account_gets_the_same_answer(cast: Any, client: Client) -> None:
    type(cast.parent.account).objects.filter(pk=cast.parent.account.pk).update(is_active=False)
    assert sign_in(client, cast.parent.account).status_code == 422


def test_what_was_typed_stays_but_the_password(cast: Any, client: Client) -> None:
    page = sign_in(client, "ivanov27", "wrong").content.decode()
    assert "ivanov27" in page
    assert "wrong" not in page


@pytest.mark.parametrize("evil", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_the_way_on_leads_nowhere_else(cast: Any, client: Client, evil: str) -> None:
    assert sign_in(client, cast.parent.account, next=evil)["Location"] == reverse("diary:home")


def test_the_way_on_leads_to_the_page_one_wanted(cast: Any, client: Client) -> None:
    wanted = reverse("diary:week-now", args=[cast.student.pk])
    assert sign_in(client, cast.parent.account, next=wanted)["Location"] == wanted


def test_after_five_failures_even_the_right_password_waits(cast: Any, client: Client) -> None:
    for _guess in range(5):
        sign_in(client, cast.parent.account, "wrong")
    assert sign_in(client, cast.parent.account).status_code == 422
    with time_machine.travel(NOW + datetime.timedelta(seconds=31), tick=False):
        assert sign_in(client, cast.parent.account).status_code == 302


def test_the_wait_grows_but_never_past_a_quarter_of_an_hour(cast: Any, client: Client) -> None:
    SignInAttempt.objects.bulk_create(
        SignInAttempt(username=cast.parent.account.username, address="127.0.0.1", succeeded=False)
        for _guess in range(60)
    )
    assert sign_in(client, cast.parent.account).status_code == 422
    with time_machine.travel(NOW + datetime.timedelta(minutes=16), tick=False):
        assert sign_in(client, cast.parent.account).status_code == 302


def test_a_stranger_elsewhere_cannot_keep_the_family_out(cast: Any, client: Client) -> None:
    stranger = Client(REMOTE_ADDR="203.0.113.7")
    for _guess in range(20):
        sign_in(stranger, cast.parent.account, "wrong")
    assert sign_in(client, cast.parent.account).status_code == 302


def test_a_session_gets_a_new_key_at_sign_in(cast: Any, client: Client) -> None:
    client.cookies["sessionid"] = "chosenbyanattacker"
    sign_in(client, cast.parent.account)
    assert client.cookies["sessionid"].value != "chosenbyanattacker"


def test_sign_in_and_sign_out_want_the_csrf_token(cast: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    assert sign_in(client, cast.parent.account).status_code == 403
    client.force_login(cast.parent.account)
    assert client.post(reverse("accounts:sign-out")).status_code == 403


def test_signing_out_is_a_post(cast: Any, as_: Any) -> None:
    client = as_(cast.parent)
    assert client.get(reverse("accounts:sign-out")).status_code == 405
    client.post(reverse("accounts:sign-out"))
    assert client.get(reverse("diary:home")).status_code == 302


def test_an_account_that_waits_for_its_person_sees_a_calm_page(db: Any, as_: Any) -> None:
    assert as_(UserFactory()).get(reverse("diary:home")).status_code == 200


def test_behind_nginx_the_address_is_the_one_nginx_saw(cast: Any, client: Client, settings: Any) -> None:
    settings.BEHIND_PROXY = True
    claimed = "10.0.0.1, 203.0.113.7"
    client.post(reverse("accounts:sign-in"), {"username": "x", "password": "y"}, HTTP_X_FORWARDED_FOR=claimed)
    assert SignInAttempt.objects.get().address == "203.0.113.7"


def test_without_nginx_nobody_chooses_the_own_address(cast: Any, client: Client) -> None:
    fields = {"username": "x", "password": "y"}
    client.post(reverse("accounts:sign-in"), fields, HTTP_X_FORWARDED_FOR="203.0.113.7")
    assert SignInAttempt.objects.get().address == "127.0.0.1"


def test_personal_pages_are_kept_by_nobody_in_between(cast: Any, as_: Any) -> None:
    client = as_(cast.parent)
    assert client.get(reverse("diary:home"))["Cache-Control"] == "private, no-cache"
    assert client.post(reverse("accounts:sign-out"))["Clear-Site-Data"] == '"cache"'


def failures(login: str, count: int, address: str = "203.0.113.{}") -> None:
    SignInAttempt.objects.bulk_create(
        SignInAttempt(username=login, address=address.format(number), succeeded=False)
        for number in range(count)
    )


def test_guesses_from_many_addresses_wait_for_each_other(cast: Any) -> None:
    failures(cast.parent.account.username, 20)
    assert sign_in(Client(REMOTE_ADDR="198.51.100.1"), cast.parent.account).status_code == 422
    with time_machine.travel(NOW + datetime.timedelta(seconds=31), tick=False):
        assert sign_in(Client(REMOTE_ADDR="198.51.100.1"), cast.parent.account).status_code == 302


def test_they_do_not_keep_the_family_out_of_its_own_address(cast: Any, client: Client) -> None:
    sign_in(client, cast.parent.account)
    failures(cast.parent.account.username, 100)
    assert sign_in(Client(), cast.parent.account).status_code == 302


def test_a_pupil_behind_the_schools_address_keeps_out_no_login_that_was_in_there(
    cast: Any, client: Client
) -> None:
    sign_in(client, cast.parent.account)
    failures("nobody", 201, address="127.0.0.1")
    assert sign_in(Client(), cast.parent.account).status_code == 302


def test_other_logins_wait_there_from_the_last_failure_and_are_told_how_long(
    cast: Any, client: Client
) -> None:
    failures("nobody", 202, address="127.0.0.1")
    page = sign_in(client, cast.parent.account)
    assert page.context["form"].non_field_errors() == [
        "Слишком много попыток. Попробуйте снова через 2 минуты."
    ]
    with time_machine.travel(NOW + datetime.timedelta(seconds=121), tick=False):
        assert sign_in(client, cast.parent.account).status_code == 302


def test_what_was_refused_while_waiting_is_written_down_and_does_not_prolong_the_wait(
    cast: Any, client: Client
) -> None:
    for _guess in range(8):
        sign_in(client, cast.parent.account, "wrong")
    assert SignInAttempt.objects.filter(refused=True).count() == 3
    with time_machine.travel(NOW + datetime.timedelta(seconds=31), tick=False):
        assert sign_in(client, cast.parent.account).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_guesses_sent_at_once_count_as_many() -> None:
    def guess(_number: int) -> bool:
        try:
            attempts.begin("ivanov27", "203.0.113.7", now=timezone.now())
        except attempts.MustWait:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(guess, range(16))) == 5


def test_old_attempts_are_forgotten_and_young_ones_cannot_be(db: Any) -> None:
    failures("ivanov27", 2)
    SignInAttempt.objects.filter(address="203.0.113.0").update(
        at=datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    )
    assert purge_attempts() == 1
    with pytest.raises(InternalError), transaction.atomic():
        SignInAttempt.objects.all().delete()


@pytest.mark.parametrize("door", ["accounts:sign-in", "accounts:recovery", "account_signup", "front"])
def test_a_host_that_is_not_ours_is_not_answered(db: Any, client: Client, door: str) -> None:
    assert client.get(reverse(door), headers={"host": "evil.example"}).status_code == 400
