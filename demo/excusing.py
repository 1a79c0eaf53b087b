"""Notes on absences that the visitors' family and their class teacher have before them."""

import datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone

from diary.models import Absence, AbsenceNote, Mark
from diary.notes import answering
from schedule.models import Lesson
from schools.history import acting
from schools.models import Enrolment, Guardianship, Person, SchoolClass

WITHIN = datetime.timedelta(days=30)
DAY = datetime.timedelta(days=1)
CLASSMATES = 2


def excuse(student: Person, parent: Person, class_teacher: Person, today: datetime.date) -> None:
    """An illness told and accepted, sports refused, a journey that waits, and a lesson nobody told of."""
    school_class = (
        Enrolment.objects.on(today).select_related("school_class").get(student=student).school_class
    )
    whose = {"student": student, "school_class": school_class, "by": parent}
    for since, until in _illness(student, today):
        note = _file(whose, since, until, reason="ill", at=since)
        with acting(means="web", person=class_teacher):
            answering.accept(note.pk, by=class_teacher, at=_morning(since + DAY))
    long_ago = today - WITHIN
    sports = _file(whose, long_ago, long_ago, reason="valid", text="Соревнования по плаванию", at=long_ago)
    words = "Приложите, пожалуйста, вызов на соревнования."
    answering.refuse(sports.pk, by=class_teacher, at=_morning(long_ago), words=words)
    soon = today + 2 * DAY
    _file(whose, soon, soon + DAY, reason="valid", text="Едем к бабушке на юбилей", at=today)
    _miss_a_lesson(student, today)
    _tell_of_classmates(school_class, student, today)


def _file(whose: dict[str, Any], since: datetime.date, until: datetime.date, **more: Any) -> AbsenceNote:
    """`at` is the day on which it was filed."""
    return AbsenceNote.objects.create(
        **whose, since=since, until=until, **more | {"at": _morning(more["at"])}
    )


def _morning(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(7, 40)))


def _illness(student: Person, today: datetime.date) -> list[tuple[datetime.date, datetime.date]]:
    """The first day and the last of what the student was ill lately."""
    ill = Absence.objects.filter(student=student, code=Absence.Code.ILL)
    days = ill.filter(lesson__date__range=(today - WITHIN + DAY, today)).values_list(
        "lesson__date", flat=True
    )
    return [(min(days), max(days))] if days else []


def _miss_a_lesson(student: Person, today: datetime.date) -> None:
    """The last lesson of the last school day, if the student has no mark there."""
    places = {"course__school_class__enrolments__student": student}
    marked = Exists(Mark.objects.filter(work__lesson=OuterRef("pk"), student=student))
    absent = Exists(Absence.objects.filter(lesson=OuterRef("pk"), student=student))
    held = Lesson.objects.filter(~marked, ~absent, **places, state=Lesson.State.HELD, term__closure=None)
    last = held.filter(date__range=(today - 7 * DAY, today - DAY)).order_by("-date", "-starts", "pk").first()
    if last:
        Absence.objects.create(student=student, lesson=last)


def _tell_of_classmates(school_class: SchoolClass, student: Person, today: datetime.date) -> None:
    """Of those whose absences have no reason yet, some parents have written."""
    unstated = Absence.objects.filter(
        lesson__course__school_class=school_class,
        lesson__date__range=(today - 7 * DAY, today),
        code=Absence.Code.UNSTATED,
    ).exclude(student=student)
    days = dict(unstated.order_by("student", "lesson__date").values_list("student", "lesson__date"))
    for pk, day in sorted(days.items())[:CLASSMATES]:
        tie = Guardianship.objects.on(today).filter(child=pk, may_sign=True).order_by("pk").first()
        if tie:
            whose = {"student_id": pk, "school_class": school_class, "by_id": tie.guardian_id}
            _file(whose, day, day, reason="ill", at=day)
