"""The teacher's day."""

import datetime
from typing import Any

from django.urls import reverse

from tests import factories as make
from tests.queries import assert_same_statements


def day(client: Any, date: str = "2026-12-16") -> Any:
    return client.get(f"/lessons/on/{date}/")


def test_the_day_lists_own_lessons_and_what_is_filled(cast: Any, as_: Any) -> None:
    make.MarkFactory(work__lesson=cast.lesson, student=cast.student)
    [lesson] = day(as_(cast.teacher)).context["lessons"]
    assert lesson["url"] == reverse("diary:lesson", args=[cast.lesson.pk])
    assert lesson["filled"] == {"roll": False, "topic": False, "homework": False, "marks": 1}


def test_a_substitute_finds_the_lesson_in_the_own_day(cast: Any, as_: Any) -> None:
    cast.lesson.substitute(cast.administrator, by=cast.head_teacher)
    [lesson] = day(as_(cast.administrator)).context["lessons"]
    assert lesson["role"] == "substitute"


def test_the_planned_teacher_is_told_who_gives_the_lesson(cast: Any, as_: Any) -> None:
    cast.lesson.substitute(cast.administrator, by=cast.head_teacher)
    [lesson] = day(as_(cast.teacher)).context["lessons"]
    assert lesson["substitute"] == cast.administrator.short_name


def test_who_gave_the_course_up_is_told_of_it_no_more(cast: Any, as_: Any) -> None:
    cast.lesson.substitute(cast.administrator, by=cast.head_teacher)
    cast.algebra.assignments.update(until=datetime.date(2026, 12, 15))
    assert day(as_(cast.teacher)).context["lessons"] == []


def test_an_outsiders_day_is_the_outsiders(cast: Any, as_: Any) -> None:
    assert day(as_(cast.outsider)).context["lessons"] == []


def test_arrows_lead_to_the_nearest_school_days(cast: Any, as_: Any) -> None:
    for number in (11, 21):
        date = datetime.date(2026, 12, number)
        make.LessonFactory(course=cast.algebra, term=cast.lesson.term, date=date)
    pager = day(as_(cast.teacher)).context["day"]
    assert pager["previous_url"].endswith("2026-12-11/")
    assert pager["next_url"].endswith("2026-12-21/")


def test_statements_do_not_grow_with_lessons(cast: Any, as_: Any) -> None:
    client = as_(cast.teacher)

    def grow() -> None:
        for number in range(3, 13):
            make.LessonFactory(course=cast.algebra, term=cast.lesson.term, number=number)

    assert_same_statements(lambda: day(client), grow)


def test_the_class_teacher_finds_the_way_to_the_class(cast: Any, as_: Any) -> None:
    address = reverse("schedule:class-timetable", args=[cast.class_7a.pk])
    for page in ("diary:teacher-today", "diary:teacher-day"):
        day = [datetime.date(2026, 12, 15)] if page.endswith("-day") else []
        page_of_class_teacher = as_(cast.class_teacher).get(reverse(page, args=day)).content.decode()
        assert f'href="{address}"' in page_of_class_teacher
    assert "Мой класс" not in as_(cast.teacher).get(reverse("diary:teacher-today")).content.decode()


def test_the_head_teacher_finds_the_classes(cast: Any, as_: Any) -> None:
    home = as_(cast.head_teacher).get(reverse("diary:home")).content.decode()
    assert f'href="{reverse("schedule:classes")}"' in home
