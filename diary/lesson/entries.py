"""Writing what was typed on the lesson page: every cell by itself.

A cell that its sender did not touch is left alone, one that somebody else wrote meanwhile or that
makes no sense is refused alone, the rest is saved.
"""

import datetime
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from diary import carrying, marking
from diary.homework.due import due_day
from diary.homework.files import attach
from diary.lesson.page import (
    LessonPage,
    Refusal,
    Row,
    absence_token,
    homework_token,
    homework_values,
    mark_token,
    marks_token,
    remark_token,
)
from diary.letters import absence_words
from diary.marking import ChangedMeanwhile, NotAtTheLesson, Refused
from diary.models import (
    LONGEST_COMMENT,
    LONGEST_REMARK,
    Absence,
    Homework,
    JournalRules,
    Mark,
    Remark,
    WorkKind,
)
from diary.notes.covering import Noted, noted_for
from diary.programme.offer import FIELD, SHOWN
from diary.typed import number
from schedule.models import Lesson
from schools.closures import TermIsClosed, hold_open
from schools.history import because_of
from schools.models import Person


class NoLongerOpen(Exception):
    """The lesson was cancelled, or its term closed, after the page was opened."""


def save_lesson(
    page: LessonPage, typed: Mapping[str, str], *, by: Person, files: Sequence[Any] = ()
) -> dict[str, Refusal]:
    """Write the form of a lesson, with `files` for its homework; returns the cells that were refused, by the
    names of their fields.

    The caller has asked `page.may_edit`, and makes the page anew after a deadlock. Raises NoLongerOpen.
    """
    with transaction.atomic():
        try:
            hold_open(page.lesson.term_id)
        except TermIsClosed as closed:
            raise NoLongerOpen from closed
        # One writer of a lesson at a time: what is compared with the shown versions stays put.
        now = Lesson.objects.select_for_update(no_key=True).get(pk=page.lesson.pk)
        page.lesson.state = now.state
        if not page.may_edit or now.term_id != page.lesson.term_id:
            raise NoLongerOpen
        entries = _Entries(page, typed, by)
        entries.write_class()
        if files:
            entries.keep_files(files)
        if page.cells_open:
            for row in page.rows:
                entries.write_row(row)
            # Only a form that names everybody says who is there.
            if page.rows and all(f"absence-{row.student.pk}" in typed for row in page.rows):
                entries.call_roll()
    return entries.refused


class _Entries:
    def __init__(self, page: LessonPage, typed: Mapping[str, str], by: Person) -> None:
        page.typed = typed
        self.page, self.lesson, self.typed, self.by = page, page.lesson, typed, by
        self.refused: dict[str, Refusal] = {}
        self.codes: dict[int, str] = {}  # absences written by this form, by student

    @cached_property
    def rules(self) -> JournalRules:
        return JournalRules.of(self.lesson.organisation_id)

    # --- The whole class -------------------------------------------------------------------------

    def write_class(self) -> None:
        form = self.page.form
        form.is_valid()
        for name, errors in form.errors.items():
            self.refused[name] = Refusal(self._text(name), " ".join(str(error) for error in errors))
        if "topic" not in self.refused:
            self._try("topic", self._write_topic)
            self._try(FIELD, self._write_programme)
        if not {"homework_text", "homework_due", "homework_minutes"} & set(self.refused):
            self._try("homework_text", self._write_homework)

    def _write_topic(self) -> None:
        shown = self._text("shown-topic")
        typed = self.page.form.cleaned_data["topic"]
        topic = self.page.programme.text(typed, chosen=self._text(FIELD), was_chosen=self._text(SHOWN))
        if topic == shown:
            return
        written = Lesson.objects.filter(pk=self.lesson.pk, topic__in=(shown, topic)).update(
            topic=topic, version=F("version") + 1
        )
        if not written:
            theirs = Lesson.objects.values_list("topic", flat=True).get(pk=self.lesson.pk)
            raise ChangedMeanwhile(_both_values(topic, theirs))

    def _write_programme(self) -> None:
        """The topic that the lesson takes, once its text is written."""
        if "topic" not in self.refused:
            text = self.page.form.cleaned_data["topic"]
            self.page.programme.write(text, chosen=self._text(FIELD), shown=self._text(SHOWN))

    def _write_homework(self) -> None:
        stored, wanted = self.page.homework, self._wanted_homework()
        shown = self._text("shown-homework")
        values = homework_values(wanted["text"], wanted["minutes"], wanted["due_lesson_id"])
        if values in (_value(shown), _value(homework_token(stored))):
            return
        if wanted["minutes"] and not wanted["text"] and not (stored and stored.minutes == wanted["minutes"]):
            raise Refused(_("Write what is set, or leave the minutes empty."))
        if shown != homework_token(stored):
            raise ChangedMeanwhile(_both_values(wanted["text"], stored.text if stored else ""))
        self.page.sets_homework = True
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
        near = self.page.course_lessons
        return {
            "text": cleaned["homework_text"].strip().replace("\r\n", "\n"),
            "minutes": cleaned["homework_minutes"],
            "due_lesson_id": due_lesson,
            "due_on": due_day(due_lesson, lesson=self.lesson, near=near, homework=stored),
        }

    def keep_files(self, files: Sequence[Any]) -> None:
        """With what is set by now, whatever became of the text: files cannot be offered again."""
        self._try("homework_files", self._keep_files, files=files)

    def _keep_files(self, *, files: Sequence[Any]) -> None:
        homework = Homework.objects.filter(lesson=self.lesson).for_everybody().order_by("pk").first()
        if homework is None:
            raise Refused(_("Write what is set and choose the files again: they go with it."))
        if refused := attach(homework, files, by=self.by):
            raise Refused(refused)

    def call_roll(self) -> None:
        """A form sent during or after the lesson is the roll call; the first one counts."""
        lesson, at = self.lesson, self.page.now
        if at < datetime.datetime.combine(lesson.date, lesson.starts, at.tzinfo):
            return
        Lesson.objects.filter(pk=lesson.pk, roll_called_at=None).update(
            roll_called_at=at, roll_called_by=self.by, state=Lesson.State.HELD
        )
        proposed = [row for row in self.page.rows if row.student.pk in self.page.beside.carried.here]
        if found := [row.student.pk for row in proposed if not self._is_away(row)]:
            carrying.found_here(lesson, found)

    # --- One student -----------------------------------------------------------------------------

    def write_row(self, row: Row) -> None:
        pk = row.student.pk
        self._try(f"absence-{pk}", self._write_absence, row)
        self._carry(row)
        for mark in row.marks:
            self._try(f"mark-{mark.pk}", self._write_mark, row, mark)
        self._keep_lost_marks(row)
        for name in [name for name in self.typed if name.startswith(f"again-{pk}-")]:
            self._try(name, self._write_new_mark, row, name)
        self._try(f"new-{pk}", self._write_new_mark, row, f"new-{pk}")
        for kind in Remark.Kind.values:
            self._try(f"{kind}-{pk}", self._write_remark, row, kind)

    def _write_absence(self, row: Row) -> None:
        name = f"absence-{row.student.pk}"
        code, minutes = self._text(name), self._minutes(row)
        shown = self._text(f"shown-{name}")
        version, _colon, shown_value = shown.partition(":")
        wanted = f"{code}:{minutes or ''}"
        if name not in self.typed or wanted in (shown_value, absence_token(row.absence).partition(":")[2]):
            return
        if self._is_reason_of_note(row, code, shown_value):
            return
        if code and code not in Absence.Code.values:
            raise Refused(_("Choose one of the letters."))
        if code == Absence.Code.INVALID and not self.page.beside.is_led:
            raise Refused(_("That the reason is not valid the class teacher says: choose “a”."))
        if number(version) != (row.absence.version if row.absence else 0):
            theirs = absence_words(row.absence.code, row.absence.minutes) if row.absence else ""
            mine = absence_words(code, minutes) if code else ""
            raise ChangedMeanwhile(_both_values(mine or _("present"), theirs or _("present")))
        if code in Absence.AWAY and not self._is_away(row) and self._has_marks(row):
            self._ask(
                row, _("There is a mark at this lesson. If the student was away all the same, save again.")
            )
        noted = self.noted.get(row.student.pk) if self._asks_for_reason(row, code) else None
        with because_of(note=noted.note) if noted else nullcontext():
            code = noted.code if noted else code
            marking.write_absence(
                self.lesson, row.student, code=code, minutes=minutes, shown_version=number(version)
            )
        self.codes[row.student.pk] = code

    def _asks_for_reason(self, row: Row, code: str) -> bool:
        """Newly away, without a reason: an accepted note gives it."""
        return code == Absence.Code.UNSTATED and not (row.absence and row.absence.code in Absence.AWAY)

    def _is_reason_of_note(self, row: Row, code: str, shown: str) -> bool:
        """The same form sent twice: what was typed without a reason took the note's the first time."""
        is_new = code == Absence.Code.UNSTATED and shown.partition(":")[0] not in Absence.AWAY
        if not is_new or row.absence is None or row.absence.code not in Absence.AWAY:
            return False
        noted = self.noted.get(row.student.pk)
        return noted is not None and noted.code == row.absence.code

    @cached_property
    def noted(self) -> dict[int, Noted]:
        return noted_for(self.lesson)

    def _carry(self, row: Row) -> None:
        """On to the later lessons of the day, as far as the form shows that it is asked."""
        pk, shown = row.student.pk, self._text("shown-carried").split(",")
        if f"absence-{pk}" not in self.typed:
            return
        wanted = f"carry-{pk}" in self.typed and self._is_away(row)
        if wanted and str(pk) not in shown:
            carrying.carry_on(self.lesson, row.student, by=self.by)
        elif not wanted and str(pk) in shown:
            carrying.carry_no_further(self.lesson, row.student)

    def _is_away(self, row: Row) -> bool:
        """As the roll stands now, this form's entry included."""
        return self.codes.get(row.student.pk, row.absence.code if row.absence else "") in Absence.AWAY

    def _has_marks(self, row: Row) -> bool:
        return any(self.typed.get(f"mark-{mark.pk}", mark.value.text).strip() for mark in row.marks)

    def _ask(self, row: Row, question: str) -> None:
        """Refuse once: the page that asks says so, and the next form with it is taken."""
        if not self._text(f"asked-{row.student.pk}"):
            raise NotAtTheLesson(question)

    def _ask_about_a_mark(self, row: Row) -> None:
        if self._is_away(row):
            self._ask(row, _("Not at the lesson. If the mark is for work handed in later, save again."))

    def _minutes(self, row: Row) -> int | None:
        text = self._text(f"minutes-{row.student.pk}")
        if self._text(f"absence-{row.student.pk}") != Absence.Code.LATE or not text:
            return None
        if not 1 <= number(text) <= marking.LONGEST_LATE:
            raise Refused(_("Minutes late: a number from 1 to %(most)d.") % {"most": marking.LONGEST_LATE})
        return number(text)

    def _write_mark(self, row: Row, mark: Mark) -> None:
        name = f"mark-{mark.pk}"
        if name not in self.typed:
            return
        text, comment = self._text(name), self._comment(name, mark.comment)
        shown, kind = self._text(f"shown-{name}"), self._kind(name, mark.work.kind)
        if any(_is_said(text, comment, kind.code, token) for token in (shown, mark_token(mark))):
            return
        if number(shown.partition(":")[0].partition(".")[0]) != mark.version:
            theirs = [mark.value.text, mark.comment]
            raise ChangedMeanwhile(_both_values(_said(text, comment), _said(*theirs)))
        if text:
            value = marking.parse_value(text, self.page.values)
            if value != mark.value:
                self._ask_about_a_mark(row)
            marking.change_mark(mark, value=value, comment=comment, kind=kind, shown_version=mark.version)
        else:
            marking.empty_mark(mark, shown_version=mark.version)

    def _keep_lost_marks(self, row: Row) -> None:
        """Marks that the form showed and somebody else took away: what was typed over them is told,
        and offered as a new mark. Those whose cell was not touched are left alone."""
        kept = {str(mark.pk) for mark in row.marks}
        for pk in self._text(f"shown-marks-{row.student.pk}").split(","):
            name = f"mark-{pk}"
            text, comment = self._text(name), self._text(f"comment-{name}")
            letter = self._text(f"kind-{name}")
            if pk in kept or not text or _is_said(text, comment, letter, self._text(f"shown-{name}")):
                continue
            self.refused[f"again-{row.student.pk}-{pk}"] = Refusal(
                text,
                _("You entered %(mine)s, but meanwhile the mark was taken away. Save again to give it anew.")
                % {"mine": text},
                student=row.student.pk,
                comment=comment,
                changed_meanwhile=True,
            )

    def _write_new_mark(self, row: Row, name: str) -> None:
        pk = row.student.pk
        text, comment = self._text(name), self._comment(name)
        if not text:
            if comment:
                raise Refused(_("A comment goes with a mark: enter the mark as well."))
            return
        if not self.page.values:
            raise Refused(_("No marks are given in grade 1."))
        value, kind = marking.parse_value(text, self.page.values), self._kind(name, self._chosen_kind)
        if self._text(f"shown-marks-{pk}") != marks_token(row.marks):
            if any(mark.value_id == value.pk and mark.work.kind_id == kind.pk for mark in row.marks):
                return  # the same form sent twice
            raise ChangedMeanwhile(
                _(
                    "You entered %(mine)s, but meanwhile the marks here are: %(theirs)s. "
                    "Save again to add yours."
                )
                % {"mine": text, "theirs": ", ".join(mark.value.text for mark in row.marks) or "—"}
            )
        self._ask_about_a_mark(row)
        marking.give_mark(
            self.lesson,
            row.student,
            kind=kind,
            value=value,
            comment=comment,
            at=self.page.now,
            rules=self.rules,
        )

    def _write_remark(self, row: Row, kind: str) -> None:
        name, stored = f"{kind}-{row.student.pk}", row.remarks.get(kind)
        text, shown = self._text(name), self._text(f"shown-{kind}-{row.student.pk}")
        if name not in self.typed or text in (_value(shown), _value(remark_token(stored))):
            return
        if len(text) > LONGEST_REMARK:
            raise Refused(_("At most %(most)d characters: shorten it.") % {"most": LONGEST_REMARK})
        version = number(shown.partition(":")[0])
        if version != (stored.version if stored else 0):
            raise ChangedMeanwhile(_both_values(text, stored.text if stored else ""))
        marking.write_remark(
            self.lesson, row.student, kind=kind, text=text, by=self.by, shown_version=version
        )

    def _kind(self, name: str, otherwise: WorkKind | Callable[[], WorkKind]) -> WorkKind:
        """By the letter beside the mark `name`, else the stored one, else what all new marks are for."""
        letter = self._text(f"kind-{name}")
        if not letter:
            return otherwise if isinstance(otherwise, WorkKind) else otherwise()
        if isinstance(otherwise, WorkKind) and otherwise.code.lower() == letter.lower():
            return otherwise
        for kind in self.page.kinds:
            if kind.code.lower() == letter.lower():
                return kind
        letters = ", ".join(kind.code for kind in self.page.kinds)
        raise Refused(
            _("There is no kind of work “%(letter)s”. Enter one of: %(letters)s.")
            % {"letter": letter[:10], "letters": letters}
        )

    def _chosen_kind(self) -> WorkKind:
        chosen = self.page.form.cleaned_data.get("mark_kind")
        for kind in self.page.kinds:
            if kind.pk == chosen:
                return kind
        raise Refused(_("Choose what the marks are for."))

    def _comment(self, name: str, stored: str = "") -> str:
        """What is written beside the mark in the field `name`; `stored` where the form has no such field."""
        comment = self._text(f"comment-{name}") if f"comment-{name}" in self.typed else stored
        if len(comment) > LONGEST_COMMENT:
            raise Refused(_("A comment has at most %(most)d characters.") % {"most": LONGEST_COMMENT})
        return comment

    def _text(self, name: str) -> str:
        """What was typed; NUL, which PostgreSQL cannot keep, is left out."""
        return self.typed.get(name, "").replace("\x00", "").strip()

    def _try(self, name: str, write: Callable[..., None], *args: Any, **more: Any) -> None:
        """`args` begin with the row of the student whom the cell concerns."""
        try:
            write(*args, **more)
        except Refused as refused:
            self.refused[name] = Refusal(
                self._text(name),
                str(refused),
                student=args[0].student.pk if args else None,
                comment=self._text(f"comment-{name}"),
                changed_meanwhile=isinstance(refused, ChangedMeanwhile),
                asked=isinstance(refused, NotAtTheLesson),
            )


def _both_values(mine: str, theirs: str) -> str:
    """What a cell says that two people changed at once."""
    return _("You entered “%(mine)s”, but meanwhile “%(theirs)s” was put here. Save again to put yours.") % {
        "mine": mine or _("nothing"),
        "theirs": theirs or _("nothing"),
    }


def _said(text: str, comment: str) -> str:
    return f"{text} ({comment})" if comment else text


def _is_said(text: str, comment: str, letter: str, token: str) -> bool:
    """A mark and its kind in either case, with the very comment. `letter` empty: no kind was typed."""
    version, _colon, value = token.partition(":")
    shown_text, _colon, shown_comment = value.partition(":")
    shown_letter = version.partition(".")[2]
    is_same_kind = not (letter and shown_letter) or letter.lower() == shown_letter.lower()
    return is_same_kind and (text.lower(), comment) == (shown_text.lower(), shown_comment)


def _value(token: str) -> str:
    """A token of what was shown, without its version."""
    return token.partition(":")[2]
