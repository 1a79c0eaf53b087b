"""The head teacher closes a term: what is missing, who may, what closing keeps."""

import datetime
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from django.db import connections
from django.urls import reverse

from diary.closing import closures, missing
from diary.models import Point, Work, WorkKind
from schools.models import TermClosure, YearClosure
from tests import factories as make
from tests.conftest import NOW, TODAY, restore_standard_rows
from tests.diary.closed import close, give_result, lesson_of_autumn
from tests.queries import assert_same_statements


@pytest.fixture
def autumn(cast: Any) -> Any:
    """A lesson of the quarter that is over; the student has a mark, and nobody a result."""
    lesson = lesson_of_autumn(cast)
    make.MarkFactory(work__lesson=lesson, student=cast.student)
    return lesson


@pytest.fixture
def complete(cast: Any, autumn: Any) -> Any:
    for student in (cast.student, cast.classmate):
        give_result(cast, student, autumn)
    return autumn


def address(name: str, lesson: Any) -> str:
    return reverse(f"diary:{name}", args=[lesson.term_id])


def shown(as_: Any, person: Any, lesson: Any) -> str:
    return as_(person).get(address("term", lesson)).content.decode()


# --- What is missing -----------------------------------------------------------------------------
def test_the_terms_say_what_they_lack(cast: Any, as_: Any, autumn: Any) -> None:
    page = as_(cast.head_teacher).get(reverse("diary:terms")).content.decode()
    assert "1-я четверть" in page
    assert "2 итога" in page


def test_students_without_a_result_are_named_under_teacher_and_course(
    cast: Any, as_: Any, autumn: Any
) -> None:
    give_result(cast, cast.student, autumn)
    page = shown(as_, cast.head_teacher, autumn)
    assert "Ёлкин Артём" in page
    assert "Кузнецова" in page
    assert "Алгебра" in page
    assert "Соколова Мария" not in page


def test_who_left_before_the_last_day_needs_no_result(cast: Any, autumn: Any) -> None:
    left = make.PersonFactory()
    make.EnrolmentFactory(student=left, school_class=cast.class_7a, until=datetime.date(2026, 10, 22))
    (row,) = missing.results([autumn.term_id], today=TODAY)
    assert row.lacking == 2
    assert left.pk not in dict(row.students)


def test_who_left_since_needs_no_result(cast: Any, autumn: Any) -> None:
    left = make.PersonFactory()
    make.EnrolmentFactory(student=left, school_class=cast.class_7a, until=datetime.date(2026, 11, 5))
    (row,) = missing.results([autumn.term_id], today=TODAY)
    assert left.pk not in dict(row.students)


def test_a_group_lacks_results_of_its_members_only(cast: Any, autumn: Any) -> None:
    group = make.GroupFactory(organisation=cast.school, classes=[cast.class_7a])
    make.MembershipFactory(group=group, student=cast.student)
    make.MembershipFactory(group=group, student=make.PersonFactory())  # enrolled nowhere
    english = make.CourseFactory(school_class=None, group=group)
    lesson = lesson_of_autumn(cast, course=english, term=autumn.term)
    make.MarkFactory(work__lesson=lesson, student=cast.student)
    assert {row.course: row.lacking for row in missing.results([autumn.term_id], today=TODAY)}[
        english.pk
    ] == 1


def test_grade_one_needs_no_results(cast: Any) -> None:
    cast.class_7a.grade = 1
    cast.class_7a.save(update_fields=["grade"])
    make.MarkFactory(work__lesson=(lesson := lesson_of_autumn(cast)), student=cast.student)
    assert not missing.results([lesson.term_id], today=TODAY)


def test_a_course_without_marks_is_told_and_needs_no_results(cast: Any, as_: Any) -> None:
    lesson = lesson_of_autumn(cast)
    assert not missing.results([lesson.term_id], today=TODAY)
    assert "Курсы без единой отметки" in shown(as_, cast.head_teacher, lesson)


def test_unfilled_lessons_and_owed_marks_are_told_with_their_places(
    cast: Any, as_: Any, complete: Any
) -> None:
    empty = lesson_of_autumn(
        cast, term=complete.term, number=3, topic="", roll_called_by=None, roll_called_at=None
    )
    work = make.WorkFactory(lesson=complete, number=2)
    Point.objects.create(work=work, student=cast.classmate, due_on=complete.date, by=cast.teacher)
    page = shown(as_, cast.head_teacher, complete)
    assert reverse("diary:lesson", args=[empty.pk]) in page
    assert f"{reverse('diary:lesson', args=[complete.pk])}#student-{cast.classmate.pk}" in page


def test_a_settled_point_is_not_owed(cast: Any, complete: Any) -> None:
    work = Work.objects.get(lesson=complete)
    Point.objects.create(work=work, student=cast.student, due_on=complete.date, by=cast.teacher)
    assert not missing.owed_counts([complete.term_id])


def test_pages_cost_the_same_however_much_is_missing(cast: Any, as_: Any, autumn: Any) -> None:
    def grow() -> None:
        for number in range(3, 9):
            course = make.CourseFactory(school_class=cast.class_7a)
            make.AssignmentFactory(course=course, teacher=make.PersonFactory())
            lesson = lesson_of_autumn(cast, course=course, term=autumn.term, number=number, topic="")
            work = make.MarkFactory(work__lesson=lesson, student=cast.student).work
            Point.objects.create(work=work, student=cast.classmate, due_on=lesson.date, by=cast.teacher)

    client = as_(cast.head_teacher)

    def read() -> None:
        client.get(address("term", autumn))
        client.get(reverse("diary:terms"))

    grow_once = make.WorkFactory(lesson=lesson_of_autumn(cast, term=autumn.term, number=4, topic=""))
    Point.objects.create(work=grow_once, student=cast.student, due_on=autumn.date, by=cast.teacher)
    assert_same_statements(read, grow)


# --- Closing -------------------------------------------------------------------------------------
def test_the_head_teacher_closes_once_nothing_is_missing(cast: Any, as_: Any, complete: Any) -> None:
    client = as_(cast.head_teacher)
    assert "больше не открывается" in client.get(address("term-closure", complete)).content.decode()
    assert client.post(address("term-closure", complete)).status_code == 302
    assert TermClosure.objects.get().by == cast.head_teacher
    assert "Закрытие: 16" in shown(as_, cast.head_teacher, complete)


def test_missing_results_keep_the_term_open(cast: Any, as_: Any, autumn: Any) -> None:
    response = as_(cast.head_teacher).post(address("term-closure", autumn))
    assert response.status_code == 422
    assert not TermClosure.objects.exists()
    assert "Выставлены не все итоги" in response.content.decode()


def test_a_term_is_not_closed_before_its_last_day(cast: Any, as_: Any) -> None:
    response = as_(cast.head_teacher).post(address("term-closure", cast.lesson))
    assert response.status_code == 422
    assert not TermClosure.objects.exists()
    assert "30\u00a0декабря" in response.content.decode()


def test_it_is_closed_on_its_last_day(cast: Any) -> None:
    last = datetime.datetime.combine(cast.lesson.term.until, datetime.time(18), NOW.tzinfo)
    closures.close_term(cast.lesson.term_id, by=cast.head_teacher, at=last)
    assert TermClosure.objects.exists()


def test_the_weights_in_force_are_kept(cast: Any, as_: Any, complete: Any) -> None:
    project = make.WorkFactory(
        lesson=None, course=cast.algebra, date=complete.date, kind=WorkKind.objects.get(code="К")
    )
    as_(cast.head_teacher).post(address("term-closure", complete))
    WorkKind.objects.update(weight=Decimal(7))
    project.refresh_from_db()
    weights = {project.weight, Work.objects.get(lesson=complete).weight}
    assert None not in weights
    assert Decimal(7) not in weights


def test_works_of_other_terms_keep_no_weight(cast: Any, complete: Any) -> None:
    now = make.WorkFactory(lesson=cast.lesson)
    closures.close_term(complete.term_id, by=cast.head_teacher, at=NOW)
    now.refresh_from_db()
    assert now.weight is None


def test_a_closed_term_is_not_closed_again(cast: Any, as_: Any, complete: Any) -> None:
    client = as_(cast.head_teacher)
    client.post(address("term-closure", complete))
    page = client.post(address("term-closure", complete), follow=True).content.decode()
    assert "уже был закрыт" in page
    assert TermClosure.objects.count() == 1


@pytest.mark.parametrize("role", ["teacher", "class_teacher", "administrator", "region_operator", "outsider"])
def test_nobody_else_learns_of_it_or_closes(cast: Any, as_: Any, complete: Any, role: str) -> None:
    client = as_(getattr(cast, role))
    assert client.get(address("term", complete)).status_code == 404
    assert client.post(address("term-closure", complete)).status_code == 404
    assert not TermClosure.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_close_at_once_one_does(cast: Any) -> None:
    restore_standard_rows()
    lesson = lesson_of_autumn(cast)

    def close_it(_number: int) -> str:
        try:
            closures.close_term(lesson.term_id, by=cast.head_teacher, at=NOW)
        except closures.AlreadyClosed:
            return "late"
        finally:
            connections.close_all()
        return "closed"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(close_it, range(2))) == ["closed", "late"]


# --- The year ------------------------------------------------------------------------------------
def year_address(lesson: Any) -> str:
    return reverse("diary:year-closure", args=[lesson.organisation_id, lesson.term.year_id])


def test_a_year_is_closed_after_its_terms_and_results(cast: Any, as_: Any, complete: Any) -> None:
    client = as_(cast.head_teacher)
    assert "ещё открыт" in client.post(year_address(complete)).content.decode()
    close(cast, complete)
    close(cast, cast.lesson)
    assert client.post(year_address(complete)).status_code == 302
    assert YearClosure.objects.get().by == cast.head_teacher


def test_missing_year_results_keep_the_year_open(cast: Any, as_: Any, complete: Any) -> None:
    make.MarkFactory(work__lesson=cast.lesson, student=cast.student)
    for lesson in (complete, cast.lesson):
        close(cast, lesson)
    response = as_(cast.head_teacher).post(year_address(complete))
    assert response.status_code == 422
    assert "годовые итоги" in response.content.decode()
    for student in (cast.student, cast.classmate):
        give_result(cast, student, cast.lesson, kind="year", term=None)
    assert as_(cast.head_teacher).post(year_address(complete)).status_code == 302


def test_the_outsider_closes_no_year(cast: Any, as_: Any, complete: Any) -> None:
    assert as_(cast.outsider).post(year_address(complete)).status_code == 404
