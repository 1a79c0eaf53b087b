"""What an entry of the grid says: JSON, as docs/journal-entries.md has it, with every type checked."""

import datetime
import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

LARGEST = 20_000  # bytes of an entry


class NotAnEntry(ValueError):
    """What was sent is no entry."""


@dataclass(frozen=True)
class TypedMark:
    """`pk` of a stored mark, none for a new one; no `kind`: the stored one's, the column's."""

    pk: int | None
    value: str
    kind: int | None
    comment: str | None


@dataclass(frozen=True)
class Entry:
    key: UUID
    person: int
    lesson: int
    student: int
    shown: str
    marks: tuple[TypedMark, ...]
    code: str
    minutes: int | None
    due_on: datetime.date | None  # of a point
    point_kind: int | None
    sure: bool

    @classmethod
    def read(cls, body: bytes) -> "Entry":
        """Raises NotAnEntry."""
        try:
            if len(body) > LARGEST:
                raise ValueError("too long")
            sent = json.loads(body)
            absence, point = sent.get("absence") or {}, sent.get("point") or {}
            return cls(
                key=UUID(_text(sent["key"])),
                person=_number(sent["person"]),
                lesson=_number(sent["lesson"]),
                student=_number(sent["student"]),
                shown=_text(sent["shown"]),
                marks=tuple(_typed(mark) for mark in sent["marks"]),
                code=_text(absence.get("code", "")),
                minutes=_number_or_none(absence.get("minutes")),
                due_on=datetime.date.fromisoformat(point["due_on"]) if point else None,
                point_kind=_number_or_none(point.get("kind")),
                sure=sent.get("sure") is True,
            )
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise NotAnEntry(_("This is not an entry of the journal.")) from error


def _text(value: Any) -> str:
    """Without NUL, which PostgreSQL cannot keep; halves of a character are no text at all."""
    if not isinstance(value, str):
        raise TypeError
    value.encode()
    return value.replace("\x00", "").strip()


def _number(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**63:
        raise TypeError
    return value


def _number_or_none(value: Any) -> int | None:
    return None if value is None else _number(value)


def _typed(mark: dict[str, Any]) -> TypedMark:
    comment = mark.get("comment")
    return TypedMark(
        pk=_number_or_none(mark.get("id")),
        value=_text(mark["value"]),
        kind=_number_or_none(mark.get("kind")),
        comment=None if comment is None else _text(comment),
    )
