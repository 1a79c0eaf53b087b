"""Owed works («точка»): put, put off, taken back, settled by a mark, and what the school's rule makes."""

import datetime
from typing import Any

import pytest

from diary import marking, points
from diary.marking import ChangedMeanwhile, Refused
from diary.models import JournalRules, Mark, Point, ScaleValue, Work, WorkKind
from diary.tasks import apply_rule_of_overdue_points
from schools.models import Enrolment, TermClosure
from tests import factories as make
from tests.conftest import NOW, TODAY
from tests.queries import assert_same_statements

FRIDAY = datetime.date(2026, 12, 18)
YESTERDAY = datetime.date(2026, 12, 15)


def owe(cast: Any, student: Any = None, **changed: Any) -> Point:
    owed = {"due_on": FRIDAY, "by": cast.teacher, "on": TODAY} | changed
    return points.owe(owed.pop("where", cast.lesson), student or cast.student, **owed)


def give(cast: Any, text: str = "4", **changed: Any) -> Mark:
    """A quick mark for an answer."""
    answer = WorkKind.objects.get(organisation=None, code="О")
    value = ScaleValue.objects.get(scale__code="five-point", text=text)
    wanted: dict[str, Any] = {"kind": answer, "value": value, "comment": "", "at": NOW} | changed
    return marking.give_mark(cast.lesson, cast.student, **wanted)


@pytest.fixture
def strict(cast: Any) -> JournalRules:
    return JournalRules.objects.create(organisation=cast.school, overdue_points="two")


@pytest.fixture
def overdue(cast: Any) -> Point:
    point = owe(cast)
    Point.objects.update(due_on=YESTERDAY)
    return point


def test_a_mark_of_the_kind_settles_the_owed_work(cast: Any) -> None:
    point = owe(cast)
    mark = give(cast)
    assert mark.work == point.work
    assert not Point.objects.open().exists()
    states: Any = Point.objects.with_state()
    assert states.get().is_settled


def test_an_owed_work_comes_after_the_marks_and_points_there_are(cast: Any) -> None:
    given = give(cast)
    works = [owe(cast).work, owe(cast).work]
    assert [work.number for work in (given.work, *works)] == [1, 2, 3]


def test_a_work_is_owed_once_and_not_with_its_mark(cast: Any) -> None:
    point, given = owe(cast), give(cast)
    for work in (point.work, given.work):
        with pytest.raises(Refused):
            owe(cast, where=work)


@pytest.mark.parametrize("day", [YESTERDAY, datetime.date(2026, 12, 31)])
def test_a_day_that_is_over_or_after_the_term_is_refused(cast: Any, day: datetime.date) -> None:
    with pytest.raises(Refused):
        owe(cast, due_on=day)


@pytest.mark.parametrize("day", [TODAY, datetime.date(2026, 12, 30)])
def test_today_and_the_last_day_of_the_term_are_days(cast: Any, day: datetime.date) -> None:
    assert owe(cast, due_on=day).due_on == day


def test_taking_a_point_back_forgets_the_work_made_for_it(cast: Any) -> None:
    points.take_back(owe(cast), shown_version=1)
    assert not Work.objects.exists()
    history = Point.pgh_event_model.objects.order_by("pgh_id").values_list("pgh_label", flat=True)  # type: ignore[attr-defined]
    assert list(history) == ["insert", "delete"]


def test_taking_back_keeps_what_others_were_given_for(cast: Any) -> None:
    point = owe(cast)
    make.MarkFactory(work=point.work, student=cast.classmate)
    points.take_back(point, shown_version=1)
    assert Work.objects.get() == point.work


def test_a_point_changed_meanwhile_is_refused(cast: Any) -> None:
    point = owe(cast)
    points.put_off(point, due_on=FRIDAY, on=TODAY, shown_version=1)
    with pytest.raises(ChangedMeanwhile):
        points.put_off(point, due_on=FRIDAY, on=TODAY, shown_version=1)
    with pytest.raises(ChangedMeanwhile):
        points.take_back(point, shown_version=1)


def test_emptying_the_mark_opens_the_point_again(cast: Any) -> None:
    owe(cast)
    marking.empty_mark(give(cast), shown_version=1)
    assert Point.objects.open().exists()


def test_by_default_it_is_owed_by_the_next_lesson_of_the_term(cast: Any) -> None:
    make.LessonFactory(course=cast.algebra, term=cast.lesson.term, date=datetime.date(2026, 12, 23))
    friday = make.LessonFactory(course=cast.algebra, term=cast.lesson.term, date=FRIDAY)
    assert points.next_lesson_day(cast.lesson) == FRIDAY
    friday.cancel(by=None)
    assert points.next_lesson_day(cast.lesson) == datetime.date(2026, 12, 23)


def test_after_the_last_lesson_it_is_owed_by_the_end_of_the_term(cast: Any) -> None:
    assert points.next_lesson_day(cast.lesson) == cast.lesson.term.until


# --- The school's rule -----------------------------------------------------------------------------


def test_an_overdue_point_becomes_a_2_once(cast: Any, strict: Any, overdue: Point) -> None:
    apply_rule_of_overdue_points()
    apply_rule_of_overdue_points()
    mark = Mark.objects.get()
    assert (mark.work, mark.value.text, mark.comment) == (overdue.work, "2", points.OVERDUE_COMMENT)
    assert Mark.pgh_event_model.objects.get().pgh_context["means"] == "overdue_points"  # type: ignore[attr-defined]


def test_without_the_rule_it_stays(cast: Any, overdue: Point) -> None:
    assert points.apply_rule(NOW) == 0


def test_on_the_due_day_itself_the_work_may_still_come(cast: Any, strict: Any, overdue: Point) -> None:
    Point.objects.update(due_on=TODAY)
    assert points.apply_rule(NOW.replace(hour=23, minute=59)) == 0
    assert points.apply_rule(NOW.replace(day=17, hour=0, minute=0)) == 1


def test_a_closed_term_is_left_alone(cast: Any, strict: Any, overdue: Point) -> None:
    TermClosure.objects.create(term=cast.lesson.term, at=NOW, by=cast.head_teacher)
    assert points.apply_rule(NOW) == 0


def test_a_settled_point_and_one_of_who_left_are_left_alone(cast: Any, strict: Any, overdue: Point) -> None:
    give(cast)
    owe(cast, cast.classmate)
    Point.objects.update(due_on=YESTERDAY)
    Enrolment.objects.filter(student=cast.classmate).update(until=YESTERDAY)
    assert points.apply_rule(NOW) == 0


def test_families_see_the_2_at_the_hour_of_the_school(cast: Any, strict: Any, overdue: Point) -> None:
    strict.marks_published_at = datetime.time(18)
    strict.save()
    points.apply_rule(NOW)
    assert Mark.objects.get().published_at == NOW.replace(hour=18)


def test_the_rule_costs_the_same_for_many(cast: Any, strict: Any, overdue: Point) -> None:
    def again() -> None:
        Mark.objects.all().delete()
        points.apply_rule(NOW)

    def more() -> None:
        for _each in range(5):
            student = make.EnrolmentFactory(school_class=cast.class_7a).student
            owe(cast, student)
        Point.objects.update(due_on=YESTERDAY)

    assert_same_statements(again, more)
