"""Planning a test: what speaks against the day is told, and taken when confirmed."""

import datetime
from typing import Any

import pytest
from django.urls import reverse

from diary.load_guard import cautions
from diary.models import Work, WorkKind
from schedule.models import Lesson
from schools.models import TermClosure
from tests import factories as make
from tests.conftest import NOW, TODAY
from tests.queries import assert_same_statements


def kind(code: str = "К") -> WorkKind:
    return WorkKind.objects.get(organisation=None, code=code)


def at(cast: Any, day: datetime.date, hour: int, course: Any = None) -> Lesson:
    return make.LessonFactory(
        course=course or cast.algebra,
        term=cast.lesson.term,
        date=day,
        number=hour - 7,
        starts=datetime.time(hour),
        ends=datetime.time(hour, 40),
        planned_teacher=cast.teacher,
    )


@pytest.fixture
def friday(cast: Any) -> Lesson:
    """In the middle of the class's day."""
    day = datetime.date(2026, 12, 18)
    other = make.CourseFactory(school_class=cast.class_7a)
    at(cast, day, 8, other)
    at(cast, day, 12, other)
    return at(cast, day, 10)


def a_test(cast: Any, day: datetime.date, course: Any = None, hour: int = 11) -> Work:
    return make.WorkFactory(lesson=at(cast, day, hour, course), kind=kind())


def rules(lesson: Lesson, **more: Any) -> list[str]:
    return [caution.rule for caution in cautions(lesson, **more)]


def test_nothing_speaks_against_a_good_day(friday: Lesson) -> None:
    assert rules(friday) == []


def test_a_second_test_that_day_of_any_subject(cast: Any, friday: Lesson) -> None:
    a_test(cast, friday.date, make.CourseFactory(school_class=cast.class_7a))
    assert rules(friday) == ["one-a-day"]


def test_a_group_of_the_class_counts_and_a_cancelled_lesson_does_not(cast: Any, friday: Lesson) -> None:
    group = make.GroupFactory(organisation=cast.school, classes=[cast.class_7a])
    course = make.CourseFactory(school_class=None, group=group)
    other = a_test(cast, friday.date, course)
    assert rules(friday) == ["one-a-day"]
    assert other.lesson is not None
    other.lesson.cancel(by=None)
    assert rules(friday) == []


def test_the_halves_of_a_class_write_each_its_own(cast: Any, friday: Lesson) -> None:
    english = make.SubjectFactory(organisation=cast.school)
    halves = [
        make.CourseFactory(
            subject=english,
            school_class=None,
            group=make.GroupFactory(organisation=cast.school, classes=[cast.class_7a]),
        )
        for _half in range(2)
    ]
    a_test(cast, friday.date, halves[0])
    assert rules(at(cast, friday.date, 9, halves[1])) == []


def test_a_test_of_another_class_is_no_matter(cast: Any, friday: Lesson) -> None:
    other = make.SchoolClassFactory(organisation=cast.school)
    a_test(cast, friday.date, make.CourseFactory(school_class=other))
    assert rules(friday) == []


@pytest.mark.parametrize(("days", "found"), [(17, ["too-soon"]), (18, []), (-17, ["too-soon"]), (-18, [])])
def test_two_and_a_half_weeks_from_one_to_the_next(
    cast: Any, friday: Lesson, days: int, found: list[str]
) -> None:
    a_test(cast, friday.date - datetime.timedelta(days=days))
    assert rules(friday) == found


def test_at_most_a_tenth_of_the_hours(cast: Any, friday: Lesson) -> None:
    """Three hours a week make 102 a year: the eleventh test is one too many."""
    for number in range(10):
        a_test(cast, datetime.date(2026, 9, 1) + datetime.timedelta(days=number))
    assert "too-many" not in rules(friday, besides=Work.objects.earliest("pk"))
    assert rules(friday) == ["too-many"]


@pytest.mark.parametrize("hour", [7, 13])
def test_not_the_first_or_the_last_lesson(cast: Any, friday: Lesson, hour: int) -> None:
    assert rules(at(cast, friday.date, hour)) == ["edge"]


def test_but_with_one_lesson_a_week_at_any(cast: Any, friday: Lesson) -> None:
    cast.algebra.hours_per_week = 1
    lesson = at(cast, friday.date, 7)
    lesson.course = cast.algebra
    assert "edge" not in rules(lesson)


def test_the_guard_costs_the_same_for_many_tests(cast: Any, friday: Lesson) -> None:
    def more() -> None:
        for number in range(8):
            a_test(
                cast,
                friday.date + datetime.timedelta(days=number),
                make.CourseFactory(school_class=cast.class_7a),
            )

    assert_same_statements(lambda: cautions(friday), more)


# --- The page -----------------------------------------------------------------------------------


def plan(client: Any, at_page_of: Lesson, **more: Any) -> Any:
    typed = {"kind": kind().pk, "title": "Контрольная № 3", "lesson": at_page_of.pk} | more
    return client.post(reverse("diary:work-new", args=[at_page_of.pk]), typed)


def test_a_test_is_planned_and_shown_with_its_lesson(cast: Any, as_: Any, friday: Lesson) -> None:
    client = as_(cast.teacher)
    assert plan(client, friday).status_code == 302
    work = Work.objects.get()
    assert (work.title, work.date, work.kind.code) == ("Контрольная № 3", friday.date, "К")
    context = client.get(reverse("diary:lesson", args=[friday.pk])).context
    assert [each["title"] for each in context["planned"]] == ["Контрольная № 3"]
    assert context["form"].initial["mark_kind"] == kind().pk


def test_what_speaks_against_it_is_asked_once(cast: Any, as_: Any, friday: Lesson) -> None:
    a_test(cast, friday.date, make.CourseFactory(school_class=cast.class_7a))
    asked = plan(as_(cast.teacher), friday)
    assert asked.status_code == 422
    assert [caution.rule for caution in asked.context["cautions"]] == ["one-a-day"]
    assert not Work.objects.filter(lesson=friday).exists()
    assert plan(as_(cast.teacher), friday, confirmed=asked.context["confirmation"]).status_code == 302


def test_another_lesson_is_asked_about_anew(cast: Any, as_: Any, friday: Lesson) -> None:
    a_test(cast, friday.date, make.CourseFactory(school_class=cast.class_7a))
    asked = plan(as_(cast.teacher), friday)
    other = at(cast, friday.date, 13)
    confirmed = asked.context["confirmation"]
    assert plan(as_(cast.teacher), friday, lesson=other.pk, confirmed=confirmed).status_code == 422


def test_a_small_work_is_nobody_s_load(cast: Any, as_: Any, friday: Lesson) -> None:
    a_test(cast, friday.date, make.CourseFactory(school_class=cast.class_7a))
    assert plan(as_(cast.teacher), friday, kind=kind("С").pk).status_code == 302


def test_a_planned_test_is_moved_and_removed(cast: Any, as_: Any, friday: Lesson) -> None:
    client, other = as_(cast.teacher), at(cast, friday.date, 11)
    plan(client, friday)
    work = Work.objects.get()
    typed = {"kind": kind().pk, "title": "", "lesson": other.pk, "version": work.version}
    assert client.post(reverse("diary:work", args=[work.pk]), typed).status_code == 302
    work.refresh_from_db()
    assert (work.lesson, work.title, work.version) == (other, "Контрольная работа", 2)
    removal = reverse("diary:work-removal", args=[work.pk])
    client.post(removal, {"version": 1})
    assert Work.objects.exists()
    client.post(removal, {"version": 2})
    assert not Work.objects.exists()


def test_a_work_with_marks_stays(cast: Any, as_: Any, friday: Lesson) -> None:
    client = as_(cast.teacher)
    plan(client, friday)
    work = Work.objects.get()
    make.MarkFactory(work=work, student=cast.student)
    client.post(reverse("diary:work-removal", args=[work.pk]), {"version": work.version})
    typed = {"kind": kind().pk, "title": "иначе", "lesson": friday.pk, "version": work.version}
    assert client.post(reverse("diary:work", args=[work.pk]), typed).status_code == 422
    assert Work.objects.get().title == "Контрольная № 3"


@pytest.mark.parametrize(
    ("role", "status"), [("outsider", 404), ("class_teacher", 403), ("head_teacher", 403)]
)
def test_only_the_lesson_s_teacher_plans(cast: Any, as_: Any, friday: Lesson, role: str, status: int) -> None:
    assert plan(as_(getattr(cast, role)), friday).status_code == status


def test_not_in_a_closed_term(cast: Any, as_: Any, friday: Lesson) -> None:
    TermClosure.objects.create(term=cast.lesson.term, at=NOW, by=cast.head_teacher)
    assert plan(as_(cast.teacher), friday).status_code == 403


def test_a_substitute_plans_for_the_own_lesson_alone(
    cast: Any, as_: Any, outlasted: Any, friday: Lesson
) -> None:
    own = Lesson.objects.get(teacher=outlasted.substitute)
    client = as_(outlasted.substitute)
    assert plan(client, own, lesson=friday.pk).status_code == 422
    assert plan(client, friday).status_code == 404


# --- The calendar of a class ------------------------------------------------------------------------


def calendar(client: Any, cast: Any, day: datetime.date = TODAY) -> Any:
    return client.get(reverse("diary:class-tests-of-month", args=[cast.class_7a.pk, day]))


def test_the_calendar_shows_the_class_s_tests_by_day(cast: Any, as_: Any, friday: Lesson) -> None:
    plan(as_(cast.teacher), friday)
    a_test(cast, friday.date, make.CourseFactory(school_class=cast.class_7a))
    for role in ("teacher", "class_teacher", "head_teacher"):
        (day,) = calendar(as_(getattr(cast, role)), cast).context["days"]
        assert (len(day["tests"]), day["is_crowded"]) == (2, True)
    january = calendar(as_(cast.teacher), cast, datetime.date(2027, 1, 31))
    assert january.context["days"] == []


def test_the_calendar_links_only_to_lessons_one_may_open(cast: Any, as_: Any, friday: Lesson) -> None:
    a_test(cast, friday.date, make.CourseFactory(school_class=cast.class_7a))
    (day,) = calendar(as_(cast.teacher), cast).context["days"]
    assert [test["url"] for test in day["tests"]] == [""]


def test_the_calendar_is_not_for_outsiders(cast: Any, as_: Any) -> None:
    assert calendar(as_(cast.outsider), cast).status_code == 404
    assert calendar(as_(cast.parent), cast).status_code == 404


def test_the_calendar_costs_the_same_for_many_tests(cast: Any, as_: Any, friday: Lesson) -> None:
    client = as_(cast.teacher)

    def more() -> None:
        for number in range(8):
            a_test(cast, friday.date + datetime.timedelta(days=number))

    assert_same_statements(lambda: calendar(client, cast), more)


def test_a_form_sent_twice_plans_the_work_once(cast: Any, as_: Any, friday: Lesson) -> None:
    for _time in range(2):
        asked = plan(as_(cast.teacher), friday)
        if asked.status_code == 422:
            plan(as_(cast.teacher), friday, confirmed=asked.context["confirmation"])
    assert Work.objects.filter(lesson=friday).count() == 1
