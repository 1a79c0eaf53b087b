"""Planned works: tests and others that a lesson is meant for, until a mark is given for them."""

from django.db import transaction
from django.db.models import F, Max
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from diary import marking
from diary.marking import ChangedMeanwhile, Refused
from diary.models import Mark, Point, Work, WorkKind
from schedule.models import Lesson


@transaction.atomic
def plan(lesson: Lesson, *, kind: WorkKind, title: str) -> Work:
    """A titled work of the kind at the lesson, after those there are; the same form sent twice plans it
    once. Raises Refused in grade 1."""
    values = marking.values_for(lesson)
    if not values:
        raise Refused(_("No marks are given in grade 1."))
    Lesson.objects.select_for_update(no_key=True).get(pk=lesson.pk)
    title = title or capfirst(kind.local_name)
    if twin := Work.objects.filter(lesson=lesson, kind=kind, title=title, marks=None).first():
        return twin
    return Work.objects.create(
        course=lesson.course,
        lesson=lesson,
        date=lesson.date,
        kind=kind,
        scale=values[0].scale,
        number=_next_number(lesson, kind),
        title=title,
    )


@transaction.atomic
def change(work: Work, *, lesson: Lesson, kind: WorkKind, title: str, shown_version: int) -> None:
    """Raises Refused once the work has marks or is owed, ChangedMeanwhile."""
    _refuse_used(work)
    moves = (lesson.pk, kind.pk) != (work.lesson_id, work.kind_id)
    changed = Work.objects.filter(pk=work.pk, version=shown_version).update(
        lesson=lesson,
        date=lesson.date,
        kind=kind,
        number=_next_number(lesson, kind) if moves else work.number,
        title=title or capfirst(kind.local_name),
        version=F("version") + 1,
    )
    if not changed:
        raise ChangedMeanwhile(_("Somebody else changed this work meanwhile."))


@transaction.atomic
def remove(work: Work, *, shown_version: int) -> None:
    """The row goes, its history stays. Raises Refused, ChangedMeanwhile."""
    _refuse_used(work)
    deleted, _rows = Work.objects.filter(pk=work.pk, version=shown_version).delete()
    if not deleted:
        raise ChangedMeanwhile(_("Somebody else changed this work meanwhile."))


def _refuse_used(work: Work) -> None:
    """Locked: no mark comes in between."""
    Work.objects.select_for_update().filter(pk=work.pk).first()
    if Mark.objects.filter(work=work).exists() or Point.objects.filter(work=work).exists():
        raise Refused(_("There are marks for this work, or it is owed: it stays as it is."))


def _next_number(lesson: Lesson, kind: WorkKind) -> int:
    last = Work.objects.filter(lesson=lesson, kind=kind).aggregate(last=Max("number"))["last"]
    return 1 + (last or 0)
