"""Home by role."""

import datetime
from typing import Any

import time_machine
from django.urls import reverse

from diary.office import count_region, region_counts
from diary.tasks import count_region as count_region_by_the_clock
from tests import factories as make
from tests.conftest import NOW
from tests.queries import statements


def home(client: Any) -> Any:
    return client.get(reverse("diary:home"))


def test_a_parent_sees_today_the_next_school_day_and_its_homework(cast: Any, as_: Any) -> None:
    friday = make.LessonFactory(course=cast.algebra, term=cast.lesson.term, date=datetime.date(2026, 12, 18))
    make.HomeworkFactory(lesson=cast.lesson, due_lesson=friday, due_on=friday.date)
    context = home(as_(cast.parent)).context
    assert [day.number for day in context["days"]] == [16, 18]
    assert context["homework"]["items"][0]["subject"] == "Алгебра"


def test_new_marks_and_absences_come_first(cast: Any, as_: Any) -> None:
    make.MarkFactory(work__lesson=cast.lesson, student=cast.student, text="5")
    make.AbsenceFactory(lesson=cast.lesson, student=cast.student)
    kinds = [item["kind"] for item in home(as_(cast.parent)).context["news"]]
    assert kinds == ["mark", "absence"]


def test_in_july_the_diary_opens_at_the_last_lessons(cast: Any, as_: Any) -> None:
    with time_machine.travel(datetime.datetime(2027, 7, 15, 12, tzinfo=datetime.UTC), tick=False):
        response = home(as_(cast.parent))
    assert response.status_code == 200
    assert response.context["week_url"] == f"/diary/{cast.student.pk}/2026-12-14/"


def test_no_link_leads_to_a_timetable_that_is_not_there(cast: Any, as_: Any) -> None:
    """After the child has left the diary stays readable; the class's timetable does not."""
    client = as_(cast.parent)
    address = home(client).context["timetable_url"]
    assert client.get(address).status_code == 200
    cast.student.enrolments.update(until=datetime.date(2026, 12, 15))
    context = home(client).context
    assert client.get(address).status_code == 404
    assert context["timetable_url"] == ""


def test_on_sunday_monday_is_the_next_school_day(cast: Any, as_: Any) -> None:
    monday = make.LessonFactory(course=cast.algebra, term=cast.lesson.term, date=datetime.date(2026, 12, 21))
    with time_machine.travel(NOW.replace(day=20), tick=False):
        days = home(as_(cast.parent)).context["days"]
    assert [day.date for day in days] == [monday.date]


def test_a_teacher_comes_to_the_days_lessons(cast: Any, as_: Any) -> None:
    assert home(as_(cast.teacher))["Location"] == reverse("diary:teacher-today")


def test_offices_see_figures_without_names(cast: Any, as_: Any) -> None:
    response = home(as_(cast.territory_staff))
    figures = {figure["label"]: figure["value"] for figure in response.context["figures"]}
    assert list(figures.values())[:3] == [1, 1, 2]
    assert cast.student.surname not in response.content.decode()


def test_the_regions_figures_count_all_schools(cast: Any, as_: Any) -> None:
    count_region(NOW)
    context = home(as_(cast.region_operator)).context
    assert context["figures"][0]["value"] == 2
    assert "12:00" in context["as_of"]


def test_the_operators_page_counts_nothing_and_asks_for_the_count_once(
    cast: Any, as_: Any, monkeypatch: Any
) -> None:
    asked: list[str] = []
    monkeypatch.setattr("diary.office.current_app.send_task", asked.append)
    client = as_(cast.region_operator)
    pages = [statements(lambda: home(client)) for _look in range(2)]
    assert not [sql for page in pages for sql in page if "COUNT(" in str(sql)]
    assert asked == ["diary.tasks.count_region"]


def test_the_count_by_the_clock_is_found(cast: Any) -> None:
    count_region_by_the_clock()
    assert region_counts()["students"] == 2  # type: ignore[index]


def test_home_costs_at_most_ten_statements(cast: Any, as_: Any) -> None:
    make.LessonFactory(course=cast.algebra, term=cast.lesson.term, date=datetime.date(2026, 12, 18))
    client = as_(cast.parent)
    home(client)
    assert len(statements(lambda: home(client))) <= 10


def test_today_shows_the_room_and_the_topic(cast: Any, as_: Any) -> None:
    cast.lesson.room = make.RoomFactory(organisation=cast.school, name="305")
    cast.lesson.topic = "Кубы"
    cast.lesson.save(update_fields=["room", "topic"])
    page = as_(cast.parent).get(reverse("diary:home-of-child", args=[cast.student.pk])).content.decode()
    assert "305" in page
    assert "Кубы" in page
