"""The calendar address: what calendars read by it, for whom it opens, and until when."""

import datetime
import logging
import re
from typing import Any

import pytest
import vobject
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from asurso.logs import SecretAddresses
from diary.feed.addresses import READS_AN_HOUR, issue
from diary.models import CalendarFeed, WorkKind
from schedule.models import Lesson
from schools.models import Guardianship, Information
from tests import factories as make
from tests.conftest import NOW, TODAY
from tests.queries import assert_same_statements, statements

pytestmark = pytest.mark.django_db


def address(account: Any, student: Any, language: str = "ru") -> str:
    return reverse("diary:calendar-feed", args=[issue(account, student.pk, language=language, at=NOW)])


@pytest.fixture
def feed(cast: Any) -> str:
    return address(cast.parent.account, cast.student)


def events(feed: str) -> dict[str, Any]:
    """As a library that we neither wrote nor build with reads them, by UID without its host."""
    response = Client().get(feed)
    assert response.status_code == 200
    calendar = vobject.readOne(response.content.decode())
    return {event.uid.value.split("@")[0]: event for event in calendar.contents.get("vevent", [])}


def lesson_event(cast: Any, feed: str) -> Any:
    return events(feed)[f"lesson-{cast.lesson.pk}"]


def test_a_lesson_stands_at_its_hour_in_samara(cast: Any, feed: str) -> None:
    event = lesson_event(cast, feed)
    assert event.summary.value == "Алгебра"
    assert event.dtstart.value.isoformat() == "2026-12-16T08:50:00+04:00"
    assert event.dtend.value.isoformat() == "2026-12-16T09:30:00+04:00"
    assert "Кузнецова" in event.description.value


def test_a_cancelled_lesson_is_cancelled_in_words_too(cast: Any, feed: str) -> None:
    cast.lesson.cancel(by=None, reason="болезнь")
    event = lesson_event(cast, feed)
    assert (event.status.value, event.transp.value) == ("CANCELLED", "TRANSPARENT")
    assert event.summary.value == "Нет урока: Алгебра"


def test_a_moved_lesson_keeps_its_uid_and_says_where_it_was(cast: Any, feed: str) -> None:
    before = int(lesson_event(cast, feed).sequence.value)
    bell = make.BellFactory(organisation=cast.school, number=5)
    cast.lesson.move(TODAY + datetime.timedelta(days=1), bell, by=None)
    event = lesson_event(cast, feed)
    assert event.dtstart.value.date() == TODAY + datetime.timedelta(days=1)
    assert int(event.sequence.value) == before + 1
    assert "Перенос: было" in event.description.value


def test_a_substitute_and_another_room_are_named(cast: Any, feed: str) -> None:
    room = make.RoomFactory(organisation=cast.school, name="305")
    cast.lesson.substitute(cast.class_teacher, by=None, room=room)
    event = lesson_event(cast, feed)
    assert "Кузнецова" in event.description.value
    assert event.description.value.startswith("Замена")
    assert event.location.value == "каб.\u00a0305"


def test_a_planned_test_is_said(cast: Any, feed: str) -> None:
    kind = WorkKind.objects.filter(organisation=None, is_test=True).first()
    make.WorkFactory(lesson=cast.lesson, kind=kind, title="Многочлены")
    event = lesson_event(cast, feed)
    assert event.summary.value == "Контрольная: Алгебра"
    assert "Многочлены" in event.description.value


def test_homework_is_a_whole_day_on_which_it_is_due(cast: Any, feed: str) -> None:
    text = "§ 21; прочитать, выписать: «Ё» 🐍\nи ещё\\n" + "очень длинно " * 40
    homework = make.HomeworkFactory(lesson=cast.lesson, text=text)
    event = events(feed)[f"homework-{homework.pk}"]
    assert event.dtstart.value == datetime.date(2026, 12, 18)
    assert event.dtend.value == datetime.date(2026, 12, 19)
    assert event.description.value == text


def test_homework_of_another_student_is_not_in_it(cast: Any, feed: str) -> None:
    make.HomeworkFactory(lesson=cast.lesson).students.add(cast.classmate)
    assert len(events(feed)) == 1


def test_there_are_no_marks_no_absences_and_no_names_of_children(cast: Any, feed: str) -> None:
    make.MarkFactory(work__lesson=cast.lesson, student=cast.student, text="2", comment="ленится")
    make.AbsenceFactory(lesson=cast.lesson, student=cast.student)
    make.AbsenceFactory(lesson=cast.lesson, student=cast.classmate)
    said = Client().get(feed).content.decode()
    for secret in ("ленится", "DESCRIPTION:2", cast.classmate.first_name, cast.student.surname):
        assert secret not in said


def test_lines_are_folded_and_end_as_the_standard_says(cast: Any, feed: str) -> None:
    make.HomeworkFactory(lesson=cast.lesson, text="Ж" * 500)
    lines = Client().get(feed).content.split(b"\r\n")
    assert all(len(line) <= 75 and b"\n" not in line for line in lines)
    assert b"TZID:Europe/Samara" in lines
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H" in lines
    assert b"X-PUBLISHED-TTL:PT1H" in lines


def test_it_speaks_the_language_it_was_made_in(cast: Any) -> None:
    cast.lesson.cancel(by=None)
    event = lesson_event(cast, address(cast.parent.account, cast.student, "en"))
    assert event.summary.value == "No lesson: Алгебра"


def test_unchanged_it_is_not_sent_again(cast: Any, feed: str) -> None:
    first = Client().get(feed)
    again = Client().get(feed, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "private" in first["Cache-Control"]
    cast.lesson.cancel(by=None)
    assert Client().get(feed, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_a_new_address_ends_the_old_one(cast: Any, feed: str) -> None:
    newer = address(cast.parent.account, cast.student)
    assert Client().get(feed).status_code == 404
    assert Client().get(newer).status_code == 200


def without_token(page: Any) -> str:
    """Django masks the token of forms anew in each page."""
    return re.sub(r'(name="csrfmiddlewaretoken" value=")[^"]+', r"\1", page.content.decode())


def test_a_revoked_address_and_an_unknown_one_get_the_same_answer(cast: Any, feed: str, as_: Any) -> None:
    as_(cast.parent).post(reverse("diary:calendar-removal", args=[cast.student.pk]))
    revoked = Client().get(feed)
    unknown = Client().get(reverse("diary:calendar-feed", args=["x" * 43]))
    assert (revoked.status_code, unknown.status_code) == (404, 404)
    assert without_token(revoked) == without_token(unknown)


def test_it_ends_with_the_tie(cast: Any, feed: str) -> None:
    Guardianship.objects.filter(guardian=cast.parent).update(until=TODAY - datetime.timedelta(days=1))
    assert Client().get(feed).status_code == 404


def test_it_ends_where_a_court_lets_see_nothing(cast: Any, feed: str) -> None:
    Guardianship.objects.filter(guardian=cast.parent).update(may_see=False)
    assert Client().get(feed).status_code == 404


def test_it_ends_with_the_account(cast: Any, feed: str) -> None:
    type(cast.parent.account).objects.filter(pk=cast.parent.account.pk).update(is_active=False)
    assert Client().get(feed).status_code == 404


@pytest.mark.parametrize(
    ("granted", "shown"), [([Information.TIMETABLE], "lesson"), ([Information.HOMEWORK], "homework")]
)
def test_only_what_is_granted_is_in_it(granted: list[str], shown: str, cast: Any, feed: str) -> None:
    make.HomeworkFactory(lesson=cast.lesson)
    Guardianship.objects.filter(guardian=cast.parent).update(information=granted)
    assert [uid.split("-")[0] for uid in events(feed)] == [shown]


def test_the_secret_is_not_stored(cast: Any, feed: str) -> None:
    (row,) = CalendarFeed.objects.values()
    assert feed.split("/")[-1].removesuffix(".ics") not in str(row)


def test_the_secret_is_in_no_log(caplog: Any) -> None:
    record = logging.LogRecord("x", logging.WARNING, "", 1, "Not Found: %s", ("/calendar/abc-_1.ics",), None)
    assert SecretAddresses().filter(record)
    assert record.getMessage() == "Not Found: /calendar/….ics"


def test_who_asks_all_the_time_has_to_wait(cast: Any, feed: str) -> None:
    Client().get(feed)
    cache.set(f"calendar-feed-{CalendarFeed.objects.get().pk}", READS_AN_HOUR)
    refused = Client().get(feed)
    assert (refused.status_code, refused["Retry-After"]) == (429, "3600")


def test_many_lessons_cost_what_one_does(cast: Any, feed: str) -> None:
    def grow() -> None:
        for number in range(3, 9):
            lesson = make.LessonFactory(course=cast.algebra, term=cast.lesson.term, number=number)
            make.HomeworkFactory(lesson=lesson)
            Lesson.objects.get(pk=lesson.pk).cancel(by=None)

    make.HomeworkFactory(lesson=cast.lesson)
    assert_same_statements(lambda: Client().get(feed), grow)
    assert len(statements(lambda: Client().get(feed))) <= 10


# --- The page ------------------------------------------------------------------------------------------


def test_the_address_is_shown_once(cast: Any, as_: Any) -> None:
    client = as_(cast.parent)
    told = client.post(reverse("diary:calendar-address", args=[cast.student.pk])).content.decode()
    assert "http://testserver/calendar/" in told
    assert "webcal://testserver/calendar/" in told
    later = client.get(reverse("diary:calendar")).content.decode()
    assert "/calendar/" in told
    assert ".ics" not in later
    assert "16\u00a0декабря" in later or "16 декабря" in later


def test_nobody_makes_an_address_of_anothers_child(cast: Any, as_: Any) -> None:
    for person in (cast.other_parent, cast.outsider, cast.teacher):
        response = as_(person).post(reverse("diary:calendar-address", args=[cast.student.pk]))
        assert response.status_code == 404
    assert not CalendarFeed.objects.exists()


def test_an_address_is_taken_back_after_the_tie_too(cast: Any, feed: str, as_: Any) -> None:
    Guardianship.objects.filter(guardian=cast.parent).update(until=TODAY - datetime.timedelta(days=1))
    as_(cast.parent).post(reverse("diary:calendar-removal", args=[cast.student.pk]))
    assert not CalendarFeed.objects.exists()


def test_nobody_takes_back_anothers_address(cast: Any, feed: str, as_: Any) -> None:
    response = as_(cast.other_parent).post(reverse("diary:calendar-removal", args=[cast.student.pk]))
    assert response.status_code == 404
    assert CalendarFeed.objects.count() == 1
