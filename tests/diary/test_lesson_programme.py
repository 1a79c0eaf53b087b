"""A lesson is offered the programme's next topic, and the fact that it took one is kept."""

import datetime
from typing import Any

import pytest

from diary.models import Topic, TopicTaught
from schedule.models import Lesson
from tests import factories as make
from tests.diary.test_lesson_page import Sheet
from tests.queries import assert_same_statements

FIELD = "programme_topic"


@pytest.fixture
def topics(cast: Any) -> list[Topic]:
    for day in (15, 17, 18):
        make.LessonFactory(
            course=cast.algebra,
            term=cast.lesson.term,
            date=datetime.date(2026, 12, day),
            planned_teacher=cast.teacher,
        )
    titles = ("Одночлены", "Многочлены", "Контрольная № 3", "Разность квадратов")
    return [make.TopicFactory(course=cast.algebra, title=title) for title in titles]


@pytest.fixture
def sheet(cast: Any, topics: list[Topic], as_: Any) -> Sheet:
    return Sheet(as_(cast.teacher), cast.lesson)


def offer(cast: Any, as_: Any, lesson: Lesson | None = None) -> Any:
    client = as_(cast.teacher)
    return client.get(f"/lessons/{(lesson or cast.lesson).pk}/").context["programme"]


def taken(lesson: Lesson) -> str | None:
    return TopicTaught.objects.filter(lesson=lesson).values_list("topic__title", flat=True).first()


def test_the_next_topic_stands_second_in_the_list(cast: Any, topics: list[Topic], as_: Any) -> None:
    shown = offer(cast, as_)
    assert shown["offered"] == topics[0].pk
    assert shown["label"] == "По программе, урок 1 из 4"
    assert [choice["selected"] for choice in shown["choices"]] == [False] * 4


def test_choosing_it_fills_the_topic_in(cast: Any, topics: list[Topic], sheet: Sheet) -> None:
    assert sheet.send(**{FIELD: topics[0].pk}).status_code == 302
    cast.lesson.refresh_from_db()
    assert (cast.lesson.topic, taken(cast.lesson)) == ("Одночлены", "Одночлены")


def test_own_words_stay_and_the_fact_is_kept(cast: Any, topics: list[Topic], sheet: Sheet) -> None:
    sheet.send(topic="Одночлены и их степени", **{FIELD: topics[0].pk})
    cast.lesson.refresh_from_db()
    assert (cast.lesson.topic, taken(cast.lesson)) == ("Одночлены и их степени", "Одночлены")


def test_so_do_words_that_were_saved_before(cast: Any, topics: list[Topic], sheet: Sheet) -> None:
    sheet.send(topic="Экскурсия")
    sheet.open()
    sheet.send(**{FIELD: topics[0].pk})
    cast.lesson.refresh_from_db()
    assert (cast.lesson.topic, taken(cast.lesson)) == ("Экскурсия", "Одночлены")


def test_the_offered_topic_typed_by_hand_is_taken_too(cast: Any, sheet: Sheet) -> None:
    sheet.send(topic="одночлены")
    assert taken(cast.lesson) == "Одночлены"


def test_other_words_take_nothing(cast: Any, sheet: Sheet) -> None:
    sheet.send(topic="Экскурсия")
    assert taken(cast.lesson) is None


def test_after_one_was_taken_the_next_is_offered(cast: Any, topics: list[Topic], as_: Any) -> None:
    make.TaughtFactory(lesson=cast.lesson, topic=topics[0])
    later = cast.algebra.lessons.get(date="2026-12-17")
    assert offer(cast, as_, later)["offered"] == topics[1].pk
    assert offer(cast, as_)["offered"] is None


def test_what_comes_next_is_named_with_its_days(cast: Any, topics: list[Topic], as_: Any) -> None:
    following = [(line["day"], line["title"]) for line in offer(cast, as_)["following"]]
    assert following == [("17\xa0декабря", "Многочлены"), ("18\xa0декабря", "Контрольная № 3")]


def test_another_topic_replaces_the_first_and_its_text(cast: Any, topics: list[Topic], sheet: Sheet) -> None:
    sheet.send(**{FIELD: topics[0].pk})
    sheet.open()
    sheet.send(**{FIELD: topics[3].pk})
    cast.lesson.refresh_from_db()
    assert (cast.lesson.topic, taken(cast.lesson)) == ("Разность квадратов", "Разность квадратов")


def test_none_of_the_programme_leaves_the_text(cast: Any, topics: list[Topic], sheet: Sheet) -> None:
    sheet.send(**{FIELD: topics[0].pk})
    sheet.open()
    sheet.send(**{FIELD: ""})
    cast.lesson.refresh_from_db()
    assert (cast.lesson.topic, taken(cast.lesson)) == ("Одночлены", None)


def test_two_teachers_at_once_the_second_is_told(cast: Any, topics: list[Topic], as_: Any) -> None:
    mine, theirs = (Sheet(as_(cast.teacher), cast.lesson) for _browser in range(2))
    theirs.send(**{FIELD: topics[1].pk})
    response = mine.send(**{FIELD: topics[0].pk})
    assert response.status_code == 422
    assert taken(cast.lesson) == "Многочлены"


@pytest.mark.parametrize("wrong", ["0", "abc", "٣"])
def test_a_topic_that_is_not_of_the_course_is_refused(cast: Any, sheet: Sheet, wrong: str) -> None:
    assert sheet.send(**{FIELD: wrong}).status_code == 422


def test_a_topic_of_another_course_is_refused(cast: Any, sheet: Sheet) -> None:
    other = make.TopicFactory(course=make.CourseFactory(school_class=cast.class_7a))
    assert sheet.send(**{FIELD: other.pk}).status_code == 422
    assert taken(cast.lesson) is None


def test_the_substitute_takes_the_next_topic_of_this_lesson(
    cast: Any, outlasted: Any, topics: list[Topic], as_: Any
) -> None:
    lesson = Lesson.objects.get(teacher=outlasted.substitute)
    sheet = Sheet(as_(outlasted.substitute), lesson)
    assert sheet.client.get(sheet.address).context["programme"]["plan_url"] == ""
    sheet.send(**{FIELD: topics[0].pk})
    assert taken(lesson) == "Одночлены"
    assert (
        as_(outlasted.substitute).post(f"/lessons/{cast.lesson.pk}/", {FIELD: topics[0].pk}).status_code
        == 404
    )


def test_who_only_reads_is_offered_nothing(cast: Any, topics: list[Topic], as_: Any) -> None:
    page = as_(cast.head_teacher).get(f"/lessons/{cast.lesson.pk}/")
    assert page.context["programme"] is None
    assert as_(cast.outsider).get(f"/lessons/{cast.lesson.pk}/").status_code == 404


def test_a_class_that_is_behind_is_told_so(cast: Any, topics: list[Topic], as_: Any) -> None:
    Topic.objects.filter(pk=topics[0].pk).update(plan=[datetime.date(2026, 12, 15)])
    assert offer(cast, as_)["behind"] == "Отстаёт от плана на 1 урок"


def test_statements_do_not_grow_with_the_programme(cast: Any, topics: list[Topic], as_: Any) -> None:
    client = as_(cast.teacher)

    def grow() -> None:
        for number in range(20):
            topic = make.TopicFactory(course=cast.algebra)
            lesson = make.LessonFactory(course=cast.algebra, term=cast.lesson.term, number=number + 10)
            make.TaughtFactory(lesson=lesson, topic=topic)

    assert_same_statements(lambda: client.get(f"/lessons/{cast.lesson.pk}/"), grow)
