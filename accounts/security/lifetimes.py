"""How long a session lives without being used, by what it opens (product map §2.8)."""

import datetime
from collections.abc import Mapping
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.http import HttpRequest

from schools.doors import Role

_SEEN_AT = "seen_at"
_SHARED_DEVICE = "shared_device"
SHARED_DEVICE = datetime.timedelta(minutes=30)
# A session is written to at most this often: a request a second is no row a second.
LONGEST_STEP = datetime.timedelta(hours=1)


def lifetime_of(user: Any, session: Mapping[str, Any]) -> datetime.timedelta:
    """The shortest that applies: a parent who teaches has a teacher's. Refused roles count, for a
    second factor may open them within the session."""
    if session.get(_SHARED_DEVICE):
        return SHARED_DEVICE
    roles = user.roles
    if roles.is_school_administrator or roles.is_region_operator or user.is_superuser:
        return settings.SESSION_LIFETIME_ADMINISTRATION
    if roles.is_staff or Role.STAFF in user.refusals:
        return settings.SESSION_LIFETIME_STAFF
    return settings.SESSION_LIFETIME


def is_over(user: Any, session: Mapping[str, Any], *, now: datetime.datetime) -> bool:
    return (
        now.timestamp() - session.get(_SEEN_AT, now.timestamp()) > lifetime_of(user, session).total_seconds()
    )


def touch(request: HttpRequest, *, now: datetime.datetime) -> None:
    """Note that the session is used, unless that was noted a moment ago."""
    step = min(lifetime_of(request.user, request.session) / 24, LONGEST_STEP)
    if now.timestamp() - request.session.get(_SEEN_AT, 0) < step.total_seconds():
        return
    request.session[_SEEN_AT] = int(now.timestamp())
    UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=now)


def expect_shared_device(request: HttpRequest, *, shared: bool) -> None:
    """Before the sign-in: the device is other people's too."""
    request.session[_SHARED_DEVICE] = shared


def begin(request: HttpRequest, *, now: datetime.datetime) -> None:
    """At the sign-in. On a shared device the cookie goes with the browser as well."""
    request.session[_SEEN_AT] = int(now.timestamp())
    if request.session.get(_SHARED_DEVICE):
        request.session.set_expiry(0)
