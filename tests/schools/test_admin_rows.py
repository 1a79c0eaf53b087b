"""What the tests of Django admin share: one row of every model at a school, and who asks for it."""

import datetime
from typing import Any

import pytest
from django.contrib import admin
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from accounts.backends import PersonBackend
from accounts.models import LoginIssue
from diary.models import (
    Absence,
    BehaviourMark,
    CarriedAbsence,
    Correction,
    Homework,
    JournalRules,
    KeepingRemark,
    Mark,
    Point,
    Remark,
    Result,
    Work,
    WorkKind,
)
from schedule.models import Bell, Lesson, LessonChange, Room, TimetableEntry
from schools.models import (
    Appointment,
    ClassTeacher,
    Course,
    Employment,
    Enrolment,
    Group,
    GroupMembership,
    Guardianship,
    Holiday,
    MovedDay,
    Organisation,
    Person,
    SchoolClass,
    SignIn,
    Subject,
    TeachingAssignment,
    Term,
)
from tests import factories as make
from tests.conftest import TODAY, Cast

# Every name at the other school holds it: no page of this school's administrator may.
STRANGE = "Чужаков"

SCHOOL_MODELS = [
    Appointment,
    Bell,
    ClassTeacher,
    Course,
    Employment,
    Enrolment,
    Group,
    GroupMembership,
    Guardianship,
    Holiday,
    LoginIssue,
    MovedDay,
    Organisation,
    Person,
    Room,
    SchoolClass,
    Subject,
    TeachingAssignment,
    Term,
    TimetableEntry,
]
JOURNAL_MODELS = [
    Absence,
    BehaviourMark,
    CarriedAbsence,
    Correction,
    Homework,
    JournalRules,
    KeepingRemark,
    Lesson,
    LessonChange,
    Mark,
    Point,
    Remark,
    Result,
    Work,
    WorkKind,
]


def rows_of(organisation: Organisation, name: str) -> dict[Any, Any]:
    """A row of every model that belongs to the school; all that has a name is called `name`."""
    subject = make.SubjectFactory(organisation=organisation, name=name)
    school_class = make.SchoolClassFactory(organisation=organisation, grade=5)
    group = make.GroupFactory(organisation=organisation, name=name, classes=[school_class])
    course = make.CourseFactory(school_class=school_class, subject=subject)
    student, guardian, teacher = (make.PersonFactory(surname=name) for _each in range(3))
    room = make.RoomFactory(organisation=organisation, name=name)
    return {
        Organisation: organisation,
        SchoolClass: school_class,
        Group: group,
        Subject: subject,
        Course: course,
        Person: student,
        Enrolment: make.EnrolmentFactory(student=student, school_class=school_class),
        GroupMembership: make.MembershipFactory(student=student, group=group),
        Guardianship: make.GuardianshipFactory(child=student, guardian=guardian),
        Employment: make.EmploymentFactory(person=teacher, organisation=organisation),
        TeachingAssignment: make.AssignmentFactory(course=course, teacher=teacher),
        ClassTeacher: make.ClassTeacherFactory(school_class=school_class, person=teacher),
        Appointment: make.AppointmentFactory(person=teacher, organisation=organisation),
        Term: make.TermFactory(
            organisation=organisation,
            number=1,
            since=TODAY.replace(month=9, day=1),
            until=TODAY.replace(month=10, day=25),
        ),
        Holiday: Holiday.objects.create(organisation=organisation, name=name, since=TODAY, until=TODAY),
        MovedDay: MovedDay.objects.create(organisation=organisation, date=TODAY, as_weekday=1),
        Bell: make.BellFactory(organisation=organisation),
        Room: room,
        LoginIssue: LoginIssue.objects.create(
            account=make.UserFactory(),
            person=student,
            by=teacher,
            how=LoginIssue.How.OFFICE,
            again=False,
            organisation=organisation,
        ),
        TimetableEntry: make.TimetableEntryFactory(course=course, teacher=teacher, room=room),
    }


def journal_of(rows: dict[Any, Any]) -> dict[Any, Any]:
    """A lesson of the rows' course with everything that a journal holds."""
    teacher, student = rows[TeachingAssignment].teacher, rows[Person]
    lesson = make.LessonFactory(course=rows[Course], planned_teacher=teacher, term=rows[Term])
    work = make.WorkFactory(lesson=lesson, title=student.surname)
    lesson.substitute(teacher, by=teacher, reason=student.surname)
    return {
        Lesson: lesson,
        Work: work,
        Mark: make.MarkFactory(work=work, student=student, comment=student.surname),
        Absence: make.AbsenceFactory(lesson=lesson, student=student),
        CarriedAbsence: CarriedAbsence.objects.create(lesson=lesson, student=student, by=teacher),
        Correction: Correction.objects.create(
            course=rows[Course],
            term=rows[Term],
            student=student,
            subject="absence",
            lesson=lesson,
            cause="mistake",
            reason=student.surname,
            asked_by=teacher,
            asked_at=timezone.now(),
        ),
        Point: Point.objects.create(work=work, student=student, due_on=lesson.date, by=teacher),
        Remark: make.RemarkFactory(lesson=lesson, student=student, text=student.surname),
        Homework: make.HomeworkFactory(lesson=lesson, text=student.surname),
        LessonChange: lesson.changes.get(),
        Result: make.ResultFactory(course=rows[Course], student=student, term=rows[Term]),
        BehaviourMark: make.BehaviourMarkFactory(
            school_class=rows[SchoolClass], student=student, term=rows[Term]
        ),
        JournalRules: JournalRules.objects.create(organisation=rows[Organisation]),
        KeepingRemark: make.KeepingRemarkFactory(course=rows[Course], text=student.surname, asked_by=teacher),
        WorkKind: WorkKind.objects.create(organisation=rows[Organisation], code="ПР", name=student.surname),
    }


@pytest.fixture
def own(cast: Cast) -> dict[Any, Any]:
    return rows_of(cast.school, "Своев")


@pytest.fixture
def foreign(cast: Cast) -> dict[Any, Any]:
    Organisation.objects.filter(pk=cast.other_school.pk).update(name=STRANGE, short_name=STRANGE)
    cast.other_school.refresh_from_db()
    return rows_of(cast.other_school, STRANGE)


def url(model: Any, page: str, *args: Any) -> str:
    """`url(Person, "change", person.pk)`"""
    options = model._meta
    return reverse(f"admin:{options.app_label}_{options.model_name}_{page}", args=args)


def request_of(person: Person) -> Any:
    """A request as the middleware leaves it: with the account, its person and its roles."""
    request = RequestFactory().get("/admin/")
    request.user = PersonBackend().get_user(person.account_id)  # type: ignore[assignment]
    return request


def filled(client: Any, address: str, **changes: Any) -> dict[str, Any]:
    """The form at an address as a browser would send it back, with changes."""
    form = client.get(address).context["adminform"].form
    formsets = [each.formset for each in client.get(address).context["inline_admin_formsets"]]
    data: dict[str, Any] = {}
    for each in (form, *(part for formset in formsets for part in (formset.management_form, *formset.forms))):
        for bound in each:
            data[bound.html_name] = _sent(bound.value())
    return {name: value for name, value in {**data, **changes}.items() if value is not None}


def _sent(value: Any) -> Any:
    if isinstance(value, datetime.date):
        return value.isoformat()
    return {False: None, True: "on"}.get(value, value) if isinstance(value, bool) else value


def test_the_rows_are_of_every_model_that_schools_manage(cast: Cast, own: dict[Any, Any]) -> None:
    request = request_of(cast.administrator)
    shown = {model for model, each in admin.site._registry.items() if each.has_view_permission(request)}
    assert shown - set(SCHOOL_MODELS) == {make.YearFactory._meta.model, SignIn}  # both to read only
    assert set(own) == set(SCHOOL_MODELS)


def test_models_are_schools_or_the_journal_or_the_regions() -> None:
    events = {model for model in admin.site._registry if hasattr(model, "pgh_tracked_model")}
    others = set(admin.site._registry) - {*SCHOOL_MODELS, *JOURNAL_MODELS} - events
    names = {model._meta.model_name for model in others}
    of_the_region = {"region", "territory", "municipality", "locality", "academicyear", "tieproposal"}
    history = {"historychain", "historyseal", "historyretirement"}
    assert names == {*of_the_region, *history, "user", "signin", "signinattempt", "loginbatch", "esialink"}
