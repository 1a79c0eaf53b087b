"""The weekly timetable becomes dated lessons, again after every change of it.

What people did is never undone: a lesson with entries, a change by hand or a date in the past
stays as it is. The diary is not asked: whatever points at a lesson holds it.
"""

import datetime
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from schedule.models import Lesson, LessonChange
from schedule.order import chain_by_chain
from schedule.pattern import Slot, lessons_meant
from schools.deadlocks import again_after_deadlock
from schools.history import acting
from schools.models import Organisation, Person

# What the timetable decides about a lesson, besides its slot.
PLANNED_FIELDS = ("term_id", "entry_id", "starts", "ends", "room_id", "planned_teacher_id")
ROWS_A_STATEMENT = 5_000


@dataclass(frozen=True)
class Published:
    """How many lessons of the days in question were made, changed, removed or left as they were."""

    created: int
    updated: int
    removed: int
    kept: int


@again_after_deadlock
@transaction.atomic
def publish(
    organisation: Organisation,
    since: datetime.date,
    until: datetime.date,
    *,
    by: Person | None = None,
    today: datetime.date | None = None,
) -> Published:
    """Make the dated lessons of `since`…`until` (both included) what the timetable says.

    Done twice it changes nothing the second time. Lessons before `today` and of closed terms are
    neither changed nor removed, nor are those that anything happened to (`_locked_untouched`).
    Raises CannotPublish.
    """
    today = today or timezone.localdate()
    with acting(means="publishing", person=by) if by else nullcontext():
        # Two publishings of one school wait for each other; readers and teachers do not.
        Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
        meant = lessons_meant(organisation, since, until)
        standing = _standing(organisation, since, until)
        free = _locked_untouched(_to_touch(standing, meant, today))
        touched = {slot: row for slot, row in standing.items() if row["pk"] in free}
        new = _new(organisation, standing, meant, today)
        for slots in chain_by_chain(
            (row["course_id"], row["term_id"], slot) for slot, row in touched.items()
        ):
            _remove([touched[slot]["pk"] for slot in slots if slot not in meant])
            _update([meant[slot] for slot in slots if slot in meant])
        Lesson.objects.bulk_create(new, batch_size=ROWS_A_STATEMENT)
    updated = sum(slot in meant for slot in touched)
    return Published(
        created=len(new),
        updated=updated,
        removed=len(touched) - updated,
        kept=len(standing) - len(touched),
    )


def _standing(
    organisation: Organisation, since: datetime.date, until: datetime.date
) -> dict[Slot, dict[str, Any]]:
    lessons = Lesson.objects.filter(organisation=organisation, date__range=(since, until))
    rows = lessons.values("pk", "course_id", "date", "shift", "number", *PLANNED_FIELDS)
    return {Slot(row["course_id"], row["date"], row["shift"], row["number"]): row for row in rows}


def _to_touch(
    standing: dict[Slot, dict[str, Any]], meant: dict[Slot, Lesson], today: datetime.date
) -> list[int]:
    """Lessons of today and later that are not, or not so, in the timetable any more."""
    return [
        row["pk"]
        for slot, row in standing.items()
        if slot.date >= today and not _is_as_meant(row, meant.get(slot))
    ]


def _is_as_meant(row: dict[str, Any], lesson: Lesson | None) -> bool:
    return lesson is not None and all(row[name] == getattr(lesson, name) for name in PLANNED_FIELDS)


def _locked_untouched(lessons: list[int]) -> set[int]:
    """Those of `lessons` to which nothing happened: planned, no roll, no topic, no substitute, an
    open term, and no row of any table that points at them.

    First locked, then looked at: an entry made meanwhile is seen, one made later has to wait. Locked for
    everything, in the order of `schedule.order`.
    """
    untouched = Lesson.objects.filter(
        pk__in=lessons,
        state=Lesson.State.PLANNED,
        roll_called_by__isnull=True,
        topic="",
        teacher=F("planned_teacher"),
        term__closure__isnull=True,
    )
    locked = untouched.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True)
    free = Lesson.objects.filter(pk__in=list(locked))
    for rows in _what_holds_lessons():
        free = free.exclude(Exists(rows))
    return set(free.values_list("pk", flat=True))


def _what_holds_lessons() -> list[models.QuerySet[Any]]:
    """For every foreign key to lessons, the rows that point at the outer query's lesson.

    History is left out (DO_NOTHING): it outlives what it tells of.
    """
    relations = Lesson._meta.get_fields(include_hidden=True)
    return [
        relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("pk")})
        for relation in relations
        if isinstance(relation, models.ManyToOneRel) and relation.on_delete is not models.DO_NOTHING
    ]


def _new(
    organisation: Organisation,
    standing: dict[Slot, dict[str, Any]],
    meant: dict[Slot, Lesson],
    today: datetime.date,
) -> list[Lesson]:
    """Lessons to make: not where one stands, nor where one was moved away from by hand; and in
    the past only for weeks that were not taught by another timetable already."""
    moved_away = _moved_away(organisation, meant)
    taught_otherwise = {
        (row["entry_id"], slot.date.isocalendar()[:2])
        for slot, row in standing.items()
        if slot not in meant and slot.date < today
    }
    return [
        lesson
        for slot, lesson in meant.items()
        if slot not in standing
        and slot not in moved_away
        and (slot.date >= today or (lesson.entry_id, slot.date.isocalendar()[:2]) not in taught_otherwise)
    ]


def _moved_away(organisation: Organisation, meant: dict[Slot, Lesson]) -> set[Slot]:
    if not meant:
        return set()
    dates = [slot.date for slot in meant]
    changes = LessonChange.objects.filter(
        lesson__organisation=organisation,
        kind=LessonChange.Kind.MOVED,
        was_date__range=(min(dates), max(dates)),
    )
    return {
        Slot(*row) for row in changes.values_list("lesson__course", "was_date", "was_shift", "was_number")
    }


def _remove(lessons: list[int]) -> None:
    """One statement a chain; `delete()` would ask every table again and go by hundreds. Should a row point
    at one of them after all, the database refuses at the end of the transaction."""
    Lesson.objects.filter(pk__in=lessons)._raw_delete(using=Lesson.objects.db)


def _update(lessons: list[Lesson]) -> None:
    """The rows exist and are locked: the conflict is the rule here, and one statement enough."""
    Lesson.objects.bulk_create(
        lessons,
        batch_size=ROWS_A_STATEMENT,
        update_conflicts=True,
        unique_fields=list(Slot._fields),
        update_fields=[name.removesuffix("_id") for name in (*PLANNED_FIELDS, "teacher")],
    )
