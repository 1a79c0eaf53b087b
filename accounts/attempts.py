"""Guessing passwords is slowed down; nobody is locked out for good.

Kept in the database, so that a restart forgets nothing. A login that does not exist is treated like
one that does.
"""

import datetime
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.db.models import Count, Max

from accounts.models import SignInAttempt

FREE_FAILURES = 5
FIRST_WAIT = datetime.timedelta(seconds=30)
LONGEST_WAIT = datetime.timedelta(minutes=15)
REMEMBERED = datetime.timedelta(hours=1)
# A whole school may sit behind one address.
FAILURES_OF_AN_ADDRESS = 200


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


def record(username: str, address: str, *, succeeded: bool) -> None:
    SignInAttempt.objects.create(username=username[:64], address=address or None, succeeded=succeeded)


def wait_before(username: str, address: str, *, now: datetime.datetime) -> datetime.timedelta:
    """How long this login must wait, at this address, before it is tried again; zero for not at all.

    After five failures in a row 30 s, doubled with each further one, at most 15 minutes. Failures
    elsewhere do not count, so that a stranger cannot keep a family out.
    """
    here = SignInAttempt.objects.filter(address=address or None, at__gt=now - REMEMBERED)
    if address and here.filter(succeeded=False).count() >= FAILURES_OF_AN_ADDRESS:
        return FIRST_WAIT
    mine = here.filter(username=username[:64])
    success = mine.filter(succeeded=True).aggregate(last=Max("at"))["last"] or now - REMEMBERED
    failures = mine.filter(succeeded=False, at__gt=success).aggregate(last=Max("at"), count=Count("pk"))
    excess = failures["count"] - FREE_FAILURES
    if excess < 0:
        return datetime.timedelta()
    wait = min(FIRST_WAIT * 2 ** min(excess, 10), LONGEST_WAIT)
    return max(failures["last"] + wait - now, datetime.timedelta())
