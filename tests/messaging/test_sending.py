"""A letter or an SMS becomes a row in the caller's transaction; after it, the worker is told its number."""

import logging
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection, send_mail
from django.db import IntegrityError, connection, transaction
from django.test import override_settings
from django.utils.translation import override
from kombu import pools

from asurso.celery import app
from messaging.backends import CannotBeKept
from messaging.models import Outgoing
from messaging.phones import normal_number
from messaging.sending import send_letter, send_sms
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The arguments of every task that was put into the queue."""
    queued: list[Any] = []
    send_task = "messaging.sending.current_app.send_task"
    monkeypatch.setattr(send_task, lambda task, args, **options: queued.append((task, *args)))
    return queued


def test_the_worker_is_told_the_number_of_the_row_and_nothing_else(
    queue: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        outgoing = send_sms(to="+79271234567", text="Код: 481516")
        assert queue == []
    assert queue == [("messaging.tasks.send", outgoing.pk)]


def test_a_transaction_that_is_undone_sends_nothing(
    queue: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        send_sms(to="+79271234567", text="Код: 481516")
        transaction.set_rollback(True)
    assert not Outgoing.objects.exists()
    assert queue == []


def test_the_database_holds_no_word_and_no_address_in_clear() -> None:
    send_letter(to="anna@family.example", subject="Мария: 2", text="Код: 481516", html="<b>481516</b>")
    with connection.cursor() as cursor:
        cursor.execute("SELECT recipient, subject, text, html FROM messaging_outgoing")
        stored = "".join(cursor.fetchone())
    assert not any(word in stored for word in ("anna", "Мария", "481516"))
    assert Outgoing.objects.get().text == "Код: 481516"


def test_a_broker_that_is_down_fails_no_request(
    monkeypatch: pytest.MonkeyPatch, caplog: Any, django_capture_on_commit_callbacks: Any
) -> None:
    nowhere = pools.producers[app.connection_for_write("redis://127.0.0.1:1/0")]
    monkeypatch.setattr(app.amqp, "_producer_pool", nowhere)
    with django_capture_on_commit_callbacks(execute=True):
        outgoing = send_sms(to="+79271234567", text="Код: 481516")
    assert Outgoing.objects.due(outgoing.created_at).get() == outgoing
    assert "broker" in caplog.text
    assert "481516" not in caplog.text
    assert "9271234567" not in caplog.text


@pytest.mark.parametrize(
    "written",
    [
        *("8 927 123-45-67", "+7(927)123-45-67", "9271234567", "79271234567"),
        *("8(927) 123 45 67", "+7\u00a0927\u00a0123‑45‑67"),
    ],
)
def test_a_number_is_understood_as_people_write_it(written: str) -> None:
    assert normal_number(written) == "+79271234567"
    assert send_sms(to=written, text="Код").recipient == "+79271234567"


@pytest.mark.parametrize("wrong", ["", "123", "+8 927 123-45-67", "восемь", "8 927 123-45-678"])
def test_what_is_no_number_is_refused(wrong: str) -> None:
    with pytest.raises(ValidationError):
        send_sms(to=wrong, text="Код")


@pytest.mark.parametrize("wrong", ["", "anna", "a@family.example\nBcc: b@family.example"])
def test_what_is_no_address_is_refused(wrong: str) -> None:
    with pytest.raises(ValidationError):
        send_letter(to=wrong, subject="Новый пароль", text="Код")


def test_a_subject_is_one_line_and_the_language_is_the_readers() -> None:
    with override("en"):
        letter = send_letter(to="anna@family.example", subject="Code\nBcc: all@family.example", text="481516")
    assert letter.subject == "Code Bcc: all@family.example"
    assert letter.language == "en"


@pytest.mark.parametrize(
    "wrong",
    [
        *({"channel": "pigeon"}, {"recipient": ""}, {"subject": "SMS have none"}, {"text": ""}),
        {"next_attempt_at": None},
    ],
)
def test_the_database_refuses_a_row_that_makes_no_sense(wrong: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError):
        make.OutgoingFactory(**wrong)


@override_settings(EMAIL_BACKEND="messaging.backends.OutgoingBackend")
def test_a_librarys_letter_becomes_a_row_a_recipient() -> None:
    people = ["Anna <anna@family.example>", "vera@family.example"]
    assert send_mail("Код", "Код: 481516", None, people, html_message="<b>481516</b>") == 1
    rows = {row.recipient: row for row in Outgoing.objects.all()}
    assert set(rows) == {"anna@family.example", "vera@family.example"}
    assert rows["anna@family.example"].html == "<b>481516</b>"


def test_an_attachment_is_refused_and_not_lost_in_silence() -> None:
    backend = get_connection("messaging.backends.OutgoingBackend")
    message = EmailMessage("Отчёт", "Вот он", to=["anna@family.example"], connection=backend)
    message.attach("report.pdf", b"%PDF", "application/pdf")
    with pytest.raises(CannotBeKept):
        message.send()


@pytest.fixture(autouse=True)
def _quiet(caplog: Any) -> None:
    caplog.set_level(logging.INFO)
