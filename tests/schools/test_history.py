"""The database's triggers keep what changed, from which value to which."""

import datetime
from typing import Any

import pytest

from diary.models import HomeworkAddressee
from schedule.models import Lesson
from schools.models import (
    Appointment,
    ClassTeacher,
    Employment,
    Enrolment,
    GroupMembership,
    Guardianship,
    TeachingAssignment,
)
from tests import factories as make
from tests.conftest import NOW

TIES = [
    Appointment,
    ClassTeacher,
    Employment,
    Enrolment,
    GroupMembership,
    Guardianship,
    TeachingAssignment,
]


def events(model: Any) -> Any:
    return model.pgh_event_model.objects.order_by("pgh_id")


@pytest.mark.parametrize("model", TIES)
def test_ties_that_decide_rights_keep_their_history(cast: Any, model: Any) -> None:
    make.MembershipFactory(student=cast.student, group__organisation=cast.school)
    tie = model.objects.earliest("pk")
    model.objects.filter(pk=tie.pk).update(until=datetime.date(2026, 12, 31))
    model.objects.filter(pk=tie.pk).delete()
    kept = events(model).filter(pgh_obj_id=tie.pk)
    assert [event.pgh_label for event in kept] == ["insert", "update", "delete"]
    assert [event.until for event in kept[:2]] == [None, datetime.date(2026, 12, 31)]


def test_the_first_change_of_a_lesson_tells_what_was_before(cast: Any) -> None:
    lesson = cast.lesson
    Lesson.objects.filter(pk=lesson.pk).update(
        topic="Первая", roll_called_at=NOW, roll_called_by=cast.teacher
    )
    Lesson.objects.filter(pk=lesson.pk).update(topic="Вторая", starts=datetime.time(8))
    first, second = events(Lesson).filter(pgh_obj_id=lesson.pk)
    assert (first.topic, first.roll_called_at) == ("", None)
    assert (second.topic, second.roll_called_at, second.starts) == ("Первая", NOW, lesson.starts)


def test_whom_a_homework_names_keeps_its_history(cast: Any) -> None:
    homework = make.HomeworkFactory(lesson=cast.lesson)
    homework.students.set([cast.student])
    homework.students.set([])
    kept = events(HomeworkAddressee).filter(homework_id=homework.pk)
    assert [(event.pgh_label, event.person_id) for event in kept] == [
        ("insert", cast.student.pk),
        ("delete", cast.student.pk),
    ]
