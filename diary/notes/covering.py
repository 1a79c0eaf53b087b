"""What accepted notes say of a lesson, to its teacher and to the roll that is called later."""

import datetime
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from diary.letters import ABSENCE_LETTERS, ABSENCE_WORDS
from diary.models import Absence, AbsenceNote
from diary.notes.lines import note_title
from schedule.models import Lesson


class Noted(NamedTuple):
    """By an accepted note: its key, and the code that absences take from it."""

    note: int
    code: str

    @property
    def words(self) -> str:
        """«заявление: болезнь»"""
        return _("note: %(reason)s") % {"reason": ABSENCE_WORDS[Absence.Code(self.code)]}


def noted_for(lesson: Lesson, **whose: Any) -> dict[int, Noted]:
    """By student. Asked under the lesson's lock, it misses no note accepted before. One statement."""
    notes = AbsenceNote.objects.accepted().within(lesson.date, lesson.date)
    found = notes.filter(school_class__organisation=lesson.organisation_id, **whose)
    rows = found.values("pk", "student", "reason", "lesson_numbers")
    return read(lesson.number, rows)


def noted_at_lesson() -> ArraySubquery:
    """For a queryset of lessons: what notes say of each. `read` makes something of it."""
    notes = AbsenceNote.objects.accepted().filter(
        school_class__organisation=OuterRef("organisation"),
        since__lte=OuterRef("date"),
        until__gte=OuterRef("date"),
    )
    row = JSONObject(pk="pk", student="student", reason="reason", lesson_numbers="lesson_numbers")
    return ArraySubquery(notes.values(row=row))


def read(number: int, rows: Iterable[Any]) -> dict[int, Noted]:
    """Of the lesson with the number, by student, from what `noted_at_lesson` found."""
    return {
        row["student"]: Noted(row["pk"], row["reason"])
        for row in rows
        if not row["lesson_numbers"] or number in row["lesson_numbers"]
    }


class Hint(NamedTuple):
    """Beside a name: «б 16–18», the days as the columns have them, and the same in words."""

    short: str
    words: str


def hints(students: Iterable[int], since: datetime.date, until: datetime.date) -> dict[int, Hint]:
    """By student, of the first note accepted for these days. One statement."""
    notes = AbsenceNote.objects.accepted().within(since, until).filter(student__in=list(students))
    return {note.student_id: _hint(note) for note in notes.order_by("-since", "-pk")}


def _hint(note: AbsenceNote) -> Hint:
    code = Absence.Code(note.reason)
    words = _("note: %(reason)s, %(days)s") % {"reason": ABSENCE_WORDS[code], "days": note_title(note)}
    days = f"{note.since.day}" if note.since == note.until else f"{note.since.day}–{note.until.day}"
    return Hint(f"{ABSENCE_LETTERS[code]}\u00a0{days}", words)
