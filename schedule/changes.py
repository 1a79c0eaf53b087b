"""What is told of a lesson that is not given as planned."""

import datetime
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from schedule.models import Lesson, LessonChange
from schedule.weeks import day_label, room_text
from schools.models import short_name


@dataclass(frozen=True)
class Before:
    """One change of a lesson: what was before it. `date` and `subject` are the lesson's now."""

    lesson: int
    kind: str
    was_date: datetime.date
    was_number: int
    was_starts: datetime.time
    was_teacher: int
    was_room: int | None
    teacher_name: str
    room_name: str
    date: datetime.date
    subject: str
    group: str


@dataclass(frozen=True)
class Change:
    """`kind` is a LessonChange.Kind; `was_teacher` and `was_room` are empty where they still hold."""

    kind: str
    text: str
    was_teacher: str = ""
    was_room: str = ""


def changes_of(condition: Q) -> dict[int, list[Before]]:
    """The changes that match, by lesson, in the order in which they happened. One statement."""
    changes: dict[int, list[Before]] = defaultdict(list)
    rows: Any = (
        LessonChange.objects.filter(condition)
        .order_by("pk")
        .values_list(
            "lesson",
            "kind",
            "was_date",
            "was_number",
            "was_starts",
            "was_teacher",
            "was_room",
            "was_teacher__surname",
            "was_teacher__first_name",
            "was_teacher__patronymic",
            "was_room__name",
            "lesson__date",
            "lesson__course__subject__name",
            "lesson__course__group__name",
        )
    )
    for *start, surname, first_name, patronymic, room, date, subject, group in rows:
        teacher = short_name(surname, first_name, patronymic)
        before = Before(*start, teacher, room_text(room), date, subject, group or "")  # type: ignore[call-arg]
        changes[before.lesson].append(before)
    return changes


def describe(changes: Sequence[Before], *, state: str, teacher: int, room: int | None) -> Change | None:
    """The label of a lesson now: a cancellation above all, else the last change speaks.

    `teacher` and `room` are the lesson's now.
    """
    if state == Lesson.State.CANCELLED:
        return Change(LessonChange.Kind.CANCELLED, _("No lesson"))
    if not changes:
        return None
    first, last = changes[0], changes[-1]
    return Change(
        kind=last.kind,
        text=_moved_from(last) if last.kind == LessonChange.Kind.MOVED else _("Substitution"),
        was_teacher=first.teacher_name if first.was_teacher != teacher else "",
        was_room=first.room_name if first.was_room != room else "",
    )


def places_left(
    changes: Mapping[int, list[Before]], since: datetime.date, until: datetime.date
) -> Iterator[Before]:
    """The places within since…until, both included, that lessons have left for another one."""
    for change in chain.from_iterable(changes.values()):
        if change.kind == LessonChange.Kind.MOVED and since <= change.was_date <= until:
            yield change


def moved_to(change: Before) -> Change:
    """What stands at the place that a lesson has left."""
    return Change(LessonChange.Kind.MOVED, _("Moved to %(day)s") % {"day": day_label(change.date)})


def _moved_from(change: Before) -> str:
    place = {"day": day_label(change.was_date), "number": change.was_number}
    return _("Moved from %(day)s, lesson %(number)d") % place
