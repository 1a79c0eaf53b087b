"""A family that does not want to be told where the child stands: who decides it, and who takes it back.

A parent decides who may sign for the child; a student does from the 18th birthday, and not before. What one
parent has asked for stays until that parent takes it back: the others may once that one answers for the
child no more.
"""

import datetime
from typing import Any

from django.db import IntegrityError, transaction

from diary.models import StandingOptOut
from schools.family import Child, signs
from schools.models import Person

MAJORITY = 18


def may_decide(user: Any, child: Child, *, on: datetime.date) -> bool:
    """One statement at most."""
    if child.student.pk == user.person.pk:
        return is_adult(child.student, on)
    return signs(user.person, child.student.pk, on=on)


def may_opt_in(user: Any, child: Child, opted_out: StandingOptOut | None, *, on: datetime.date) -> bool:
    """To end what was asked for, if anything was. Three statements at most."""
    if not may_decide(user, child, on=on):
        return False
    if opted_out is None or user.person.pk in (opted_out.by_id, child.student.pk):
        return True
    return opted_out.by_id != child.student.pk and not signs(opted_out.by, child.student.pk, on=on)


def is_adult(student: Person, on: datetime.date) -> bool:
    born = student.birth_date
    return born is not None and (on.year - born.year, on.month, on.day) >= (MAJORITY, born.month, born.day)


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
