"""The timetable of a class."""

import datetime
from typing import Any

import pytest
from django.urls import reverse

from schedule.timetable import short_group
from tests import factories as make
from tests.queries import assert_same_statements, statements


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


def test_a_moved_lesson_is_told_at_the_place_it_left(cast: Any, as_: Any) -> None:
    bell = make.BellFactory(organisation=cast.school, number=5)
    cast.lesson.move(datetime.date(2026, 12, 18), bell, by=cast.head_teacher)
    days = timetable(as_(cast.parent), cast.class_7a).context["days"]
    [left], [now] = days[2].lessons, days[4].lessons
    assert (left.number, left.entries[0].cancelled, left.entries[0].change.kind) == (2, True, "moved")
    assert (now.number, now.entries[0].cancelled) == (5, False)


def test_one_moved_to_another_week_too(cast: Any, as_: Any) -> None:
    bell = make.BellFactory(organisation=cast.school, number=5)
    cast.lesson.move(datetime.date(2026, 12, 22), bell, by=cast.head_teacher)
    [entry] = entries(timetable(as_(cast.parent), cast.class_7a))
    assert "22" in entry.change.text


@pytest.mark.parametrize(
    ("reader", "opens"),
    [("teacher", True), ("class_teacher", True), ("head_teacher", True), ("administrator", False)],
)
def test_staff_open_the_journals_they_may_read(cast: Any, as_: Any, reader: str, opens: bool) -> None:
    response = timetable(as_(getattr(cast, reader)), cast.class_7a)
    assert [entry.lesson for entry in entries(response)] == [cast.lesson.pk if opens else None]
    assert (reverse("diary:lesson", args=[cast.lesson.pk]) in response.content.decode()) is opens


def test_families_open_none_and_the_outsider_gets_404(cast: Any, as_: Any) -> None:
    assert [entry.lesson for entry in entries(timetable(as_(cast.parent), cast.class_7a))] == [None]
    assert timetable(as_(cast.outsider), cast.class_7a).status_code == 404


@pytest.mark.parametrize("reader", ["student", "head_teacher", "class_teacher"])
def test_the_links_cost_no_more_with_more_lessons(cast: Any, as_: Any, reader: str) -> None:
    client = as_(getattr(cast, reader))

    def grow() -> None:
        for number in range(3, 13):
            make.LessonFactory(course=cast.algebra, term=cast.lesson.term, number=number)

    assert_same_statements(lambda: timetable(client, cast.class_7a), grow)
    assert len(statements(lambda: timetable(client, cast.class_7a))) <= 10


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("7\u00a0«А», англ. яз., 1-я группа", "1-я группа"),
        ("7А, Английский язык, мальчики", "мальчики"),
        ("англ. яз.", "англ. яз."),
        ("7Б англ 1", "7Б англ 1"),
        ("7\u00a0«А» и 7\u00a0«Б», спецкурс", "7\u00a0«А» и 7\u00a0«Б», спецкурс"),
    ],
)
def test_a_group_is_named_without_what_the_page_says_already(name: str, short: str) -> None:
    assert short_group(name, "Английский язык", "7\u00a0«А»") == short


def test_a_parent_of_two_changes_the_child(cast: Any, as_: Any) -> None:
    fifth = make.SchoolClassFactory(organisation=cast.school, grade=5, letter="Б")
    brother = make.PersonFactory(first_name="Илья", birth_date=datetime.date(2015, 2, 2))
    make.EnrolmentFactory(student=brother, school_class=fifth)
    make.GuardianshipFactory(guardian=cast.parent, child=brother)
    client = as_(cast.parent)
    assert client.get(reverse("schedule:classes"))["Location"].endswith(f"/{cast.class_7a.pk}/timetable/")
    tabs = timetable(client, cast.class_7a).context["children"]
    assert [(tab["label"], tab["current"]) for tab in tabs] == [("Мария", True), ("Илья", False)]
    assert client.get(tabs[1]["url"]).context["school_class"] == fifth


@pytest.mark.parametrize("office", ["territory_staff", "region_operator"])
def test_who_has_no_school_has_no_timetables(cast: Any, as_: Any, office: str) -> None:
    client = as_(getattr(cast, office))
    assert client.get(reverse("schedule:classes")).status_code == 404
    assert reverse("schedule:classes") not in client.get(reverse("diary:home")).content.decode()


def test_a_school_without_classes_says_so(cast: Any, as_: Any) -> None:
    newcomer = make.PersonFactory(account=make.UserFactory())
    make.EmploymentFactory(person=newcomer, organisation=make.OrganisationFactory())
    assert as_(newcomer).get(reverse("schedule:classes")).context["grades"] == []
