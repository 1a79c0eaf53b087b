"""A family that does not want to be told where the child stands: who decides it, and who takes it back.

A parent decides who may sign for the child; a student does from the 18th birthday, and not before. What one
parent has asked for stays until that parent takes it back: the others may once that one answers for the
child no more.
"""

import datetime
from typing import Any

from django.db import IntegrityError, transaction

from diary.models import StandingOptOut
from schools.family import Child
from schools.models import Guardianship, Person
from schools.models.periods import in_force

MAJORITY = 18


def may_decide(user: Any, child: Child, *, on: datetime.date) -> bool:
    """One statement at most."""
    if child.student.pk == user.person.pk:
        return is_adult(child.student, on)
    return _signs_for(user.person, child.student, on)


def may_end(user: Any, child: Child, opt_out: StandingOptOut, *, on: datetime.date) -> bool:
    """Three statements at most."""
    if not may_decide(user, child, on=on):
        return False
    if user.person.pk in (opt_out.by_id, child.student.pk):
        return True
    return opt_out.by_id != child.student.pk and not _signs_for(opt_out.by, child.student, on)


def is_adult(student: Person, on: datetime.date) -> bool:
    born = student.birth_date
    return born is not None and (on.year - born.year, on.month, on.day) >= (MAJORITY, born.month, born.day)


def _signs_for(person: Person, student: Person, on: datetime.date) -> bool:
    ties = Guardianship.objects.filter(in_force(on), guardian=person, child=student)
    return bool(ties.filter(may_see=True, may_sign=True).exists())


def current_of(student: int) -> StandingOptOut | None:
    return StandingOptOut.objects.filter(student=student, ended_at=None).select_related("by").first()


def opt_out(student: Person, *, by: Person, at: datetime.datetime) -> None:
    """Of two at once, or twice, the first one counts."""
    try:
        with transaction.atomic():
            StandingOptOut.objects.create(student=student, by=by, at=at)
    except IntegrityError:
        if current_of(student.pk) is None:
            raise


def opt_in(opted_out: StandingOptOut, *, by: Person, at: datetime.datetime) -> None:
    StandingOptOut.objects.filter(pk=opted_out.pk, ended_at=None).update(ended_by=by, ended_at=at)
