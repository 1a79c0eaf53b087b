"""Secret addresses of calendars: made, found, taken back."""

import datetime
import hashlib
import secrets
from typing import Any

from django.contrib.auth import get_user_model
from django.core.cache import cache

from diary.models import CalendarFeed
from schools.family import Child, children_of
from schools.roles import account_with_person

SECRET_BYTES = 32
READS_AN_HOUR = 120  # four devices that ask every two minutes; calendars ask a few times a day
HOUR = 3600


class ReadTooOften(Exception):
    """The address was read more than READS_AN_HOUR times within the hour."""


def issue(account: Any, student: int, *, language: str, at: datetime.datetime) -> str:
    """The secret of a new address, told this once. One that was given out before opens nothing any more."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    CalendarFeed.objects.update_or_create(
        account=account,
        student_id=student,
        defaults={"secret_hash": _hash(secret), "language": language, "made_at": at},
    )
    return secret


def revoke(account: Any, student: int) -> None:
    CalendarFeed.objects.filter(account=account, student=student).delete()


def feed_of(secret: str, *, on: datetime.date) -> tuple[CalendarFeed, Child] | None:
    """What the address opens on that day: nothing once it was taken back, the account was closed, or the
    tie to the student is over. The tie is read anew on every request. Four statements. Raises ReadTooOften.

    256 random bits are not guessed, so no answer is slowed down for those that are wrong.
    """
    feed = CalendarFeed.objects.filter(secret_hash=_hash(secret)).first()
    if feed is None:
        return None
    _count(feed)
    account = account_with_person(get_user_model(), feed.account_id, on=on)
    if account is None or not account.is_active:
        return None
    of_student = (child for child in children_of(account, on=on) if child.student.pk == feed.student_id)
    child = next(of_student, None)
    return (feed, child) if child else None


def _hash(secret: str) -> str:
    """A plain hash: what is random in full needs no slow one."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _count(feed: CalendarFeed) -> None:
    key = f"calendar-feed-{feed.pk}"
    cache.add(key, 0, HOUR)
    try:
        reads = cache.incr(key)
    except ValueError:  # it went between the two
        return
    if reads > READS_AN_HOUR:
        raise ReadTooOften
