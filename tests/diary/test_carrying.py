"""An absence carried to the later lessons of the day: proposed there, counted once their rolls are called."""

import datetime
from typing import Any

import pytest

from diary.models import Absence, CarriedAbsence
from schedule.models import Lesson
from schools.models import TermClosure
from tests import factories as make
from tests.conftest import NOW
from tests.diary.test_lesson_page import Sheet, row_of
from tests.queries import assert_same_statements


def lesson_at(cast: Any, hour: int, **changed: Any) -> Lesson:
    """Of another subject and teacher of the class, employed at the school."""
    course = changed.pop("course", None) or make.CourseFactory(school_class=cast.class_7a)
    teacher = make.EmploymentFactory(organisation=cast.school).person
    teacher.account = make.UserFactory()
    teacher.save()
    make.AssignmentFactory(course=course, teacher=teacher)
    wanted = {"course": course, "term": cast.lesson.term, "number": hour - 6, "planned_teacher": teacher}
    times = {"starts": datetime.time(hour), "ends": datetime.time(hour, 40)}
    return make.LessonFactory(**wanted | times | changed)


@pytest.fixture
def third(cast: Any) -> Lesson:
    return lesson_at(cast, 9, starts=datetime.time(9, 50), ends=datetime.time(10, 30))


@pytest.fixture
def fourth(cast: Any) -> Lesson:
    return lesson_at(cast, 10, starts=datetime.time(10, 45), ends=datetime.time(11, 25))


def carry(cast: Any, as_: Any, code: str = "unstated") -> Sheet:
    sheet = Sheet(as_(cast.teacher), cast.lesson)
    pk = cast.student.pk
    assert sheet.send(**{f"absence_{pk}": code}, **{f"carry-{pk}": "1"}).status_code == 302
    return sheet


def opened(as_: Any, lesson: Lesson) -> Sheet:
    return Sheet(as_(lesson.teacher), lesson)


def code_of(sheet: Sheet, cast: Any) -> str:
    return str(sheet.fields[f"absence-{cast.student.pk}"])


def test_one_tick_proposes_the_absence_to_every_later_lesson(
    cast: Any, as_: Any, third: Lesson, fourth: Lesson
) -> None:
    carry(cast, as_)
    for lesson in (third, fourth):
        sheet = opened(as_, lesson)
        assert code_of(sheet, cast) == "unstated"
        row = row_of(sheet.client.get(sheet.address), cast.student)
        assert row["since"] == "нет с\u00a02-го урока"
    assert Absence.objects.get().lesson == cast.lesson


def test_it_counts_once_that_lessons_roll_is_called(cast: Any, as_: Any, third: Lesson) -> None:
    carry(cast, as_)
    assert opened(as_, third).send().status_code == 302
    absence = Absence.objects.get(lesson=third)
    assert (absence.student, absence.code) == (cast.student, "unstated")


def test_who_is_found_there_is_proposed_no_further(
    cast: Any, as_: Any, third: Lesson, fourth: Lesson
) -> None:
    carry(cast, as_)
    opened(as_, third).send(**{f"absence_{cast.student.pk}": ""})
    assert not Absence.objects.filter(lesson=third).exists()
    assert code_of(opened(as_, fourth), cast) == ""
    assert code_of(opened(as_, third), cast) == ""
    assert CarriedAbsence.objects.get().back_at == third


def test_earlier_lessons_and_other_days_are_not_concerned(cast: Any, as_: Any) -> None:
    first = lesson_at(cast, 8, starts=datetime.time(8), ends=datetime.time(8, 40))
    tomorrow = lesson_at(cast, 9, date=datetime.date(2026, 12, 17))
    carry(cast, as_)
    assert code_of(opened(as_, first), cast) == ""
    with_name = as_(tomorrow.teacher).get(f"/lessons/{tomorrow.pk}/")
    assert row_of(with_name, cast.student)["absence_code"] == ""


def test_a_lesson_of_a_group_is_one_of_them(cast: Any, as_: Any) -> None:
    group = make.GroupFactory(organisation=cast.school, classes=[cast.class_7a])
    make.MembershipFactory(student=cast.student, group=group)
    course = make.CourseFactory(school_class=None, group=group)
    english = lesson_at(cast, 9, course=course, starts=datetime.time(9, 50), ends=datetime.time(10, 30))
    carry(cast, as_)
    assert code_of(opened(as_, english), cast) == "unstated"


def test_the_reason_comes_along_but_not_that_it_is_invalid(cast: Any, as_: Any, third: Lesson) -> None:
    carry(cast, as_)
    for given, proposed in (("ill", "ill"), ("invalid", "unstated")):
        Absence.objects.update(code=given)
        assert code_of(opened(as_, third), cast) == proposed


def test_without_the_first_absence_nothing_is_proposed(cast: Any, as_: Any, third: Lesson) -> None:
    carry(cast, as_).open()
    Sheet(as_(cast.teacher), cast.lesson).send(**{f"absence_{cast.student.pk}": ""})
    assert code_of(opened(as_, third), cast) == ""
    assert not CarriedAbsence.objects.exists()


def test_unticked_it_ends_with_the_lesson(cast: Any, as_: Any, third: Lesson) -> None:
    sheet = carry(cast, as_)
    sheet.open()
    sheet.fields.pop(f"carry-{cast.student.pk}")
    sheet.send()
    assert code_of(opened(as_, third), cast) == ""
    assert Absence.objects.exists()


def test_a_form_sent_again_changes_nothing(cast: Any, as_: Any) -> None:
    sheet = carry(cast, as_)
    sheet.open()
    sheet.send()
    assert CarriedAbsence.objects.count() == 1


def test_a_tick_without_an_absence_carries_nothing(cast: Any, as_: Any) -> None:
    carry(cast, as_, code="late")
    assert not CarriedAbsence.objects.exists()


def test_families_see_only_what_was_called(cast: Any, as_: Any, third: Lesson) -> None:
    carry(cast, as_)
    page = as_(cast.parent).get(f"/diary/{cast.student.pk}/").context
    lessons = [lesson for day in page["days"] for lesson in day.lessons]
    assert sum(1 for lesson in lessons if lesson.absence) == 1


def test_a_called_roll_is_not_proposed_to(cast: Any, as_: Any, third: Lesson) -> None:
    opened(as_, third).send()
    carry(cast, as_)
    assert code_of(opened(as_, third), cast) == ""


def test_the_outsider_and_who_only_reads_carry_nothing(cast: Any, as_: Any) -> None:
    address, typed = f"/lessons/{cast.lesson.pk}/", {f"carry-{cast.student.pk}": "1"}
    assert as_(cast.outsider).post(address, typed).status_code == 404
    assert as_(cast.class_teacher).post(address, typed).status_code == 403
    assert not CarriedAbsence.objects.exists()


def test_not_in_a_closed_term(cast: Any, as_: Any) -> None:
    TermClosure.objects.create(term=cast.lesson.term, at=NOW, by=cast.head_teacher)
    typed = {f"absence-{cast.student.pk}": "unstated", f"carry-{cast.student.pk}": "1"}
    assert as_(cast.teacher).post(f"/lessons/{cast.lesson.pk}/", typed).status_code == 403


def test_the_page_costs_the_same_with_many_carried(cast: Any, as_: Any, third: Lesson) -> None:
    client = as_(third.teacher)

    def more() -> None:
        for _each in range(5):
            student = make.EnrolmentFactory(school_class=cast.class_7a).student
            make.AbsenceFactory(student=student, lesson=cast.lesson)
            CarriedAbsence.objects.create(student=student, lesson=cast.lesson, by=cast.teacher)

    assert_same_statements(lambda: client.get(f"/lessons/{third.pk}/"), more)
