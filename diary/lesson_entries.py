"""Writing what was typed on the lesson page: every cell by itself.

A cell that its sender did not touch is left alone, one that somebody else wrote meanwhile or that
makes no sense is refused alone, the rest is saved.
"""

import datetime
from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from diary import marking
from diary.lesson_page import LessonPage, Refusal, Row, absence_token, homework_token, marks_token
from diary.marking import ChangedMeanwhile, Refused
from diary.models import LONGEST_COMMENT, Absence, Homework, Mark, WorkKind
from schedule.models import Lesson
from schools.closures import TermIsClosed, hold_open
from schools.models import Person


class NoLongerOpen(Exception):
    """The lesson was cancelled, or its term closed, after the page was opened."""


def save_lesson(page: LessonPage, typed: Mapping[str, str], *, by: Person) -> dict[str, Refusal]:
    """Write the form of a lesson; returns the cells that were refused, by the names of their fields.

    The caller has asked `page.may_edit`. Raises NoLongerOpen.
    """
    with transaction.atomic():
        try:
            hold_open(page.lesson.term_id)
        except TermIsClosed as closed:
            raise NoLongerOpen from closed
        # One writer of a lesson at a time: what is compared with the shown versions stays put.
        now = Lesson.objects.select_for_update().get(pk=page.lesson.pk)
        page.lesson.state = now.state
        if not page.may_edit or now.term_id != page.lesson.term_id:
            raise NoLongerOpen
        entries = _Entries(page, typed)
        entries.write_class()
        if page.cells_open:
            for row in page.rows:
                entries.write_row(row)
            # Only a form that names everybody says who is there.
            if page.rows and all(f"absence-{row.student.pk}" in typed for row in page.rows):
                _call_roll(page.lesson, by=by, at=page.now)
    return entries.refused


def _call_roll(lesson: Lesson, *, by: Person, at: datetime.datetime) -> None:
    """A form sent during or after the lesson is the roll call; the first one counts."""
    if at >= datetime.datetime.combine(lesson.date, lesson.starts, at.tzinfo):
        Lesson.objects.filter(pk=lesson.pk, roll_called_at=None).update(
            roll_called_at=at, roll_called_by=by, state=Lesson.State.HELD
        )


class _Entries:
    def __init__(self, page: LessonPage, typed: Mapping[str, str]) -> None:
        page.typed = typed
        self.page, self.lesson, self.typed = page, page.lesson, typed
        self.refused: dict[str, Refusal] = {}

    # --- The whole class -------------------------------------------------------------------------

    def write_class(self) -> None:
        form = self.page.form
        form.is_valid()
        for name, errors in form.errors.items():
            self.refused[name] = Refusal(self._text(name), " ".join(str(error) for error in errors))
        if "topic" not in self.refused:
            self._try("topic", self._write_topic)
        if not {"homework_text", "homework_due", "homework_minutes"} & set(self.refused):
            self._try("homework_text", self._write_homework)

    def _write_topic(self) -> None:
        topic, shown = self.page.form.cleaned_data["topic"], self._text("shown-topic")
        if topic == shown:
            return
        written = Lesson.objects.filter(pk=self.lesson.pk, topic__in=(shown, topic)).update(
            topic=topic, version=F("version") + 1
        )
        if not written:
            raise ChangedMeanwhile(_("Somebody else wrote another topic meanwhile. Save again to put yours."))

    def _write_homework(self) -> None:
        stored, wanted = self.page.homework, self._wanted_homework()
        shown = self._text("shown-homework")
        if stored is None and not (wanted["text"] or shown):
            return
        if stored and all(getattr(stored, name) == value for name, value in wanted.items()):
            return
        if shown != homework_token(stored):
            raise ChangedMeanwhile(
                _("Somebody else changed the homework meanwhile: “%(text)s”. Save again to put yours.")
                % {"text": stored.text if stored else ""}
            )
        if stored is None:
            Homework.objects.create(course=self.lesson.course, lesson=self.lesson, **wanted)
        elif wanted["text"]:
            Homework.objects.filter(pk=stored.pk).update(**wanted, version=F("version") + 1)
        else:
            stored.delete()

    def _wanted_homework(self) -> dict[str, Any]:
        """For the chosen lesson; a week later where the next lesson is not known yet."""
        cleaned = self.page.form.cleaned_data
        stored, due_lesson = self.page.homework, cleaned["homework_due"] or None
        days: dict[int | None, datetime.date] = dict(self.page.course_lessons)
        days[None] = self.lesson.date + datetime.timedelta(days=7)
        if stored and stored.due_lesson_id not in dict(self.page.course_lessons):
            days[stored.due_lesson_id] = stored.due_on
        return {
            "text": cleaned["homework_text"].strip(),
            "minutes": cleaned["homework_minutes"],
            "due_lesson_id": due_lesson,
            "due_on": days[due_lesson],
        }

    # --- One student -----------------------------------------------------------------------------

    def write_row(self, row: Row) -> None:
        pk = row.student.pk
        self._try(f"absence-{pk}", self._write_absence, row)
        for mark in row.marks:
            self._try(f"mark-{mark.pk}", self._write_mark, row, mark)
        self._try(f"new-{pk}", self._write_new_mark, row)

    def _write_absence(self, row: Row) -> None:
        name = f"absence-{row.student.pk}"
        code, minutes = self._text(name), self._minutes(row)
        shown = self._text(f"shown-{name}")
        version, _colon, shown_value = shown.partition(":")
        wanted = f"{code}:{minutes or ''}"
        if name not in self.typed or wanted in (shown_value, absence_token(row.absence).partition(":")[2]):
            return
        if code and code not in Absence.Code.values:
            raise Refused(_("Choose one of the letters."))
        marking.write_absence(
            self.lesson, row.student, code=code, minutes=minutes, shown_version=_number(version)
        )

    def _minutes(self, row: Row) -> int | None:
        text = self._text(f"minutes-{row.student.pk}")
        if self._text(f"absence-{row.student.pk}") != Absence.Code.LATE or not text:
            return None
        if not 1 <= _number(text) <= marking.LONGEST_LATE:
            raise Refused(_("Minutes late: a number from 1 to %(most)d.") % {"most": marking.LONGEST_LATE})
        return _number(text)

    def _write_mark(self, row: Row, mark: Mark) -> None:
        name = f"mark-{mark.pk}"
        text, comment = self._text(name), self._comment_of(row, mark)
        if name not in self.typed or (text.lower(), comment) == (mark.value.text.lower(), mark.comment):
            return
        version = _number(self._text(f"shown-{name}"))
        if version != mark.version:
            raise ChangedMeanwhile(
                _("You entered %(mine)s, but meanwhile %(theirs)s was put here. Save again to put yours.")
                % {"mine": text or "—", "theirs": mark.value.text}
            )
        if text:
            value = marking.parse_value(text, self.page.values)
            marking.change_mark(mark, value=value, comment=comment, shown_version=version)
        else:
            marking.empty_mark(mark, shown_version=version)

    def _comment_of(self, row: Row, mark: Mark) -> str:
        """The row's comment belongs to its last mark; a new mark takes it over."""
        name = f"comment-{row.student.pk}"
        if mark is row.marks[-1] and name in self.typed and not self._text(f"new-{row.student.pk}"):
            return self._comment(row)
        return mark.comment

    def _write_new_mark(self, row: Row) -> None:
        pk = row.student.pk
        text, comment = self._text(f"new-{pk}"), self._comment(row)
        if not text:
            if comment and not row.marks:
                raise Refused(_("A comment goes with a mark: enter the mark as well."))
            return
        if not self.page.values:
            raise Refused(_("No marks are given in grade 1."))
        value, kind = marking.parse_value(text, self.page.values), self._kind()
        if self._text(f"shown-marks-{pk}") != marks_token(row.marks):
            if any(mark.value_id == value.pk and mark.work.kind_id == kind.pk for mark in row.marks):
                return  # the same form sent twice
            raise ChangedMeanwhile(
                _("Somebody else put a mark here meanwhile. If yours is one more, save again.")
            )
        marking.give_mark(
            self.lesson,
            row.student,
            kind=kind,
            value=value,
            comment=comment,
            at=self.page.now,
        )

    def _kind(self) -> WorkKind:
        chosen = self.page.form.cleaned_data.get("mark_kind")
        for kind in self.page.kinds:
            if kind.pk == chosen:
                return kind
        raise Refused(_("Choose what the marks are for."))

    def _comment(self, row: Row) -> str:
        comment = self._text(f"comment-{row.student.pk}")
        if len(comment) > LONGEST_COMMENT:
            raise Refused(_("A comment has at most %(most)d characters.") % {"most": LONGEST_COMMENT})
        return comment

    def _text(self, name: str) -> str:
        """What was typed; NUL, which PostgreSQL cannot keep, is left out."""
        return self.typed.get(name, "").replace("\x00", "").strip()

    def _try(self, name: str, write: Callable[..., None], *args: Any) -> None:
        try:
            write(*args)
        except Refused as refused:
            self.refused[name] = Refusal(
                self._text(name), str(refused), changed_meanwhile=isinstance(refused, ChangedMeanwhile)
            )


def _number(text: str) -> int:
    """Digits as a number; 0, which no version and no minutes have, for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
