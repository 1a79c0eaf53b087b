"""A lost password: contact, code, secret question, new password; nobody learns who has an account."""

import datetime
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from unittest import mock

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts import codes, tasks
from accounts.models import PhoneNumber, Recovery, SecretQuestion, answer_hash
from accounts.recovery import steps as recovery
from messaging.models import Outgoing
from schools.models.documents import document_hashes
from tests.conftest import NOW, PASSWORD

OWN = "Кот-учёный-7"
EMAIL, PHONE = "anna@example.ru", "+79271234567"


@pytest.fixture
def account(cast: Any) -> Any:
    """The parent's, with a confirmed e-mail and telephone."""
    account = cast.parent.account
    EmailAddress.objects.create(user=account, email=EMAIL, verified=True)
    hashed = document_hashes(PHONE)[0]
    PhoneNumber.objects.create(account=account, number=PHONE, number_hash=hashed, confirmed_at=timezone.now())
    return account


@pytest.fixture
def question(account: Any) -> SecretQuestion:
    return SecretQuestion.objects.create(
        account=account, question="Кличка первого кота?", answer=answer_hash("Мурзик")
    )


def ask(client: Client, contact: str = EMAIL, channel: str = "email") -> Any:
    """The page, and then the worker at once."""
    response = client.post(reverse("accounts:recovery"), {"channel": channel, "contact": contact})
    for begun in Recovery.objects.filter(code=""):
        recovery.send_code(begun.pk)
    return response


def code_sent() -> str:
    return re.search(r"\d{6}", Outgoing.objects.latest("pk").text)[0]  # type: ignore[index]


def show(client: Client, code: str) -> Any:
    return client.post(reverse("accounts:recovery-code"), {"code": code})


def choose(client: Client, password: str = OWN) -> Any:
    typed = {"new_password1": password, "new_password2": password}
    return client.post(reverse("accounts:recovery-password"), typed)


def signs_in(account: Any, password: str) -> bool:
    typed = {"username": account.username, "password": password}
    return Client().post(reverse("accounts:sign-in"), typed).status_code == 302


@pytest.mark.parametrize(("contact", "channel"), [(EMAIL, "email"), ("8 (927) 123-45-67", "sms")])
def test_the_code_leads_to_a_new_password(account: Any, client: Client, contact: str, channel: str):
    assert ask(client, contact, channel)["Location"] == reverse("accounts:recovery-code")
    assert show(client, code_sent())["Location"] == reverse("accounts:recovery-answer")
    assert client.get(reverse("accounts:recovery-answer"))["Location"] == reverse(
        "accounts:recovery-password"
    )
    assert choose(client)["Location"] == reverse("accounts:sign-in")
    assert signs_in(account, OWN)
    assert not signs_in(account, PASSWORD)


def test_known_and_unknown_contacts_get_the_same_pages(account: Any):
    answers = []
    for contact in (EMAIL, "nobody@example.ru"):
        client = Client()
        asked, shown = ask(client, contact), show(client, "000000")
        answers.append((asked.status_code, asked["Location"], shown.status_code, shown.content))
    known, unknown = answers
    strip = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"')
    assert known[:3] == unknown[:3]
    assert strip.sub(b"", known[3]) == strip.sub(b"", unknown[3])


def test_nothing_goes_to_an_unknown_or_unconfirmed_contact(account: Any, client: Client):
    EmailAddress.objects.update(verified=False)
    ask(client)
    ask(client, "nobody@example.ru")
    assert not Outgoing.objects.exists()


def test_an_account_of_esia_has_no_password_to_reset(account: Any, client: Client):
    account.set_unusable_password()
    account.save()
    ask(client)
    assert not Outgoing.objects.exists()


def test_the_secret_question_stands_between_code_and_password(
    account: Any, question: SecretQuestion, client: Client
):
    ask(client)
    show(client, code_sent())
    assert "Кличка первого кота?" in client.get(reverse("accounts:recovery-answer")).content.decode()
    assert choose(client)["Location"] == reverse("accounts:recovery")  # not skipped by address
    assert not signs_in(account, OWN)


def test_the_right_answer_opens_the_way(account: Any, question: SecretQuestion, client: Client):
    ask(client)
    show(client, code_sent())
    wrong = client.post(reverse("accounts:recovery-answer"), {"answer": "Барсик"})
    assert wrong.status_code == 422
    right = client.post(reverse("accounts:recovery-answer"), {"answer": "мурзик "})
    assert right["Location"] == reverse("accounts:recovery-password")
    choose(client)
    assert signs_in(account, OWN)


@pytest.mark.parametrize("step", ["code", "answer"])
def test_five_wrong_tries_end_it(account: Any, question: SecretQuestion, client: Client, step: str):
    ask(client)
    code = code_sent()
    if step == "answer":
        show(client, code)
    for _try in range(5):
        client.post(reverse(f"accounts:recovery-{step}"), {step: "неверно"})
    right = {"code": code, "answer": "Мурзик"}[step]
    ended = client.post(reverse(f"accounts:recovery-{step}"), {step: right})
    assert ended["Location"] == reverse("accounts:recovery")


def test_a_code_holds_for_fifteen_minutes(account: Any, client: Client):
    ask(client)
    code = code_sent()
    with time_machine.travel(NOW + datetime.timedelta(minutes=15), tick=False):
        assert show(client, code)["Location"] == reverse("accounts:recovery")


def test_a_code_is_good_for_one_password(account: Any, client: Client):
    ask(client)
    show(client, code_sent())
    choose(client)
    assert choose(client, "другое-слово-8")["Location"] == reverse("accounts:recovery")
    assert signs_in(account, OWN)


def test_a_code_is_of_no_use_in_another_browser(account: Any, client: Client):
    ask(client)
    stranger = Client()
    assert show(stranger, code_sent())["Location"] == reverse("accounts:recovery")


def test_every_session_ends_with_the_old_password(account: Any, cast: Any, as_: Any, client: Client):
    elsewhere = as_(cast.parent)
    ask(client)
    show(client, code_sent())
    choose(client)
    assert elsewhere.get(reverse("diary:home")).status_code == 302


def test_a_flood_is_refused_in_words_to_known_and_unknown_alike(account: Any):
    for contact in (EMAIL, "nobody@example.ru"):
        answers = [ask(Client(), contact).status_code for _time in range(codes.TO_CONTACT_FROM_ADDRESS + 1)]
        assert answers == [302] * codes.TO_CONTACT_FROM_ADDRESS + [422]


def flood(contact: str) -> list[int]:
    """Fifteen requests from three addresses: what each was answered."""
    strangers = [Client(REMOTE_ADDR=f"203.0.113.{place}") for place in (1, 2, 3) for _time in range(5)]
    return [ask(stranger, contact).status_code for stranger in strangers]


def test_strangers_do_not_keep_a_family_out(account: Any, cast: Any):
    home = Client(REMOTE_ADDR="198.51.100.7")
    home.post(reverse("accounts:sign-in"), {"username": account.username, "password": PASSWORD})
    flood(EMAIL)
    sent = Outgoing.objects.count()
    assert ask(Client(REMOTE_ADDR="198.51.100.7")).status_code == 302
    assert Outgoing.objects.count() == sent + 1


def test_strangers_get_no_more_than_the_days_codes_sent_and_do_not_see_it(account: Any):
    for contact in (EMAIL, "nobody@example.ru"):
        assert flood(contact) == [302] * codes.TO_CONTACT
        assert ask(Client(REMOTE_ADDR="203.0.113.4"), contact).status_code == 302
    assert Outgoing.objects.count() == codes.TO_CONTACT


def test_an_address_that_was_not_used_for_a_month_is_a_strangers(account: Any):
    with time_machine.travel(NOW - datetime.timedelta(days=31), tick=False):
        home = Client(REMOTE_ADDR="198.51.100.7")
        home.post(reverse("accounts:sign-in"), {"username": account.username, "password": PASSWORD})
    flood(EMAIL)
    ask(Client(REMOTE_ADDR="198.51.100.7"))
    assert Outgoing.objects.count() == codes.TO_CONTACT


@pytest.mark.django_db(transaction=True)
def test_many_asked_for_at_once_count_as_many():
    together = threading.Barrier(codes.TO_CONTACT_FROM_ADDRESS * 2)

    def ask_at_once(_number: int) -> bool:
        together.wait(10)
        try:
            recovery.begin("sms", PHONE, address="203.0.113.1", language="ru")
        except codes.TooManyCodes:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(together.parties) as threads, mock.patch.object(recovery, "hurry"):
        begun = list(threads.map(ask_at_once, range(together.parties)))
    assert sum(begun) == codes.TO_CONTACT_FROM_ADDRESS


@pytest.fixture
def broker_down(monkeypatch: Any) -> None:
    """What a request writes is committed at once, and no task can be asked for."""

    def fail(*_args: Any, **_options: Any) -> None:
        raise OperationalError from ConnectionRefusedError()

    monkeypatch.setattr("django.db.transaction.on_commit", lambda run, **_: run())
    monkeypatch.setattr("kombu.messaging.Producer.publish", fail)


@pytest.mark.usefixtures("broker_down")
def test_a_broker_that_is_down_delays_the_code_and_no_more(account: Any, client: Client):
    typed = {"channel": "email", "contact": EMAIL}
    assert client.post(reverse("accounts:recovery"), typed).status_code == 302
    for _minute in range(2):
        tasks.send_waiting_recovery_codes()
    assert Outgoing.objects.count() == 1
    assert show(client, code_sent()).status_code == 302


def test_what_is_too_late_is_not_sent(account: Any, client: Client):
    client.post(reverse("accounts:recovery"), {"channel": "email", "contact": EMAIL})
    with time_machine.travel(NOW + datetime.timedelta(minutes=15), tick=False):
        tasks.send_waiting_recovery_codes()
    assert not Outgoing.objects.exists()


def test_recoveries_are_forgotten_after_a_month(account: Any, client: Client):
    ask(client)
    for days, left in ((29, 1), (30, 0)):
        with time_machine.travel(NOW + datetime.timedelta(days=days), tick=False):
            tasks.forget_unconfirmed()
        assert Recovery.objects.count() == left


@pytest.mark.parametrize(("contact", "channel"), [("anna", "email"), ("12", "sms"), ("", "email")])
def test_nonsense_is_refused_where_it_stands(db: Any, client: Client, contact: str, channel: str):
    response = ask(client, contact, channel)
    assert response.status_code == 422
    assert "contact" in response.context["form"].errors


def test_a_weak_password_is_refused(account: Any, client: Client):
    ask(client)
    show(client, code_sent())
    assert choose(client, "12345678").status_code == 422


def test_the_code_is_nowhere_in_the_clear(account: Any, client: Client):
    ask(client)
    begun = Recovery.objects.get()
    assert code_sent() not in begun.code
    assert begun.contact == EMAIL


def asked_anew() -> Client:
    client = Client()
    ask(client)
    show(client, code_sent())
    return client


def test_an_account_has_ten_wrong_answers_a_day(account: Any, question: SecretQuestion):
    for _recovery in range(2):
        client = asked_anew()
        for _guess in range(5):
            client.post(reverse("accounts:recovery-answer"), {"answer": "Барсик"})
    refused = asked_anew().post(reverse("accounts:recovery-answer"), {"answer": "Мурзик"})
    assert refused["Location"] == reverse("accounts:recovery")
    with time_machine.travel(NOW + datetime.timedelta(days=1, seconds=1), tick=False):
        right = asked_anew().post(reverse("accounts:recovery-answer"), {"answer": "Мурзик"})
        assert right["Location"] == reverse("accounts:recovery-password")


@pytest.mark.parametrize("step", ["recovery-code", "recovery-answer", "recovery-password"])
def test_a_page_out_of_turn_leads_to_the_beginning(db: Any, client: Client, step: str):
    if step == "recovery-code":
        assert show(client, "123456")["Location"] == reverse("accounts:recovery")
    else:
        assert client.get(reverse(f"accounts:{step}"))["Location"] == reverse("accounts:recovery")


def test_the_outsider_learns_no_login(account: Any, cast: Any, as_: Any):
    client = as_(cast.outsider)
    ask(client)
    assert account.username not in client.get(reverse("accounts:recovery-code")).content.decode()
