"""Reports of a child and of a class: their figures, their readers, their paper."""

import datetime
from typing import Any

import pytest
from django.urls import reverse

from diary.reports.paper import reports_pdf
from diary.reports.reading import learner_of, learners_of
from diary.reports.record import Report, Table
from diary.reports.spans import span_of_days, span_of_term, terms_of
from diary.reports.tables import Kind, reports_of
from schedule.models import Lesson
from schools.family import children_of
from schools.models import Guardianship, Information
from schools.roles import person_with_roles
from tests import factories as make
from tests.conftest import NOW, TODAY
from tests.queries import assert_same_statements, statements

pytestmark = pytest.mark.django_db


def address(cast: Any, kind: str = "progress", name: str = "diary:report") -> str:
    return reverse(name, args=[cast.student.pk, kind])


def tables(cast: Any, kind: Kind, since: Any = None, until: Any = None) -> list[Table]:
    """As the parent sees them."""
    account: Any = cast.parent.account
    account.person, account.roles = person_with_roles(account.pk, on=TODAY)  # type: ignore[misc]
    child = children_of(account, on=TODAY)[0]
    terms = terms_of(child.school_class)
    span = span_of_days(terms, since, until) if since else span_of_term(terms[0])
    return reports_of(kind, [learner_of(child)], child.school_class, span, now=NOW)[0].tables


def rows(table: Table) -> dict[str, list[str]]:
    return {row[0]: row[1:] for row in table.rows}


@pytest.fixture(autouse=True)
def russian(settings: Any) -> None:
    settings.LANGUAGE_CODE = "ru"


@pytest.fixture
def marked(cast: Any) -> Any:
    later = NOW + datetime.timedelta(hours=3)
    for number, (text, at) in enumerate((("5", NOW), ("4", NOW), ("2", later)), start=1):
        make.MarkFactory(
            work__lesson=cast.lesson, work__number=number, student=cast.student, text=text, published_at=at
        )
    return cast


def test_progress_shows_published_marks_and_their_average(marked: Any) -> None:
    by_subject, _attendance = tables(marked, Kind.PROGRESS)
    assert rows(by_subject) == {"Алгебра": ["5 4", "4,50", ""]}


def test_progress_of_single_days_leaves_out_the_others(marked: Any) -> None:
    yesterday = TODAY - datetime.timedelta(days=1)
    by_subject, _attendance = tables(marked, Kind.PROGRESS, yesterday, yesterday)
    assert rows(by_subject) == {"Алгебра": ["", "", ""]}


def test_missed_lessons_are_counted_by_reason_and_whole_days(cast: Any) -> None:
    make.AbsenceFactory(student=cast.student, lesson=cast.lesson, code="ill")
    by_subject, attendance = tables(cast, Kind.PROGRESS)
    assert rows(by_subject)["Алгебра"][-1] == "1"
    assert [row[1] for row in attendance.rows] == ["1", "1", "1", "0"]
    assert attendance.rows[0][0] == "Болезнь"


def test_a_day_with_a_lesson_attended_is_not_missed_wholly(cast: Any) -> None:
    make.AbsenceFactory(student=cast.student, lesson=cast.lesson, code="valid")
    make.LessonFactory(course=cast.algebra, term=cast.lesson.term, number=5)
    _by_subject, attendance = tables(cast, Kind.PROGRESS)
    assert [row[1] for row in attendance.rows[-2:]] == ["0", "0"]


def test_a_cancelled_lesson_is_not_missed(cast: Any) -> None:
    make.AbsenceFactory(student=cast.student, lesson=cast.lesson)
    Lesson.objects.filter(pk=cast.lesson.pk).update(state="cancelled")
    _by_subject, attendance = tables(cast, Kind.PROGRESS)
    assert [row[1] for row in attendance.rows] == ["0", "0", "0"]


def test_being_late_for_little_is_told_apart(cast: Any) -> None:
    make.AbsenceFactory(student=cast.student, lesson=cast.lesson, code="late", minutes=5)
    _by_subject, attendance = tables(cast, Kind.PROGRESS)
    assert [row[1] for row in attendance.rows] == ["0", "0", "1"]


def test_groups_of_a_subject_are_one_line_and_others_groups_are_not_told(cast: Any) -> None:
    mine, theirs = (make.GroupFactory(organisation=cast.school, classes=[cast.class_7a]) for _ in range(2))
    make.MembershipFactory(student=cast.student, group=mine)
    for group, name in ((mine, "Английский"), (theirs, "Немецкий")):
        subject = make.SubjectFactory(organisation=cast.school, name=name)
        make.CourseFactory(school_class=None, group=group, subject=subject)
    by_subject, _attendance = tables(cast, Kind.PROGRESS)
    assert list(rows(by_subject)) == ["Алгебра", "Английский"]


def test_the_result_of_a_term_stands_beside_what_it_rests_on(marked: Any) -> None:
    make.ResultFactory(course=marked.algebra, student=marked.student, term=marked.lesson.term, text="4")
    (table,) = tables(marked, Kind.TERM)
    assert rows(table) == {"Алгебра": ["4", "4,50", ""]}


def test_the_year_has_a_column_for_each_term_and_for_the_year(cast: Any) -> None:
    first = make.TermFactory(
        organisation=cast.school, number=1, since=datetime.date(2026, 9, 1), until=datetime.date(2026, 10, 31)
    )
    make.ResultFactory(course=cast.algebra, student=cast.student, term=first, text="3")
    make.ResultFactory(course=cast.algebra, student=cast.classmate, term=first, text="2")
    (table,) = tables(cast, Kind.YEAR)
    assert len(table.headings) == 4
    assert rows(table) == {"Алгебра": ["3", "", ""]}


@pytest.mark.parametrize(
    ("granted", "statuses"),
    [
        ([Information.MARKS], [200, 404, 404]),
        ([Information.ATTENDANCE], [200, 404, 404]),
        ([Information.RESULTS], [404, 200, 200]),
        ([Information.TIMETABLE], [404, 404, 404]),
    ],
)
def test_only_what_is_granted_is_reported(granted: Any, statuses: Any, marked: Any, as_: Any) -> None:
    Guardianship.objects.filter(guardian=marked.parent).update(information=granted)
    client = as_(marked.parent)
    for name in ("diary:report", "diary:report-pdf"):
        got = [client.get(address(marked, kind, name)).status_code for kind in Kind]
        assert got == statuses


def test_a_tie_without_marks_shows_neither_marks_nor_averages(marked: Any) -> None:
    Guardianship.objects.filter(guardian=marked.parent).update(information=["attendance", "results"])
    assert tables(marked, Kind.PROGRESS)[0].headings[1:] == ["Пропу\u00adщено"]
    assert len(tables(marked, Kind.TERM)[0].headings) == 3


@pytest.mark.parametrize("kind", Kind.values)
def test_others_find_no_report(kind: str, cast: Any, outlasted: Any, as_: Any) -> None:
    for person in (cast.other_parent, cast.outsider, cast.teacher, outlasted.former_guardian):
        for name in ("diary:report", "diary:report-pdf"):
            assert as_(person).get(address(cast, kind, name)).status_code == 404


def test_a_term_of_another_class_is_not_found(cast: Any, as_: Any) -> None:
    other = make.TermFactory(organisation=cast.other_school)
    assert as_(cast.parent).get(f"{address(cast)}?term={other.pk}").status_code == 404
    assert as_(cast.parent).get(f"{address(cast)}?term=²").status_code == 404
    assert as_(cast.parent).get(address(cast, "anything")).status_code == 404


def test_days_the_wrong_way_round_are_refused(cast: Any, as_: Any) -> None:
    wrong = "?since=2026-12-16&until=2026-12-01"
    assert as_(cast.parent).get(address(cast) + wrong).status_code == 422
    assert as_(cast.parent).get(address(cast, name="diary:report-pdf") + wrong).status_code == 404
    assert as_(cast.parent).get(address(cast) + "?since=&until=x").status_code == 422


def test_the_file_is_a_pdf_named_for_no_person(cast: Any, as_: Any) -> None:
    response = as_(cast.parent).get(address(cast, name="diary:report-pdf"))
    assert b"".join(response.streaming_content).startswith(b"%PDF")
    assert cast.student.surname not in response["Content-Disposition"]
    assert "private" in response["Cache-Control"]


def test_what_typst_would_read_as_markup_is_printed_as_it_is() -> None:
    names = ["#panic()", "*Ё*", '"; #sys.inputs', "$x$ \\ @a <b> 🦊", "_", ""]
    table = Table("#table", names, [names, ["5 4*" for _ in names]], marks=1)
    report = Report("*", "_", "O'Нил #{1} 🦊", "7 «А»", '"Школа" #1', [table, Table("пусто", ["a"], [])])
    assert reports_pdf([report, report], title="#", on=TODAY).startswith(b"%PDF")


def test_a_class_has_a_report_for_each_student(cast: Any) -> None:
    learners = learners_of(cast.class_7a, on=TODAY)
    span = span_of_term(cast.lesson.term)
    made = reports_of(Kind.PROGRESS, learners, cast.class_7a, span, now=NOW)
    assert [report.student.split()[0] for report in made] == ["Ёлкин", "Соколова"]


@pytest.mark.parametrize("kind", Kind.values)
def test_many_subjects_and_marks_cost_what_one_does(kind: str, marked: Any, as_: Any) -> None:
    def grow() -> None:
        for number in range(3, 15):
            course = make.CourseFactory(school_class=marked.class_7a)
            lesson = make.LessonFactory(course=course, term=marked.lesson.term, number=number)
            make.MarkFactory(work__lesson=lesson, student=marked.student)
            make.AbsenceFactory(lesson=lesson, student=marked.student)
            make.ResultFactory(course=course, student=marked.student, term=marked.lesson.term)

    client = as_(marked.parent)
    assert_same_statements(lambda: client.get(address(marked, kind)), grow)
    assert len(statements(lambda: client.get(address(marked, kind)))) <= 10


@pytest.mark.parametrize("kind", Kind.values)
def test_many_students_cost_what_two_do(kind: str, marked: Any, as_: Any) -> None:
    def grow() -> None:
        for _number in range(10):
            make.EnrolmentFactory(school_class=marked.class_7a)

    client = as_(marked.class_teacher)
    pdf = reverse("diary:class-report-pdf", args=[marked.class_7a.pk, kind])
    assert_same_statements(lambda: client.get(pdf), grow)
