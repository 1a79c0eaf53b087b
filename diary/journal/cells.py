"""The cells of a journal: what a student has at a lesson, as it is stored, shown, and sent to the page.

Read by one written-out statement for the whole grid, or for one student, because every save asks for it:
composing it anew from querysets costs more than the database needs to answer.
"""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db import connection

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

    @property
    def due(self) -> str:
        return short_day(self.due_on)


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
            "point": point and {"due_on": f"{point.due_on}", "due": point.due, "kind": point.kind},
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


class StoredResult(NamedTuple):
    text: str
    corrected: bool


class StoredWork(NamedTuple):
    pk: int
    kind: int
    number: int
    scale: int


@dataclass
class Cells:
    """Of a course in a term."""

    by_place: dict[tuple[int, int], Cell]  # (lesson, student)
    results: dict[int, StoredResult]  # by student
    works: list[StoredWork]  # of the lesson that was asked for, in order


# Its columns: StoredMark's after `whose`; an absence has its code in `text`, a result its value.
_CELLS = """
    SELECT 'mark' AS what, w.lesson_id, m.student_id AS whose, m.id, m.version, w.id, w.kind_id, w.number,
           k."order", k.is_test, v.id, v.scale_id, v.text, v.tone, m.comment, m.correction_id IS NOT NULL,
           NULL::int AS minutes, NULL::date AS due_on
    FROM schedule_lesson l
    JOIN diary_work w ON w.lesson_id = l.id
    JOIN diary_mark m ON m.work_id = w.id
    JOIN diary_workkind k ON k.id = w.kind_id
    JOIN diary_scalevalue v ON v.id = m.value_id
    WHERE l.course_id = %(course)s AND l.term_id = %(term)s
      AND (%(student)s IS NULL OR m.student_id = %(student)s)
      AND (%(lessons)s IS NULL OR l.id = ANY(%(lessons)s))
    UNION ALL
    SELECT 'absence', a.lesson_id, a.student_id, a.id, a.version, NULL, NULL, NULL,
           NULL, NULL, NULL, NULL, a.code, NULL, NULL, a.correction_id IS NOT NULL,
           a.minutes, NULL
    FROM schedule_lesson l
    JOIN diary_absence a ON a.lesson_id = l.id
    WHERE l.course_id = %(course)s AND l.term_id = %(term)s
      AND (%(student)s IS NULL OR a.student_id = %(student)s)
      AND (%(lessons)s IS NULL OR l.id = ANY(%(lessons)s))
    UNION ALL
    SELECT 'point', w.lesson_id, p.student_id, p.id, p.version, w.id, w.kind_id, NULL,
           NULL, NULL, NULL, NULL, NULL, NULL, NULL, FALSE,
           NULL, p.due_on
    FROM schedule_lesson l
    JOIN diary_work w ON w.lesson_id = l.id
    JOIN diary_point p ON p.work_id = w.id
    WHERE l.course_id = %(course)s AND l.term_id = %(term)s
      AND (%(student)s IS NULL OR p.student_id = %(student)s)
      AND (%(lessons)s IS NULL OR l.id = ANY(%(lessons)s))
      AND NOT EXISTS (SELECT FROM diary_mark m WHERE m.work_id = w.id AND m.student_id = p.student_id)
    UNION ALL
    SELECT 'result', NULL, r.student_id, r.id, r.version, NULL, NULL, NULL,
           NULL, NULL, NULL, NULL, v.text, NULL, NULL, r.correction_id IS NOT NULL,
           NULL, NULL
    FROM diary_result r
    JOIN diary_scalevalue v ON v.id = r.value_id
    WHERE r.course_id = %(course)s AND r.kind = 'term' AND r.term_id = %(term)s
      AND (%(student)s IS NULL OR r.student_id = %(student)s)
      AND %(lessons)s IS NULL
    UNION ALL
    SELECT 'work', w.lesson_id, NULL, NULL, NULL, w.id, w.kind_id, w.number,
           NULL, NULL, NULL, w.scale_id, NULL, NULL, NULL, FALSE,
           NULL, NULL
    FROM diary_work w
    WHERE w.lesson_id = %(works_of)s
"""


def read_cells(
    course: int,
    term: Term,
    *,
    student: int | None = None,
    lessons: Iterable[int] | None = None,
    works_of: int | None = None,
) -> Cells:
    """Of all students or of one; of the `lessons` alone where they are given; with the works of the lesson
    `works_of`. One statement."""
    found = Cells(defaultdict(Cell), {}, [])
    asked = {"course": course, "term": term.pk, "student": student, "works_of": works_of}
    with connection.cursor() as cursor:
        cursor.execute(_CELLS, {**asked, "lessons": None if lessons is None else list(lessons)})
        for what, lesson, whose, *row in cursor:
            _TAKE[what](found, lesson, whose, row)
    for cell in found.by_place.values():
        if len(cell.marks) > 1:
            cell.marks.sort(key=place_of)
    found.works.sort(key=lambda work: work.number)
    return found


def _take_mark(found: Cells, lesson: int, student: int, row: list[Any]) -> None:
    found.by_place[lesson, student].marks.append(StoredMark(*row[:-2]))


def _take_absence(found: Cells, lesson: int, student: int, row: list[Any]) -> None:
    absence = StoredAbsence(row[0], row[1], row[9], minutes=row[13], corrected=row[12])
    found.by_place[lesson, student].absence = absence


def _take_point(found: Cells, lesson: int, student: int, row: list[Any]) -> None:
    found.by_place[lesson, student].point = StoredPoint(row[0], row[1], row[2], row[3], due_on=row[14])


def _take_result(found: Cells, _lesson: None, student: int, row: list[Any]) -> None:
    found.results[student] = StoredResult(row[9], corrected=row[12])


def _take_work(found: Cells, _lesson: int, _student: None, row: list[Any]) -> None:
    found.works.append(StoredWork(row[2], row[3], row[4], scale=row[8]))


_TAKE: dict[str, Callable[..., None]] = {
    "mark": _take_mark,
    "absence": _take_absence,
    "point": _take_point,
    "result": _take_result,
    "work": _take_work,
}


def place_of(mark: StoredMark) -> tuple[int, int, int]:
    """Marks of a cell stand in the order of the lesson page: by kind, then as they were given."""
    return mark.kind_order, mark.kind, mark.number
