"""The head teacher sees what is missing in every journal, and asks the teacher to check."""

import datetime
from typing import Any

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation

from diary.completeness.figures import CourseFigures, programmes_amiss, school_figures, terms_on
from diary.completeness.findings import findings
from diary.models import KeepingRemark, LessonProgramme
from schedule.models import Lesson
from tests import factories as make
from tests.conftest import NOW
from tests.queries import assert_same_statements

pytestmark = pytest.mark.django_db
NEXT_DAY = datetime.date(2026, 12, 17)


def figures(cast: Any, today: datetime.date = NEXT_DAY) -> CourseFigures:
    (row,) = school_figures(cast.school, terms_on(cast.school, today), today=today)
    return row


def sorts(cast: Any, today: datetime.date = NEXT_DAY) -> dict[str, list[Any]]:
    with translation.override("en"):
        return {sort.title: sort.found for sort in findings(cast.algebra, cast.lesson.term, today=today)}


def test_a_lesson_of_yesterday_that_nobody_filled_in_is_counted(cast: Any) -> None:
    row = figures(cast)
    assert (row.lessons, row.no_roll, row.no_topic, row.no_homework) == (1, 1, 1, 1)
    assert row.teachers == [cast.teacher.short_name]


def test_what_may_still_be_written_today_is_not_missing(cast: Any) -> None:
    assert school_figures(cast.school, [cast.lesson.term], today=cast.lesson.date) == []


def test_a_filled_lesson_is_complete_once_marks_suffice(cast: Any) -> None:
    Lesson.objects.filter(pk=cast.lesson.pk).update(
        topic="Формулы", roll_called_at=NOW, roll_called_by=cast.teacher, state="held"
    )
    make.HomeworkFactory(lesson=cast.lesson)
    make.TopicFactory(course=cast.algebra)
    LessonProgramme.objects.update(state="approved", decided_by=cast.head_teacher, decided_at=NOW)
    assert figures(cast).few_marks == 2
    for number in (1, 2, 3):
        work = make.WorkFactory(lesson=cast.lesson, number=number)
        for student in (cast.student, cast.classmate):
            make.MarkFactory(work=work, student=student)
    assert figures(cast).is_complete


def test_a_cancelled_lesson_lacks_nothing(cast: Any) -> None:
    cast.lesson.cancel(by=None)
    assert school_figures(cast.school, [cast.lesson.term], today=NEXT_DAY) == []


def test_before_the_middle_of_a_term_nobody_has_too_few_marks(cast: Any) -> None:
    Lesson.objects.filter(pk=cast.lesson.pk).update(date=datetime.date(2026, 11, 10))
    assert figures(cast, datetime.date(2026, 11, 20)).few_marks == 0


def test_a_mark_given_a_week_later_and_a_roll_called_next_day_are_late(cast: Any) -> None:
    later = NOW + datetime.timedelta(days=8)
    make.MarkFactory(work__lesson=cast.lesson, student=cast.student, published_at=later)
    Lesson.objects.filter(pk=cast.lesson.pk).update(
        roll_called_at=NOW + datetime.timedelta(days=1), roll_called_by=cast.teacher, state="held"
    )
    today = datetime.date(2026, 12, 28)
    assert figures(cast, today).late == 2
    assert {"Marks given late", "Roll called on a later day"} <= set(sorts(cast, today))


def test_each_finding_leads_to_its_cell(cast: Any) -> None:
    found = sorts(cast)
    lesson = reverse("diary:lesson", args=[cast.lesson.pk])
    assert found["No topic"][0].url == f"{lesson}#id_topic"
    assert found["No homework"][0].url == f"{lesson}#id_homework_text"
    assert len(found["Students with too few marks"]) == 2


def test_in_the_holidays_the_last_terms_are_shown(cast: Any) -> None:
    assert terms_on(cast.school, datetime.date(2027, 1, 5)) == [cast.lesson.term]


def test_the_page_costs_the_same_for_one_course_and_for_many(cast: Any, as_: Any) -> None:
    def grow() -> None:
        for _number in range(5):
            course = make.CourseFactory(school_class=make.SchoolClassFactory(organisation=cast.school))
            make.AssignmentFactory(course=course, teacher=make.PersonFactory())
            lesson = make.LessonFactory(course=course, term=cast.lesson.term)
            make.MarkFactory(
                work__lesson=lesson, student=make.EnrolmentFactory(school_class=course.school_class).student
            )

    client, address = as_(cast.head_teacher), reverse("diary:completeness", args=[cast.school.pk])
    with time_machine.travel(NOW + datetime.timedelta(days=1), tick=False):
        assert_same_statements(lambda: client.get(address), grow)


def test_the_findings_of_a_course_cost_the_same_however_many(cast: Any, as_: Any) -> None:
    def grow() -> None:
        for number in range(5):
            lesson = make.LessonFactory(course=cast.algebra, term=cast.lesson.term, number=number + 3)
            make.MarkFactory(
                work__lesson=lesson, student=cast.student, published_at=NOW + datetime.timedelta(days=9)
            )

    client = as_(cast.head_teacher)
    address = reverse("diary:course-completeness", args=[cast.algebra.pk, cast.lesson.term_id])
    with time_machine.travel(NOW + datetime.timedelta(days=12), tick=False):
        assert_same_statements(lambda: client.get(address), grow)


def test_a_date_that_is_none_and_a_day_to_come_show_the_present_term(cast: Any, as_: Any) -> None:
    client, address = as_(cast.head_teacher), reverse("diary:completeness", args=[cast.school.pk])
    for asked in ("", "2026-02-31", "2026-13-99", "никогда", "2999-01-01"):
        assert client.get(address, {"on": asked}).status_code == 200


def test_a_term_of_another_school_does_not_exist(cast: Any, as_: Any) -> None:
    other = make.TermFactory(organisation=cast.other_school)
    address = reverse("diary:course-completeness", args=[cast.algebra.pk, other.pk])
    assert as_(cast.head_teacher).get(address).status_code == 404


def test_the_outsider_sees_no_figure(cast: Any, as_: Any) -> None:
    address = reverse("diary:completeness", args=[cast.school.pk])
    assert as_(cast.outsider).get(address).status_code == 404


# --- Remarks on keeping the journal -------------------------------------------------------------------


def ask(cast: Any, as_: Any, **typed: Any) -> Any:
    address = reverse("diary:keeping-remark-new", args=[cast.algebra.pk])
    return as_(cast.head_teacher).post(f"{address}?lesson={cast.lesson.pk}", typed)


def test_a_remark_is_asked_answered_and_settled(cast: Any, as_: Any) -> None:
    assert ask(cast, as_, text="Нет темы урока, ёжики 🙂").status_code == 302
    remark = KeepingRemark.objects.get()
    assert (remark.lesson, remark.asked_by) == (cast.lesson, cast.head_teacher)
    as_(cast.teacher).post(reverse("diary:keeping-remark-answer", args=[remark.pk]), {"answer": "Вписал"})
    page = as_(cast.head_teacher).get(reverse("diary:keeping-remarks"))
    assert "Вписал" in page.content.decode()
    as_(cast.head_teacher).post(reverse("diary:keeping-remark-settlement", args=[remark.pk]))
    remark.refresh_from_db()
    assert (remark.answered_by, remark.settled_by) == (cast.teacher, cast.head_teacher)


def test_the_same_remark_sent_twice_is_asked_once(cast: Any, as_: Any) -> None:
    for _time in range(2):
        ask(cast, as_, text="Нет темы урока")
    assert KeepingRemark.objects.count() == 1


@pytest.mark.parametrize("asked", ["9" * 5000, "x", "-1", "٣"])
def test_a_lesson_that_is_none_does_not_exist(asked: str, cast: Any, as_: Any) -> None:
    address = reverse("diary:keeping-remark-new", args=[cast.algebra.pk])
    assert as_(cast.head_teacher).get(address, {"lesson": asked}).status_code == 404


@pytest.mark.parametrize("text", ["", "   ", "х" * 501])
def test_an_empty_and_an_endless_remark_are_refused_and_kept(text: str, cast: Any, as_: Any) -> None:
    response = ask(cast, as_, text=text)
    assert response.status_code == 422
    assert text.strip() in response.content.decode()
    assert not KeepingRemark.objects.exists()


def test_an_empty_answer_is_refused_at_its_remark(cast: Any, as_: Any) -> None:
    remark = make.KeepingRemarkFactory(course=cast.algebra, asked_by=cast.head_teacher)
    response = as_(cast.teacher).post(
        reverse("diary:keeping-remark-answer", args=[remark.pk]), {"answer": ""}
    )
    assert response.status_code == 422
    assert f"answer-{remark.pk}-error" in response.content.decode()


def test_the_second_answer_says_that_there_is_one(cast: Any, as_: Any) -> None:
    remark = make.KeepingRemarkFactory(course=cast.algebra, asked_by=cast.head_teacher)
    address = reverse("diary:keeping-remark-answer", args=[remark.pk])
    for answer in ("Первый", "Второй"):
        as_(cast.teacher).post(address, {"answer": answer})
    remark.refresh_from_db()
    assert remark.answer == "Первый"


def test_a_lesson_of_another_course_cannot_be_named(cast: Any, as_: Any) -> None:
    other = make.LessonFactory(course=make.CourseFactory(school_class=cast.class_7a), term=cast.lesson.term)
    address = reverse("diary:keeping-remark-new", args=[cast.algebra.pk])
    response = as_(cast.head_teacher).post(f"{address}?lesson={other.pk}", {"text": "Проверьте"})
    assert response.status_code == 404


@pytest.mark.parametrize("who", ["outsider", "class_teacher", "administrator", "parent", "student"])
def test_nobody_else_sees_or_writes_a_remark(who: str, cast: Any, as_: Any) -> None:
    remark = make.KeepingRemarkFactory(course=cast.algebra, asked_by=cast.head_teacher)
    client = as_(cast.people()[who])
    assert remark.text not in client.get(reverse("diary:keeping-remarks")).content.decode()
    for action in ("answer", "settlement"):
        address = reverse(f"diary:keeping-remark-{action}", args=[remark.pk])
        assert client.post(address, {"answer": "Я"}).status_code == 404


def test_a_teacher_who_left_answers_no_more(cast: Any, outlasted: Any, as_: Any) -> None:
    remark = make.KeepingRemarkFactory(course=cast.algebra, asked_by=cast.head_teacher)
    address = reverse("diary:keeping-remark-answer", args=[remark.pk])
    assert as_(outlasted.former_teacher).post(address, {"answer": "Я"}).status_code == 404


def test_a_course_without_an_approved_programme_is_told(cast: Any) -> None:
    assert programmes_amiss([cast.algebra.pk], NEXT_DAY).keys() == {cast.algebra.pk}
    make.TopicFactory(course=cast.algebra)
    assert figures(cast).programme
    LessonProgramme.objects.update(state="approved", decided_by=cast.head_teacher, decided_at=NOW)
    assert not figures(cast).programme


def test_the_page_shows_only_what_lacks_the_kind_asked_for(cast: Any, as_: Any) -> None:
    Lesson.objects.filter(pk=cast.lesson.pk).update(topic="Формулы")
    client, address = as_(cast.head_teacher), reverse("diary:completeness", args=[cast.school.pk])
    with time_machine.travel(NOW + datetime.timedelta(days=1), tick=False):
        lacking = {
            kind: "Алгебра" in client.get(address, {"lacking": kind}).content.decode()
            for kind in ("no_roll", "no_topic", "", "никогда")
        }
    assert lacking == {"no_roll": True, "no_topic": False, "": True, "никогда": True}


def test_the_findings_lead_back_and_to_the_journal(cast: Any, as_: Any) -> None:
    address = reverse("diary:course-completeness", args=[cast.algebra.pk, cast.lesson.term_id])
    page = as_(cast.head_teacher).get(address).content.decode()
    assert reverse("diary:completeness", args=[cast.school.pk]) in page
    assert reverse("diary:journal-of-term", args=[cast.algebra.pk, cast.lesson.term_id]) in page


def test_remarks_are_nothing_to_who_keeps_no_journal(cast: Any, as_: Any) -> None:
    for person in (cast.territory_staff, cast.region_operator, cast.parent):
        assert as_(person).get(reverse("diary:keeping-remarks")).status_code == 404
