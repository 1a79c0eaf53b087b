"""The class teacher's answer to an absence note.

An accepted note gives its reason to all that was missed of what it speaks of, in closed terms too, until
the year is closed (product map §3). What is entered later takes the reason by itself: `covering`.
"""

import datetime

from django.db import transaction
from django.utils import timezone

from diary.excuses.absences import give_reason_to_period
from diary.models import AbsenceNote, NoteOutcome
from diary.notes.outcomes import settle
from schedule.models import Lesson
from schedule.order import hold_lessons
from schools.deadlocks import again_after_deadlock
from schools.history import because_of
from schools.models import Enrolment, Person
from schools.places import classes_of, groups_of


@again_after_deadlock
@transaction.atomic
def accept(pk: int, *, by: Person, at: datetime.datetime) -> int:
    """How many absences took the reason. The caller leads the class, whose year is open; `at` is aware.
    Raises AnsweredAlready."""
    note = settle(pk, NoteOutcome.Kind.ACCEPTED, by=by, at=at)
    _hold_lessons_of(note, today=timezone.localdate(at))
    with because_of(note=note.pk):
        return give_reason_to_period(
            note.school_class,
            note.student_id,
            note.since,
            note.until,
            note.reason,
            only_unstated=False,
            lesson_numbers=note.lesson_numbers,
        )


@transaction.atomic
def refuse(pk: int, *, by: Person, at: datetime.datetime, words: str) -> None:
    """`words` tell the family why. Raises AnsweredAlready."""
    settle(pk, NoteOutcome.Kind.REFUSED, by=by, at=at, words=words)


def _hold_lessons_of(note: AbsenceNote, *, today: datetime.date) -> None:
    """Whose roll could be called in this moment: a teacher either has entered the absence, which then takes
    the reason here, or waits, and finds the note accepted."""
    enrolments = Enrolment.objects.filter(student=note.student_id)
    places = [*classes_of(enrolments), *groups_of(note.student_id)]
    lessons = Lesson.objects.of_student(places, note.since, min(note.until, today))
    hold_lessons(lessons.values("pk"))
