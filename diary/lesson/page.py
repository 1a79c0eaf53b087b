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

from diary import marking
from diary.corrections.cells import address_of, may_ask
from diary.corrections.labels import Label, labels
from diary.history.events import MarkEvent, days_late, entered_at, late_text
from diary.homework import at_lesson
from diary.homework.due import due_choices
from diary.lesson.beside import Beside, carried_token, publication_words, row_beside, side_context
from diary.lesson.forms import LessonForm
from diary.letters import ABSENCE_LETTERS, ABSENCE_WORDS
from diary.models import LONGEST_REMARK, Absence, Homework, Mark, Remark, ScaleValue, WorkKind
from diary.programme.beside import NEAR, CourseBeside
from diary.programme.offer import FIELD, SHOWN, Offer
from diary.roll import RollLine, roll_lines
from diary.week import weight_text
from schedule.weeks import day_title, monday_of, room_text
from schools.models import Person


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
        self.sets_homework = False  # by a form that was saved

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
            return _("You can read this lesson. %(teacher)s fills it in.") % {
                "teacher": self.lesson.teacher.short_name
            }
        if not self.cells_open:
            return _("Roll call and marks open on the day of the lesson.")
        return ""

    # --- What is stored --------------------------------------------------------------------------

    @cached_property
    def rows(self) -> list[Row]:
        marks: dict[int, list[Mark]] = defaultdict(list)
        given = Mark.objects.filter(work__lesson=self.lesson).select_related("work__kind", "value")
        given = given.annotate(entered_at=entered_at(MarkEvent))
        for mark in given.order_by("work__kind__order", "work__number"):
            marks[mark.student_id].append(mark)
        roll: dict[int, dict[str, RollLine]] = defaultdict(dict)
        for line in roll_lines(lesson=self.lesson.pk, when_entered=True):
            roll[line.student][line.code if line.is_remark else "absence"] = line
        return [
            Row(student, roll[student.pk].pop("absence", None), marks[student.pk], roll[student.pk])
            for student in self.lesson.students_visible_to(self.reader)
        ]

    @cached_property
    def corrections(self) -> dict[int, list[Label]]:
        """By student: what corrections changed since the term was closed."""
        found: dict[int, list[Label]] = defaultdict(list)
        for label in labels(lesson=self.lesson.pk) if self.is_closed else ():
            found[label.student].append(label)
        return found

    @cached_property
    def may_ask_for_corrections(self) -> bool:
        is_asked = self.is_closed and self.lesson.is_mine and not self.lesson.is_cancelled
        return is_asked and may_ask(self.reader, self.lesson.course, self.now.date())

    @cached_property
    def homeworks(self) -> list[Any]:
        return at_lesson.homework_of(self.lesson)

    @property
    def homework(self) -> Homework | None:
        """What the form of the lesson writes; the others have pages of their own."""
        return at_lesson.for_all(self.homeworks)

    @cached_property
    def beside(self) -> Beside:
        return Beside.of(self.lesson)

    @cached_property
    def programme(self) -> Offer:
        return Offer(self.lesson, self.course_beside, on=self.now.date(), reader=self.reader)

    @cached_property
    def kinds(self) -> list[WorkKind]:
        return list(WorkKind.objects.of(self.lesson.organisation_id))

    @cached_property
    def values(self) -> dict[str, ScaleValue]:
        """What can be given, by its text in small letters; nothing where no marks are given."""
        return {value.text.lower(): value for value in marking.values_for(self.lesson)}

    @cached_property
    def course_beside(self) -> CourseBeside:
        return CourseBeside.of(self.lesson, on=self.now.date(), topics=self.may_edit)

    @cached_property
    def course_lessons(self) -> list[tuple[int, datetime.date]]:
        """The course's lessons around this one, itself included, in order."""
        day = self.lesson.date
        return [
            (line.pk, line.date)
            for line in self.course_beside.lessons
            if abs(line.date - day) <= NEAR and not (line.is_cancelled and line.date > day)
        ]

    @cached_property
    def place(self) -> int:
        """Where this lesson stands among `course_lessons`."""
        return [pk for pk, _day in self.course_lessons].index(self.lesson.pk)

    @cached_property
    def form(self) -> LessonForm:
        following = self.course_lessons[self.place + 1 :]
        homework = self.homework
        kinds = [(kind.pk, _kind_label(kind)) for kind in self.kinds]
        initial = {
            "topic": self.lesson.topic,
            "mark_kind": self.beside.planned_kind() or kinds[0][0],
            FIELD: str(self.programme.stored or ""),
            "homework_text": homework.text if homework else "",
            "homework_due": homework.due_lesson_id if homework else following[0][0] if following else "",
            "homework_minutes": homework.minutes if homework else None,
        }
        form = LessonForm(self.typed, initial=initial, kinds=kinds, due=due_choices(following, homework))
        if self.programme.offered:
            form.fields["topic"].widget.attrs["placeholder"] = self.programme.offered.title
        for name, refusal in self.refused.items():
            if name in form.fields and name not in form.errors:
                form.add_error(name, refusal.message)
        return form

    # --- For the template ------------------------------------------------------------------------

    def context(self) -> dict[str, Any]:
        form = self.form
        rows = [self._row(number, row) for number, row in enumerate(self.rows, start=1)]
        return {
            "lesson": self._heading(),
            "may_edit": self.may_edit,
            "cells_open": self.cells_open,
            "has_marks": bool(self.values),
            "notice": self.notice,
            "form": form,
            "homework": self._homework(),
            "programme": self.programme.context(form[FIELD].value()) if self.may_edit else None,
            "rows": rows,
            "present": sum(1 for row in rows if row["absence_code"] in ("", "late")),
            **side_context(self),
            "versions": [
                {"name": "shown-carried", "value": carried_token(self.beside.carried.onwards)},
                {"name": "shown-topic", "value": self.lesson.topic},
                {"name": SHOWN, "value": form.initial[FIELD]},
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

    def _homework(self) -> dict[str, Any]:
        """All that is set, what the form writes among it, and the ways to more."""
        names = {row.student.pk: row.student.roll_name for row in self.rows}
        own = self.homework and self.homework.pk
        return {
            "lines": at_lesson.lines(
                self.homeworks, names, may_edit=self.may_edit, may_copy=self.beside.has_parallel
            ),
            "own": own,
            "new_url": reverse("diary:homework-new", args=[self.lesson.pk]),
            "load_url": reverse("diary:homework-load", args=[self.lesson.pk]),
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
        code = self._typed_or(f"absence-{pk}", absence.code if absence else self.proposed_code(pk))
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
            "history_url": reverse("diary:cell-history", args=[self.lesson.pk, pk]),
            "late": self._late(row),
            "new_mark": self._new_mark(row),
            **row_beside(self, pk, code),
            "remarks": [self._remark(row, kind) for kind in Remark.Kind],
            "corrections": [label.words for label in self.corrections.get(pk, ())],
            "correct_url": address_of(lesson=self.lesson.pk, student=pk)
            if self.may_ask_for_corrections
            else "",
            "versions": self._versions(row, asked=any(refusal.asked for refusal in refusals)),
            "errors": [refusal.message for refusal in refusals if not refusal.changed_meanwhile],
            "conflicts": [refusal.message for refusal in refusals if refusal.changed_meanwhile],
        }

    def _late(self, row: Row) -> str:
        """«внесено через 3 дня»: of what was entered last after the lesson's day."""
        moments = [mark.entered_at for mark in row.marks]  # type: ignore[attr-defined]
        moments.append(row.absence.entered_at if row.absence else None)
        return late_text(max(days_late(self.lesson.date, moment) for moment in moments))

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
            **self._kind_field(name, mark.work.kind.code),
            "later": publication_words(mark, self.now),
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
                **self._kind_field(name, ""),
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
        name, owed = f"new-{row.student.pk}", self.beside.owed_by(row.student.pk)
        refusal = self.refused.get(name)
        return {
            "name": name,
            "value": refusal.typed if refusal else "",
            "comment_name": f"comment-{name}",
            "comment": refusal.comment if refusal else "",
            **self._kind_field(name, self.letters[owed.kind] if owed else ""),
            "error": refusal.message if refusal else "",
        }

    def _kind_field(self, name: str, code: str) -> dict[str, str]:
        """The letter of what a mark is for, as it was typed where the mark was refused."""
        field = f"kind-{name}"
        if name in self.refused and self.typed is not None:
            code = self.typed.get(field, code)
        return {"kind_name": field, "kind_code": code}

    @cached_property
    def letters(self) -> dict[int, str]:
        """Of the kinds of work, one of another school's or of the past included where it is owed."""
        return defaultdict(str, {kind.pk: kind.code for kind in self.kinds})

    def proposed_code(self, student: int) -> str:
        """From which the roll of this lesson starts, until it is called."""
        proposed = self.beside.carried.here.get(student)
        return proposed.code if proposed and self.lesson.roll_called_at is None else ""

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
    """Version, kind of work, value and comment: what of it was changed on the page is told by it."""
    return f"{mark.version}.{mark.work.kind.code}:{mark.value.text}:{mark.comment}"


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
