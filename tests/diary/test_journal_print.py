"""The journal on paper: the form that schools keep, for those who see the whole of it."""

import datetime
import io
from typing import Any

import openpyxl
import pytest
from django.urls import reverse
from django.utils import translation

from diary.models import Absence, Result, ScaleValue
from diary.printing.paper import digest, journal_pdf
from diary.printing.reading import class_journal, course_journal
from diary.printing.workbook import journal_workbook
from schools.models import Course, SchoolClass
from tests import factories as make
from tests.conftest import NOW
from tests.queries import assert_same_statements

pytestmark = pytest.mark.django_db
SINCE, UNTIL = datetime.date(2026, 11, 2), datetime.date(2026, 12, 30)


def of_course(course: Course) -> Any:
    return course_journal(course, SINCE, UNTIL)


def cells(cast: Any) -> list[str]:
    (lesson,) = of_course(cast.algebra).courses[0].lessons
    return lesson.cells  # the classmate Ёлкин stands before Соколова


@pytest.fixture(autouse=True)
def russian() -> Any:
    with translation.override("ru"):
        yield


@pytest.mark.parametrize("code", ["unstated", "ill", "valid", "invalid"])
def test_every_absence_is_printed_as_one_letter(code: str, cast: Any) -> None:
    make.AbsenceFactory(student=cast.student, lesson=cast.lesson, code=code)
    assert cells(cast) == ["", "Н"]


def test_late_is_left_out_and_exempt_is_said(cast: Any) -> None:
    make.AbsenceFactory(student=cast.student, lesson=cast.lesson, code=Absence.Code.LATE, minutes=7)
    make.AbsenceFactory(student=cast.classmate, lesson=cast.lesson, code=Absence.Code.EXEMPT)
    assert cells(cast) == ["осв", ""]


def test_a_mark_given_to_an_absent_student_stands_beside_the_letter(cast: Any) -> None:
    make.AbsenceFactory(student=cast.student, lesson=cast.lesson)
    make.MarkFactory(work__lesson=cast.lesson, student=cast.student, text="4")
    assert cells(cast) == ["", "Н 4"]


def test_homework_of_single_students_is_not_printed(cast: Any) -> None:
    make.HomeworkFactory(lesson=cast.lesson, text="§ 21")
    personal = make.HomeworkFactory(lesson=cast.lesson, text="доделать работу")
    personal.students.add(cast.student)
    assert of_course(cast.algebra).courses[0].lessons[0].homework == "§ 21"


def test_who_substituted_is_named(cast: Any, outlasted: Any) -> None:
    lessons = of_course(cast.algebra).courses[0].lessons
    assert [lesson.substitute for lesson in lessons] == ["", outlasted.substitute.short_name]


def test_a_cancelled_lesson_is_not_printed(cast: Any) -> None:
    cast.lesson.cancel(by=None)
    assert of_course(cast.algebra).courses[0].lessons == []


def test_results_stand_after_the_lessons_of_their_term(cast: Any) -> None:
    four = ScaleValue.objects.get(scale__code="five-point", text="4")
    Result.objects.create(
        course=cast.algebra,
        student=cast.student,
        year=cast.algebra.year,
        kind=Result.Kind.TERM,
        term=cast.lesson.term,
        value=four,
        by=cast.teacher,
        at=NOW,
    )
    assert of_course(cast.algebra).courses[0].results == [("2-я четверть", ["", "4"])]
    assert class_journal(cast.class_7a, SINCE, UNTIL).summary == [
        (f"{cast.algebra.subject.name}, 2-я четверть", ["", "4"])
    ]


def test_a_day_is_missed_when_all_its_lessons_are(cast: Any) -> None:
    group = make.GroupFactory(organisation=cast.school, classes=[cast.class_7a])
    make.MembershipFactory(student=cast.student, group=group)
    english = make.CourseFactory(school_class=None, group=group)
    second = make.LessonFactory(course=english, term=cast.lesson.term, number=3)
    make.AbsenceFactory(student=cast.student, lesson=cast.lesson, code=Absence.Code.ILL)
    assert [line.days for line in class_journal(cast.class_7a, SINCE, UNTIL).attendance] == [0, 0]
    make.AbsenceFactory(student=cast.student, lesson=second)
    _classmate, line = class_journal(cast.class_7a, SINCE, UNTIL).attendance
    assert (line.days, line.lessons) == (1, {"ill": 1, "unstated": 1})


def test_a_class_is_printed_without_the_students_of_other_classes(cast: Any) -> None:
    other = make.SchoolClassFactory(organisation=cast.school, letter="Б")
    stranger = make.EnrolmentFactory(school_class=other).student
    group = make.GroupFactory(organisation=cast.school, classes=[cast.class_7a, other])
    for student in (cast.student, stranger):
        make.MembershipFactory(student=student, group=group)
    english = make.CourseFactory(school_class=None, group=group)
    printed = {
        course.subject: course.students for course in class_journal(cast.class_7a, SINCE, UNTIL).courses
    }
    assert printed[english.subject.name] == [cast.student.roll_name]
    assert len(of_course(english).courses[0].students) == 2


def test_a_student_who_left_is_listed_with_the_day(cast: Any, outlasted: Any) -> None:
    lines = {line.name: line.left for line in class_journal(cast.class_7a, SINCE, UNTIL).students}
    assert lines[outlasted.former_student.roll_name] == datetime.date(2026, 12, 15)
    assert lines[cast.student.roll_name] is None


def test_reading_a_class_costs_the_same_however_much_is_in_it(cast: Any) -> None:
    def grow() -> None:
        for number in range(5):
            student = make.EnrolmentFactory(school_class=cast.class_7a).student
            course = make.CourseFactory(school_class=cast.class_7a)
            lesson = make.LessonFactory(course=course, term=cast.lesson.term, number=number + 1)
            make.MarkFactory(work__lesson=lesson, student=student)
            make.HomeworkFactory(lesson=lesson)

    school_class = SchoolClass.objects.select_related("organisation").get(pk=cast.class_7a.pk)
    assert_same_statements(lambda: class_journal(school_class, SINCE, UNTIL), grow)


def test_the_pdf_of_an_empty_class_and_of_strange_texts_is_made(cast: Any) -> None:
    cast.lesson.topic = "#panic() «Ёж» $x$ \\ 🙂 <b>"
    cast.lesson.save(update_fields=["topic"])
    assert journal_pdf(class_journal(cast.class_7a, SINCE, UNTIL)).startswith(b"%PDF")
    empty = make.SchoolClassFactory(organisation=cast.school)
    assert journal_pdf(class_journal(empty, SINCE, UNTIL)).startswith(b"%PDF")


def test_two_prints_of_one_state_carry_the_same_digest(cast: Any) -> None:
    before = digest(of_course(cast.algebra))
    assert digest(of_course(cast.algebra)) == before
    make.MarkFactory(work__lesson=cast.lesson, student=cast.student)
    assert digest(of_course(cast.algebra)) != before


def test_a_topic_like_a_formula_stays_text_in_the_workbook(cast: Any) -> None:
    cast.lesson.topic = '=HYPERLINK("http://example.org")'
    cast.lesson.save(update_fields=["topic"])
    make.MarkFactory(work__lesson=cast.lesson, student=cast.student, text="4")
    book = openpyxl.load_workbook(io.BytesIO(journal_workbook(of_course(cast.algebra))))
    marks, topics = book.worksheets[:2]
    assert topics["B2"].data_type == "s"
    assert [marks["B3"].value, marks["C3"].value] == [cast.student.roll_name, 4]


def test_a_line_break_out_of_word_does_not_break_the_workbook(cast: Any) -> None:
    make.HomeworkFactory(lesson=cast.lesson, text="§ 21\x0b№ 388\x01")
    assert journal_workbook(of_course(cast.algebra)).startswith(b"PK")


@pytest.mark.parametrize(("wanted", "starts"), [("pdf", b"%PDF"), ("xlsx", b"PK")])
def test_the_teacher_takes_the_course_away(wanted: str, starts: bytes, cast: Any, as_: Any) -> None:
    query = {"since": SINCE, "until": UNTIL, "format": wanted}
    response = as_(cast.teacher).get(reverse("diary:journal-print", args=[cast.algebra.pk]), query)
    assert response.getvalue().startswith(starts)
    assert response["Content-Disposition"].startswith("attachment")


def test_the_page_offers_the_present_term_first(cast: Any, as_: Any) -> None:
    cast.lesson.term  # noqa: B018 (the term exists)
    form = as_(cast.teacher).get(reverse("diary:journal-print", args=[cast.algebra.pk])).context["form"]
    assert (form.initial["since"], form.initial["until"]) == (SINCE, UNTIL)


@pytest.mark.parametrize("days", [("2026-12-30", "2026-11-02"), ("2025-01-01", "2026-11-02"), ("", "x")])
def test_days_that_cannot_be_are_refused_at_their_field(days: tuple[str, str], cast: Any, as_: Any) -> None:
    query = {"since": days[0], "until": days[1], "format": "pdf"}
    response = as_(cast.teacher).get(reverse("diary:journal-print", args=[cast.algebra.pk]), query)
    assert response.status_code == 422
    assert response.context["form"].errors


@pytest.mark.parametrize("who", ["outsider", "administrator", "class_teacher", "parent", "student"])
def test_nobody_else_takes_the_course_away(who: str, cast: Any, as_: Any) -> None:
    query = {"since": SINCE, "until": UNTIL, "format": "pdf"}
    address = reverse("diary:journal-print", args=[cast.algebra.pk])
    assert as_(cast.people()[who]).get(address, query).status_code == 404
