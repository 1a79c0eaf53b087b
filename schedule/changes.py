"""What is told of a lesson that is not given as planned."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from schedule.models import Lesson, LessonChange
from schedule.weeks import day_label, room_text


@dataclass(frozen=True)
class Change:
    """`kind` is a LessonChange.Kind; `was_teacher` and `was_room` are empty where they still hold."""

    kind: str
    text: str
    was_teacher: str = ""
    was_room: str = ""


def describe(changes: Sequence[LessonChange], *, state: str, teacher: int, room: int | None) -> Change | None:
    """The label of a lesson now: a cancellation above all, else the last change speaks.

    `changes` come in the order in which they happened, `teacher` and `room` are the lesson's now.
    """
    if state == Lesson.State.CANCELLED:
        return Change(LessonChange.Kind.CANCELLED, _("No lesson"))
    if not changes:
        return None
    first, last = changes[0], changes[-1]
    return Change(
        kind=last.kind,
        text=_moved_from(last) if last.kind == LessonChange.Kind.MOVED else _("Substitution"),
        was_teacher=first.was_teacher.short_name if first.was_teacher_id != teacher else "",
        was_room=room_text(first.was_room.name) if first.was_room and first.was_room_id != room else "",
    )


def _moved_from(change: LessonChange) -> str:
    place = {"day": day_label(change.was_date), "number": change.was_number}
    return _("Moved from %(day)s, lesson %(number)d") % place
