"""Who leaves loses the rights that day: a person employed no more, a student in the class no more."""

import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from diary.week import days_of_student
from schools.family import children_of
from schools.models import Appointment, ClassTeacher, Enrolment, GroupMembership, Person
from schools.places import groups_of
from tests import factories as make
from tests.conftest import NOW, TODAY, Cast
from tests.schools.test_admin_rows import filled, request_of, url

YESTERDAY = TODAY - datetime.timedelta(days=1)
TOMORROW = TODAY + datetime.timedelta(days=1)


# --- Offices and classes led ----------------------------------------------------------------------


@pytest.mark.parametrize("who", ["class_teacher", "head_teacher", "administrator"])
def test_an_office_ends_with_the_employment(cast: Cast, who: str) -> None:
    person: Person = getattr(cast, who)
    assert request_of(person).user.roles.is_staff
    person.employments.update(until=YESTERDAY)
    assert not request_of(person).user.roles.is_staff


@pytest.mark.parametrize("who", ["class_teacher", "head_teacher", "administrator"])
def test_work_at_another_school_keeps_no_office_here(cast: Cast, as_: Any, who: str) -> None:
    person: Person = getattr(cast, who)
    person.employments.update(organisation=cast.other_school)
    roles = request_of(person).user.roles
    assert roles.is_employed
    assert (roles.leads_class, roles.offices) == (False, frozenset())
    client = as_(person)
    assert client.get(reverse("diary:lesson", args=[cast.lesson.pk])).status_code == 404
    assert client.get(reverse("schedule:class-timetable", args=[cast.class_7a.pk])).status_code == 404
    assert client.get(reverse("admin:index")).status_code == 404


def test_an_administrator_of_two_schools_keeps_the_one(cast: Cast, as_: Any) -> None:
    """Employed at the other school alone, the outsider's office here opens nothing here."""
    make.AppointmentFactory(
        person=cast.outsider, role=Appointment.Role.SCHOOL_ADMINISTRATOR, organisation=cast.school
    )
    client = as_(cast.outsider)
    assert client.get(reverse("admin:index")).status_code == 200
    assert client.get(url(Person, "change", cast.student.pk)).status_code == 404


def test_offices_of_the_region_need_no_employment(cast: Cast) -> None:
    assert request_of(cast.territory_staff).user.roles.is_territory_staff
    assert request_of(cast.region_operator).user.roles.is_region_operator


def test_figures_of_a_school_end_with_the_employment(cast: Cast, as_: Any) -> None:
    cast.head_teacher.employments.update(until=YESTERDAY)
    figures = as_(cast.head_teacher).get(reverse("diary:home")).context["figures"]
    assert figures[0]["value"] == 0


@pytest.mark.parametrize("model", [Appointment, ClassTeacher])
def test_an_office_without_an_employment_is_refused_kindly(cast: Cast, as_: Any, model: Any) -> None:
    stranger = make.PersonFactory()
    office = {"role": Appointment.Role.HEAD_TEACHER, "organisation": cast.school.pk}
    place = office if model is Appointment else {"school_class": make_class(cast).pk}
    client, address = as_(cast.region_operator), url(model, "add")
    response = client.post(address, filled(client, address, person=stranger.pk, **place))
    assert response.status_code == 200
    assert "__all__" in response.context["adminform"].form.errors


def test_an_office_outlasting_the_employment_can_be_ended(cast: Cast, as_: Any) -> None:
    office = cast.head_teacher.appointments.get()
    cast.head_teacher.employments.all().delete()
    client, address = as_(cast.region_operator), url(Appointment, "change", office.pk)
    assert client.post(address, filled(client, address, until=TODAY.isoformat())).status_code == 302


def make_class(cast: Cast) -> Any:
    return make.SchoolClassFactory(organisation=cast.school, letter="Б")


# --- Groups ---------------------------------------------------------------------------------------


@pytest.fixture
def group(cast: Cast) -> Any:
    """English of 7 «А», with a lesson today; the student is in it."""
    group = make.GroupFactory(organisation=cast.school, name="7А англ 1", classes=[cast.class_7a])
    make.MembershipFactory(student=cast.student, group=group)
    return group


@pytest.fixture
def english(cast: Cast, group: Any) -> Any:
    course = make.CourseFactory(school_class=None, group=group)
    return make.LessonFactory(course=course, term=cast.lesson.term, date=TODAY, number=5)


def subjects_today(cast: Cast) -> list[str]:
    [child] = children_of(request_of(cast.parent).user, on=TODAY)
    return [line.subject for line in days_of_student(child, TODAY, TODAY, now=NOW)[0].lessons]


def test_a_student_who_left_is_not_on_the_groups_roll(cast: Cast, english: Any) -> None:
    assert list(english.students()) == [cast.student]
    cast.student.enrolments.update(until=YESTERDAY)
    make.EnrolmentFactory(student=cast.student, school_class=make_class(cast), since=TODAY)
    assert list(english.students()) == []


def test_the_family_of_who_left_does_not_get_the_groups_lessons(cast: Cast, english: Any) -> None:
    assert english.course.subject.name in subjects_today(cast)
    cast.student.enrolments.update(until=YESTERDAY)
    make.EnrolmentFactory(student=cast.student, school_class=make_class(cast), since=TODAY)
    assert subjects_today(cast) == []
    [place] = groups_of(cast.student.pk)
    assert (place.since, place.until) == (datetime.date(2026, 9, 1), YESTERDAY)


def test_a_move_within_the_groups_classes_leaves_it_whole(cast: Cast, group: Any, english: Any) -> None:
    other = make_class(cast)
    group.classes.add(other)
    cast.student.enrolments.update(until=YESTERDAY)
    make.EnrolmentFactory(student=cast.student, school_class=other, since=TODAY)
    assert list(english.students()) == [cast.student]
    assert english.course.subject.name in subjects_today(cast)


def test_ending_an_enrolment_ends_the_memberships(cast: Cast, group: Any) -> None:
    cast.student.enrolments.get().end(YESTERDAY)
    assert cast.student.enrolments.get().until == YESTERDAY
    assert cast.student.group_memberships.get().until == YESTERDAY


def test_a_membership_that_never_began_goes(cast: Cast, group: Any) -> None:
    cast.student.group_memberships.update(since=TOMORROW)
    cast.student.enrolments.get().end(TODAY)
    assert not cast.student.group_memberships.exists()


def test_memberships_of_others_and_of_other_classes_stay(cast: Cast, group: Any) -> None:
    others = [make.MembershipFactory(student=cast.classmate, group=group)]
    last_year = make.EnrolmentFactory(
        student=cast.student, since=datetime.date(2025, 9, 1), until=datetime.date(2026, 5, 31)
    )
    last_year.end(datetime.date(2026, 5, 1))
    others.append(cast.student.group_memberships.get())
    for tie in others:
        tie.refresh_from_db()
        assert tie.until is None


def test_the_administrator_ends_an_enrolment_with_its_groups(cast: Cast, as_: Any, group: Any) -> None:
    enrolment = cast.student.enrolments.get()
    client, address = as_(cast.administrator), url(Enrolment, "change", enrolment.pk)
    response = client.post(address, filled(client, address, until=TODAY.isoformat()))
    assert response.status_code == 302, response.context["errors"]
    assert cast.student.group_memberships.get().until == TODAY


def test_nobody_joins_a_group_of_other_classes(cast: Cast, as_: Any) -> None:
    group = make.GroupFactory(organisation=cast.school, classes=[make_class(cast)])
    with pytest.raises(ValidationError):
        GroupMembership(student=cast.student, group=group, since=TODAY).full_clean()
    client, address = as_(cast.administrator), url(GroupMembership, "add")
    data = filled(client, address, student=cast.student.pk, group=group.pk)
    response = client.post(address, data)
    assert response.status_code == 200
    assert "__all__" in response.context["adminform"].form.errors


def test_a_membership_after_leaving_can_be_ended(cast: Cast, as_: Any, group: Any) -> None:
    tie = cast.student.group_memberships.get()
    group.classes.clear()
    client, address = as_(cast.administrator), url(GroupMembership, "change", tie.pk)
    assert client.post(address, filled(client, address, until=TODAY.isoformat())).status_code == 302
