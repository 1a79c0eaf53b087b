"""The whole way: a real worker, the real broker, providers that really listen."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection

from asurso.celery import app
from messaging import tasks
from messaging.models import Outgoing
from messaging.sending import send_letter, send_sms
from tests import factories as make
from tests.asurso.test_settings import ROOT
from tests.messaging.conftest import Mailbox, Provider

pytestmark = pytest.mark.django_db(transaction=True)

SECONDS = 60.0


@pytest.fixture
def worker(provider: Provider, mailbox: Mailbox, transactional_db: None) -> Iterator[None]:
    """A worker on the tests' database, which sends for real."""
    app.control.purge()
    environment = os.environ | {
        "DATABASE_URL": urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{_database()}").geturl(),
        "EMAIL_URL": f"smtp://127.0.0.1:{mailbox.port}",
        "SMS_GATEWAY": "http",
        "SMS_URL": provider.url,
    }
    command = [
        *(sys.executable, "-m", "celery", "--app", "asurso", "--quiet"),
        "worker",
        "--concurrency",
        "2",
    ]
    with subprocess.Popen(command, cwd=ROOT, env=environment) as running:
        until(lambda: bool(app.control.ping(timeout=0.5)))
        yield
        running.terminate()


def _database() -> str:
    return str(connection.settings_dict["NAME"])


def until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not happened():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.1)


def is_sent(row: Outgoing) -> bool:
    return Outgoing.objects.filter(pk=row.pk, sent_at__isnull=False).exists()


def test_a_code_goes_at_once_and_only_once(worker: None, provider: Provider, mailbox: Mailbox) -> None:
    sms = send_sms(to="8 927 123-45-67", text="Код: 481516")
    letter = send_letter(to="anna@family.example", subject="Код", text="Код: 481516")
    for _repetition in range(5):
        tasks.send.delay(sms.pk)
        tasks.send.delay(letter.pk)
    last = send_sms(to="8 927 765-43-21", text="Последнее в очереди")
    until(lambda: is_sent(sms) and is_sent(letter) and is_sent(last))
    until(worker_is_idle)
    assert sorted(message["to"] for _headers, message in provider.taken) == ["+79271234567", "+79277654321"]
    assert [envelope.rcpt_tos for envelope in mailbox.taken] == [["anna@family.example"]]


def test_what_the_queue_lost_goes_with_the_next_minute(worker: None, provider: Provider) -> None:
    forgotten: Any = make.OutgoingFactory()
    tasks.send_waiting.delay()
    until(lambda: is_sent(forgotten))
    assert len(provider.taken) == 1


def worker_is_idle() -> bool:
    under_way = app.control.inspect(timeout=0.5).active()
    return under_way is not None and not any(under_way.values())


def test_beat_asks_every_minute() -> None:
    [entry] = [entry for entry in app.conf.beat_schedule.values() if entry["task"] == tasks.send_waiting.name]
    assert entry["schedule"] == tasks.EVERY
