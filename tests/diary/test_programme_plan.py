"""Plan against fact: on real lessons, past holidays, cancelled and added ones."""

import datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from diary.models import Topic
from diary.programme import contents
from diary.programme.plan import Outlook, lay_plan, move_plan
from diary.programme.progress import Progress, progress_of
from schedule.models import Lesson
from schools.models import Course, Holiday, TermClosure
from tests import factories as make
from tests.conftest import NOW, TODAY
from tests.queries import assert_same_statements

DAY = datetime.timedelta(days=1)


def december(day: int) -> datetime.date:
    return datetime.date(2026, 12, day)


@pytest.fixture
def course(cast: Any) -> Course:
    """Algebra on 14, 15, 16 (the cast's lesson), 17 and 18 December; topics 1, 2 (two hours), 3, 4."""
    for day in (14, 15, 17, 18):
        make.LessonFactory(
            course=cast.algebra, term=cast.lesson.term, date=december(day), planned_teacher=cast.teacher
        )
    for hours in (1, 2, 1, 1):
        make.TopicFactory(course=cast.algebra, hours=hours)
    lay(cast.algebra)
    return cast.algebra


def lay(course: Course) -> None:
    with transaction.atomic():
        lay_plan(contents.hold(course), TODAY)


def plans(course: Course) -> list[list[int]]:
    """The planned days of December, by topic."""
    return [[day.day for day in topic.plan] for topic in course.topics.order_by("order")]


def expected(course: Course) -> list[tuple[int, int]]:
    """Which topic, by its place, falls on which day."""
    places = dict(course.topics.values_list("pk", "order"))
    return [(places[hour.topic], slot.date.day) for hour, slot in Outlook(course, TODAY).rest.hours]


def lesson_on(course: Course, day: int) -> Lesson:
    return course.lessons.get(date=december(day))


def take(course: Course, day: int, place: int) -> None:
    make.TaughtFactory(lesson=lesson_on(course, day), topic=course.topics.get(order=place))


def behind(course: Course, on: datetime.date = TODAY) -> int:
    return progress_of([course.pk], on)[course.pk].behind


def test_nothing_taught_is_laid_from_the_years_first_lesson(course: Course) -> None:
    assert plans(course) == [[14], [15, 16], [17], [18]]


def test_a_cancelled_lesson_moves_what_is_expected_and_the_plan_stays(cast: Any, course: Course) -> None:
    take(course, 14, 1)
    take(course, 15, 2)
    lesson_on(course, 17).cancel(by=cast.head_teacher)
    assert expected(course) == [(2, 16), (3, 18)]
    assert [hour.topic for hour in Outlook(course, TODAY).rest.unplaced] == [course.topics.get(order=4).pk]
    assert plans(course) == [[14], [15, 16], [17], [18]]


def test_a_moved_lesson_takes_its_place_among_the_others(cast: Any, course: Course) -> None:
    take(course, 14, 1)
    take(course, 15, 2)
    bell = make.BellFactory(organisation=cast.school, number=6)
    lesson_on(course, 16).move(december(19), bell, by=cast.head_teacher)
    assert expected(course) == [(2, 17), (3, 18), (4, 19)]


def test_an_added_lesson_brings_the_rest_forward(cast: Any, course: Course) -> None:
    take(course, 14, 1)
    take(course, 15, 2)
    make.LessonFactory(
        course=course,
        term=cast.lesson.term,
        number=4,
        planned_teacher=cast.teacher,
        starts="10:50",
        ends="11:30",
    )
    assert expected(course) == [(2, 16), (3, 16), (4, 17)]


def test_behind_the_published_lessons_stands_what_the_timetable_means(cast: Any, course: Course) -> None:
    for day in (14, 15, 16, 17, 18):
        take(course, day, 1)
    make.BellFactory(organisation=cast.school)
    make.TimetableEntryFactory(course=course, teacher=cast.teacher)
    Holiday.objects.create(organisation=cast.school, name="Карантин", since=december(28), until=december(28))
    slots = Outlook(course, TODAY).rest
    assert [slot.date for _hour, slot in slots.hours] == [december(21)]
    assert len(slots.unplaced) == 3  # 28 December is off, and no term comes after it


def test_as_many_hours_as_planned_is_in_step(course: Course) -> None:
    take(course, 14, 1)
    take(course, 15, 2)
    assert behind(course) == 0
    assert progress_of([course.pk], TODAY)[course.pk] == Progress(4, 5, 2, 2)


def test_a_lesson_without_a_topic_is_a_lesson_behind(course: Course) -> None:
    take(course, 14, 1)
    assert behind(course) == 1


def test_a_topic_that_takes_longer_puts_the_class_behind(course: Course) -> None:
    take(course, 14, 1)
    take(course, 15, 1)
    assert behind(course) == 1
    assert expected(course) == [(2, 16), (2, 17), (3, 18)]


def test_a_topic_left_early_puts_the_class_ahead(course: Course) -> None:
    take(course, 14, 1)
    take(course, 15, 2)
    take(course, 16, 3)
    assert behind(course, TODAY + DAY) == -1
    assert expected(course) == [(4, 17)]


def test_a_cancelled_lesson_took_nothing(cast: Any, course: Course) -> None:
    take(course, 14, 1)
    take(course, 17, 2)
    Lesson.objects.filter(pk=lesson_on(course, 17).pk).update(state="cancelled")
    assert expected(course) == [(2, 16), (2, 18)]


def test_moving_the_plan_puts_the_class_in_step(course: Course) -> None:
    take(course, 14, 1)
    take(course, 15, 1)
    move_plan(course, TODAY)
    assert plans(course) == [[14], [16, 17], [18], []]
    assert behind(course) == 0


@pytest.mark.parametrize("places", [(1, 2), (2, 3), (1, 1), (3, 3), (4, 1)])
def test_after_moving_nothing_is_behind_whatever_was_taught(course: Course, places: tuple[int, int]) -> None:
    take(course, 14, places[0])
    take(course, 15, places[1])
    move_plan(course, TODAY)
    assert behind(course) == 0


def test_nothing_taught_and_moved_begins_today_and_stays_so(course: Course) -> None:
    assert behind(course) > 0
    move_plan(course, TODAY)
    assert behind(course) == 0
    contents.delete_topic(course.topics.get(order=4), on=TODAY)
    assert behind(course) == 0
    assert plans(course) == [[16], [17, 18], []]


def test_the_plan_of_what_was_given_stays(course: Course) -> None:
    take(course, 14, 1)
    take(course, 16, 2)
    move_plan(course, TODAY)
    assert plans(course)[0] == [14]
    assert plans(course)[1] == [15, 17]


def test_a_topic_given_before_the_programme_gets_no_lesson(course: Course) -> None:
    contents.begin_with(course, 3, on=TODAY)
    assert list(course.topics.order_by("order").values_list("left_out", flat=True)) == [
        True,
        True,
        False,
        False,
    ]
    assert progress_of([course.pk], TODAY)[course.pk].hours == 2
    assert behind(course) == 0


def test_one_statement_tells_the_progress_of_all_courses(cast: Any, course: Course) -> None:
    def grow() -> None:
        for _number in range(10):
            make.TopicFactory(course=make.CourseFactory(school_class=cast.class_7a))

    courses = list(Course.objects.values_list("pk", flat=True))
    assert_same_statements(lambda: progress_of(courses, TODAY), grow)


def test_the_database_refuses_a_topic_of_another_course(cast: Any, course: Course) -> None:
    other = make.TopicFactory(course=make.CourseFactory(school_class=cast.class_7a))
    make.TaughtFactory(lesson=cast.lesson, topic=other)
    with pytest.raises(IntegrityError):
        connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize("wrong", [{"hours": 0}, {"title": ""}, {"left_out": True, "plan": [TODAY]}])
def test_the_database_refuses_topics_that_make_no_sense(course: Course, wrong: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Topic.objects.filter(course=course, order=1).update(**wrong)


def test_two_topics_cannot_stand_at_one_place(course: Course) -> None:
    make.TopicFactory(course=course, order=1)
    with pytest.raises(IntegrityError):
        connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_in_a_closed_term_no_lesson_takes_a_topic(cast: Any, course: Course) -> None:
    TermClosure.objects.create(term=cast.lesson.term, by=cast.head_teacher, at=NOW)
    with pytest.raises(IntegrityError, match="closed"), transaction.atomic():
        take(course, 14, 1)
