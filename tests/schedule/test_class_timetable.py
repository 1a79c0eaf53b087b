"""The timetable of a class."""

import datetime
from typing import Any

from django.urls import reverse

from tests import factories as make
from tests.queries import assert_same_statements


def timetable(client: Any, school_class: Any) -> Any:
    return client.get(reverse("schedule:class-timetable", args=[school_class.pk]))


def entries(response: Any) -> list[Any]:
    return [entry for day in response.context["days"] for slot in day.lessons for entry in slot.entries]


def test_two_groups_share_a_slot(cast: Any, as_: Any) -> None:
    for _group in range(2):
        group = make.GroupFactory(organisation=cast.school, classes=[cast.class_7a])
        course = make.CourseFactory(group=group, school_class=None)
        make.LessonFactory(course=course, term=cast.lesson.term, number=3)
    response = timetable(as_(cast.student), cast.class_7a)
    wednesday = next(day for day in response.context["days"] if day.is_today)
    assert [len(slot.entries) for slot in wednesday.lessons] == [1, 2]


def test_a_substitution_strikes_the_old_teacher_through(cast: Any, as_: Any) -> None:
    cast.lesson.substitute(cast.class_teacher, by=cast.head_teacher)
    [entry] = entries(timetable(as_(cast.parent), cast.class_7a))
    assert entry.was_teacher == cast.teacher.short_name


def test_holidays_are_named(cast: Any, as_: Any) -> None:
    cast.school.holiday_set.create(
        name="Праздник", since=datetime.date(2026, 12, 18), until=datetime.date(2026, 12, 19)
    )
    days = timetable(as_(cast.parent), cast.class_7a).context["days"]
    assert [day.note for day in days] == ["", "", "", "", "Праздник", "Праздник"]


def test_a_grant_without_timetable_closes_the_page(cast: Any, as_: Any) -> None:
    cast.parent.guardianships.update(information=["marks"])
    assert timetable(as_(cast.parent), cast.class_7a).status_code == 404


def test_one_class_needs_no_list(cast: Any, as_: Any) -> None:
    response = as_(cast.student).get(reverse("schedule:classes"))
    assert response["Location"] == reverse("schedule:class-timetable", args=[cast.class_7a.pk])


def test_staff_choose_among_the_schools_classes(cast: Any, as_: Any) -> None:
    fifth = make.SchoolClassFactory(organisation=cast.school, grade=5, letter="Б")
    response = as_(cast.teacher).get(reverse("schedule:classes"))
    labels = [item["label"] for grade in response.context["grades"] for item in grade["classes"]]
    assert labels == [fifth.label, cast.class_7a.label]


def test_statements_do_not_grow_with_lessons(cast: Any, as_: Any) -> None:
    client = as_(cast.student)

    def grow() -> None:
        for number in range(3, 13):
            lesson = make.LessonFactory(course=cast.algebra, term=cast.lesson.term, number=number)
            lesson.substitute(cast.class_teacher, by=None)

    cast.lesson.substitute(cast.class_teacher, by=None)
    assert_same_statements(lambda: timetable(client, cast.class_7a), grow)
