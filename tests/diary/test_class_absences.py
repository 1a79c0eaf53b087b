"""The class teacher gives absences their reasons: for days, for a student and a period; never whether."""

import datetime
from typing import Any

import pytest
from django.urls import reverse

from diary.models import Absence
from schools.models import ClassTeacher, Enrolment, TermClosure, YearClosure
from tests import factories as make
from tests.conftest import NOW, TODAY
from tests.queries import assert_same_statements, statements

MONDAY = datetime.date(2026, 12, 14)


class Page:
    """The page as the class teacher's browser has it."""

    def __init__(self, client: Any, cast: Any) -> None:
        self.client, self.pk = client, cast.class_7a.pk
        self.address = reverse("diary:class-absences", args=[self.pk])
        self.context = client.get(self.address).context

    def value(self, student: Any, day: datetime.date = TODAY) -> str:
        days: list[Any] = self.context["days"]
        return str(next(each.value for each in days if (each.student, each.date) == (student.pk, day)))

    def give(self, code: str, *values: str) -> Any:
        address = reverse("diary:absence-reasons", args=[self.pk])
        return self.client.post(address, {"code": code, "days": values})

    def give_period(self, student: Any, code: str, since: Any, until: Any, **more: Any) -> Any:
        typed = {"student": student.pk, "code": code, "since": since, "until": until, **more}
        return self.client.post(reverse("diary:absence-period", args=[self.pk]), typed)


@pytest.fixture
def missed(cast: Any) -> Absence:
    return make.AbsenceFactory(lesson=cast.lesson, student=cast.student)


@pytest.fixture
def monday(cast: Any) -> Absence:
    lesson = make.LessonFactory(course=cast.algebra, term=cast.lesson.term, date=MONDAY)
    return make.AbsenceFactory(lesson=lesson, student=cast.student, code="valid")


@pytest.fixture
def own(cast: Any, missed: Absence, monday: Absence, as_: Any) -> Page:
    return Page(as_(cast.class_teacher), cast)


def codes() -> list[str]:
    return list(Absence.objects.order_by("lesson__date").values_list("code", flat=True))


def test_a_ticked_day_gets_the_reason_in_all_its_lessons(cast: Any, missed: Absence, as_: Any) -> None:
    other = make.LessonFactory(course=cast.algebra, term=cast.lesson.term, number=5)
    make.AbsenceFactory(lesson=other, student=cast.student)
    own = Page(as_(cast.class_teacher), cast)
    assert own.give("ill", own.value(cast.student)).status_code == 302
    assert codes() == ["ill", "ill"]
    missed.refresh_from_db()
    assert missed.version == 2


def test_days_that_are_not_ticked_stay(cast: Any, own: Page) -> None:
    own.give("invalid", own.value(cast.student, MONDAY))
    assert codes() == ["invalid", "unstated"]


def test_the_history_names_the_class_teacher(cast: Any, own: Page, missed: Absence) -> None:
    own.give("ill", own.value(cast.student))
    events = Absence.pgh_event_model.objects.filter(pgh_obj=missed, pgh_label="update")  # type: ignore[attr-defined]
    assert [event.pgh_context["person"] for event in events] == [cast.class_teacher.pk]


def test_a_day_changed_meanwhile_is_left_alone(cast: Any, own: Page, missed: Absence) -> None:
    Absence.objects.filter(pk=missed.pk).update(code="valid", version=2)
    values = own.value(cast.student), own.value(cast.student, MONDAY)
    response = own.client.get(own.give("ill", *values)["Location"])
    assert "1 день изменился" in response.content.decode()
    assert codes() == ["ill", "valid"]


def test_a_period_touches_known_reasons_only_when_told(cast: Any, own: Page) -> None:
    own.give_period(cast.student, "ill", MONDAY, TODAY, only_unstated="on")
    assert codes() == ["valid", "ill"]
    own.give_period(cast.student, "ill", MONDAY, TODAY)
    assert codes() == ["ill", "ill"]


def test_both_ends_belong_to_the_period(cast: Any, own: Page) -> None:
    own.give_period(cast.student, "invalid", MONDAY, MONDAY)
    assert codes() == ["invalid", "unstated"]


def test_a_period_that_ends_before_it_begins_is_refused(cast: Any, own: Page) -> None:
    response = own.give_period(cast.student, "ill", TODAY, MONDAY)
    assert response.status_code == 422
    assert codes() == ["valid", "unstated"]


@pytest.mark.parametrize("code", ["late", "exempt", "", "nonsense"])
def test_never_whether_the_student_was_away(cast: Any, own: Page, code: str) -> None:
    own.give(code, own.value(cast.student))
    assert own.give_period(cast.student, code, MONDAY, TODAY).status_code == 422
    assert codes() == ["valid", "unstated"]


def test_being_late_is_no_absence(cast: Any, as_: Any) -> None:
    make.AbsenceFactory(lesson=cast.lesson, student=cast.student, code="late", minutes=5)
    own = Page(as_(cast.class_teacher), cast)
    assert own.context["days"] == []
    own.give_period(cast.student, "ill", MONDAY, TODAY)
    assert codes() == ["late"]


def test_in_a_closed_term_reasons_are_still_given(cast: Any, own: Page) -> None:
    TermClosure.objects.create(term=cast.lesson.term, at=NOW, by=cast.head_teacher)
    assert own.give("ill", own.value(cast.student)).status_code == 302
    assert codes() == ["valid", "ill"]


def test_after_the_year_is_closed_nothing_changes(cast: Any, own: Page) -> None:
    YearClosure.objects.create(
        organisation=cast.school, year=cast.class_7a.year, at=NOW, by=cast.head_teacher
    )
    assert own.give("ill", own.value(cast.student)).status_code == 403
    assert own.client.get(own.address).status_code == 200
    assert codes() == ["valid", "unstated"]


def test_the_head_teacher_reads_and_gives_no_reasons(cast: Any, own: Page, as_: Any) -> None:
    head = Page(as_(cast.head_teacher), cast)
    assert head.context["days"]
    assert not head.context["may_edit"]
    assert head.give("ill", head.value(cast.student)).status_code == 403


@pytest.mark.parametrize("role", ["outsider", "teacher", "parent", "administrator"])
def test_others_do_not_know_the_page(cast: Any, own: Page, as_: Any, role: str) -> None:
    client, value = as_(getattr(cast, role)), own.value(cast.student)
    assert client.get(own.address).status_code == 404
    typed = {"code": "ill", "days": [value]}
    assert client.post(reverse("diary:absence-reasons", args=[own.pk]), typed).status_code == 404


def test_another_class_s_students_cannot_be_smuggled_in(cast: Any, own: Page) -> None:
    other = make.SchoolClassFactory(organisation=cast.school)
    student = make.EnrolmentFactory(school_class=other).student
    lesson = make.LessonFactory(course=make.CourseFactory(school_class=other), term=cast.lesson.term)
    theirs = make.AbsenceFactory(lesson=lesson, student=student)
    own.give("ill", f"{student.pk}:{TODAY.isoformat()}:0")
    assert own.give_period(student, "ill", MONDAY, TODAY).status_code == 422
    theirs.refresh_from_db()
    assert theirs.code == "unstated"


def test_days_before_the_student_came_are_not_this_class_s(cast: Any, own: Page) -> None:
    Enrolment.objects.filter(student=cast.student).update(since=TODAY)
    own.give_period(cast.student, "ill", MONDAY, TODAY)
    assert codes() == ["valid", "ill"]


def test_a_former_class_teacher_leads_nothing(cast: Any, own: Page) -> None:
    ClassTeacher.objects.update(until=TODAY - datetime.timedelta(days=1))
    assert own.client.get(own.address).status_code == 404


def test_the_page_and_the_reasons_cost_the_same_for_many(cast: Any, own: Page) -> None:
    def more() -> None:
        for _each in range(6):
            student = make.EnrolmentFactory(school_class=cast.class_7a).student
            make.AbsenceFactory(lesson=cast.lesson, student=student)

    assert_same_statements(lambda: own.client.get(own.address), more)
    own.context = own.client.get(own.address).context
    values = [day.value for day in own.context["days"]]
    one = statements(lambda: own.give("ill", values[0]))
    own.context = own.client.get(own.address).context
    assert len(statements(lambda: own.give("invalid", *[day.value for day in own.context["days"]]))) == len(
        one
    )
