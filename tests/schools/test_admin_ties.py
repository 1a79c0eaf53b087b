"""Ties and the school's rows: what a form says when they contradict each other, and to oneself."""

import datetime
from typing import Any

import pytest

from schedule.models import Bell, TimetableEntry
from schools.models import (
    Appointment,
    ClassTeacher,
    Course,
    Employment,
    Enrolment,
    Group,
    GroupMembership,
    Guardianship,
    Person,
    SchoolClass,
    TeachingAssignment,
    Term,
    TermClosure,
)
from tests import factories as make
from tests.conftest import NOW, TODAY, Cast
from tests.schools.test_admin_rows import filled, foreign, own, url

__all__ = ["foreign", "own"]

Rows = dict[Any, Any]


def errors_after(client: Any, address: str, **changes: Any) -> dict[str, list[str]]:
    """What the form refuses; the answer is a page, not a crash."""
    response = client.post(address, filled(client, address, **changes))
    assert response.status_code == 200
    return dict(response.context["adminform"].form.errors)


def test_an_overlapping_enrolment_is_refused_kindly(cast: Cast, as_: Any, own: Rows) -> None:
    data = {"student": cast.student.pk, "school_class": own[SchoolClass].pk, "since": "2026-12-01"}
    errors = errors_after(as_(cast.administrator), url(Enrolment, "add"), **data)
    assert errors.keys() == {"__all__"}


def test_prolonging_into_another_enrolment_is_refused_kindly(cast: Cast, as_: Any, own: Rows) -> None:
    """The student is not in the form any more, and is checked all the same."""
    past = make.EnrolmentFactory(
        student=cast.student,
        school_class=own[SchoolClass],
        since=datetime.date(2026, 1, 1),
        until=datetime.date(2026, 5, 31),
    )
    address = url(Enrolment, "change", past.pk)
    errors = errors_after(as_(cast.administrator), address, until="2026-12-31")
    assert errors.keys() == {"__all__"}


def test_an_overlapping_tie_on_a_persons_page_is_refused_kindly(cast: Cast, as_: Any, own: Rows) -> None:
    client, address = as_(cast.administrator), url(Person, "change", cast.student.pk)
    new = {"enrolments-TOTAL_FORMS": 2, "enrolments-1-school_class": own[SchoolClass].pk}
    more = {"enrolments-1-since": "2026-12-20", "enrolments-1-student": cast.student.pk}
    response = client.post(address, filled(client, address, **new, **more))
    assert response.status_code == 200
    assert cast.student.enrolments.count() == 1


def test_a_tie_is_added_on_a_persons_page(cast: Cast, as_: Any, own: Rows) -> None:
    client, address = as_(cast.administrator), url(Person, "change", cast.student.pk)
    own[Group].classes.add(cast.class_7a)
    new = {"group_memberships-TOTAL_FORMS": 1, "group_memberships-0-group": own[Group].pk}
    more = {"group_memberships-0-since": "2026-12-20", "group_memberships-0-student": cast.student.pk}
    response = client.post(address, filled(client, address, **new, **more))
    assert response.status_code == 302, response.context["errors"]
    assert cast.student.group_memberships.get().group == own[Group]


def test_foreign_numbers_are_refused_on_a_persons_page(
    cast: Cast, as_: Any, own: Rows, foreign: Rows
) -> None:
    client, address = as_(cast.administrator), url(Person, "change", cast.student.pk)
    new = {"group_memberships-TOTAL_FORMS": 1, "group_memberships-0-group": foreign[Group].pk}
    more = {"group_memberships-0-since": "2026-12-20", "group_memberships-0-student": cast.student.pk}
    assert client.post(address, filled(client, address, **new, **more)).status_code == 200
    assert not cast.student.group_memberships.exists()


def test_a_day_before_the_first_is_refused_kindly(cast: Cast, as_: Any) -> None:
    address = url(Enrolment, "change", cast.student.enrolments.get().pk)
    assert "__all__" in errors_after(as_(cast.administrator), address, until="2026-08-01")


def test_a_course_is_of_a_class_or_a_group(cast: Cast, as_: Any, own: Rows) -> None:
    data = {"organisation": cast.school.pk, "subject": own[Course].subject_id, "hours_per_week": "2"}
    assert "__all__" in errors_after(as_(cast.administrator), url(Course, "add"), **data)


def test_rows_of_two_schools_are_not_mixed_by_the_operator(
    cast: Cast, as_: Any, own: Rows, foreign: Rows
) -> None:
    client = as_(cast.region_operator)
    data = {
        "organisation": cast.school.pk,
        "subject": foreign[Course].subject_id,
        "school_class": own[SchoolClass].pk,
        "hours_per_week": "2",
    }
    assert "__all__" in errors_after(client, url(Course, "add"), **data)
    data = {"organisation": cast.school.pk, "name": "Смесь", "classes": [foreign[SchoolClass].pk]}
    assert "classes" in errors_after(client, url(Group, "add"), **data)
    address = url(Group, "change", own[Group].pk)
    assert "classes" in errors_after(client, address, classes=[foreign[SchoolClass].pk])
    address = url(SchoolClass, "change", own[SchoolClass].pk)
    assert "predecessor" in errors_after(client, address, predecessor=foreign[SchoolClass].pk)
    address = url(TimetableEntry, "change", own[TimetableEntry].pk)
    assert "__all__" in errors_after(client, address, room=foreign[TimetableEntry].room_id)


def test_a_twin_is_refused_kindly(cast: Cast, as_: Any, own: Rows) -> None:
    client = as_(cast.administrator)
    data = {"organisation": cast.school.pk, "grade": 7, "letter": "А"}
    assert "__all__" in errors_after(client, url(SchoolClass, "add"), **data)
    data = {"organisation": cast.school.pk, "shift": 1, "number": 1, "starts": "08:00", "ends": "08:40"}
    assert "__all__" in errors_after(client, url(Bell, "add"), **data)


def test_the_timetable_names_the_courses_teachers_only(cast: Cast, as_: Any, own: Rows) -> None:
    """Whoever it names may write the lesson's journal: no way around the assignment."""
    client, address = as_(cast.administrator), url(TimetableEntry, "change", own[TimetableEntry].pk)
    assert "teacher" in errors_after(client, address, teacher=cast.administrator.pk)
    assert "teacher" in errors_after(client, address, teacher=cast.class_teacher.pk)


@pytest.mark.parametrize(
    ("model", "field"),
    [
        (Enrolment, "student"),
        (Employment, "person"),
        (TeachingAssignment, "teacher"),
        (ClassTeacher, "person"),
        (Guardianship, "guardian"),
        (Appointment, "person"),
    ],
)
def test_nobody_ties_themselves(cast: Cast, as_: Any, own: Rows, model: Any, field: str) -> None:
    who = cast.region_operator if model is Appointment else cast.administrator
    assert field in errors_after(as_(who), url(model, "add"), **{field: who.pk})


def test_nobody_changes_a_tie_of_their_own(cast: Cast, as_: Any) -> None:
    job = cast.administrator.employments.get()
    for page in ("change", "delete"):
        response = as_(cast.administrator).post(url(Employment, page, job.pk), {"post": "yes"})
        assert response.status_code == 403
    office = cast.region_operator.appointments.get()
    response = as_(cast.region_operator).post(url(Appointment, "change", office.pk), {})
    assert response.status_code == 403


def test_an_own_page_offers_no_new_tie(cast: Cast, as_: Any) -> None:
    context = as_(cast.administrator).get(url(Person, "change", cast.administrator.pk)).context
    assert not any(each.has_add_permission for each in context["inline_admin_formsets"])


def test_a_tie_keeps_its_people(cast: Cast, as_: Any, own: Rows) -> None:
    client, address = as_(cast.administrator), url(Guardianship, "change", own[Guardianship].pk)
    response = client.post(address, filled(client, address, child=cast.student.pk, kind="trustee"))
    assert response.status_code == 302, response.context["errors"]
    own[Guardianship].refresh_from_db()
    assert (own[Guardianship].child, own[Guardianship].kind) == (own[Person], "trustee")


TIES = [
    (Enrolment, "school_class"),
    (GroupMembership, "group"),
    (Employment, "position"),
    (TeachingAssignment, "course"),
    (ClassTeacher, "school_class"),
    (Guardianship, "child"),
    (Appointment, "role"),
]
YESTERDAY = TODAY - datetime.timedelta(days=1)
TOMORROW = TODAY + datetime.timedelta(days=1)


def keeper(cast: Cast, model: Any) -> Any:
    return cast.region_operator if model is Appointment else cast.administrator


@pytest.mark.parametrize(("model", "field"), TIES)
def test_the_ends_of_a_tie_are_not_in_its_form(
    cast: Cast, as_: Any, own: Rows, model: Any, field: str
) -> None:
    response = as_(keeper(cast, model)).get(url(model, "change", own[model].pk))
    ends = {each.name for each in model._meta.fields if each.is_relation}
    assert not ends & set(response.context["adminform"].form.fields)


def test_an_enrolment_keeps_its_class(cast: Cast, as_: Any, own: Rows) -> None:
    """Another class is another enrolment: the marks of the old one stay where they are."""
    enrolment = cast.student.enrolments.get()
    client, address = as_(cast.administrator), url(Enrolment, "change", enrolment.pk)
    client.post(address, filled(client, address, school_class=own[SchoolClass].pk))
    assert cast.student.enrolments.get().school_class == cast.class_7a


@pytest.mark.parametrize(("model", "_field"), TIES)
def test_a_tie_that_has_begun_is_ended_not_deleted(
    cast: Cast, as_: Any, own: Rows, model: Any, _field: str
) -> None:
    model.objects.filter(pk=own[model].pk).update(since=YESTERDAY)
    client = as_(keeper(cast, model))
    response = client.post(url(model, "delete", own[model].pk), {"post": "yes"}, follow=True)
    assert response.redirect_chain[0][0] == url(model, "change", own[model].pk)
    assert len(list(response.context["messages"])) == 1
    assert "deletelink" not in response.content.decode()
    data = {"action": "delete_selected", "_selected_action": [own[model].pk], "post": "yes"}
    response = client.post(url(model, "changelist"), data, follow=True)
    assert len(list(response.context["messages"])) == 1
    assert model.objects.filter(pk=own[model].pk).exists()


@pytest.mark.parametrize("since", [TODAY, TOMORROW])
def test_a_tie_of_today_or_later_is_deleted(cast: Cast, as_: Any, own: Rows, since: datetime.date) -> None:
    """What was typed by mistake has shown nothing yet."""
    Guardianship.objects.filter(pk=own[Guardianship].pk).update(since=since)
    client = as_(cast.administrator)
    client.post(url(Guardianship, "delete", own[Guardianship].pk), {"post": "yes"})
    assert not Guardianship.objects.filter(pk=own[Guardianship].pk).exists()


def test_the_outsider_deletes_no_tie(cast: Cast, as_: Any, own: Rows) -> None:
    address = url(Guardianship, "delete", own[Guardianship].pk)
    assert as_(cast.outsider).post(address, {"post": "yes"}).status_code == 404
    assert Guardianship.objects.filter(pk=own[Guardianship].pk).exists()


def test_who_left_for_another_school_is_not_called_back(cast: Cast, as_: Any, foreign: Rows) -> None:
    """Reopening the old tie would open the file again; who left for nowhere may be called back."""
    yesterday = TODAY - datetime.timedelta(days=1)
    here = make.EmploymentFactory(organisation=cast.school, until=yesterday)
    client, address = as_(cast.administrator), url(Employment, "change", here.pk)
    assert client.post(address, filled(client, address, until="")).status_code == 302
    Employment.objects.filter(pk=here.pk).update(until=yesterday)
    make.EmploymentFactory(person=here.person, organisation=cast.other_school)
    assert client.post(address, {"since": "2026-09-01", "until": ""}).status_code == 403


def test_guardians_are_named_for_own_students_only(cast: Cast, as_: Any) -> None:
    """A grown-up of this school may be another school's student: their page takes no guardians."""
    context = as_(cast.administrator).get(url(Person, "change", cast.teacher.pk)).context
    may_add = {each.opts.fk_name: each.has_add_permission for each in context["inline_admin_formsets"]}
    assert may_add["child"] is False
    context = as_(cast.administrator).get(url(Person, "change", cast.student.pk)).context
    may_add = {each.opts.fk_name: each.has_add_permission for each in context["inline_admin_formsets"]}
    assert may_add["child"] is True


def test_a_closed_term_stays(cast: Cast, as_: Any, own: Rows) -> None:
    TermClosure.objects.create(term=own[Term], at=NOW, by=cast.head_teacher)
    for who in (cast.administrator, cast.region_operator):
        assert as_(who).post(url(Term, "change", own[Term].pk), {}).status_code == 403
        assert as_(who).post(url(Term, "delete", own[Term].pk), {"post": "yes"}).status_code == 403


def test_what_is_needed_is_not_deleted_and_not_named(cast: Cast, as_: Any) -> None:
    """The journal's rows that need a course are told by kind only."""
    make.WorkFactory(lesson=cast.lesson, title="Тайная работа")
    client, address = as_(cast.administrator), url(Course, "delete", cast.algebra.pk)
    response = client.post(address, {"post": "yes"})
    assert response.status_code == 200
    assert "Тайная" not in response.content.decode()
    assert Course.objects.filter(pk=cast.algebra.pk).exists()


def test_own_rows_are_deleted_by_the_action(cast: Cast, as_: Any, own: Rows) -> None:
    data = {"action": "delete_selected", "_selected_action": [own[Bell].pk], "post": "yes"}
    as_(cast.administrator).post(url(Bell, "changelist"), data)
    assert not Bell.objects.filter(pk=own[Bell].pk).exists()


def test_own_ties_are_not_deleted_by_the_action(cast: Cast, as_: Any) -> None:
    job = cast.administrator.employments.get()
    cast.administrator.employments.update(since=TODAY)
    data = {"action": "delete_selected", "_selected_action": [job.pk], "post": "yes"}
    assert as_(cast.administrator).post(url(Employment, "changelist"), data).status_code == 403
    assert Employment.objects.filter(pk=job.pk).exists()


def test_files_are_not_deleted_by_schools(cast: Cast, as_: Any) -> None:
    response = as_(cast.administrator).post(url(Person, "delete", cast.student.pk), {"post": "yes"})
    assert response.status_code == 403
