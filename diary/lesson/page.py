"""What the lesson page shows, as plain values for its template."""

import datetime
import zlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from diary import marking
from diary.lesson.forms import LessonForm
from diary.letters import ABSENCE_LETTERS, ABSENCE_WORDS
from diary.models import LONGEST_REMARK, Absence, Homework, Mark, Remark, ScaleValue, WorkKind
from diary.roll import RollLine, roll_lines
from diary.week import weight_text
from schedule.models import Lesson
from schedule.weeks import day_title, monday_of, room_text
from schools.models import Person

NEIGHBOURS = datetime.timedelta(days=45)


@dataclass(frozen=True)
class Refusal:
    """A cell that was not written: what was typed into it, and why it was refused.

    `student` is whose row the cell stands in, none for what concerns the whole class; `comment` is
    what was typed beside a mark. With `asked` the same entry is taken when it is saved once more.
    """

    typed: str
    message: str
    student: int | None = None
    comment: str = ""
    changed_meanwhile: bool = False
    asked: bool = False


@dataclass
class Row:
    student: Person
    absence: RollLine | None
    marks: list[Mark] = field(default_factory=list)
    remarks: dict[str, RollLine] = field(default_factory=dict)  # by kind


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
        marks: dict[int, list[Mark]] = defaultdict(list)
        given = Mark.objects.filter(work__lesson=self.lesson).select_related("work__kind", "value")
        for mark in given.order_by("work__kind__order", "work__number"):
            marks[mark.student_id].append(mark)
        roll: dict[int, dict[str, RollLine]] = defaultdict(dict)
        for line in roll_lines(lesson=self.lesson.pk):
            roll[line.student][line.code if line.is_remark else "absence"] = line
        return [
            Row(student, roll[student.pk].pop("absence", None), marks[student.pk], roll[student.pk])
            for student in self.lesson.students_visible_to(self.reader)
        ]

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
        form = LessonForm(self.typed, initial=initial, kinds=kinds, due=due or [("", _("in a week"))])
        for name, refusal in self.refused.items():
            if name in form.fields and name not in form.errors:
                form.add_error(name, refusal.message)
        return form

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
            "course": lesson.course_id,
            "title": f"{lesson.course.subject.name}, {lesson.course.audience}",
            "subtitle": " · ".join(filter(None, parts)),
            "previous_url": reverse("diary:lesson", args=[before[-1][0]]) if before else "",
            "next_url": reverse("diary:lesson", args=[after[0][0]]) if after else "",
            "day_url": reverse("diary:teacher-day", args=[lesson.date]) if lesson.is_mine else "",
            "journal_url": reverse("diary:journal-of-term", args=[lesson.course_id, lesson.term_id]),
            "week_url": self._week_url(),
            "roll_called": lesson.roll_called_at is not None,
            "topic": lesson.topic,
        }

    def _week_url(self) -> str:
        """Who only reads has come from the timetable of the class."""
        school_class = self.lesson.course.school_class_id
        if self.lesson.is_mine or not school_class:
            return ""
        return reverse("schedule:class-timetable-week", args=[school_class, monday_of(self.lesson.date)])

    def _row(self, number: int, row: Row) -> dict[str, Any]:
        pk, absence = row.student.pk, row.absence
        refusals = [refusal for refusal in self.refused.values() if refusal.student == pk]
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
            "minutes_value": self._minutes(row),
            "marks": [self._mark(mark) for mark in row.marks] + self._marks_to_give_again(row),
            "is_away": code in Absence.AWAY,
            "new_mark": self._new_mark(row),
            "remarks": [self._remark(row, kind) for kind in Remark.Kind],
            "versions": self._versions(row, asked=any(refusal.asked for refusal in refusals)),
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
            "comment_name": f"comment-{name}",
            "comment": self.refused[name].comment if name in self.refused else mark.comment,
            "error": self.refused[name].message if name in self.refused else "",
            "version_name": f"shown-{name}",
            "version": mark_token(mark),
        }

    def _marks_to_give_again(self, row: Row) -> list[dict[str, Any]]:
        """What was typed over a mark that somebody else took away meanwhile."""
        return [
            {
                "name": name,
                "value": refusal.typed,
                "tone": "",
                "kind": _("taken away meanwhile"),
                "comment_name": f"comment-{name}",
                "comment": refusal.comment,
                "error": refusal.message,
                "version_name": "",
                "version": "",
            }
            for name, refusal in self.refused.items()
            if refusal.student == row.student.pk and name.startswith("again-")
        ]

    def _minutes(self, row: Row) -> str:
        """With a refused absence the minutes as they were typed."""
        pk, stored = row.student.pk, row.absence.minutes if row.absence else None
        if self.typed is not None and f"absence-{pk}" in self.refused:
            return self.typed.get(f"minutes-{pk}", "")
        return str(stored or "")

    def _versions(self, row: Row, *, asked: bool) -> list[dict[str, Any]]:
        """What the form says it showed of a row, its marks apart."""
        pk = row.student.pk
        shown = {
            f"shown-absence-{pk}": absence_token(row.absence),
            f"shown-marks-{pk}": marks_token(row.marks),
        }
        shown |= {f"shown-{kind}-{pk}": remark_token(remark) for kind, remark in row.remarks.items()}
        if asked:
            shown[f"asked-{pk}"] = "1"
        return [{"name": name, "value": value} for name, value in shown.items()]

    def _remark(self, row: Row, kind: Remark.Kind) -> dict[str, Any]:
        name, stored = f"{kind}-{row.student.pk}", row.remarks.get(kind)
        return {
            "name": name,
            "kind": str(kind),
            "label": str(kind.label),
            "value": self._typed_or(name, stored.text if stored else ""),
            "most": LONGEST_REMARK,
            "is_refused": name in self.refused,
        }

    def _new_mark(self, row: Row) -> dict[str, str]:
        name = f"new-{row.student.pk}"
        refusal = self.refused.get(name)
        return {
            "name": name,
            "value": refusal.typed if refusal else "",
            "comment_name": f"comment-{name}",
            "comment": refusal.comment if refusal else "",
            "error": refusal.message if refusal else "",
        }

    def _typed_or(self, name: str, stored: str) -> str:
        return self.refused[name].typed if name in self.refused else stored

    def _error_summary(self) -> list[dict[str, str]]:
        """Each refusal with the place it happened at."""
        names = {row.student.pk: row.student.roll_name for row in self.rows}
        summary = []
        for name, refusal in self.refused.items():
            if refusal.student:
                anchor, place = f"student-{refusal.student}", names.get(refusal.student, "")
            else:
                anchor, place = f"id_{name}", str(self.form.fields[name].label)
            summary.append({"anchor": anchor, "text": f"{place}: {refusal.message}"})
        return summary


def absence_token(absence: RollLine | None) -> str:
    """What the form says it showed: version, code and minutes; `0::` for nobody missing."""
    return f"{absence.version}:{absence.code}:{absence.minutes or ''}" if absence else "0::"


def mark_token(mark: Mark) -> str:
    """Version, value and comment: what of it was changed on the page is told by it."""
    return f"{mark.version}:{mark.value.text}:{mark.comment}"


def remark_token(remark: RollLine | None) -> str:
    return f"{remark.version}:{remark.text}" if remark else "0:"


def marks_token(marks: list[Mark]) -> str:
    return ",".join(str(mark.pk) for mark in marks)


def homework_token(homework: Homework | None) -> str:
    if homework is None:
        return ":"
    values = homework_values(homework.text, homework.minutes, homework.due_lesson_id)
    return f"{homework.pk}.{homework.version}:{values}"


def homework_values(text: str, minutes: int | None, due_lesson: int | None) -> str:
    """Enough of the homework to tell whether the sender changed it; empty for none."""
    if not (text or minutes):
        return ""
    return f"{zlib.crc32(text.encode()):x}.{minutes or ''}.{due_lesson or ''}"


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
