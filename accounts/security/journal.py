"""What a person sees of the own sign-ins: those that succeeded, and the tries that did not."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import DateTimeField, F, Q, QuerySet, Value
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import SignInAttempt, User
from accounts.security import devices
from accounts.security.second_factors import attempts_key
from schools.doors import Door, Level, Refusal
from schools.models import SignIn

PER_PAGE = 20

_WRONG_CODE = _("a wrong code of the second factor")
_WRONG_PASSWORD = _("a wrong login or password")
_EXPIRED = _("the first password has expired")
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
    shut: tuple[str, ...] = ()  # why roles stayed shut at the sign-in


def entries(account: User, page: Any) -> "Page[Any]":
    """Newest first, `PER_PAGE` a page. Two statements."""
    sign_ins = SignIn.objects.filter(account=account).order_by()
    tries = SignInAttempt.objects.filter(
        Q(username=account.username) | Q(username=attempts_key(account)), Q(succeeded=False) | Q(refused=True)
    )
    rows = _columns(
        sign_ins,
        what=F("door"),
        of=F("level"),
        factor=F("second_factor"),
        right=Value(True),
        on=F("device"),
        end=F("ended_at"),
        shut=F("refusals"),
    ).union(
        _columns(
            tries.order_by(),
            what=Value(""),
            of=F("username"),
            factor=F("refused"),
            right=F("succeeded"),
            on=Value(""),
            end=Value(None, DateTimeField()),
            shut=Value([], SignIn.refusals.field),
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
        return Entry(at, address, refused=why_refused(row["of"], right=row["right"], refused=row["factor"]))
    return Entry(
        at,
        address,
        door=str(Door(row["what"]).label),
        level=str(Level(row["of"]).label) if row["of"] else "",
        second_factor=row["factor"],
        device=devices.in_words(row["on"]),
        ended_at=row["end"],
        shut=tuple(str(Refusal(why).label) for why in row["shut"]),
    )


def why_refused(login: str, *, right: bool, refused: bool) -> str | Promise:
    """Of a `SignInAttempt`, in words; empty for one that was let in."""
    if right:
        return _EXPIRED if refused else ""
    return _WRONG_CODE if ":" in login else _UNLOOKED if refused else _WRONG_PASSWORD
