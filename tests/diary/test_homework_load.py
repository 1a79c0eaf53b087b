"""How much is set for a day over all subjects, against the norm of the grade."""

import datetime
from typing import Any

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diary.homework.load import NORM_MINUTES, DayLoad, SetAlready, load_of
from schools.models import Course
from tests import factories as make
from tests.diary.homework import HomeworkPage
from tests.diary.test_lesson_page import Sheet
from tests.queries import assert_same_statements

FRIDAY = datetime.date(2026, 12, 18)


@pytest.fixture
def friday(cast: Any) -> Any:
    return make.LessonFactory(course=cast.algebra, term=cast.lesson.term, date=FRIDAY)


def other_subject(cast: Any, **whom: Any) -> Course:
    whom = whom or {"school_class": cast.class_7a}
    course: Course = make.CourseFactory(organisation=cast.school, year=cast.class_7a.year, **whom)
    return course


def set_for_friday(cast: Any, minutes: int | None, **whom: Any) -> Any:
    lesson = make.LessonFactory(course=other_subject(cast, **whom), term=cast.lesson.term)
    return make.HomeworkFactory(lesson=lesson, due_on=FRIDAY, minutes=minutes)


def of_friday(cast: Any) -> DayLoad:
    return load_of([cast.student.pk, cast.classmate.pk], [FRIDAY])[FRIDAY]


def fragment(client: Any, cast: Any, friday: Any, **asked: Any) -> Any:
    address = reverse("diary:homework-load", args=[cast.lesson.pk])
    return client.get(address, {"due": friday.pk, "fragment": 1, **asked})


def test_minutes_of_all_subjects_are_summed_against_the_norm(cast: Any) -> None:
    for minutes in (30, 45):
        set_for_friday(cast, minutes)
    assert (of_friday(cast).minutes, of_friday(cast).norm) == (75, 150)


def test_norms_are_those_of_the_rules() -> None:
    hours = {1: 1, 2: 1.5, 3: 1.5, 4: 2, 5: 2, 6: 2.5, 7: 2.5, 8: 2.5, 9: 3.5, 10: 3.5, 11: 3.5}
    assert {grade: minutes / 60 for grade, minutes in NORM_MINUTES.items()} == hours


def test_two_groups_at_once_are_not_summed(cast: Any) -> None:
    for student, minutes in ((cast.student, 30), (cast.classmate, 40)):
        group = make.GroupFactory(organisation=cast.school, classes=[cast.class_7a])
        make.MembershipFactory(student=student, group=group)
        set_for_friday(cast, minutes, group=group, school_class=None)
    assert of_friday(cast).minutes == 40


def test_what_names_one_student_counts_for_that_student(cast: Any) -> None:
    set_for_friday(cast, 30).students.add(cast.student)
    set_for_friday(cast, 20).students.add(cast.classmate)
    load = of_friday(cast)
    assert (load.minutes_of(cast.student.pk), load.minutes_of(cast.classmate.pk)) == (30, 20)
    assert {item.text for item in load.items} == {""}


def test_what_is_for_a_group_of_the_class_counts_for_its_members(cast: Any) -> None:
    group = make.GroupFactory(organisation=cast.school, classes=[cast.class_7a])
    make.MembershipFactory(student=cast.student, group=group)
    homework = set_for_friday(cast, 30)
    homework.group = group
    homework.save(update_fields=["group"])
    load = of_friday(cast)
    assert (load.minutes_of(cast.student.pk), load.minutes_of(cast.classmate.pk)) == (30, 0)


def test_it_counts_on_the_day_to_which_its_lesson_was_moved(cast: Any, friday: Any) -> None:
    make.HomeworkFactory(lesson=cast.lesson, due_lesson=friday, due_on=FRIDAY, minutes=30)
    bell = make.BellFactory(organisation=cast.school)
    monday = datetime.date(2026, 12, 21)
    friday.move(monday, bell, by=cast.head_teacher)
    loads = load_of([cast.student.pk], [FRIDAY, monday])
    assert (loads[FRIDAY].minutes, loads[monday].minutes) == (0, 30)


def test_another_class_s_homework_does_not_count(cast: Any) -> None:
    set_for_friday(cast, 30, school_class=make.SchoolClassFactory(organisation=cast.school))
    assert of_friday(cast).items == []


def test_what_says_no_minutes_is_counted_as_not_estimated(cast: Any, friday: Any, as_: Any) -> None:
    set_for_friday(cast, None)
    assert of_friday(cast).not_estimated == 1
    assert fragment(as_(cast.teacher), cast, friday).context["day"]["not_estimated"]


@given(st.lists(st.tuples(st.integers(1, 300) | st.none(), st.sets(st.integers(1, 4)))))
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_the_class_has_as_much_as_the_student_who_has_most(sets: list[Any]) -> None:
    load = DayLoad(FRIDAY, dict.fromkeys(range(1, 5), 150))
    load.items = [SetAlready("", "", minutes, frozenset(students)) for minutes, students in sets]
    each = [sum(minutes or 0 for minutes, students in sets if student in students) for student in range(1, 5)]
    assert load.minutes == max(each)
    assert load.is_over_with(10) == any(minutes + 10 > 150 for minutes in each)


def test_the_sum_with_the_own_minutes_is_shown_before_saving(cast: Any, friday: Any, as_: Any) -> None:
    set_for_friday(cast, 130)
    day = fragment(as_(cast.teacher), cast, friday, minutes=30).context["day"]
    assert (day["set"], day["sum"], day["is_over"]) == (130, 160, True)


def test_the_homework_that_is_being_changed_is_not_counted_twice(cast: Any, friday: Any, as_: Any) -> None:
    own = make.HomeworkFactory(lesson=cast.lesson, due_lesson=friday, due_on=FRIDAY, minutes=30)
    day = fragment(as_(cast.teacher), cast, friday, minutes=40, homework=own.pk).context["day"]
    assert day["sum"] == 40


def test_the_load_of_those_who_are_named_is_asked(cast: Any, friday: Any, as_: Any) -> None:
    set_for_friday(cast, 130).students.add(cast.classmate)
    asked = {"whom": "students", "students": [cast.student.pk]}
    assert fragment(as_(cast.teacher), cast, friday, **asked).context["day"]["set"] == 0


@pytest.mark.parametrize(
    "asked",
    [
        {"due": "x"},
        {"due": "9" * 30},
        {"minutes": "-5"},
        {"students": "x", "whom": "students"},
        {"group": "x"},
    ],
)
def test_nonsense_is_not_an_error(cast: Any, friday: Any, as_: Any, asked: Any) -> None:
    assert fragment(as_(cast.teacher), cast, friday, **asked).status_code == 200


def test_every_day_has_its_line_without_a_script(cast: Any, friday: Any, as_: Any) -> None:
    set_for_friday(cast, 30)
    page = as_(cast.teacher).get(reverse("diary:homework-load", args=[cast.lesson.pk]))
    assert [day["set"] for day in page.context["days"]] == [30]


def test_going_over_the_norm_warns_and_saves(cast: Any, friday: Any, as_: Any) -> None:
    set_for_friday(cast, 130)
    sheet = Sheet(as_(cast.teacher), cast.lesson)
    response = sheet.client.post(
        sheet.address, sheet.fields | {"homework_text": "§ 5", "homework_minutes": 30}, follow=True
    )
    assert [message.level_tag for message in response.context["messages"]] == ["success", "warning"]


def test_the_page_of_one_homework_warns_too(cast: Any, friday: Any, as_: Any) -> None:
    page = HomeworkPage(as_(cast.teacher), lesson=cast.lesson)
    page.client.post(page.address, page.fields | {"text": "§ 5", "minutes": 160})
    assert "160" in page.client.get(reverse("diary:lesson", args=[cast.lesson.pk])).content.decode()


def test_the_outsider_learns_nothing(cast: Any, friday: Any, as_: Any) -> None:
    for who in (cast.outsider, cast.parent, cast.student):
        assert fragment(as_(who), cast, friday).status_code == 404


def test_statements_do_not_grow_with_homework_students_and_days(cast: Any, friday: Any, as_: Any) -> None:
    client = as_(cast.teacher)
    set_for_friday(cast, 30).students.add(cast.student)

    def grow() -> None:
        for number in range(8):
            make.EnrolmentFactory(school_class=cast.class_7a)
            set_for_friday(cast, 5)
            day = datetime.date(2026, 12, 19) + datetime.timedelta(days=number)
            make.LessonFactory(course=cast.algebra, term=cast.lesson.term, date=day)

    assert_same_statements(lambda: client.get(reverse("diary:homework-load", args=[cast.lesson.pk])), grow)
