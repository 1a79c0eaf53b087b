"""The sessions of an account, and ending them from elsewhere (product map §2.8)."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from allauth.usersessions.adapter import get_adapter as sessions_adapter
from allauth.usersessions.models import UserSession
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone

from accounts import signing_in
from accounts.security import devices, lifetimes


class SessionsAdapter(DefaultUserSessionsAdapter):
    def end_sessions(self, sessions: Iterable[UserSession]) -> None:
        for session in sessions:
            signing_in.end(session.session_key)
            session.end()


@dataclass(frozen=True)
class OpenSession:
    pk: int
    device: str
    address: str
    since: datetime.datetime
    last_seen: datetime.datetime
    is_this: bool


def open_sessions(request: HttpRequest) -> list[OpenSession]:
    """This session first, then the last used. Two statements."""
    live = _live(request.user)
    shown = [
        OpenSession(
            pk=row.pk,
            device=devices.in_words(row.user_agent),
            address=row.ip,
            since=row.created_at,
            last_seen=row.last_seen_at,
            is_this=row.session_key == request.session.session_key,
        )
        for row in live
    ]
    return sorted(shown, key=lambda each: (each.is_this, each.last_seen), reverse=True)


def end_elsewhere(request: HttpRequest, pk: int | None = None) -> int:
    """End one of the account's other sessions, or all of them; how many."""
    others = UserSession.objects.filter(user=request.user.pk).exclude(
        session_key=request.session.session_key or ""
    )
    ended = list(others if pk is None else others.filter(pk=pk))
    sessions_adapter().end_sessions(ended)
    return len(ended)


def end_all(account: Any) -> None:
    """Wherever the account is signed in: what opened it does so no more."""
    sessions_adapter().end_sessions(list(UserSession.objects.filter(user=account)))


def _live(user: Any) -> list[UserSession]:
    """Not signed out, not left unused for too long, and begun with the present password."""
    now = timezone.now()
    rows = list(UserSession.objects.filter(user=user))
    stored = Session.objects.filter(session_key__in=[row.session_key for row in rows], expire_date__gt=now)
    data = {session.session_key: session.get_decoded() for session in stored}
    right = user.get_session_auth_hash()
    return [
        row
        for row in rows
        if (of := data.get(row.session_key))
        and of.get(HASH_SESSION_KEY) == right
        and not lifetimes.is_over(user, of, now=now)
    ]
