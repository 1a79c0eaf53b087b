"""Absences and remarks, read together: each is one line on a student at a lesson."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db.models import IntegerField, Value

from diary.models import Absence, Remark

_COLUMNS = ("lesson", "student", "version")
_NO_MINUTES, _NO_TEXT = Value(None, output_field=IntegerField()), Value("")


class RollLine(NamedTuple):
    """`code` is an `Absence.Code` or a `Remark.Kind`; minutes belong to the one, text to the other."""

    lesson: int
    student: int
    version: int
    code: str
    minutes: int | None
    text: str

    @property
    def is_remark(self) -> bool:
        return self.code in Remark.Kind.values


def roll_lines(*, absences: bool = True, remarks: bool = True, **whose: Any) -> Iterator[RollLine]:
    """Of the lessons and students that `whose` names. One statement at most."""
    parts: list[Any] = []
    if absences:
        found = Absence.objects.filter(**whose)
        parts.append(found.values_list(*_COLUMNS, "code", "minutes", _NO_TEXT))
    if remarks:
        said = Remark.objects.filter(**whose)
        parts.append(said.values_list(*_COLUMNS, "kind", _NO_MINUTES, "text"))
    rows = parts[0].union(*parts[1:], all=True) if parts else ()
    return (RollLine(*row) for row in rows)
