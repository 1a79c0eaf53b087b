"""What the visitors' teachers wait for: points of who missed a work, phrases, and reasons of absences."""

import datetime
from random import Random
from typing import Any

from django.db.models import Exists, OuterRef

from diary.excuses.absences import give_reason_to_period
from diary.models import Absence, Mark, Phrase, Point, Work
from schedule.models import Lesson
from schools.history import acting
from schools.models import ClassTeacher, Organisation, Person

MISSED_WITHIN = datetime.timedelta(days=45)
FEWEST_OF_A_CLASS = 5  # marks for a work that the whole class wrote
TITLES = {"К": "Контрольная работа", "Н": "Диктант", "З": "Зачёт", "Ч": "Сочинение", "П": "Проект"}
PHRASES = (
    ("comment", "аккуратно, без единой ошибки"),
    ("comment", "решение верное, но без объяснения"),
    ("comment", "нужно повторить правило"),
    ("praise", "помогает соседу по парте"),
    ("remark", "не готов к уроку"),
)


def name_tests(organisation: Organisation, today: datetime.date) -> None:
    """What is still to be written has a title that families read."""
    planned = Work.objects.filter(course__organisation=organisation, date__gte=today, title="", marks=None)
    for code, title in TITLES.items():
        planned.filter(kind__code=code, kind__is_test=True).update(title=title)


def owe(teacher: Person, today: datetime.date, rng: Random) -> None:
    """Who was away when the class wrote owes the work: some in time, some overdue, some handed in."""
    works = Work.objects.filter(
        lesson__teacher=teacher, lesson__term__closure=None, date__range=(today - MISSED_WITHIN, today)
    )
    points = []
    for work in works.select_related("lesson").order_by("date", "pk"):
        marked = list(work.marks.order_by("student").values_list("student", flat=True))
        if len(marked) < FEWEST_OF_A_CLASS:
            continue
        due_on = _next_lesson(work, today)
        owed = [*_away(work), *rng.sample(marked, 1)]
        points += [Point(work=work, student_id=pk, due_on=due_on, by=teacher) for pk in owed]
    Point.objects.bulk_create(points)


def _away(work: Work) -> Any:
    has_mark = Exists(Mark.objects.filter(work=work, student=OuterRef("student")))
    away = Absence.objects.filter(~has_mark, lesson=work.lesson, code__in=Absence.AWAY)
    return away.order_by("student").values_list("student", flat=True)


def _next_lesson(work: Work, today: datetime.date) -> datetime.date:
    """Two lessons on: what was missed last week is owed still, what was missed before is overdue."""
    later = Lesson.objects.filter(course=work.course_id, date__gt=work.date).order_by("date")
    days = list(later.values_list("date", flat=True)[1:2])
    return days[0] if days else today


def keep_phrases(teacher: Person) -> None:
    Phrase.objects.bulk_create(Phrase(person=teacher, kind=kind, text=text) for kind, text in PHRASES)


def give_reasons(class_teacher: Person, today: datetime.date) -> None:
    """The class teacher has cleared up what is older than some days."""
    ties = ClassTeacher.objects.on(today).filter(person=class_teacher).select_related("school_class")
    until = today - datetime.timedelta(days=4)
    with acting(means="web", person=class_teacher):
        for tie in ties:
            unstated = Absence.objects.filter(
                lesson__course__school_class=tie.school_class, code=Absence.Code.UNSTATED
            )
            for student in sorted(set(unstated.values_list("student", flat=True))):
                since = until - datetime.timedelta(days=60)
                give_reason_to_period(tie.school_class, student, since, until, "valid", only_unstated=True)
