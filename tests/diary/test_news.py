"""What is new on the home page since the family last looked."""

import datetime
from typing import Any

import time_machine
from django.test import Client
from django.urls import reverse

from diary.models import Visit
from tests import factories as make
from tests.conftest import NOW
from tests.queries import assert_same_statements, statements

HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)


def mark(cast: Any, *, at: datetime.datetime, student: Any = None) -> None:
    number = cast.lesson.works.count() + 1
    student = student or cast.student
    make.MarkFactory(
        work__lesson=cast.lesson, work__number=number, student=student, text="5", published_at=at
    )


def look(client: Client, at: datetime.datetime, student: Any = None) -> Any:
    address = reverse("diary:home-of-child", args=[student.pk]) if student else reverse("diary:home")
    with time_machine.travel(at, tick=False):
        return client.get(address).context


def count(client: Client, at: datetime.datetime) -> int:
    return len(look(client, at)["news"])


def brother(cast: Any) -> Any:
    younger = make.PersonFactory(birth_date=datetime.date(2015, 1, 1))
    make.EnrolmentFactory(student=younger, school_class=cast.class_7a)
    make.GuardianshipFactory(guardian=cast.parent, child=younger)
    return younger


def test_the_first_look_tells_three_days(cast: Any, as_: Any) -> None:
    for days in (1, 2, 4):
        mark(cast, at=NOW - days * DAY)
    assert count(as_(cast.parent), NOW) == 2


def test_looking_again_the_same_day_takes_nothing_away(cast: Any, as_: Any) -> None:
    mark(cast, at=NOW - HOUR)
    client = as_(cast.parent)
    assert [count(client, NOW + hours * HOUR) for hours in (0, 1, 5)] == [1, 1, 1]


def test_the_next_day_tells_what_came_after_the_last_look(cast: Any, as_: Any) -> None:
    mark(cast, at=NOW - HOUR)
    client = as_(cast.parent)
    count(client, NOW)
    count(client, NOW + 2 * HOUR)
    for hours in (1, 3):
        mark(cast, at=NOW + hours * HOUR)
    assert count(client, NOW + DAY) == 1


def test_a_mark_for_an_old_lesson_is_new_when_it_is_entered(cast: Any, as_: Any) -> None:
    client = as_(cast.parent)
    for days in (0, 9):
        count(client, NOW + days * DAY)
    mark(cast, at=NOW + 10 * DAY)
    assert count(client, NOW + 10 * DAY + HOUR) == 1


def test_each_reader_looks_for_themselves(cast: Any, as_: Any) -> None:
    mark(cast, at=NOW - HOUR)
    count(as_(cast.parent), NOW)
    assert count(as_(cast.student), NOW + DAY) == 1
    assert Visit.objects.count() == 2


def test_the_tab_of_another_child_counts_until_it_is_opened(cast: Any, as_: Any) -> None:
    younger = brother(cast)
    mark(cast, at=NOW - HOUR, student=younger)
    client = as_(cast.parent)
    badges = [tab["badge"] for tab in look(client, NOW, cast.student)["children"]]
    assert badges == [0, 1]
    assert len(look(client, NOW + DAY, younger)["news"]) == 1
    assert len(look(client, NOW + 2 * DAY, younger)["news"]) == 0


def test_nothing_unpublished_is_counted(cast: Any, as_: Any) -> None:
    mark(cast, at=NOW + HOUR)
    assert count(as_(cast.parent), NOW) == 0


def test_a_guardian_is_told_what_the_file_grants(cast: Any, as_: Any) -> None:
    mark(cast, at=NOW - HOUR)
    make.AbsenceFactory(lesson=cast.lesson, student=cast.student)
    cast.parent.guardianships.update(information=["attendance"])
    assert [item["kind"] for item in look(as_(cast.parent), NOW)["news"]] == ["absence"]


def test_a_look_that_is_written_down_costs_ten_statements_and_children_add_none(cast: Any, as_: Any) -> None:
    make.LessonFactory(course=cast.algebra, term=cast.lesson.term, date=datetime.date(2026, 12, 18))
    client = as_(cast.parent)

    def a_look() -> None:
        Visit.objects.update(last_at=NOW - HOUR)
        look(client, NOW, cast.student)

    def grow() -> None:
        brother(cast)
        mark(cast, at=NOW - HOUR)

    assert_same_statements(a_look, grow)
    assert len(statements(a_look)) <= 1 + 10  # the first one is this test's own
