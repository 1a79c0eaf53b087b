"""The history of a cell, of a result and of a homework, in words.

Whoever calls holds the right to read it. `published_at` is a family's moment: they see nothing of a mark
before it was published, and of what it was until then only what was published. The reason of a correction
is the school's (diary/corrections/labels.py): a family reads its cause. `information` is what a guardian
is granted.
"""

import datetime
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from diary.corrections.words import cause_words
from diary.history import events as e
from diary.letters import ABSENCE_WORDS, absence_words
from diary.models import Absence, AbsenceNote, Correction, Remark, Result, ScaleValue, WorkKind
from schedule.models import Lesson
from schedule.weeks import day_label
from schools.models import Information, Person
from schools.models.ties import everything


@dataclass(frozen=True)
class Line:
    """One change. `was` and `became` are empty where nothing was there. `who` is empty where the event
    names nobody; `at` is local time. `days_late` counts from the lesson's day, 0 where that says nothing."""

    at: datetime.datetime
    what: str
    was: str
    became: str
    who: str
    means: str
    reason: str
    days_late: int


@dataclass(frozen=True)
class _Change:
    """An event, what its row said before it and what it says after."""

    event: Any
    what: str
    was: str
    became: str
    at: datetime.datetime


def cell_history(
    lesson: Lesson,
    student: Person,
    *,
    published_at: datetime.datetime | None = None,
    information: Collection[str] = tuple(everything()),
) -> list[Line]:
    """Of one student at one lesson: marks, points, absence, praise and remarks, the newest first. Points
    and remarks are granted with the marks. A constant number of statements."""
    changes: list[_Change] = []
    if Information.MARKS in information:
        changes += _of_marks(lesson, student, published_at)
    if Information.ATTENDANCE in information:
        absences = e.AbsenceEvent.objects.filter(lesson=lesson.pk, student=student.pk)
        changes += _changes(_in_order(absences), lambda event: _("attendance"), _absence)
    return _lines(changes, day=lesson.date, with_reasons=published_at is None)


def _of_marks(lesson: Lesson, student: Person, published_at: datetime.datetime | None) -> Iterator[_Change]:
    works = _works(lesson)
    texts = _Texts(works)
    of_works = {"student": student.pk, "work__in": list(works)}
    remarks = e.RemarkEvent.objects.filter(lesson=lesson.pk, student=student.pk)
    marks = e.MarkEvent.objects.filter(**of_works)
    yield from _changes(_published(marks, published_at), texts.mark_kind, texts.mark)
    yield from _changes(_in_order(e.PointEvent.objects.filter(**of_works)), texts.point_kind, _point)
    yield from _changes(_in_order(remarks), lambda event: str(Remark.Kind(event.kind).label), _remark)


def result_history(
    course: int, student: Person, *, published_at: datetime.datetime | None = None
) -> list[Line]:
    """Of a student's results in a course, the newest first. Results are published at once."""
    found = e.ResultEvent.objects.filter(course=course, student=student.pk).select_related("term")
    texts = _Texts({})
    changes = _changes(_in_order(found), _result_kind, texts.result)
    return _lines(list(changes), day=None, with_reasons=published_at is None)


def homework_history(lesson: Lesson) -> list[Line]:
    """Of what was set at a lesson, the newest first."""
    found = e.HomeworkEvent.objects.filter(lesson=lesson.pk)
    changes = _changes(_in_order(found), lambda event: _("homework"), _homework)
    return _lines(list(changes), day=lesson.date)


def _works(lesson: Lesson) -> dict[int, int]:
    """Kinds of the lesson's works by work, those that are gone too."""
    found = e.WorkEvent.objects.filter(lesson=lesson.pk).order_by("pgh_id")
    return dict(found.values_list("pgh_obj_id", "kind_id"))


def _in_order(found: Any) -> list[Any]:
    """The events of a row follow each other."""
    return list(found.order_by("pgh_obj_id", "pgh_id"))


def _published(found: Any, moment: datetime.datetime | None) -> list[Any]:
    """Events of marks; with a moment, those that were in force once their mark was published."""
    rows = _in_order(found)
    if moment is None:
        return rows
    return [
        event
        for _key, of_mark in groupby(rows, key=lambda event: event.pgh_obj_id)
        for event in _seen_by_family(list(of_mark), moment)
    ]


def _seen_by_family(of_mark: list[Any], moment: datetime.datetime) -> list[Any]:
    """A mark that was taken back before it was published was never there; one that they saw, was emptied."""
    ends = [event.pgh_created_at for event in of_mark[1:]] + [moment]
    seen: list[Any] = []
    for event, until in zip(of_mark, ends, strict=True):
        if event.published_at <= until and (seen or event.pgh_label != "delete"):
            seen.append(event)
    return seen


def _changes(
    found: Iterable[Any], what: Callable[[Any], str], text: Callable[[Any], str]
) -> Iterator[_Change]:
    """What differs from one event of a row to the next, in the words of `text`."""
    for _key, of_row in groupby(found, key=lambda event: event.pgh_obj_id):
        was = ""
        for event in of_row:
            became = "" if event.pgh_label == "delete" else text(event)
            if became != was:
                yield _Change(event, what(event), was, became, event.pgh_created_at)
            was = became


def _lines(changes: list[_Change], *, day: datetime.date | None, with_reasons: bool = True) -> list[Line]:
    people = {person for change in changes if (person := e.person_of(change.event))}
    named = {person.pk: person.short_name for person in Person.objects.filter(pk__in=people)}
    cause = _causes([change.event for change in changes], with_reasons=with_reasons)

    def line(change: _Change) -> Line:
        event = change.event
        late = 0 if day is None or e.is_by_a_program(event) else e.days_late(day, change.at)
        return Line(
            at=timezone.localtime(change.at),
            what=change.what,
            was=change.was,
            became=change.became,
            who=named.get(e.person_of(event) or 0, ""),
            means=e.means_of(event),
            reason=cause(event),
            days_late=late,
        )

    newest = sorted(changes, key=lambda change: (change.at, change.event.pgh_id), reverse=True)
    return [line(change) for change in newest]


def _causes(events: list[Any], *, with_reasons: bool) -> Callable[[Any], str]:
    """In words: the correction or the note in whose name an event was written. A statement each, if any."""
    contexts = [event.pgh_context or {} for event in events]
    corrections = Correction.objects.in_bulk(
        {each["correction"] for each in contexts if "correction" in each}
    )
    notes = AbsenceNote.objects.in_bulk({each["note"] for each in contexts if "note" in each})

    def cause(event: Any) -> str:
        context = event.pgh_context or {}
        if correction := corrections.get(context.get("correction", 0)):
            return _correction_text(correction, with_reason=with_reasons)
        note = notes.get(context.get("note", 0))
        return _note_text(note) if note else ""

    return cause


class _Texts:
    """Words for keys that events hold: values of scales, kinds of works. A statement each."""

    def __init__(self, works: dict[int, int]) -> None:
        self.works = works
        kinds = WorkKind.objects.filter(pk__in=set(works.values()))
        self.kinds = {kind.pk: kind.local_name for kind in kinds}
        self.values = dict(ScaleValue.objects.values_list("pk", "text"))

    def mark_kind(self, event: Any) -> str:
        return _("mark, %(kind)s") % {"kind": self._kind(event).lower()}

    def point_kind(self, event: Any) -> str:
        return _("owed mark, %(kind)s") % {"kind": self._kind(event).lower()}

    def _kind(self, event: Any) -> str:
        return self.kinds.get(self.works.get(event.work_id, 0), "")

    def mark(self, event: Any) -> str:
        value = self.values.get(event.value_id, "")
        return f"{value}, «{event.comment}»" if event.comment else value

    def result(self, event: Any) -> str:
        value = self.values.get(event.value_id, "")
        return f"{value}, «{event.reason}»" if event.reason else value


def _absence(event: Any) -> str:
    return absence_words(event.code, event.minutes)


def _remark(event: Any) -> str:
    return f"«{event.text}»"


def _point(event: Any) -> str:
    return _("owed until %(day)s") % {"day": day_label(event.due_on)}


def _homework(event: Any) -> str:
    due = _("for %(day)s") % {"day": day_label(event.due_on)}
    return f"«{event.text}», {due}"


def _result_kind(event: Any) -> str:
    kind = str(Result.Kind(event.kind).label)
    return f"{kind}, {event.term}" if event.term_id else kind


def _correction_text(correction: Correction, *, with_reason: bool) -> str:
    """A correction's own words are the school's (they may name another child): families read its cause."""
    if not with_reason:
        return _("correction: %(cause)s") % {"cause": cause_words(correction.cause)}
    cause = str(Correction.Cause(correction.cause).label)
    return _("correction (%(cause)s): %(reason)s") % {"cause": cause, "reason": correction.reason}


def _note_text(note: AbsenceNote) -> str:
    """Not in the parent's own words, which are for the class teacher."""
    reason = ABSENCE_WORDS[Absence.Code(note.reason)]
    filed = day_label(timezone.localdate(note.at))
    return _("the family’s note of %(day)s: %(reason)s") % {"day": filed, "reason": reason}
