"""The cells of a journal: what a student has at a lesson, as it is stored, shown, and sent to the page.

Read by one written-out statement for the whole grid, or for one student, because every save asks for it:
composing it anew from querysets costs more than the database needs to answer.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from diary.averages import Weighed, weighted_average
from diary.letters import ABSENCE_LETTERS
from diary.models import Absence
from schools.models import Term


class StoredMark(NamedTuple):
    pk: int
    version: int
    work: int
    kind: int
    number: int
    kind_order: int
    is_test: bool
    value: int
    scale: int
    text: str
    tone: str
    points: Decimal | None
    weight: Decimal
    comment: str
    corrected: bool


class StoredAbsence(NamedTuple):
    pk: int
    version: int
    code: str
    minutes: int | None
    corrected: bool


class StoredPoint(NamedTuple):
    pk: int
    version: int
    work: int
    kind: int
    due_on: datetime.date


@dataclass(slots=True)
class Cell:
    marks: list[StoredMark] = field(default_factory=list)
    absence: StoredAbsence | None = None
    point: StoredPoint | None = None  # one that is still owed

    @property
    def token(self) -> str:
        """Keys and versions of all that stands here: what changes the cell changes it."""
        parts = [f"m{mark.pk}.{mark.version}" for mark in self.marks]
        if self.absence:
            parts.append(f"a{self.absence.pk}.{self.absence.version}")
        if self.point:
            parts.append(f"p{self.point.pk}.{self.point.version}")
        return "-".join(parts)

    @property
    def said(self) -> bool:
        return any(mark.comment for mark in self.marks)

    def as_json(self) -> dict[str, Any]:
        """The `cell` of an answer (docs/journal-entries.md)."""
        absence, point = self.absence, self.point
        return {
            "token": self.token,
            "marks": [
                {
                    "id": mark.pk,
                    "value": mark.text,
                    "tone": mark.tone,
                    "kind": mark.kind,
                    "comment": mark.comment,
                    "corrected": mark.corrected,
                }
                for mark in self.marks
            ],
            "absence": {
                "code": absence.code if absence else "",
                "letter": absence_letter(absence.code) if absence else "",
                "minutes": absence.minutes if absence else None,
            },
            "point": point
            and {"due_on": f"{point.due_on}", "due": short_day(point.due_on), "kind": point.kind},
        }

    def packed(self) -> list[Any]:
        """The same for `#grid-data`, where bytes count: what says nothing is left off at the end."""
        absence, point = self.absence, self.point
        return _trimmed(
            [
                self.token,
                [
                    _trimmed([mark.pk, mark.text, mark.kind, mark.comment, int(mark.corrected)])
                    for mark in self.marks
                ],
                _trimmed([absence.code, absence.minutes]) if absence else 0,
                [f"{point.due_on}", point.kind] if point else 0,
            ]
        )


def _trimmed(parts: list[Any]) -> list[Any]:
    while parts and not parts[-1]:
        parts.pop()
    return parts


def absence_letter(code: str) -> str:
    return str(ABSENCE_LETTERS[Absence.Code(code)])


def short_day(day: datetime.date) -> str:
    """«20.12»"""
    return f"{day:%d.%m}"


@dataclass
class Cells:
    """Of a course in a term. Marks of works without a lesson stand in no cell, and count in averages."""

    by_place: dict[tuple[int, int], Cell]  # (lesson, student)
    counted: dict[int, list[Weighed]]  # by student
    results: dict[int, "StoredResult"]  # by student
    weights: dict[int, Decimal]  # of the kinds asked for

    def average(self, student: int) -> Decimal | None:
        return weighted_average(self.counted.get(student, ()))


class StoredResult(NamedTuple):
    text: str
    corrected: bool


_CELLS = """
    SELECT 'mark' AS what, w.lesson_id, m.student_id, m.id, m.version, m.correction_id IS NOT NULL,
           w.id, w.kind_id, w.number, k."order", k.is_test, v.id, v.scale_id, v.text, v.tone, v.points,
           coalesce(w.weight, k.weight), m.comment, NULL::int, NULL::date
    FROM diary_work w
    LEFT JOIN schedule_lesson l ON l.id = w.lesson_id
    JOIN diary_mark m ON m.work_id = w.id
    JOIN diary_workkind k ON k.id = w.kind_id
    JOIN diary_scalevalue v ON v.id = m.value_id
    WHERE w.course_id = %(course)s
      AND (l.term_id = %(term)s OR w.lesson_id IS NULL AND w.date BETWEEN %(since)s AND %(until)s)
      AND (%(student)s IS NULL OR m.student_id = %(student)s)
      AND (%(lessons)s IS NULL OR w.lesson_id = ANY(%(lessons)s))
    UNION ALL
    SELECT 'absence', a.lesson_id, a.student_id, a.id, a.version, a.correction_id IS NOT NULL,
           NULL, NULL, NULL, NULL, NULL, NULL, NULL, a.code, NULL, NULL, NULL, NULL, a.minutes, NULL
    FROM schedule_lesson l
    JOIN diary_absence a ON a.lesson_id = l.id
    WHERE l.course_id = %(course)s AND l.term_id = %(term)s
      AND (%(student)s IS NULL OR a.student_id = %(student)s)
      AND (%(lessons)s IS NULL OR l.id = ANY(%(lessons)s))
    UNION ALL
    SELECT 'point', w.lesson_id, p.student_id, p.id, p.version, FALSE,
           w.id, w.kind_id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, p.due_on
    FROM diary_work w
    JOIN schedule_lesson l ON l.id = w.lesson_id
    JOIN diary_point p ON p.work_id = w.id
    WHERE w.course_id = %(course)s AND l.term_id = %(term)s
      AND (%(student)s IS NULL OR p.student_id = %(student)s)
      AND (%(lessons)s IS NULL OR w.lesson_id = ANY(%(lessons)s))
      AND NOT EXISTS (SELECT FROM diary_mark m WHERE m.work_id = w.id AND m.student_id = p.student_id)
    UNION ALL
    SELECT 'result', NULL, r.student_id, r.id, r.version, r.correction_id IS NOT NULL,
           NULL, NULL, NULL, NULL, NULL, NULL, NULL, v.text, NULL, NULL, NULL, NULL, NULL, NULL
    FROM diary_result r
    JOIN diary_scalevalue v ON v.id = r.value_id
    WHERE r.course_id = %(course)s AND r.kind = 'term' AND r.term_id = %(term)s
      AND (%(student)s IS NULL OR r.student_id = %(student)s)
      AND %(lessons)s IS NULL
    UNION ALL
    SELECT 'weight', NULL, NULL, k.id, NULL, NULL,
           NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, k.weight, NULL, NULL, NULL
    FROM diary_workkind k
    WHERE k.id = ANY(%(kinds)s)
"""


def read_cells(
    course: int,
    term: Term,
    *,
    student: int | None = None,
    lessons: Iterable[int] | None = None,
    kinds: Iterable[int] = (),
) -> Cells:
    """Of all students or of one; of the `lessons` alone where they are given; with what works of the
    `kinds` weigh today. One statement."""
    by_place: dict[tuple[int, int], Cell] = defaultdict(Cell)
    found = Cells(by_place, defaultdict(list), {}, {})
    with connection.cursor() as cursor:
        cursor.execute(
            _CELLS,
            {
                "course": course,
                "term": term.pk,
                "since": term.since,
                "until": term.until,
                "student": student,
                "lessons": None if lessons is None else list(lessons),
                "kinds": list(kinds),
            },
        )
        for row in cursor:
            _take(found, *row)
    for cell in by_place.values():
        if len(cell.marks) > 1:
            cell.marks.sort(key=place_of)
    return found


def _take(found: Cells, what: str, lesson: Any, student: Any, pk: int, *row: Any) -> None:
    """A row of `_CELLS`."""
    version, corrected, work, kind, number, order, is_test, value, scale, text, tone, *rest = row
    points, weight, comment, minutes, due_on = rest
    if what == "mark":
        found.counted[student].append(Weighed(points, weight))
        if lesson is not None:
            given = (value, scale, text, tone, points, weight, comment, corrected)
            mark = StoredMark(pk, version, work, kind, number, order, is_test, *given)
            found.by_place[lesson, student].marks.append(mark)
    elif what == "absence":
        found.by_place[lesson, student].absence = StoredAbsence(pk, version, text, minutes, corrected)
    elif what == "point":
        found.by_place[lesson, student].point = StoredPoint(pk, version, work, kind, due_on)
    elif what == "result":
        found.results[student] = StoredResult(text, corrected)
    else:
        found.weights[pk] = weight


def place_of(mark: StoredMark) -> tuple[int, int, int]:
    """Marks of a cell stand in the order of the lesson page: by kind, then as they were given."""
    return mark.kind_order, mark.kind, mark.number
