"""Averages and suggestions at the right of the grid: those of `diary.averages` and `diary.results`, from what
the grid has read already."""

import datetime
from collections.abc import Iterable
from typing import NamedTuple

from diary.averages import Counted
from diary.journal.cells import Cell
from diary.journal.vocabulary import Vocabulary
from diary.models import Absence, JournalRules
from diary.results import suggestions
from diary.results.presence import is_missed, presence


class Given(NamedTuple):
    """A lesson that was given: not a cancelled one, nor one to come."""

    date: datetime.date
    starts: datetime.time
    ends: datetime.time

    @classmethod
    def of_json(cls, row: dict[str, str]) -> "Given":
        hours = (datetime.time.fromisoformat(row[name]) for name in ("starts", "ends"))
        return cls(datetime.date.fromisoformat(row["date"]), *hours)


def suggestion(
    marks: list[Counted],
    cells: Iterable[tuple[int, Cell]],
    given: dict[int, Given],
    *,
    came: datetime.date,
    vocabulary: Vocabulary,
    rules: JournalRules,
) -> suggestions.Suggestion:
    """Of one student, with the average: `cells` (lesson, cell) are the student's, `came` is the day on which
    the student came to the class or group. No value where the course is taught without marks."""
    if not vocabulary.values:
        return suggestions.Suggestion()
    away = [
        (given[lesson].date, cell.absence.code == Absence.Code.EXEMPT)
        for lesson, cell in cells
        if cell.absence and lesson in given
        if is_missed(cell.absence.code, cell.absence.minutes, given[lesson].starts, given[lesson].ends)
    ]
    here = presence([lesson.date for lesson in given.values()], away, came)
    return suggestions.for_term(marks, here, vocabulary.scale, rules)
