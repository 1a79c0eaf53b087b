"""A teacher's day: the lessons to give, and what is still to be filled in."""

import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import ngettext

from diary.access import courses_of_teacher
from diary.models import Correction, Homework
from schedule.changes import Before, changes_of, describe
from schedule.models import Lesson
from schedule.weeks import room_text
from schools.models import Person, SchoolClass
from schools.models.periods import in_force

ANSWERS_ARE_NEWS = datetime.timedelta(days=7)


def lessons_of_day(teacher: Person, day: datetime.date, *, today: datetime.date) -> list[dict[str, Any]]:
    """The teacher's own, and those of the teacher's courses that a substitute gives instead. A constant
    number of statements, however many lessons."""
    given_away = Lesson.objects.filter(
        planned_teacher=teacher, course__in=courses_of_teacher(teacher, today).values("pk")
    )
    lessons = list(
        (Lesson.objects.taught_by(teacher, today) | given_away)
        .filter(date=day)
        .with_names()
        .annotate(
            has_homework=Exists(Homework.objects.filter(lesson=OuterRef("pk"))),
            mark_count=Count("works__marks"),
        )
        .in_order()
    )
    changes = changes_of(Q(lesson__in=[lesson.pk for lesson in lessons]))
    return [_line(lesson, teacher, changes.get(lesson.pk, [])) for lesson in lessons]


def classes_led(user: Any, on: datetime.date) -> list[Any]:
    """The classes the account is class teacher of on a day, with `notes_waiting`: how many absence notes
    wait for an answer. Asked of class teachers only."""
    if not user.roles.leads_class:
        return []
    led = user.person.classes_led.filter(in_force(on)).values("school_class")
    waiting = Count("absence_notes", filter=Q(absence_notes__outcome=None))
    return list(SchoolClass.objects.filter(pk__in=led).annotate(notes_waiting=waiting).in_order())


def corrections_told(teacher: Person, *, now: datetime.datetime) -> str:
    """Of the teacher's own requests, that some wait or were answered in the last days; else empty."""
    since = now - ANSWERS_ARE_NEWS
    counts = Correction.objects.filter(asked_by=teacher).aggregate(
        yes=Count("pk", filter=Q(approved=True, decided_at__gte=since)),
        no=Count("pk", filter=Q(approved=False, decided_at__gte=since)),
        waiting=Count("pk", filter=Q(decided_by=None)),
    )
    words = (
        ("yes", ngettext("%(count)d approved", "%(count)d approved", counts["yes"])),
        ("no", ngettext("%(count)d refused", "%(count)d refused", counts["no"])),
        ("waiting", ngettext("%(count)d waits", "%(count)d wait", counts["waiting"])),
    )
    return ", ".join(text % {"count": counts[name]} for name, text in words if counts[name])


def _line(lesson: Any, teacher: Person, changes: list[Before]) -> dict[str, Any]:
    is_substitute = lesson.teacher_id == teacher.pk != lesson.planned_teacher_id
    return {
        "url": reverse("diary:lesson", args=[lesson.pk]),
        "journal_url": reverse("diary:journal-of-term", args=[lesson.course_id, lesson.term_id]),
        "number": lesson.number,
        "time": f"{lesson.starts:%-H:%M}",
        "ends": f"{lesson.ends:%-H:%M}",
        "subject": lesson.course.subject.name,
        "class_label": lesson.course.audience,
        "room": room_text(lesson.room.name if lesson.room else None),
        "change": describe(changes, state=lesson.state, teacher=lesson.teacher_id, room=lesson.room_id),
        "cancelled": lesson.is_cancelled,
        "role": "substitute" if is_substitute else "",
        "substitute": lesson.teacher.short_name
        if teacher.pk == lesson.planned_teacher_id != lesson.teacher_id
        else "",
        "filled": {
            "roll": lesson.roll_called_at is not None,
            "topic": bool(lesson.topic),
            "homework": lesson.has_homework,
            "marks": lesson.mark_count,
        },
    }


def nearest_days(
    teacher: Person, day: datetime.date, *, today: datetime.date
) -> tuple[datetime.date | None, datetime.date | None]:
    """The teacher's last school day before `day` and the first one after."""
    lessons = Lesson.objects.taught_by(teacher, today)
    before = lessons.filter(date__lt=day).order_by("-date").values_list("date", flat=True)
    after = lessons.filter(date__gt=day).order_by("date").values_list("date", flat=True)
    return before.first(), after.first()
