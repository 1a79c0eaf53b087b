"""What the lesson page shows, as plain values for its template."""

import datetime
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from diary import marking
from diary.forms import LessonForm
from diary.letters import ABSENCE_LETTERS, ABSENCE_WORDS
from diary.models import Absence, Homework, Mark, ScaleValue, WorkKind
from diary.week import weight_text
from schedule.models import Lesson
from schedule.weeks import day_title, room_text
from schools.models import Person

NEIGHBOURS = datetime.timedelta(days=45)


@dataclass(frozen=True)
class Refusal:
    """A cell that was not written: what was typed into it, and why it was refused."""

    typed: str
    message: str
    changed_meanwhile: bool = False


@dataclass
class Row:
    student: Person
    absence: Absence | None
    marks: list[Mark] = field(default_factory=list)


class LessonPage:
    """One lesson as one person may see or write it.

    `refused` holds the cells of a form that were not written, by the names of their fields; the
    page shows what was typed in them, and everything else as it is stored.
    """

    def __init__(
        self,
        lesson: Any,
        *,
        reader: Any,
        now: datetime.datetime,
        typed: Mapping[str, str] | None = None,
        refused: Mapping[str, Refusal] | None = None,
    ) -> None:
        """`lesson` comes from `Lesson.objects.for_page(reader)`; `now` is aware, in the region's time
        zone."""
        self.lesson, self.reader, self.now = lesson, reader, now
        self.typed, self.refused = typed, refused or {}

    # --- What may be done ------------------------------------------------------------------------

    @property
    def is_closed(self) -> bool:
        return hasattr(self.lesson.term, "closure")

    @property
    def may_edit(self) -> bool:
        return self.lesson.is_mine and not self.is_closed and not self.lesson.is_cancelled

    @property
    def cells_open(self) -> bool:
        """Roll call and marks: from the lesson's day on."""
        return self.may_edit and self.lesson.date <= self.now.date()

    @property
    def notice(self) -> str:
        if self.lesson.is_cancelled:
            return _("This lesson was cancelled.")
        if self.is_closed:
            return _("The term is closed: its journal can be read, not changed.")
        if not self.lesson.is_mine:
            return _("You can read this lesson. Its teacher fills it in.")
        if not self.cells_open:
            return _("Roll call and marks open on the day of the lesson.")
        return ""

    # --- What is stored --------------------------------------------------------------------------

    @cached_property
    def rows(self) -> list[Row]:
        absences = {absence.student_id: absence for absence in Absence.objects.filter(lesson=self.lesson)}
        marks: dict[int, list[Mark]] = defaultdict(list)
        given = Mark.objects.filter(work__lesson=self.lesson).select_related("work__kind", "value")
        for mark in given.order_by("work__kind__order", "work__number"):
            marks[mark.student_id].append(mark)
        students = self.lesson.students_visible_to(self.reader)
        return [Row(student, absences.get(student.pk), marks[student.pk]) for student in students]

    @cached_property
    def homework(self) -> Homework | None:
        found = Homework.objects.filter(lesson=self.lesson).select_related("due_lesson")
        return found.order_by("pk").first()

    @cached_property
    def kinds(self) -> list[WorkKind]:
        return list(WorkKind.objects.of(self.lesson.organisation_id))

    @cached_property
    def values(self) -> dict[str, ScaleValue]:
        """What can be given, by its text in small letters; nothing where no marks are given."""
        return {value.text.lower(): value for value in marking.values_for(self.lesson)}

    @cached_property
    def course_lessons(self) -> list[tuple[int, datetime.date]]:
        """The course's lessons around this one, itself included, in order."""
        day = self.lesson.date
        near = Lesson.objects.filter(
            course=self.lesson.course, date__range=(day - NEIGHBOURS, day + NEIGHBOURS)
        ).exclude(state=Lesson.State.CANCELLED, date__gt=day)
        return list(near.in_order().values_list("pk", "date"))

    @cached_property
    def place(self) -> int:
        """Where this lesson stands among `course_lessons`."""
        return [pk for pk, _day in self.course_lessons].index(self.lesson.pk)

    @cached_property
    def form(self) -> LessonForm:
        following = self.course_lessons[self.place + 1 :]
        due: list[tuple[Any, str]] = [(pk, day_title(day)) for pk, day in following]
        homework = self.homework
        if homework and (homework.due_lesson_id or "") not in dict(due):
            due.insert(0, self._due_stored(homework))
        kinds = [(kind.pk, _kind_label(kind)) for kind in self.kinds]
        initial = {
            "topic": self.lesson.topic,
            "mark_kind": kinds[0][0],
            "homework_text": homework.text if homework else "",
            "homework_due": homework.due_lesson_id if homework else following[0][0] if following else "",
            "homework_minutes": homework.minutes if homework else None,
        }
        return LessonForm(self.typed, initial=initial, kinds=kinds, due=due or [("", _("in a week"))])

    def _due_stored(self, homework: Homework) -> tuple[Any, str]:
        """What the homework is for stays a choice: a browser would send the first of the others."""
        day, lesson = day_title(homework.due_on), homework.due_lesson
        if lesson is None:
            return "", day
        cancelled = _("%(day)s, the lesson is cancelled") % {"day": day}
        return lesson.pk, cancelled if lesson.is_cancelled else day_title(lesson.date)

    # --- For the template ------------------------------------------------------------------------

    def context(self) -> dict[str, Any]:
        form = self.form
        return {
            "lesson": self._heading(),
            "may_edit": self.may_edit,
            "cells_open": self.cells_open,
            "has_marks": bool(self.values),
            "notice": self.notice,
            "form": form,
            "homework": self.homework,
            "absence_choices": _absence_choices(),
            "rows": [self._row(number, row) for number, row in enumerate(self.rows, start=1)],
            "present": sum(1 for row in self.rows if row.absence is None or row.absence.code == "late"),
            "versions": [
                {"name": "shown-topic", "value": self.lesson.topic},
                {"name": "shown-homework", "value": homework_token(self.homework)},
            ],
            "errors": self._error_summary(),
        }

    def _heading(self) -> dict[str, Any]:
        lesson, before = self.lesson, self.course_lessons[: self.place]
        after = self.course_lessons[self.place + 1 :]
        parts = [
            day_title(lesson.date),
            _("lesson %(number)d, %(starts)s–%(ends)s")
            % {"number": lesson.number, "starts": f"{lesson.starts:%-H:%M}", "ends": f"{lesson.ends:%-H:%M}"},
            room_text(lesson.room.name if lesson.room else None),
            "" if lesson.is_mine else lesson.teacher.short_name,
        ]
        return {
            "pk": lesson.pk,
            "title": f"{lesson.course.subject.name}, {lesson.course.audience}",
            "subtitle": " · ".join(filter(None, parts)),
            "previous_url": reverse("diary:lesson", args=[before[-1][0]]) if before else "",
            "next_url": reverse("diary:lesson", args=[after[0][0]]) if after else "",
            "day_url": reverse("diary:teacher-day", args=[lesson.date]),
            "roll_called": lesson.roll_called_at is not None,
            "topic": lesson.topic,
        }

    def _row(self, number: int, row: Row) -> dict[str, Any]:
        pk, absence = row.student.pk, row.absence
        names = [f"absence-{pk}", f"new-{pk}", *(f"mark-{mark.pk}" for mark in row.marks)]
        refusals = [self.refused[name] for name in names if name in self.refused]
        code = self._typed_or(f"absence-{pk}", absence.code if absence else "")
        return {
            "number": number,
            "id": f"student-{pk}",
            "pk": pk,
            "name": row.student.roll_name,
            "absence_name": f"absence-{pk}",
            "absence_words": str(ABSENCE_WORDS[Absence.Code(absence.code)]) if absence else "",
            "absence_code": code,
            "absence_letter": str(ABSENCE_LETTERS[Absence.Code(absence.code)]) if absence else "",
            "minutes_name": f"minutes-{pk}",
            "minutes_value": absence.minutes or "" if absence else "",
            "marks": [self._mark(mark) for mark in row.marks],
            "new_mark_name": f"new-{pk}",
            "new_mark_value": self._typed_or(f"new-{pk}", ""),
            "comment_name": f"comment-{pk}",
            "comment_value": self._comment(row),
            "versions": [
                {"name": f"shown-absence-{pk}", "value": absence_token(absence)},
                {"name": f"shown-marks-{pk}", "value": marks_token(row.marks)},
            ],
            "errors": [refusal.message for refusal in refusals if not refusal.changed_meanwhile],
            "conflicts": [refusal.message for refusal in refusals if refusal.changed_meanwhile],
        }

    def _mark(self, mark: Mark) -> dict[str, Any]:
        name = f"mark-{mark.pk}"
        weight = weight_text(mark.work.weight_in_force)
        label = mark.work.kind.local_name
        return {
            "name": name,
            "value": self._typed_or(name, mark.value.text),
            "tone": mark.value.tone,
            "kind": _("%(kind)s, weight %(weight)s") % {"kind": label, "weight": weight} if weight else label,
            "comment": mark.comment,
            "error": self.refused[name].message if name in self.refused else "",
            "version_name": f"shown-{name}",
            "version": mark.version,
        }

    def _comment(self, row: Row) -> str:
        """The row's comment is its last mark's; after a refusal what was typed."""
        pk = row.student.pk
        cells = [f"new-{pk}", *(f"mark-{mark.pk}" for mark in row.marks)]
        if self.typed is not None and any(cell in self.refused for cell in cells):
            return self.typed.get(f"comment-{pk}", "")
        return row.marks[-1].comment if row.marks else ""

    def _typed_or(self, name: str, stored: str) -> str:
        return self.refused[name].typed if name in self.refused else stored

    def _error_summary(self) -> list[dict[str, str]]:
        """Each refusal with the place it happened at."""
        students = {f"absence-{row.student.pk}": row for row in self.rows}
        students |= {f"new-{row.student.pk}": row for row in self.rows}
        students |= {f"mark-{mark.pk}": row for row in self.rows for mark in row.marks}
        summary = []
        for name, refusal in self.refused.items():
            row = students.get(name)
            text = f"{row.student.roll_name}: {refusal.message}" if row else refusal.message
            summary.append({"anchor": f"student-{row.student.pk}" if row else f"id_{name}", "text": text})
        return summary


def absence_token(absence: Absence | None) -> str:
    """What the form says it showed: version, code and minutes; `0::` for nobody missing."""
    return f"{absence.version}:{absence.code}:{absence.minutes or ''}" if absence else "0::"


def marks_token(marks: list[Mark]) -> str:
    return ",".join(str(mark.pk) for mark in marks)


def homework_token(homework: Homework | None) -> str:
    return f"{homework.pk}.{homework.version}" if homework else ""


def _kind_label(kind: WorkKind) -> str:
    weight = weight_text(kind.weight)
    return _("%(kind)s, weight %(weight)s") % {"kind": kind.local_name, "weight": weight or "1"}


def _absence_choices() -> list[dict[str, str]]:
    present = {"value": "", "letter": pgettext("roll call", "here"), "label": _("present")}
    absent = [
        {"value": str(code), "letter": str(letter), "label": str(ABSENCE_WORDS[code])}
        for code, letter in ABSENCE_LETTERS.items()
    ]
    return [present, *absent]
