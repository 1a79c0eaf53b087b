"""Filing an absence note and taking it back: the family's side."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from diary.excuses.absences import is_year_closed
from diary.models import AbsenceNote, NoteOutcome
from diary.notes.lines import note_title
from diary.notes.outcomes import settle
from schools.family import Child
from schools.models import Person, SchoolClass

# A note longer than a quarter is no note but another way of learning, which the school decides upon.
LONGEST_NOTE_DAYS = datetime.timedelta(days=92)


class NotTaken(Exception):
    """A note was not filed; the message says why."""


@dataclass(frozen=True)
class Concern:
    """What a note is about: days since…until, both included; with `lesson_numbers` only those lessons of
    the one day."""

    since: datetime.date
    until: datetime.date
    lesson_numbers: tuple[int, ...] = ()

    def meets(self, note: AbsenceNote) -> bool:
        is_apart = note.until < self.since or self.until < note.since
        of_lessons = self.lesson_numbers and note.lesson_numbers
        return not is_apart and not (of_lessons and not set(self.lesson_numbers) & set(note.lesson_numbers))

    def is_of(self, note: AbsenceNote) -> bool:
        return (self.since, self.until, [*self.lesson_numbers]) == (
            note.since,
            note.until,
            note.lesson_numbers,
        )


def class_on(child: Child, day: datetime.date) -> SchoolClass:
    """Whose teacher answers for the day: the child's class then, or the present one."""
    for place in child.classes:
        if place.class_id and place.meets(day, day):
            return SchoolClass.objects.select_related("year").get(pk=place.class_id)
    return child.school_class


@transaction.atomic
def file_note(
    child: Child,
    concern: Concern,
    *,
    reason: str,
    text: str,
    by: Person,
    at: datetime.datetime,
    file: dict[str, Any] | None = None,
) -> AbsenceNote:
    """The note; the one that is there already where the same person sends the same again. `at` is aware,
    `file` {file, name, content_type}. The caller has asked `signs_for`. Raises NotTaken."""
    school_class = class_on(child, concern.since)
    _refuse_other_years(school_class, concern)
    Person.objects.select_for_update(no_key=True).get(pk=child.student.pk)  # of two parents at once
    standing = AbsenceNote.objects.standing().within(concern.since, concern.until)
    for note in standing.filter(student=child.student).select_related("outcome").order_by("pk"):
        if note.is_waiting and concern.is_of(note) and (note.by_id, note.reason) == (by.pk, reason):
            return note
        if concern.meets(note):
            raise NotTaken(_("A note tells of this already: %(note)s.") % {"note": note_title(note)})
    return AbsenceNote.objects.create(
        student=child.student,
        school_class=school_class,
        since=concern.since,
        until=concern.until,
        lesson_numbers=_in_order(concern.lesson_numbers),
        reason=reason,
        text=text,
        by=by,
        at=at,
        **(file or {}),
    )


def _refuse_other_years(school_class: SchoolClass, concern: Concern) -> None:
    year = school_class.year
    if concern.since < year.since or year.until < concern.until:
        raise NotTaken(
            _("A note is for days of one school year, %(since)s to %(until)s.")
            % {"since": f"{year.since:%d.%m.%Y}", "until": f"{year.until:%d.%m.%Y}"}
        )
    if is_year_closed(school_class):
        raise NotTaken(_("The year is closed: reasons of absences do not change any more."))


def _in_order(numbers: Sequence[int]) -> list[int]:
    return sorted(set(numbers))


@transaction.atomic
def withdraw(note: AbsenceNote, *, by: Person, at: datetime.datetime) -> None:
    """Whoever filed it takes it back before it is answered. Raises AnsweredAlready."""
    settle(note.pk, NoteOutcome.Kind.WITHDRAWN, by=by, at=at)
