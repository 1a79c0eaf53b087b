"""What a person sees of the own sign-ins: those that succeeded, and the tries that did not."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import DateTimeField, F, Q, QuerySet, Value
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import devices
from accounts.models import SignInAttempt, User
from accounts.second_factors import attempts_key
from schools.doors import Door, Level
from schools.models import SignIn

PER_PAGE = 20

_WRONG_CODE = _("a wrong code of the second factor")
_WRONG_PASSWORD = _("a wrong login or password")
_UNLOOKED = _("too many tries, or not by this door; the password was not looked at")


@dataclass(frozen=True)
class Entry:
    """All in words. `refused` is empty for a sign-in; a refused try knows its time and address alone."""

    at: datetime
    address: str
    door: str = ""
    level: str = ""
    second_factor: bool = False
    device: str = ""
    ended_at: datetime | None = None
    refused: str | Promise = ""


def entries(account: User, page: Any) -> "Page[Any]":
    """Newest first, `PER_PAGE` a page. Two statements."""
    sign_ins = SignIn.objects.filter(account=account).order_by()
    tries = SignInAttempt.objects.filter(
        Q(username=account.username) | Q(username=attempts_key(account)), succeeded=False
    )
    rows = _columns(
        sign_ins, what=F("door"), of=F("level"), factor=F("second_factor"), on=F("device"), end=F("ended_at")
    ).union(
        _columns(
            tries.order_by(),
            what=Value(""),
            of=F("username"),
            factor=F("refused"),
            on=Value(""),
            end=Value(None, DateTimeField()),
        ),
        all=True,
    )
    found = Paginator(rows.order_by("-at"), PER_PAGE).get_page(page)
    found.object_list = [_entry(row) for row in found.object_list]
    return found


def _columns(rows: "QuerySet[Any]", **named: Any) -> "QuerySet[Any, Any]":
    """Both halves of a union name their columns alike, in one order."""
    return rows.annotate(**named).values("at", "address", *named)


def _entry(row: dict[str, Any]) -> Entry:
    at, address = row["at"], row["address"] or ""
    if not row["what"]:
        is_code, unlooked = ":" in row["of"], row["factor"]
        words = _WRONG_CODE if is_code else _UNLOOKED if unlooked else _WRONG_PASSWORD
        return Entry(at, address, refused=words)
    return Entry(
        at,
        address,
        door=str(Door(row["what"]).label),
        level=str(Level(row["of"]).label) if row["of"] else "",
        second_factor=row["factor"],
        device=devices.in_words(row["on"]),
        ended_at=row["end"],
    )
