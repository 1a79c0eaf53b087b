"""Marks on the lesson page: kinds of work mark by mark, the school's hour, scales that are data."""

import datetime
from typing import Any

import pytest
from django.urls import reverse

from diary.models import Absence, CourseGrading, JournalRules, Mark, Scale, ScaleValue, Work
from tests import factories as make
from tests.conftest import NOW
from tests.diary.test_lesson_page import Sheet, row_of


@pytest.fixture
def sheet(cast: Any, as_: Any) -> Sheet:
    return Sheet(as_(cast.teacher), cast.lesson)


# --- Kinds of work -------------------------------------------------------------------------------


def test_each_new_mark_may_be_for_another_kind(cast: Any, sheet: Sheet) -> None:
    mine, hers = f"new_{cast.student.pk}", f"new_{cast.classmate.pk}"
    letters = {f"kind-new-{cast.student.pk}": "дз", f"kind-new-{cast.classmate.pk}": ""}
    sheet.send(**{mine: "5", hers: "4"}, **letters)
    kinds = {mark.student_id: mark.work.kind.code for mark in Mark.objects.all()}
    assert kinds == {cast.student.pk: "ДЗ", cast.classmate.pk: "О"}


def test_a_mark_moves_to_another_kind(cast: Any, sheet: Sheet) -> None:
    mark = make.MarkFactory(work__lesson=cast.lesson, student=cast.student, text="4")
    sheet.open()
    assert sheet.send(**{f"kind-mark-{mark.pk}": "С"}).status_code == 302
    mark.refresh_from_db()
    assert (mark.work.kind.code, mark.value.text, mark.version) == ("С", "4", 2)
    assert Work.objects.get() == mark.work


def test_the_kind_changed_by_somebody_else_is_not_turned_back(cast: Any, sheet: Sheet) -> None:
    mark = make.MarkFactory(work__lesson=cast.lesson, student=cast.student, text="4")
    sheet.open()
    Sheet(sheet.client, cast.lesson).send(**{f"kind-mark-{mark.pk}": "С"})
    assert sheet.send(topic="Разность квадратов").status_code == 302
    mark.refresh_from_db()
    assert mark.work.kind.code == "С"
    assert sheet.send(**{f"kind-mark-{mark.pk}": "К"}).status_code == 422


def test_a_letter_that_is_no_kind_is_refused_and_kept(cast: Any, sheet: Sheet) -> None:
    response = sheet.send(**{f"new_{cast.student.pk}": "5", f"kind-new-{cast.student.pk}": "Ъ"})
    row = row_of(response, cast.student)
    assert response.status_code == 422
    assert (row["new_mark"]["value"], row["new_mark"]["kind_code"]) == ("5", "Ъ")
    assert row["errors"][0].startswith("Вида работы «Ъ» нет.")


# --- When families see them ----------------------------------------------------------------------


def test_marks_wait_for_the_school_s_hour_and_the_teacher_sees_so(cast: Any, sheet: Sheet, as_: Any) -> None:
    JournalRules.objects.create(organisation=cast.school, marks_published_at=datetime.time(18))
    sheet.send(**{f"new_{cast.student.pk}": "5"})
    assert Mark.objects.get().published_at == NOW.replace(hour=18)
    row = row_of(sheet.client.get(sheet.address), cast.student)
    assert row["marks"][0]["later"] == "семьи увидят с 18:00"
    week = as_(cast.parent).get(reverse("diary:week-now", args=[cast.student.pk])).context
    assert not [mark for day in week["days"] for lesson in day.lessons for mark in lesson.marks]


def test_after_the_hour_they_wait_for_the_next_day(cast: Any, sheet: Sheet) -> None:
    JournalRules.objects.create(organisation=cast.school, marks_published_at=datetime.time(11, 59))
    sheet.send(**{f"new_{cast.student.pk}": "5"})
    row = row_of(sheet.client.get(sheet.address), cast.student)
    assert row["marks"][0]["later"] == "семьи увидят с 17\u00a0декабря, 11:59"


def test_without_an_hour_they_are_seen_at_once(cast: Any, sheet: Sheet) -> None:
    sheet.send(**{f"new_{cast.student.pk}": "5"})
    assert row_of(sheet.client.get(sheet.address), cast.student)["marks"][0]["later"] == ""


# --- Scales are data -----------------------------------------------------------------------------


@pytest.fixture
def hundred(cast: Any) -> Scale:
    scale = Scale.objects.create(code="hundred-point", name="Стобалльная", name_en="100-point")
    ScaleValue.objects.bulk_create(
        ScaleValue(scale=scale, text=str(points), points=points, order=points) for points in range(101)
    )
    CourseGrading.objects.create(course=cast.algebra, scale=scale)
    return scale


def test_a_course_is_marked_on_a_hundred_points(cast: Any, hundred: Scale, sheet: Sheet) -> None:
    sheet.send(**{f"new_{cast.student.pk}": "87", f"new_{cast.classmate.pk}": "100"})
    assert {mark.value.points for mark in Mark.objects.all()} == {87, 100}
    assert {mark.work.scale for mark in Mark.objects.all()} == {hundred}


def test_a_value_off_the_scale_is_refused(cast: Any, hundred: Scale, sheet: Sheet) -> None:
    assert sheet.send(**{f"new_{cast.student.pk}": "101"}).status_code == 422


# --- Reasons of absences -------------------------------------------------------------------------


def test_that_a_reason_is_not_valid_only_the_class_teacher_says(cast: Any, sheet: Sheet) -> None:
    row = row_of(sheet.client.get(sheet.address), cast.student)
    assert "invalid" not in [choice["value"] for choice in row["choices"]]
    assert sheet.send(**{f"absence_{cast.student.pk}": "invalid"}).status_code == 422
    assert not Absence.objects.exists()


def test_what_the_class_teacher_said_stays_a_choice(cast: Any, sheet: Sheet) -> None:
    make.AbsenceFactory(lesson=cast.lesson, student=cast.student, code="invalid")
    sheet.open()
    row = row_of(sheet.client.get(sheet.address), cast.student)
    assert "invalid" in [choice["value"] for choice in row["choices"]]
    assert sheet.send(topic="Разность квадратов").status_code == 302


def test_a_class_teacher_says_it_at_own_lessons(cast: Any, as_: Any) -> None:
    make.AssignmentFactory(course=cast.algebra, teacher=cast.class_teacher)
    sheet = Sheet(as_(cast.class_teacher), cast.lesson)
    assert sheet.send(**{f"absence_{cast.student.pk}": "invalid"}).status_code == 302
    assert Absence.objects.get().code == "invalid"
