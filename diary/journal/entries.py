"""Writing one cell of the grid: what it showed, and what it shall contain (docs/journal-entries.md).

The lesson's row is locked first, so that of two writers the second sees what the first one stored. That
the term stays open until the end is held by the triggers of what is written (`schools.closures`).
"""

import datetime
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, Value
from django.utils.translation import gettext as _

from diary import marking, points
from diary.access import classes_led_by
from diary.averages import counted_marks
from diary.journal.access import assigned_to, headed_by, holds, is_there
from diary.journal.cells import (
    StoredAbsence,
    StoredMark,
    StoredPoint,
    StoredWork,
    absence_letter,
    place_of,
    read_cells,
)
from diary.journal.entry import Entry, TypedMark
from diary.journal.facts import facts
from diary.journal.grid import rules_of
from diary.journal.sums import Given, suggestion
from diary.journal.vocabulary import Kind, vocabulary_of
from diary.marking import ChangedMeanwhile, NotAtTheLesson, Refused
from diary.models import LONGEST_COMMENT, Absence, Mark, Point, SavedEntry, Scale, ScaleValue, Work, WorkKind
from diary.notes.covering import Noted, noted_for
from diary.results.suggestions import decimal_text
from schedule.models import Lesson
from schools.deadlocks import again_after_deadlock
from schools.history import because_of
from schools.models import Person

MOST_MARKS = 10  # in one cell


class Forbidden(Refused):
    """The account may see the cell and not write it."""


@dataclass(frozen=True)
class Answer:
    status: int
    body: dict[str, Any]

    @property
    def is_final(self) -> bool:
        """Recorded with the key; the others may come again and be looked at anew."""
        return self.body["state"] in ("saved", "conflict", "refused")


@again_after_deadlock
def save_entry(entry: Entry, *, course: int, user: Any, now: datetime.datetime) -> Answer:
    """`now` is aware, in the region's time zone. At most eight statements for a mark or an absence, those
    that tell who is signed in included."""
    try:
        return _save(entry, course, user, now)
    except IntegrityError:
        # In the same moment the term was closed, the cell was written by a way that does not lock the
        # lesson, or the same entry came twice: by now it shows.
        pass
    try:
        return _save(entry, course, user, now)
    except IntegrityError:
        return Answer(422, {"state": "refused", "message": _("This could not be saved. Load the page anew.")})


@transaction.atomic
def _save(entry: Entry, course: int, user: Any, now: datetime.datetime) -> Answer:
    lesson = _locked_lesson(entry, course, user, now.date())
    if lesson is None or not (lesson.facts["is_there"] if lesson.is_seen_whole else lesson.is_led):
        return _unknown()
    if recorded := lesson.facts["recorded"]:
        return _again(recorded, entry, user.person)
    answer = _Writing(entry, lesson, user.person, now).answer()
    if answer.is_final:
        body = {**answer.body, "of": [entry.lesson, entry.student]}
        SavedEntry.objects.create(key=entry.key, person=user.person, status=answer.status, answer=body)
    return answer


def _again(recorded: dict[str, Any], entry: Entry, person: Person) -> Answer:
    """What was answered to the key: to its person and for its cell alone."""
    of = recorded["answer"].pop("of", None)
    if recorded["person"] != person.pk:
        return _unknown()
    if of and of != [entry.lesson, entry.student]:
        message = _("This could not be saved. Load the page anew.")
        return Answer(422, {"state": "refused", "message": message})
    return Answer(recorded["status"], recorded["answer"])


def _unknown() -> Answer:
    message = _("You cannot open this lesson or this student any more.")
    return Answer(404, {"state": "unknown", "message": message})


def _locked_lesson(entry: Entry, course: int, user: Any, on: datetime.date) -> Any:
    """The lesson as the account may see it, with all that decides what may be written; None for what it
    may not see. One statement."""
    visible: Any = Lesson.objects.visible_to(user)
    if visible.query.is_empty():
        return None
    if user.roles.is_head_teacher or user.roles.leads_class:
        visible = visible.for_page(user)
    else:  # whoever holds no office and leads no class sees what they teach
        visible = visible.annotate(is_mine=Value(True), is_seen_whole=Value(True))
    led = classes_led_by(user, on).values("pk") if user.roles.leads_class else None
    found = (
        visible.filter(pk=entry.lesson, course=course)
        .select_related(
            "course__school_class", "course__subject", "term__closure", "organisation__journal_rules"
        )
        .annotate(
            facts=facts(entry, on),
            is_led=Value(False) if led is None else is_there(entry.student, led),
            sees_sums=holds(Q(course__in=assigned_to(user.person, on)) | headed_by(user, on)),
        )
    )
    return found.select_for_update(of=("self",), no_key=True).first()


class _Writing:
    """One entry at its cell, which is read under the lock. `answer` compares, decides and writes."""

    def __init__(self, entry: Entry, lesson: Any, person: Person, now: datetime.datetime) -> None:
        self.entry, self.lesson, self.person, self.now = entry, lesson, person, now
        self.student = Person(pk=entry.student)
        self.vocabulary = vocabulary_of(lesson.course)
        self.rules = rules_of(lesson.organisation)
        self.column_kind = self.vocabulary.kind(lesson.facts["test"]) or self.vocabulary.kinds[0]
        self.read()

    def read(self) -> None:
        lesson = self.lesson
        self.cells = read_cells(lesson.course_id, lesson.term, student=self.entry.student, works_of=lesson.pk)
        self.cell = self.cells.by_place[lesson.pk, self.entry.student]

    def answer(self) -> Answer:
        try:
            with transaction.atomic():  # a refusal undoes what the entry had begun
                self._check_person()
                if self.entry.shown == self.cell.token:
                    self._write()
                elif not self._is_stored():
                    return self._answer(409, "conflict", self._both_values())
        except Forbidden as forbidden:
            return Answer(403, {"state": "forbidden", "message": str(forbidden)})
        except NotAtTheLesson as question:
            return self._answer(422, "question", str(question))
        except ChangedMeanwhile:
            self.read()
            return self._answer(409, "conflict", self._both_values())
        except Refused as refused:
            return self._answer(422, "refused", str(refused))
        return Answer(200, {"state": "saved", "cell": self.cell.as_json(), **self._sums()})

    def _answer(self, status: int, state: str, message: str) -> Answer:
        return Answer(status, {"state": state, "message": message, "cell": self.cell.as_json()})

    def _sums(self) -> dict[str, str]:
        """As the grid shows them at the right."""
        lesson, student = self.lesson, self.entry.student
        if not (lesson.sees_sums or lesson.is_led):
            return {"average": "", "suggestion": ""}
        came = lesson.facts["came"]
        marks = counted_marks([lesson.course], lesson.term, [student])[lesson.course_id]
        found = suggestion(
            marks.get(student, []),
            [(place[0], cell) for place, cell in self.cells.by_place.items()],
            {each["pk"]: Given.of_json(each) for each in lesson.facts["given"]},
            came=datetime.date.fromisoformat(came) if came else lesson.date,
            vocabulary=self.vocabulary,
            rules=self.rules,
        )
        value = found.value.text if found.value and came else ""
        return {"average": decimal_text(found.average), "suggestion": value}

    # --- What the entry says ---------------------------------------------------------------------

    def _is_stored(self) -> bool:
        """Somebody else, or the same person on another device, put the very same here."""
        wanted = sorted(
            (typed.value.lower(), typed.kind or self.column_kind.pk, typed.comment or "")
            for typed in self.entry.marks
            if typed.value
        )
        stored = sorted((mark.text.lower(), mark.kind, mark.comment) for mark in self.cell.marks)
        return wanted == stored and not self._changes_absence() and not self._changes_point()

    def _changes_absence(self) -> bool:
        stored = self.cell.absence
        minutes = self.entry.minutes if self.entry.code == Absence.Code.LATE else None
        return (self.entry.code, minutes) != ((stored.code, stored.minutes) if stored else ("", None))

    def _changes_point(self) -> bool:
        entry, stored = self.entry, self.cell.point
        if entry.due_on is None or stored is None:
            return entry.due_on is not None or stored is not None
        return entry.due_on != stored.due_on or entry.point_kind not in (None, stored.kind)

    def _changed_marks(self) -> list[tuple[StoredMark | None, TypedMark | None]]:
        """What stood before and what shall stand; a mark without a typed one is emptied."""
        stored = {mark.pk: mark for mark in self.cell.marks}
        changed: list[tuple[StoredMark | None, TypedMark | None]] = []
        for typed in self.entry.marks:
            before = stored.pop(typed.pk, None) if typed.pk is not None else None
            if typed.pk is not None and before is None:
                raise Refused(_("This mark is not in the cell any more. Load the page anew."))
            if not typed.value:
                if before:
                    changed.append((before, None))
                elif typed.comment:
                    raise Refused(_("A comment goes with a mark: enter the mark as well."))
            elif before is None or not _is_same(before, typed):
                changed.append((before, typed))
        return changed + [(mark, None) for mark in stored.values()]

    # --- What may be done ------------------------------------------------------------------------

    def _check_person(self) -> None:
        if not (self.lesson.is_mine or self.lesson.is_led):
            raise Forbidden(_("You can read this journal. Its teacher fills it in."))

    def _check_right(self, *, only_reason: bool) -> None:
        """Raises Forbidden, Refused."""
        lesson = self.lesson
        if lesson.is_cancelled:
            raise Refused(_("This lesson was cancelled."))
        if lesson.date > self.now.date():
            raise Refused(_("Roll call and marks open on the day of the lesson."))
        if only_reason and lesson.is_led:
            if lesson.facts["is_year_closed"]:
                raise Refused(_("The year is closed: its journal can be read, not changed."))
            return
        if not lesson.is_mine:
            raise Forbidden(_("The class teacher gives an absence its reason; the teacher enters the rest."))
        if hasattr(lesson.term, "closure"):
            raise Refused(_("The term is closed: its journal can be read, not changed."))
        invalid = self.entry.code == Absence.Code.INVALID and self._changes_absence()
        if invalid and not lesson.is_led:
            raise Refused(_("That there was no valid reason is for the class teacher to say."))

    def _ask(self, question: str) -> None:
        if not self.entry.sure:
            raise NotAtTheLesson(question)

    # --- Writing ---------------------------------------------------------------------------------

    def _write(self) -> None:
        marks, entry, stored = self._changed_marks(), self.entry, self.cell.absence
        changes_absence, changes_point = self._changes_absence(), self._changes_point()
        if not (marks or changes_absence or changes_point):
            return
        reasons = entry.code in Absence.AWAY and stored is not None and stored.code in Absence.AWAY
        self._check_right(only_reason=reasons and not (marks or changes_point))
        self._ask_if_away(marks, newly=not reasons)
        if changes_absence:
            self._write_absence()
        settled = False
        for before, typed in marks:
            settled |= self._write_mark(before, typed)
        if changes_point and not settled:
            self._write_point()
        self.cell.marks.sort(key=place_of)

    def _ask_if_away(self, marks: list[tuple[StoredMark | None, TypedMark | None]], *, newly: bool) -> None:
        """A mark and an absence of one lesson: perhaps meant, as for work handed in later."""
        if self.entry.code not in Absence.AWAY:
            return
        given = [typed for before, typed in marks if typed and (before is None or typed.value != before.text)]
        if given:
            self._ask(_("Not at the lesson. Is the mark for work handed in later?"))
        emptied = sum(1 for _before, typed in marks if typed is None)
        if newly and len(self.cell.marks) > emptied:
            self._ask(_("There is a mark at this lesson. Was the student away all the same?"))

    def _write_absence(self) -> None:
        entry = self.entry
        if entry.code and entry.code not in Absence.Code.values:
            raise Refused(_("Choose one of the letters."))
        minutes = entry.minutes if entry.code == Absence.Code.LATE else None
        if minutes is not None and not 1 <= minutes <= marking.LONGEST_LATE:
            raise Refused(_("Minutes late: a number from 1 to %(most)d.") % {"most": marking.LONGEST_LATE})
        noted = self._noted()
        with because_of(note=noted.note) if noted else nullcontext():
            self._store_absence(noted.code if noted else entry.code, minutes)

    def _noted(self) -> Noted | None:
        """The accepted note that gives a new absence its reason."""
        stored = self.cell.absence
        if self.entry.code != Absence.Code.UNSTATED or (stored and stored.code in Absence.AWAY):
            return None
        return noted_for(self.lesson, student=self.student).get(self.student.pk)

    def _store_absence(self, code: str, minutes: int | None) -> None:
        stored = self.cell.absence
        if stored is None:
            made = Absence.objects.create(
                lesson=self.lesson, student=self.student, code=code, minutes=minutes
            )
            self.cell.absence = StoredAbsence(made.pk, made.version, code, minutes, False)
            return
        marking.write_absence(
            self.lesson, self.student, code=code, minutes=minutes, shown_version=stored.version
        )
        after = stored._replace(version=stored.version + 1, code=code, minutes=minutes)
        self.cell.absence = after if code else None

    def _write_mark(self, before: StoredMark | None, typed: TypedMark | None) -> bool:
        """Tells whether an owed mark was settled by it."""
        if typed and len(typed.comment or "") > LONGEST_COMMENT:
            raise Refused(_("A comment has at most %(most)d characters.") % {"most": LONGEST_COMMENT})
        if before and typed:
            return self._change_mark(before, typed)
        if before:
            mark = Mark(pk=before.pk, work_id=before.work)
            marking.empty_mark(mark, shown_version=before.version)
            self._replace(before, None)
        return self._give_mark(typed) if typed else False

    def _give_mark(self, typed: TypedMark) -> bool:
        if len(self.cell.marks) >= MOST_MARKS:
            raise Refused(_("At most %(most)d marks fit into a cell.") % {"most": MOST_MARKS})
        value, owed = self._value(typed.value), self.cell.point
        owed_kind = owed.kind if owed and self.entry.due_on is None else None
        kind = self._kind(typed.kind or owed_kind)
        work = self._work(kind, value)
        given = marking.give_mark(
            self.lesson,
            self.student,
            kind=WorkKind(pk=kind.pk),
            value=value,
            comment=typed.comment or "",
            at=self.now,
            rules=self.rules,
            work=work,
        )
        self._replace(None, self._stored(given, work, kind, value))
        return self._settles(work)

    def _settles(self, work: Work) -> bool:
        """Whether a mark for the work, which has just got it, is the one that was owed."""
        if self.cell.point is None or self.cell.point.work != work.pk:
            return False
        self.cell.point = None
        return True

    def _work(self, kind: Kind, value: ScaleValue) -> Work:
        """Of the lesson: the one that the student's next mark of the kind belongs to, an owed one first
        (as `marking.next_work`)."""
        works = [
            Work(pk=work.pk, number=work.number, scale_id=work.scale)
            for work in self.cells.works
            if work.kind == kind.pk
        ]
        owed = self.cell.point
        for work in works:
            if owed and work.pk == owed.work and work.scale_id == value.scale.pk:
                return work
        taken = {mark.work for mark in self.cell.marks}
        found = marking.work_to_mark(self.lesson, WorkKind(pk=kind.pk), value.scale, works, taken=taken)
        if found.pk not in {work.pk for work in works}:
            self.cells.works.append(StoredWork(found.pk, kind.pk, found.number, value.scale.pk))
        return found

    def _change_mark(self, before: StoredMark, typed: TypedMark) -> bool:
        """Tells whether it settled an owed mark: one that moves to the owed kind is for the owed work."""
        comment = before.comment if typed.comment is None else typed.comment
        mark = Mark(pk=before.pk, work_id=before.work, student=self.student, version=before.version + 1)
        mark.comment = comment
        same = typed.value.lower() == before.text.lower()
        value = _value_of(before) if same else self._value(typed.value)
        changed: dict[str, Any] = {"value": value, "comment": comment, "shown_version": before.version}
        if typed.kind in (None, before.kind):
            marking.change_mark(mark, **changed)
            after = self._valued(before, value)._replace(version=before.version + 1, comment=comment)
            self._replace(before, after)
            return False
        kind = self._kind(typed.kind)
        work = self._work(kind, value)
        marking.move_mark(mark, work, **changed)
        self._replace(before, self._stored(mark, work, kind, value))
        return self._settles(work)

    def _write_point(self) -> None:
        entry, stored, today = self.entry, self.cell.point, self.now.date()
        if stored and (entry.due_on is None or entry.point_kind not in (None, stored.kind)):
            points.take_back(Point(pk=stored.pk, work_id=stored.work), shown_version=stored.version)
            self.read()
            stored = None
        if entry.due_on and stored:
            point = Point.objects.select_related("work__lesson__term").get(pk=stored.pk)
            points.put_off(point, due_on=entry.due_on, on=today, shown_version=stored.version)
            self.read()
        elif entry.due_on:
            self._owe(entry.due_on)

    def _owe(self, due_on: datetime.date) -> None:
        if not self.vocabulary.values:
            raise Refused(_("No marks are given in grade 1."))
        kind, on = self._kind(self.entry.point_kind), self.now.date()
        work = self._work(kind, self.vocabulary.values[0].as_row())
        work.lesson = self.lesson
        point = points.owe(work, self.student, due_on=due_on, by=self.person, on=on)
        self.cell.point = StoredPoint(point.pk, point.version, work.pk, kind.pk, due_on=due_on)

    # --- The cell as it becomes ------------------------------------------------------------------

    def _replace(self, before: StoredMark | None, after: StoredMark | None) -> None:
        if before:
            self.cell.marks.remove(before)
        if after:
            self.cell.marks.append(after)

    def _stored(self, mark: Mark, work: Work, kind: Kind, value: ScaleValue) -> StoredMark:
        return StoredMark(
            pk=mark.pk,
            version=mark.version,
            work=work.pk,
            kind=kind.pk,
            number=work.number,
            kind_order=kind.order,
            is_test=kind.is_test,
            value=value.pk,
            scale=value.scale_id,
            text=value.text,
            tone=value.tone,
            comment=mark.comment,
            corrected=False,
        )

    def _valued(self, mark: StoredMark, value: ScaleValue) -> StoredMark:
        if value.pk == mark.value:
            return mark
        return mark._replace(value=value.pk, scale=value.scale_id, text=value.text, tone=value.tone)

    def _value(self, text: str) -> ScaleValue:
        if not self.vocabulary.values:
            raise Refused(_("No marks are given in grade 1."))
        values = {value.text.lower(): value.as_row() for value in self.vocabulary.values}
        return marking.parse_value(text, values)

    def _kind(self, pk: int | None) -> Kind:
        kind = self.vocabulary.kind(pk) if pk else self.column_kind
        if kind is None:
            raise Refused(_("Choose what the marks are for."))
        return kind

    def _both_values(self) -> str:
        """What a cell says that two people changed at once."""
        entry, cell = self.entry, self.cell
        mine = [typed.value for typed in entry.marks if typed.value]
        if entry.code in Absence.Code.values:
            mine.insert(0, absence_letter(entry.code))
        theirs = [mark.text for mark in cell.marks]
        if cell.absence:
            theirs.insert(0, absence_letter(cell.absence.code))
        return _("You entered %(mine)s, but meanwhile %(theirs)s was put here.") % {
            "mine": ", ".join(mine) or _("nothing"),
            "theirs": ", ".join(theirs) or _("nothing"),
        }


def _value_of(mark: StoredMark) -> ScaleValue:
    scale = Scale(pk=mark.scale)
    return ScaleValue(pk=mark.value, scale=scale, text=mark.text, tone=mark.tone)


def _is_same(stored: StoredMark, typed: TypedMark) -> bool:
    return (
        typed.value.lower() == stored.text.lower()
        and typed.kind in (None, stored.kind)
        and typed.comment in (None, stored.comment)
    )
