"""One attempt at a time, growing waits between them, and never a second SMS."""

import datetime
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from messaging import delivery, tasks
from messaging.delivery import deliver
from messaging.gateways import NotSent, OutboxGateway
from messaging.models import LONGEST_WAIT, MOST_ATTEMPTS, Outgoing
from tests import factories as make
from tests.conftest import NOW
from tests.messaging.conftest import Provider

pytestmark = pytest.mark.django_db


class Moody(OutboxGateway):
    """Takes messages, or raises `mood`."""

    mood: BaseException | None = None
    taken: list[str]

    def send(self, *, to: str, text: str, key: str) -> None:
        if self.mood:
            raise self.mood
        self.taken.append(key)


@pytest.fixture(autouse=True)
def gateway(monkeypatch: pytest.MonkeyPatch) -> Moody:
    gateway = Moody()
    gateway.taken = []
    monkeypatch.setattr(delivery, "chosen_gateway", lambda: gateway)
    return gateway


@pytest.fixture
def outgoing(today: Any) -> Any:
    return make.OutgoingFactory()


def again(outgoing: Outgoing, now: datetime.datetime = NOW) -> Outgoing:
    deliver(outgoing.pk, now=now)
    outgoing.refresh_from_db()
    return outgoing


def test_run_twice_it_sends_once(outgoing: Any, gateway: Moody) -> None:
    again(outgoing)
    again(outgoing)
    assert gateway.taken == [outgoing.key]
    assert (outgoing.sent_at, outgoing.next_attempt_at, outgoing.attempts) == (NOW, None, 1)


def test_an_attempt_under_way_is_nobody_elses(outgoing: Any, gateway: Moody) -> None:
    """The second worker comes while the first still waits for the provider's answer."""
    outgoing.begin_attempt(NOW)
    again(outgoing)
    assert gateway.taken == []
    assert outgoing.attempts == 1


def test_an_attempt_ends_before_the_next_may_begin() -> None:
    waiting = Outgoing(attempts=0)
    waiting.save = lambda **options: None  # type: ignore[method-assign]
    waiting.begin_attempt(NOW)
    assert waiting.next_attempt_at is not None
    assert tasks.send.time_limit
    assert waiting.next_attempt_at - NOW > datetime.timedelta(seconds=tasks.send.time_limit)


def test_waits_grow_and_the_last_attempt_gives_up(outgoing: Any, gateway: Moody) -> None:
    gateway.mood = NotSent("away", temporary=True)
    now, waits = NOW, []
    while again(outgoing, now).next_attempt_at:
        waits.append(outgoing.next_attempt_at - now)
        now = outgoing.next_attempt_at
    assert len(waits) == MOST_ATTEMPTS - 1
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (datetime.timedelta(minutes=2), LONGEST_WAIT)
    assert (outgoing.sent_at, outgoing.failure) == (None, "away")


def test_after_a_failure_the_next_attempt_may_succeed(outgoing: Any, gateway: Moody) -> None:
    gateway.mood = NotSent("away", temporary=True)
    again(outgoing)
    gateway.mood = None
    assert again(outgoing).sent_at is None
    with time_machine.travel(NOW + datetime.timedelta(minutes=2), tick=False):
        assert again(outgoing, timezone.now()).failure == ""
    assert gateway.taken == [outgoing.key]


def test_a_refusal_for_good_ends_it(outgoing: Any, gateway: Moody) -> None:
    gateway.mood = NotSent("refused", temporary=False)
    assert again(outgoing).next_attempt_at is None
    assert outgoing.failure == "refused"


def test_an_attempt_that_the_worker_dies_of_counts(outgoing: Any, gateway: Moody) -> None:
    gateway.mood = KeyboardInterrupt()
    now = NOW
    for _attempt in range(MOST_ATTEMPTS):
        with pytest.raises(KeyboardInterrupt):
            deliver(outgoing.pk, now=now)
        outgoing.refresh_from_db()
        now = outgoing.next_attempt_at
    assert again(outgoing, now).failure == "no answer"


def test_a_code_that_is_no_longer_valid_is_not_sent(gateway: Moody, today: Any) -> None:
    late = again(make.OutgoingFactory(expires_at=NOW))
    fresh = again(make.OutgoingFactory(expires_at=NOW + datetime.timedelta(seconds=1)))
    assert (late.failure, late.next_attempt_at) == ("expired", None)
    assert gateway.taken == [fresh.key]


def test_in_production_nothing_of_what_was_said_stays(outgoing: Any, gateway: Moody, settings: Any) -> None:
    settings.OUTBOX = False
    letter = make.LetterFactory(html="<b>481516</b>")
    gateway.mood = NotSent("refused", temporary=False)
    for row in (again(outgoing), again(letter)):
        assert (row.subject, row.text, row.html) == ("", "", "")


def test_in_development_the_outbox_keeps_it(outgoing: Any) -> None:
    assert "481516" in again(outgoing).text


def test_a_row_that_is_gone_is_no_error() -> None:
    deliver(4815, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_a_row_that_another_worker_holds_is_passed_over(gateway: Moody) -> None:
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415

    outgoing = make.OutgoingFactory()
    with transaction.atomic(), ThreadPoolExecutor(1) as other:
        Outgoing.objects.select_for_update().get(pk=outgoing.pk)
        other.submit(deliver_elsewhere, outgoing.pk).result(10)
    outgoing.refresh_from_db()
    assert outgoing.attempts == 0
    assert gateway.taken == []


def deliver_elsewhere(pk: int) -> None:
    """In a thread of its own, with the connection that Django gives each thread."""
    from django.db import connection  # noqa: PLC0415

    deliver(pk, now=timezone.now())
    connection.close()


def test_every_minute_what_is_due_is_put_into_the_queue_until_the_next(
    today: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued: list[Any] = []
    monkeypatch.setattr(tasks.send, "apply_async", lambda args, **options: queued.append((args, options)))
    due = make.OutgoingFactory()
    make.OutgoingFactory(next_attempt_at=NOW + datetime.timedelta(minutes=5))
    make.OutgoingFactory(next_attempt_at=None, sent_at=NOW)
    tasks.send_waiting()
    assert queued == [((due.pk,), {"expires": 60})]


def test_logs_say_why_and_to_nobody(
    http_gateway: Provider, monkeypatch: pytest.MonkeyPatch, caplog: Any, outgoing: Any
) -> None:
    monkeypatch.undo()
    http_gateway.status = 400
    again(outgoing)
    assert "answered 400" in caplog.text
    assert "9271234567" not in caplog.text
    assert "481516" not in caplog.text
