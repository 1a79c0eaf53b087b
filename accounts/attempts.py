"""Guessing passwords is slowed down; nobody is locked out for good.

Kept in the database, so that a restart forgets nothing. A login that does not exist is treated like
one that does.
"""

import datetime
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Max

from accounts.models import SignInAttempt

NO_WAIT = datetime.timedelta()
DAY = datetime.timedelta(days=1)
FREE_FAILURES = 5
FREE_FAILURES_ANYWHERE = 20
FIRST_WAIT = datetime.timedelta(seconds=30)
LONGEST_WAIT = datetime.timedelta(minutes=15)
REMEMBERED = datetime.timedelta(hours=1)
ADDRESS_REMEMBERED = 30 * DAY
KEPT = 90 * DAY  # SignInAttempt has it too, for its trigger
# A whole school may sit behind one address.
FAILURES_OF_AN_ADDRESS = 200
# Any constant will do, the first of an advisory lock's two numbers.
ATTEMPTS_LOCK = 5_202_512


def address_of(request: Any) -> str:
    """Where a request comes from: behind nginx the last hop that nginx itself wrote down."""
    if request is None:
        return ""
    if settings.BEHIND_PROXY:
        forwarded: str = request.META.get("HTTP_X_FORWARDED_FOR", "")
        return _valid_address(forwarded.rpartition(",")[2].strip())
    return _valid_address(request.META.get("REMOTE_ADDR", ""))


def _valid_address(text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError:  # a Unix socket has none
        return ""


class MustWait(Exception):
    """The password was not looked at. `wait` says how long it will not be."""

    def __init__(self, wait: datetime.timedelta) -> None:
        self.wait = wait
        super().__init__(wait)


def begin(username: str, address: str, *, now: datetime.datetime) -> SignInAttempt:
    """Write down a try before its password is looked at: a failure, until `succeed` says otherwise.

    The tries of one login are decided one after the other, so that many sent at once count as many.
    Raises MustWait, which is written down as well.
    """
    login = username[:64]
    with transaction.atomic():
        _one_at_a_time(login)
        wait = wait_before(login, address, now=now)
        attempt = SignInAttempt.objects.create(
            username=login, address=address or None, succeeded=False, refused=bool(wait)
        )
    if wait:
        raise MustWait(wait)
    return attempt


def succeed(attempt: SignInAttempt) -> None:
    SignInAttempt.objects.filter(pk=attempt.pk).update(succeeded=True)


def expire(attempt: SignInAttempt) -> None:
    """The password was right, but a first one that has expired: no guess, and no way in."""
    SignInAttempt.objects.filter(pk=attempt.pk).update(succeeded=True, refused=True)


def note_refusal(username: str, address: str) -> None:
    """No password was looked at, a rule refused: for the journal, and for no wait."""
    SignInAttempt.objects.create(
        username=username[:64], address=address or None, succeeded=False, refused=True
    )


def note_guess(address: str) -> None:
    """A registration asked for a login that exists: a guess at logins, which counts for the address."""
    SignInAttempt.objects.create(username="", address=address or None, succeeded=False)


def wait_of_address(address: str, *, now: datetime.datetime) -> datetime.timedelta:
    """After too many failures of this address within the hour, whatever logins they were for."""
    if not address:
        return NO_WAIT
    failures = SignInAttempt.objects.filter(refused=False, succeeded=False, address=address)
    here = failures.filter(at__gt=now - REMEMBERED).aggregate(last=Max("at"), count=Count("pk"))
    return _rest(here, FAILURES_OF_AN_ADDRESS, now)


def purge(*, now: datetime.datetime) -> int:
    """Forget what is older than KEPT; returns how many tries that were."""
    deleted, _rows = SignInAttempt.objects.filter(at__lt=now - KEPT).delete()
    return deleted


def _one_at_a_time(login: str) -> None:
    """Held for the few milliseconds of deciding, not while the slow hash is computed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [ATTEMPTS_LOCK, login])


def wait_before(username: str, address: str, *, now: datetime.datetime) -> datetime.timedelta:
    """How long this login must wait, at this address, before it is tried again; zero for not at all.

    A login that succeeded at this address within 30 days waits for its own failures here alone: neither
    a stranger elsewhere nor a neighbour behind the same address keeps the family out.
    """
    mine = SignInAttempt.objects.filter(refused=False, username=username[:64])
    known = mine.filter(succeeded=True, at__gt=now - ADDRESS_REMEMBERED).exclude(address=None)
    wait = _wait_here(mine, address, now)
    if address and known.filter(address=address).exists():
        return wait
    return max(wait, wait_of_address(address, now=now), _wait_anywhere(mine, known, now))


def _wait_here(mine: Any, address: str, now: datetime.datetime) -> datetime.timedelta:
    """After five failures in a row 30 s, doubled with each further one, at most 15 minutes."""
    here = mine.filter(address=address or None, at__gt=now - REMEMBERED)
    success = here.filter(succeeded=True).aggregate(last=Max("pk"))["last"] or 0
    failures = here.filter(succeeded=False, pk__gt=success).aggregate(last=Max("at"), count=Count("pk"))
    return _rest(failures, FREE_FAILURES, now)


def _wait_anywhere(mine: Any, known: Any, now: datetime.datetime) -> datetime.timedelta:
    """Guesses of one login from many addresses wait for each other, after twenty of a day. Addresses
    `known` to the login do not count."""
    strangers = mine.filter(succeeded=False, at__gt=now - DAY).exclude(address__in=known.values("address"))
    failures = strangers.aggregate(last=Max("at"), count=Count("pk"))
    return _rest(failures, FREE_FAILURES_ANYWHERE, now)


def _rest(failures: dict[str, Any], free: int, now: datetime.datetime) -> datetime.timedelta:
    excess = failures["count"] - free
    if excess < 0:
        return NO_WAIT
    wait = min(FIRST_WAIT * 2 ** min(excess, 10), LONGEST_WAIT)
    return max(failures["last"] + wait - now, NO_WAIT)
