"""Praise and remarks to one student: the teacher writes them, the family reads them."""

import datetime
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError
from django.urls import reverse

from diary.models import Remark
from schools.models import Information
from tests import factories as make
from tests.diary.test_lesson_page import Sheet, row_of


@pytest.fixture
def sheet(cast: Any, as_: Any) -> Sheet:
    return Sheet(as_(cast.teacher), cast.lesson)


def test_praise_and_a_remark_stand_beside_each_other(cast: Any, sheet: Sheet) -> None:
    sheet.send(
        **{f"praise_{cast.student.pk}": "Помогла соседу", f"remark_{cast.student.pk}": "Забыла циркуль"}
    )
    found = Remark.objects.filter(student=cast.student, lesson=cast.lesson, by=cast.teacher)
    assert dict(found.values_list("kind", "text")) == {"praise": "Помогла соседу", "remark": "Забыла циркуль"}


def test_the_history_keeps_a_remark_taken_back(cast: Any, sheet: Sheet) -> None:
    for text in ("Забыла циркуль", "Забыла линейку", ""):
        sheet.send(**{f"remark_{cast.student.pk}": text})
        sheet.open()
    events = apps.get_model("diary", "RemarkEvent").objects.order_by("pgh_id")
    assert [(each.pgh_label, each.text) for each in events] == [
        ("insert", "Забыла циркуль"),
        ("update", "Забыла линейку"),
        ("delete", "Забыла линейку"),
    ]


def test_two_teachers_at_one_remark_the_second_is_told(cast: Any, sheet: Sheet, as_: Any) -> None:
    make.AssignmentFactory(course=cast.algebra, teacher=cast.class_teacher)
    Sheet(as_(cast.class_teacher), cast.lesson).send(**{f"remark_{cast.student.pk}": "Шумела"})
    response = sheet.send(**{f"remark_{cast.student.pk}": "Опоздала"})
    row = row_of(response, cast.student)
    assert "Шумела" in row["conflicts"][0]
    assert [each["value"] for each in row["remarks"]] == ["", "Опоздала"]
    sheet.read(response.context)
    assert sheet.send().status_code == 302
    assert Remark.objects.get().text == "Опоздала"


def test_a_long_one_is_refused_alone(cast: Any, sheet: Sheet) -> None:
    response = sheet.send(**{f"praise_{cast.student.pk}": "я" * 301, "topic": "Кубы"})
    assert response.status_code == 422
    assert len(row_of(response, cast.student)["remarks"][0]["value"]) == 301
    assert not Remark.objects.exists()


def test_the_database_refuses_an_empty_one(cast: Any) -> None:
    with pytest.raises(IntegrityError):
        make.RemarkFactory(lesson=cast.lesson, student=cast.student, text="")


@pytest.mark.parametrize("reader", ["student", "parent"])
@pytest.mark.parametrize("name", ["week-now", "home-of-child"])
def test_the_family_reads_it(cast: Any, as_: Any, reader: str, name: str) -> None:
    make.RemarkFactory(lesson=cast.lesson, student=cast.student, text="Помогла соседу", kind="praise")
    address = reverse(f"diary:{name}", args=[cast.student.pk])
    assert "Помогла соседу" in as_(getattr(cast, reader)).get(address).content.decode()


def test_other_families_and_those_without_marks_granted_do_not(cast: Any, as_: Any) -> None:
    make.RemarkFactory(lesson=cast.lesson, student=cast.student, text="Помогла соседу")
    cast.parent.guardianships.update(information=[Information.TIMETABLE, Information.ATTENDANCE])
    for reader, child in ((cast.parent, cast.student), (cast.other_parent, cast.classmate)):
        for page in ("week-now", "home-of-child"):
            response = as_(reader).get(reverse(f"diary:{page}", args=[child.pk]))
            assert "Помогла" not in response.content.decode()


def test_not_before_the_day_of_the_lesson(cast: Any, as_: Any) -> None:
    friday = make.LessonFactory(course=cast.algebra, term=cast.lesson.term, date=datetime.date(2026, 12, 18))
    Sheet(as_(cast.teacher), friday).client.post(
        reverse("diary:lesson", args=[friday.pk]), {f"praise-{cast.student.pk}": "молодец"}
    )
    assert not Remark.objects.exists()


def test_a_reader_of_the_journal_sees_it_and_the_outsider_nothing(cast: Any, as_: Any) -> None:
    make.RemarkFactory(lesson=cast.lesson, student=cast.student, text="Помогла соседу")
    address = reverse("diary:lesson", args=[cast.lesson.pk])
    assert "Помогла соседу" in as_(cast.class_teacher).get(address).content.decode()
    assert as_(cast.outsider).get(address).status_code == 404
