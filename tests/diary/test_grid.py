"""The grid: a term of a course on one page, as far as its reader may see it."""

import datetime
import json
from typing import Any

import pytest
from django.urls import reverse

from diary.models import JournalRules, Result, ScaleValue, WorkKind
from schools.models import TermClosure
from tests import factories as make
from tests.conftest import NOW
from tests.queries import assert_same_statements, statements

DAY = datetime.timedelta(days=1)


def open_grid(client: Any, cast: Any, status: int = 200) -> Any:
    page = client.get(reverse("diary:journal", args=[cast.algebra.pk]))
    assert page.status_code == status
    return page


def grid_of(client: Any, cast: Any) -> dict[str, Any]:
    return open_grid(client, cast).context["grid"]


def row(grid: dict[str, Any], person: Any) -> dict[str, Any]:
    return next(each for each in grid["rows"] if each["pk"] == person.pk)


def test_it_shows_students_lessons_marks_and_averages(cast: Any, as_: Any) -> None:
    JournalRules.objects.create(organisation=cast.school, fewest_marks=1)
    make.MarkFactory(work__lesson=cast.lesson, student=cast.student, text="4")
    page = open_grid(as_(cast.teacher), cast)
    grid = page.context["grid"]
    assert [each["name"] for each in grid["rows"]] == ["Ёлкин Артём", "Соколова Мария"]
    assert row(grid, cast.student)["average"] == "4,00"
    assert row(grid, cast.student)["suggestion"] == "4"
    assert reverse("diary:lesson", args=[cast.lesson.pk]) in page.content.decode()
    assert '<td class="today">4</td>' in page.content.decode()


def test_how_cells_are_drawn(cast: Any, as_: Any) -> None:
    test = WorkKind.objects.get(organisation=None, code="К")
    make.MarkFactory(work__lesson=cast.lesson, work__kind=test, student=cast.student, text="2", comment="!")
    make.AbsenceFactory(lesson=cast.lesson, student=cast.student, code="late", minutes=7)
    page = open_grid(as_(cast.teacher), cast).content.decode()
    assert '<td class="today said"><i data-code="late">оп7</i> <b><u>2</u></b></td>' in page


def test_a_decided_result_takes_the_suggestions_place(cast: Any, as_: Any) -> None:
    make.MarkFactory(work__lesson=cast.lesson, student=cast.student, text="4")
    Result.objects.create(
        course=cast.algebra, student=cast.student, year=cast.algebra.year, kind="term", by=cast.teacher,
        term=cast.lesson.term, value=ScaleValue.objects.get(text="5"), at=NOW,
    )  # fmt: skip
    assert row(grid_of(as_(cast.teacher), cast), cast.student)["result"] == "5"


def test_who_left_or_came_is_told_and_has_no_cells_outside(cast: Any, outlasted: Any, as_: Any) -> None:
    grid = grid_of(as_(cast.teacher), cast)
    gone = row(grid, outlasted.former_student)
    assert gone["gone"] == "по 15\u00a0декабря"
    assert all("off" in classes for _cell, classes in gone["cells"])


def test_columns_open_on_their_day(cast: Any, as_: Any) -> None:
    for days in (-1, 1):
        day = cast.lesson.date + days * DAY
        make.LessonFactory(course=cast.algebra, term=cast.lesson.term, date=day, planned_teacher=cast.teacher)
    grid = grid_of(as_(cast.teacher), cast)
    assert [column["open"] for column in grid["columns"]] == ["all", "all", ""]
    assert [column["is_today"] for column in grid["columns"]] == [False, True, False]


def test_a_planned_test_stands_in_the_head(cast: Any, as_: Any) -> None:
    kind = WorkKind.objects.get(organisation=None, code="К")
    make.WorkFactory(lesson=cast.lesson, kind=kind)
    (column,) = grid_of(as_(cast.teacher), cast)["columns"]
    assert (column["note"], column["kind"], "grid-test" in column["classes"]) == ("К", kind.pk, True)


def test_cancelled_lessons_are_left_out(cast: Any, as_: Any) -> None:
    cast.lesson.cancel(by=None)
    assert grid_of(as_(cast.teacher), cast)["columns"] == []


def test_a_closed_term_is_read_and_not_written(cast: Any, as_: Any) -> None:
    TermClosure.objects.create(term=cast.lesson.term, at=NOW, by=cast.head_teacher)
    page = open_grid(as_(cast.teacher), cast)
    assert page.context["grid"]["is_open"] is False
    assert "период закрыт" in page.content.decode().lower()
    assert "data-entries-url" not in page.content.decode()


def test_the_data_stands_safely_in_the_page(cast: Any, as_: Any) -> None:
    comment = "</script><b>"
    mark = make.MarkFactory(work__lesson=cast.lesson, student=cast.student, text="4", comment=comment)
    page = open_grid(as_(cast.teacher), cast)
    assert comment not in page.content.decode()
    cells = json.loads(page.context["grid"]["data"])["cells"]
    packed = cells[str(cast.lesson.pk)][str(cast.student.pk)]
    assert packed == [f"m{mark.pk}.1", [[mark.pk, "4", mark.work.kind_id, comment]]]


def test_averages_count_marks_of_works_without_a_lesson(cast: Any, as_: Any) -> None:
    make.MarkFactory(work__lesson=cast.lesson, student=cast.student, text="4")
    work = make.WorkFactory(lesson=None, course=cast.algebra, date=cast.lesson.date)
    make.MarkFactory(work=work, student=cast.student, text="5")
    assert row(grid_of(as_(cast.teacher), cast), cast.student)["average"] == "4,50"


def test_too_few_marks_suggest_what_the_results_do(cast: Any, as_: Any) -> None:
    make.MarkFactory(work__lesson=cast.lesson, student=cast.student, text="4")
    assert row(grid_of(as_(cast.teacher), cast), cast.student)["suggestion"] == "н/а"


# --- Who sees what ---------------------------------------------------------------------------------


def test_who_may_not_see_the_course_finds_nothing(cast: Any, outlasted: Any, as_: Any) -> None:
    people = (
        cast.outsider, cast.student, cast.parent, cast.administrator, cast.region_operator,
        outlasted.former_teacher,
    )  # fmt: skip
    for person in people:
        open_grid(as_(person), cast, 404)


def test_the_head_teacher_reads(cast: Any, as_: Any) -> None:
    grid = grid_of(as_(cast.head_teacher), cast)
    assert grid["is_open"] is False
    assert grid["shows_averages"] is True
    assert "учитель" in grid["notice"]


def test_the_class_teacher_opens_reasons_only(cast: Any, as_: Any) -> None:
    grid = grid_of(as_(cast.class_teacher), cast)
    assert [column["open"] for column in grid["columns"]] == ["reasons"]
    assert grid["shows_averages"] is True


def test_a_substitute_sees_the_lesson_and_no_other(cast: Any, outlasted: Any, as_: Any) -> None:
    make.MarkFactory(work__lesson=cast.lesson, student=cast.student, text="2")
    substitute = outlasted.substitute
    grid = grid_of(as_(substitute), cast)
    assert [column["pk"] for column in grid["columns"]] == [substitute.lessons_taught.get().pk]
    assert grid["shows_averages"] is False
    assert json.loads(grid["data"])["cells"] == {}
    assert row(grid, cast.student)["average"] == ""
    assert [column["open"] for column in grid["columns"]] == ["all"]


@pytest.fixture
def group_of_two_classes(cast: Any) -> Any:
    """Algebra of 7 «А» becomes a group's, with a student of 7 «Б» in it."""
    class_7b = make.SchoolClassFactory(organisation=cast.school, letter="Б")
    group = make.GroupFactory(organisation=cast.school, classes=[cast.class_7a, class_7b])
    stranger = make.EnrolmentFactory(school_class=class_7b, student__surname="Иванова").student
    for student in (cast.student, stranger):
        make.MembershipFactory(group=group, student=student)
    cast.algebra.school_class, cast.algebra.group = None, group
    cast.algebra.save()
    return stranger


def test_a_group_is_its_members(cast: Any, group_of_two_classes: Any, as_: Any) -> None:
    rows = grid_of(as_(cast.teacher), cast)["rows"]
    assert {each["pk"] for each in rows} == {cast.student.pk, group_of_two_classes.pk}


def test_of_a_group_the_class_teacher_sees_the_own_students(
    cast: Any, group_of_two_classes: Any, as_: Any
) -> None:
    make.MarkFactory(work__lesson=cast.lesson, student=group_of_two_classes, text="2")
    grid = grid_of(as_(cast.class_teacher), cast)
    assert [each["pk"] for each in grid["rows"]] == [cast.student.pk]
    assert json.loads(grid["data"])["cells"] == {}


def test_another_schools_term_is_not_found(cast: Any, as_: Any) -> None:
    other = make.TermFactory(organisation=cast.other_school)
    address = reverse("diary:journal-of-term", args=[cast.algebra.pk, other.pk])
    assert as_(cast.teacher).get(address).status_code == 404


def test_terms_of_the_year_can_be_chosen(cast: Any, as_: Any) -> None:
    since = datetime.date(2026, 9, 1)
    make.TermFactory(organisation=cast.school, number=1, since=since, until=since + 55 * DAY)
    page = open_grid(as_(cast.teacher), cast)
    assert [term["current"] for term in page.context["terms"]] == [False, True]
    assert as_(cast.teacher).get(page.context["terms"][0]["url"]).status_code == 200


def test_a_school_without_terms_is_told_so(cast: Any, as_: Any) -> None:
    course = make.CourseFactory()
    make.EmploymentFactory(person=cast.teacher, organisation=course.organisation)
    make.AssignmentFactory(course=course, teacher=cast.teacher)
    page = as_(cast.teacher).get(reverse("diary:journal", args=[course.pk]))
    assert page.status_code == 200
    assert "нет учебных периодов" in page.content.decode()


def test_a_term_without_lessons_is_told_so(cast: Any, as_: Any) -> None:
    course = make.CourseFactory(school_class=cast.class_7a)
    make.AssignmentFactory(course=course, teacher=cast.teacher)
    page = as_(cast.teacher).get(reverse("diary:journal", args=[course.pk]))
    assert "пока нет уроков" in page.content.decode()


# --- What it costs ---------------------------------------------------------------------------------


def test_statements_do_not_grow_with_students_lessons_and_marks(cast: Any, as_: Any) -> None:
    client = as_(cast.teacher)

    def grow() -> None:
        enrolments = make.EnrolmentFactory.create_batch(12, school_class=cast.class_7a)
        for days in range(1, 8):
            lesson = make.LessonFactory(
                course=cast.algebra, term=cast.lesson.term, date=cast.lesson.date - days * DAY,
                planned_teacher=cast.teacher,
            )  # fmt: skip
            work = make.WorkFactory(lesson=lesson)
            for enrolment in enrolments:
                make.MarkFactory(work=work, student=enrolment.student)
                make.AbsenceFactory(lesson=lesson, student=enrolment.student)

    assert_same_statements(lambda: open_grid(client, cast), grow)
    assert len(statements(lambda: open_grid(client, cast))) <= 10
