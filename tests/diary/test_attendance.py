"""A student's attendance: lessons and days, by reason, subject and month; a picture, a table, what to do."""

import datetime
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from diary.models import Absence
from schools.models import Guardianship, Information
from tests import factories as make
from tests.conftest import TODAY
from tests.queries import assert_same_statements, statements

TUESDAY = datetime.date(2026, 12, 15)


def open_page(client: Any, cast: Any, *period: str) -> Any:
    name = "diary:attendance-of-period" if period else "diary:attendance-of"
    return client.get(reverse(name, args=[cast.student.pk, *period]))


def miss(
    cast: Any, day: datetime.date = TODAY, *, number: int = 1, code: str = "ill", **more: Any
) -> Absence:
    course = more.pop("course", cast.algebra)
    lesson = make.LessonFactory(course=course, term=cast.lesson.term, date=day, number=number)
    return make.AbsenceFactory(lesson=lesson, student=cast.student, code=code, **more)


def values(page: Any) -> list[str]:
    return [figure["value"] for figure in page.context["figures"]]


def test_a_day_is_missed_when_all_own_lessons_of_it_are(cast: Any, as_: Any) -> None:
    miss(cast, TUESDAY, number=1)
    miss(cast, TUESDAY, number=2)
    miss(cast, TODAY, number=1)  # of two: the cast's lesson was attended
    page = open_page(as_(cast.parent), cast)
    assert values(page) == ["3", "1", "0"]
    assert [day["is_whole"] for day in page.context["days"]] == [False, True]


def test_lessons_of_a_group_that_is_not_one_s_own_do_not_count(cast: Any, as_: Any) -> None:
    miss(cast, TUESDAY)
    group = make.GroupFactory(organisation=cast.school, year=cast.class_7a.year, classes=[cast.class_7a])
    theirs = make.CourseFactory(school_class=None, group=group)
    make.LessonFactory(course=theirs, term=cast.lesson.term, date=TUESDAY, number=2)
    assert values(open_page(as_(cast.parent), cast)) == ["1", "1", "0"]


def test_cancelled_lessons_are_neither_given_nor_missed(cast: Any, as_: Any) -> None:
    miss(cast, TUESDAY)
    make.LessonFactory(course=cast.algebra, term=cast.lesson.term, date=TUESDAY, number=2, state="cancelled")
    assert values(open_page(as_(cast.parent), cast)) == ["1", "1", "0"]


@pytest.mark.parametrize(("minutes", "figures"), [(20, ["0", "0", "1"]), (21, ["1", "1", "0"])])
def test_more_than_half_of_a_lesson_late_is_missing_it(
    cast: Any, as_: Any, minutes: int, figures: list[str]
) -> None:
    absence = miss(cast, TUESDAY, code="late", minutes=minutes)
    absence.lesson.starts, absence.lesson.ends = datetime.time(8), datetime.time(8, 40)
    absence.lesson.save(update_fields=["starts", "ends"])
    assert values(open_page(as_(cast.parent), cast)) == figures


def test_lateness_stands_apart_with_its_minutes(cast: Any, as_: Any) -> None:
    miss(cast, TUESDAY, code="late", minutes=7)
    page = open_page(as_(cast.parent), cast)
    assert page.context["figures"][2] == {"value": "1", "label": "опоздание", "note": "всего 7 мин"}
    assert page.context["reasons"] == []


def test_being_exempt_is_no_absence(cast: Any, as_: Any) -> None:
    miss(cast, TUESDAY, code="exempt")
    page = open_page(as_(cast.parent), cast)
    assert values(page) == ["0", "0", "0"]
    assert page.context["exempt"] == 1
    assert page.context["days"] == []


def test_lessons_are_summed_by_reason_subject_and_month(cast: Any, as_: Any) -> None:
    physics = make.CourseFactory(school_class=cast.class_7a, subject__name="Физика")
    miss(cast, TUESDAY, number=1)
    miss(cast, TUESDAY, number=2, course=physics, code="unstated")
    miss(cast, datetime.date(2026, 11, 30), number=2, course=physics, code="unstated")
    page = open_page(as_(cast.parent), cast)
    assert [(line["code"], line["lessons"], line["days"]) for line in page.context["reasons"]] == [
        ("unstated", 2, 2),
        ("ill", 1, 0),
    ]
    by_subject, by_month = page.context["tables"]
    assert [(row["label"], row["counts"], row["total"]) for row in by_subject["rows"]] == [
        ("Физика", [2, ""], 2),
        ("Алгебра", ["", 1], 1),
    ]
    assert [(row["label"], row["total"]) for row in by_month["rows"]] == [("Ноябрь", 1), ("Декабрь", 2)]


def test_the_picture_has_words(cast: Any, as_: Any) -> None:
    miss(cast, TUESDAY)
    miss(cast, datetime.date(2026, 12, 9), code="late")
    month = open_page(as_(cast.parent), cast).context["months"][-1]
    assert (month.title, month.words) == ("Декабрь", "Весь день: 15. Опоздания: 9.")
    kinds = {square["day"]: square["kind"] for square in month.squares}
    assert [kinds[day] for day in (9, 15, 16, 20)] == ["late", "whole", "school", "free"]


def test_each_absence_leads_to_its_history(cast: Any, as_: Any) -> None:
    absence = miss(cast)
    address = reverse("diary:cell-history", args=[absence.lesson_id, cast.student.pk])
    assert address in open_page(as_(cast.parent), cast).content.decode()


# --- Periods -----------------------------------------------------------------------------------------


def test_the_term_of_today_opens_and_others_have_addresses(cast: Any, as_: Any) -> None:
    page = open_page(as_(cast.parent), cast)
    shown = page.context["period"]
    assert (shown.since, shown.until) == (cast.lesson.term.since, cast.lesson.term.until)
    assert open_page(as_(cast.parent), cast, shown.slug).context["period"] == shown
    assert open_page(as_(cast.parent), cast, "year").context["period"].slug == "year"


def test_an_unknown_period_is_not_found(cast: Any, as_: Any) -> None:
    assert open_page(as_(cast.parent), cast, "quarter-9").status_code == 404


def test_terms_of_the_year_before_are_not_offered(cast: Any, as_: Any) -> None:
    year = make.YearFactory(since=datetime.date(2025, 9, 1), until=datetime.date(2026, 8, 31))
    days = {"since": datetime.date(2025, 11, 3), "until": datetime.date(2025, 12, 28)}
    make.TermFactory(organisation=cast.school, year=year, **days)
    periods = open_page(as_(cast.parent), cast).context["periods"]
    assert [period["label"] for period in periods] == ["2-я четверть", "Год"]


@pytest.mark.parametrize(("day", "number"), [("2026-12-31", 2), ("2027-01-11", 3)])
def test_in_holidays_the_last_term_stays_open(cast: Any, as_: Any, day: str, number: int) -> None:
    days = {"since": datetime.date(2027, 1, 11), "until": datetime.date(2027, 3, 25)}
    make.TermFactory(organisation=cast.school, number=3, **days)
    with time_machine.travel(f"{day} 12:00+04:00", tick=False):
        assert open_page(as_(cast.parent), cast).context["period"].slug == f"quarter-{number}"


# --- What is waited for ------------------------------------------------------------------------------


def test_missed_yesterday_we_wait_for_the_reason(cast: Any, as_: Any) -> None:
    miss(cast, TUESDAY, code="unstated")
    page = open_page(as_(cast.parent), cast)
    address = reverse("diary:note-new", args=[cast.student.pk]) + "?since=2026-12-15"
    assert page.context["awaited"] == {"title": "Пропуск вчера, ждём причину", "url": address}
    form = as_(cast.parent).get(address).context["form"]
    assert form["since"].value() == TUESDAY


def test_of_single_lessons_the_note_is_of_those(cast: Any, as_: Any) -> None:
    miss(cast, TODAY, code="unstated")
    awaited = open_page(as_(cast.parent), cast).context["awaited"]
    assert awaited["url"] == reverse("diary:note-new-lessons", args=[cast.student.pk, TODAY])


def test_once_told_nobody_waits(cast: Any, as_: Any) -> None:
    miss(cast, TUESDAY, code="unstated")
    note = make.NoteFactory(
        student=cast.student, school_class=cast.class_7a, by=cast.parent, since=TUESDAY, until=TUESDAY
    )
    page = open_page(as_(cast.parent), cast)
    assert page.context["awaited"] is None
    assert page.context["days"][0]["note_url"] == reverse("diary:absence-note", args=[note.pk])


def test_a_student_sees_that_it_waits_and_no_way_to_tell(cast: Any, as_: Any) -> None:
    miss(cast, TUESDAY, code="unstated")
    page = open_page(as_(cast.student), cast)
    assert page.context["awaited"]["url"] == page.context["new_url"] == ""
    assert page.context["days"][0]["file_url"] == ""


def test_a_forged_day_in_the_address_is_no_day(cast: Any, as_: Any) -> None:
    address = reverse("diary:note-new", args=[cast.student.pk])
    for since in ("2026-02-30", "x", ""):
        assert as_(cast.parent).get(address, {"since": since}).status_code == 200


# --- Whose -------------------------------------------------------------------------------------------


def test_without_a_child_the_address_leads_to_the_own_one(cast: Any, as_: Any) -> None:
    for person in (cast.parent, cast.student):
        response = as_(person).get(reverse("diary:attendance"))
        assert response["Location"] == reverse("diary:attendance-of", args=[cast.student.pk])


def test_a_tap_changes_the_child_and_keeps_the_page(cast: Any, as_: Any) -> None:
    make.GuardianshipFactory(guardian=cast.parent, child=cast.classmate)
    urls = [tab["url"] for tab in open_page(as_(cast.parent), cast).context["children"]]
    assert reverse("diary:attendance-of", args=[cast.classmate.pk]) in urls


def test_who_is_not_granted_attendance_finds_no_page(cast: Any, as_: Any) -> None:
    Guardianship.objects.filter(guardian=cast.parent).update(information=[Information.MARKS])
    assert open_page(as_(cast.parent), cast).status_code == 404


@pytest.mark.parametrize("role", ["other_parent", "outsider", "teacher", "class_teacher"])
def test_another_family_s_child_is_not_found(cast: Any, as_: Any, role: str) -> None:
    assert open_page(as_(getattr(cast, role)), cast).status_code == 404


def test_the_page_costs_the_same_for_many_absences(cast: Any, as_: Any) -> None:
    client = as_(cast.parent)
    miss(cast, TUESDAY, code="unstated")

    def more() -> None:
        for day in range(1, 13):
            miss(cast, datetime.date(2026, 12, day), number=day % 6 + 1)
            since = datetime.date(2026, 11, day + 9)
            make.NoteFactory(
                student=cast.student, school_class=cast.class_7a, by=cast.parent, since=since, until=since
            )

    assert_same_statements(lambda: open_page(client, cast), more)
    assert len(statements(lambda: open_page(client, cast))) <= 10
