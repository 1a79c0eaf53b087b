"""Logins for a whole class or school: made outside of the request, downloaded once.

A thousand take minutes, for the hash of a password is made to be slow. The worker gets the number of
a row and nothing else. The sheet with the passwords goes into the cache sealed to a key that the
asker's browser alone keeps (a cookie of the batch's pages), for half an hour, and out of it at its one
download: neither the database with its backups nor the cache, sessions included, ever holds what opens it.
"""

import datetime
import time
from collections.abc import Callable
from typing import Any

from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from accounts.backends import PersonBackend
from accounts.issuing.addressees import NOWHERE, places_of, slip_of
from accounts.issuing.logins import first_passwords, hand_out
from accounts.issuing.sealing import new_pair, open_sealed, seal
from accounts.issuing.selection import Sorted, parents_of, sort_out, students_of
from accounts.issuing.slips import slips_pdf
from accounts.models import LoginBatch, LoginIssue
from schools.admin.scope import Scope, scope_of_user

MOST_PEOPLE = 2_000
TO_DOWNLOAD = datetime.timedelta(minutes=30)
# A worker tells of itself each second or so; one that was silent for so long is gone.
SILENCE = datetime.timedelta(minutes=10)
KEPT = datetime.timedelta(days=1)
_TELL_EVERY_SECONDS = 1.0

State = LoginBatch.State
STUDENTS, PARENTS, BOTH = "students", "parents", "both"


class AnotherUnderWay(Exception):
    """The asker's other batch is not ready yet: one at a time."""


class TooMany(Exception):
    """More than `MOST_PEOPLE`."""


class Gone(Exception):
    """Downloaded already, too late, or never made."""


def chosen_people(batch: LoginBatch, scope: Scope, whom: str = BOTH) -> set[int]:
    """Whom a draft means: those chosen one by one, or the students and parents of its classes."""
    chosen = set(batch.people)
    if whom in (STUDENTS, BOTH):
        chosen.update(students_of(batch.classes, scope.on).values_list("pk", flat=True))
    if whom in (PARENTS, BOTH):
        chosen.update(parents_of(batch.classes, scope.on).values_list("pk", flat=True))
    return chosen


def preview(batch: LoginBatch, scope: Scope, whom: str = BOTH) -> Sorted:
    return sort_out(chosen_people(batch, scope, whom), scope, again=batch.again)


def start(batch: LoginBatch, scope: Scope, *, whom: str, address: str, language: str) -> str | None:
    """Give the draft to a worker. Answers the key that will open the sheet, for the asker's browser
    alone; None when it was started before (a second press), or has nothing to do. Raises
    AnotherUnderWay and TooMany."""
    concerned = preview(batch, scope, whom).concerned(again=batch.again)
    if not concerned:
        return None
    if len(concerned) > MOST_PEOPLE:
        raise TooMany
    private, public = new_pair()
    changes: dict[str, Any] = {
        "people": [person.pk for person in concerned],
        "total": len(concerned),
        "address": address,
        "language": language,
        "public_key": public,
        "state": State.WAITING,
        "changed_at": timezone.now(),
    }
    try:
        with transaction.atomic():
            started = LoginBatch.objects.filter(pk=batch.pk, state=State.DRAFT).update(**changes)
    except IntegrityError as error:
        raise AnotherUnderWay from error
    return private if started else None


def run(pk: int) -> None:
    """The worker's part. A batch is made by one worker, once, whatever the queue delivers twice."""
    waiting = LoginBatch.objects.filter(pk=pk, state=State.WAITING)
    if not waiting.update(state=State.RUNNING, changed_at=timezone.now()):
        return
    batch = LoginBatch.objects.get(pk=pk)
    try:
        with translation.override(batch.language):
            _make(batch)
    finally:
        # Whatever happened: the asker must not wait for a worker that stumbled.
        LoginBatch.objects.filter(pk=pk, state=State.RUNNING).update(state=State.FAILED)


def _make(batch: LoginBatch) -> None:
    """All of the accounts or none, and none without its slip: one transaction has them all. Rights
    are asked again here, as the asker's office may have ended while the passwords were made."""
    asker, scope = _asker(batch)
    concerned = [person.pk for person in _concerned(batch, scope)]
    passwords = first_passwords(concerned, again=batch.again, progress=_teller(batch.pk))
    with transaction.atomic():
        still = {person.pk: person for person in _concerned(batch, scope)}
        places = places_of(still.values(), scope, classes=batch.classes)
        issued = hand_out(
            {pk: made for pk, made in passwords.items() if pk in still},
            again=batch.again,
            by=getattr(asker, "person", None),
            how=LoginIssue.How.OFFICE,
            organisations={pk: place.organisation for pk, place in places.items()},
        )
        where = [(places.get(login.person.pk, NOWHERE), login) for login in issued]
        where.sort(key=lambda pair: (pair[0].order, pair[1].person.sort_key))
        sheet = slips_pdf([slip_of(login, place) for place, login in where], address=batch.address)
        cache.set(_cache_key(batch.pk), seal(sheet, to=bytes(batch.public_key)), TO_DOWNLOAD.seconds)
        ready = {"state": State.READY, "done": len(issued), "total": len(issued)}
        LoginBatch.objects.filter(pk=batch.pk).update(changed_at=timezone.now(), **ready)


def _asker(batch: LoginBatch) -> tuple[Any, Scope]:
    """The asker as of now; a scope of nothing when the account was closed."""
    asker = PersonBackend().get_user(batch.asked_by_id)
    today = timezone.localdate()
    return asker, scope_of_user(asker, on=today) if asker else Scope(frozenset(), None, today)


def _concerned(batch: LoginBatch, scope: Scope) -> list[Any]:
    return sort_out(batch.people, scope, again=batch.again).concerned(again=batch.again)


def _teller(pk: int) -> Callable[[int, int], None]:
    """Writes down how far it is, once a second and at the end."""
    last = time.monotonic()

    def tell(done: int, of: int) -> None:
        nonlocal last
        if done == of or time.monotonic() - last > _TELL_EVERY_SECONDS:
            last = time.monotonic()
            rows = LoginBatch.objects.filter(pk=pk)
            rows.update(done=done, total=of, changed_at=timezone.now())

    return tell


def take(batch: LoginBatch, *, private: str) -> bytes:
    """The sheet, once: what was taken is nowhere afterwards. Raises Gone, and CannotOpen for another
    browser's key."""
    ready = LoginBatch.objects.filter(pk=batch.pk, state=State.READY)
    sealed = cache.get(_cache_key(batch.pk))
    if sealed is None:
        raise Gone
    sheet = open_sealed(sealed, private=private)
    if not ready.update(state=State.TAKEN, changed_at=timezone.now()):
        raise Gone
    cache.delete(_cache_key(batch.pk))
    return sheet


def clear(now: datetime.datetime) -> None:
    """Close what was not downloaded and what no worker answers for; forget yesterday's."""
    batches = LoginBatch.objects
    batches.filter(state=State.READY, changed_at__lt=now - TO_DOWNLOAD).update(state=State.EXPIRED)
    batches.filter(state__in=LoginBatch.UNDER_WAY, changed_at__lt=now - SILENCE).update(state=State.FAILED)
    batches.filter(changed_at__lt=now - KEPT).delete()


def _cache_key(pk: int) -> str:
    return f"login-slips-{pk}"
