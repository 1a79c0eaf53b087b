"""Averages: exact, by the school's weights, and the same number everywhere (demand row 7)."""

import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diary.averages import Weighed, averages_of, counted_marks, mean, suggested_points, weighted_average
from diary.models import WorkKind
from schools.models import Course, Term
from tests import factories as make
from tests.conftest import NOW
from tests.queries import assert_same_statements

POINTS = st.none() | st.decimals(0, 100, places=2)
WEIGHTS = st.decimals(0, 999, places=2)
MARKS = st.lists(st.builds(Weighed, POINTS, WEIGHTS), max_size=40)
ON_FIVE_POINTS = st.lists(
    st.builds(Weighed, st.sampled_from([None, *map(Decimal, range(1, 6))]), WEIGHTS), max_size=40
)
MANY = settings(max_examples=2500, deadline=None)


def exactly(marks: list[Weighed]) -> Fraction | None:
    """Another way to the same number, in whole hundredths."""
    rows = [(int(points * 100), int(weight * 100)) for points, weight in marks if points is not None]
    weights = sum(weight for _points, weight in rows)
    return Fraction(sum(points * weight for points, weight in rows), 100 * weights) if weights else None


@MANY
@given(MARKS)
def test_an_average_is_the_nearest_hundredth_and_a_half_goes_up(marks: list[Weighed]) -> None:
    found, exact = weighted_average(marks), exactly(marks)
    if exact is None:
        assert found is None
    else:
        assert found is not None
        assert -Fraction(1, 200) < Fraction(found) - exact <= Fraction(1, 200)
        assert found.as_tuple().exponent == -2


@MANY
@given(ON_FIVE_POINTS)
def test_an_average_lies_between_its_marks(marks: list[Weighed]) -> None:
    points = [mark.points for mark in marks if mark.points is not None and mark.weight]
    found = weighted_average(marks)
    assert found is None if not points else min(points) <= found <= max(points)  # type: ignore[operator]


@MANY
@given(st.data(), MARKS)
def test_the_order_of_marks_and_words_among_them_change_nothing(data: Any, marks: list[Weighed]) -> None:
    words = data.draw(st.lists(st.builds(Weighed, st.none(), WEIGHTS), max_size=5))
    assert weighted_average(data.draw(st.permutations(marks + words))) == weighted_average(marks)


@MANY
@given(MARKS, st.sampled_from(["0.01", "0.5", "2", "10", "1000"]))
def test_only_the_proportion_of_weights_counts(marks: list[Weighed], factor: str) -> None:
    scaled = [Weighed(points, weight * Decimal(factor)) for points, weight in marks]
    assert weighted_average(scaled) == weighted_average(marks)


@MANY
@given(st.lists(st.decimals(1, 5, places=0), min_size=1, max_size=20))
def test_a_mean_weighs_all_the_same(points: list[Decimal]) -> None:
    assert mean(points) == weighted_average([Weighed(each, Decimal("2.5")) for each in points])


@pytest.mark.parametrize(
    ("fives", "fours", "average"), [(99, 101, "4.50"), (1, 199, "4.01"), (0, 1, "4.00"), (199, 1, "5.00")]
)
def test_half_a_hundredth_goes_up(fives: int, fours: int, average: str) -> None:
    """4.495 is 4.50, 4.005 is 4.01, and 4.995 is 5.00."""
    marks = [Weighed(Decimal(5), Decimal(1))] * fives + [Weighed(Decimal(4), Decimal(1))] * fours
    assert str(weighted_average(marks)) == average


@pytest.mark.parametrize(
    ("average", "from_", "points"),
    [("4.50", "0.50", 5), ("4.49", "0.50", 4), ("4.59", "0.60", 4), ("4.60", "0.60", 5), ("5.00", "0.50", 5)],
)
def test_a_school_says_from_where_a_result_is_rounded_up(average: str, from_: str, points: int) -> None:
    assert suggested_points(Decimal(average), Decimal(from_)) == points


def averages(cast: Any, **options: Any) -> list[Decimal | None]:
    students = [cast.student.pk, cast.classmate.pk]
    found = averages_of(Course.objects.get(pk=cast.algebra.pk), cast.lesson.term, students, **options)
    return [found[student] for student in students]


def test_a_work_without_its_own_weight_has_that_of_its_kind(cast: Any) -> None:
    test = WorkKind.objects.get(organisation=None, code="К")  # weighs 3
    make.MarkFactory(work__lesson=cast.lesson, student=cast.student, text="5")
    make.MarkFactory(work__lesson=cast.lesson, work__kind=test, student=cast.student, text="3")
    make.MarkFactory(work__lesson=cast.lesson, work__number=3, student=cast.student, text="осв")
    assert averages(cast) == [Decimal("3.50"), None]


def test_a_kept_weight_goes_before_that_of_the_kind(cast: Any) -> None:
    make.MarkFactory(work__lesson=cast.lesson, work__weight=3, student=cast.student, text="5")
    make.MarkFactory(work__lesson=cast.lesson, work__number=2, student=cast.student, text="3")
    assert averages(cast)[0] == Decimal("4.50")


def test_a_work_without_a_lesson_belongs_to_the_term_of_its_day(cast: Any) -> None:
    for day, text in ((datetime.date(2026, 12, 1), "4"), (datetime.date(2026, 9, 1), "2")):
        work = make.WorkFactory(lesson=None, course=cast.algebra, date=day, title="Проект")
        make.MarkFactory(work=work, student=cast.student, text=text)
    assert averages(cast)[0] == Decimal("4.00")


def test_families_count_what_is_published(cast: Any) -> None:
    make.MarkFactory(work__lesson=cast.lesson, student=cast.student, text="5")
    later = NOW + datetime.timedelta(hours=1)
    make.MarkFactory(
        work__lesson=cast.lesson, work__number=2, student=cast.student, text="2", published_at=later
    )
    assert averages(cast)[0] == Decimal("3.50")
    assert averages(cast, published_at=NOW)[0] == Decimal("5.00")


@pytest.fixture
def newcomer(cast: Any) -> Any:
    """Came from 7 «Б» on 1 December, with a mark in algebra and one in physics."""
    student, other = make.PersonFactory(), make.SchoolClassFactory(organisation=cast.school, letter="Б")
    make.EnrolmentFactory(student=student, school_class=other, until=datetime.date(2026, 11, 30))
    make.EnrolmentFactory(student=student, school_class=cast.class_7a, since=datetime.date(2026, 12, 1))
    for subject, text in ((cast.algebra.subject, "3"), (make.SubjectFactory(organisation=cast.school), "2")):
        course = make.CourseFactory(school_class=other, subject=subject)
        lesson = make.LessonFactory(course=course, term=cast.lesson.term, date=datetime.date(2026, 11, 20))
        make.MarkFactory(work__lesson=lesson, student=student, text=text)
    make.MarkFactory(work__lesson=cast.lesson, student=student, text="5")
    return student


def test_marks_of_the_subject_are_brought_along(cast: Any, newcomer: Any) -> None:
    marks = counted_marks([cast.algebra], cast.lesson.term, [newcomer.pk])[cast.algebra.pk][newcomer.pk]
    assert [(mark.text, mark.where) for mark in marks] == [("3", "7\u00a0«Б»"), ("5", "")]


def test_a_group_left_in_the_term_counts_too(cast: Any) -> None:
    groups = [make.GroupFactory(organisation=cast.school, classes=[cast.class_7a]) for _ in range(2)]
    english = make.SubjectFactory(organisation=cast.school, name="Английский язык")
    old, new = [make.CourseFactory(school_class=None, group=group, subject=english) for group in groups]
    make.MembershipFactory(student=cast.student, group=groups[0], until=datetime.date(2026, 12, 1))
    make.MembershipFactory(student=cast.student, group=groups[1], since=datetime.date(2026, 12, 2))
    lesson = make.LessonFactory(course=old, term=cast.lesson.term, date=datetime.date(2026, 11, 20))
    make.MarkFactory(work__lesson=lesson, student=cast.student, text="4")
    assert averages_of(new, cast.lesson.term, [cast.student.pk]) == {cast.student.pk: Decimal("4.00")}


def test_it_is_one_statement_for_any_number(cast: Any, newcomer: Any) -> None:
    term = Term.objects.get(pk=cast.lesson.term_id)

    def grow() -> None:
        for number in range(5):
            student = make.EnrolmentFactory(school_class=cast.class_7a).student
            make.MarkFactory(work__lesson=cast.lesson, work__number=10 + number, student=student)

    students = [cast.student.pk, newcomer.pk]
    assert_same_statements(lambda: averages_of(cast.algebra, term, students), grow)
