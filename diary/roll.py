"""Absences and remarks, read together: each is one line on a student at a lesson."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import DateTimeField, IntegerField, Value

from diary.history.events import AbsenceEvent, entered_at
from diary.models import Absence, Remark

_COLUMNS = ("lesson", "student", "version")
_NO_MINUTES, _NO_TEXT = Value(None, output_field=IntegerField()), Value("")
_NOT_ASKED = Value(None, output_field=DateTimeField())


class RollLine(NamedTuple):
    """`code` is an `Absence.Code` or a `Remark.Kind`; minutes belong to the one, text to the other.
    `entered_at` is an absence's, where asked for."""

    lesson: int
    student: int
    version: int
    code: str
    minutes: int | None
    text: str
    entered_at: datetime | None = None

    @property
    def is_remark(self) -> bool:
        return self.code in Remark.Kind.values


def roll_lines(
    *, absences: bool = True, remarks: bool = True, when_entered: bool = False, **whose: Any
) -> Iterator[RollLine]:
    """Of the lessons and students that `whose` names. One statement at most."""
    parts: list[Any] = []
    entered = entered_at(AbsenceEvent) if when_entered else _NOT_ASKED
    if absences:
        found = Absence.objects.filter(**whose)
        parts.append(found.values_list(*_COLUMNS, "code", "minutes", _NO_TEXT, entered))
    if remarks:
        said = Remark.objects.filter(**whose)
        parts.append(said.values_list(*_COLUMNS, "kind", _NO_MINUTES, "text", _NOT_ASKED))
    rows = parts[0].union(*parts[1:], all=True) if parts else ()
    return (RollLine(*row) for row in rows)
