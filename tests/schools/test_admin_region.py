"""The region operator: everything of schools, offices, accounts; the journal to read only."""

from typing import Any

import pytest
from django.contrib import admin

from accounts.models import User
from diary.models import Mark
from schedule.models import Lesson
from schools.models import Appointment, Organisation, Person
from tests import factories as make
from tests.conftest import Cast
from tests.queries import assert_same_statements
from tests.schools.test_admin_rows import (
    JOURNAL_MODELS,
    SCHOOL_MODELS,
    filled,
    foreign,
    journal_of,
    own,
    rows_of,
    url,
)

__all__ = ["foreign", "own"]

Rows = dict[Any, Any]
every_model = pytest.mark.parametrize("model", list(admin.site._registry), ids=lambda model: model.__name__)


@pytest.fixture(params=["operator", "superuser"])
def operator(request: Any, cast: Cast, as_: Any) -> Any:
    if request.param == "operator":
        return as_(cast.region_operator)
    return as_(make.UserFactory(is_superuser=True))


@every_model
def test_the_operator_sees_every_list_and_row(cast: Cast, as_: Any, own: Rows, model: Any) -> None:
    journal_of(own)
    client, row = as_(cast.region_operator), model.objects.first()
    response = client.get(url(model, "changelist"), {"q": "А"})
    assert response.status_code == 200
    if row:
        assert client.get(url(model, "change", row.pk)).status_code == 200
        assert client.get(url(model, "history", row.pk)).status_code in (200, 302)


def journal_admins() -> list[Any]:
    events = [model for model in admin.site._registry if hasattr(model, "pgh_tracked_model")]
    assert len(events) == 14
    return [*JOURNAL_MODELS, *events]


@pytest.mark.parametrize("model", journal_admins(), ids=lambda model: model.__name__)
def test_nobody_writes_the_journal(operator: Any, own: Rows, model: Any) -> None:
    journal_of(own)[Lesson].cancel(by=None)
    row = model.objects.first()
    assert row is not None
    for page, args in (("add", []), ("change", [row.pk]), ("delete", [row.pk])):
        assert operator.post(url(model, page, *args), {"post": "yes"}).status_code == 403
    data = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    operator.post(url(model, "changelist"), data)
    assert model.objects.filter(pk=row.pk).exists()


def test_the_history_of_an_emptied_cell_stays(cast: Cast, as_: Any, own: Rows) -> None:
    mark = journal_of(own)[Mark]
    client, number = as_(cast.region_operator), mark.pk
    page = client.get(url(Mark, "history", number))["Location"]
    mark.delete()
    body = client.get(page).content.decode()
    assert mark.student.roll_name in body
    assert len(client.get(page).context["cl"].result_list) == 2


@pytest.mark.parametrize("model", SCHOOL_MODELS, ids=lambda model: model.__name__)
def test_the_operator_looks_at_one_school(cast: Cast, as_: Any, own: Rows, foreign: Rows, model: Any) -> None:
    if model is Organisation:
        return
    response = as_(cast.region_operator).get(url(model, "changelist"), {"organisation": cast.school.pk})
    shown = set(response.context["cl"].queryset.values_list("pk", flat=True))
    assert own[model].pk in shown
    assert foreign[model].pk not in shown


def test_the_operator_appoints(cast: Cast, as_: Any) -> None:
    client, address = as_(cast.region_operator), url(Appointment, "add")
    data = {"person": cast.teacher.pk, "role": 2, "organisation": cast.school.pk, "since": "2026-12-16"}
    assert client.post(address, filled(client, address, **data)).status_code == 302
    assert as_(cast.teacher).get("/admin/").status_code == 200


def test_an_office_at_a_wrong_place_is_refused_kindly(cast: Cast, as_: Any) -> None:
    client, address = as_(cast.region_operator), url(Appointment, "add")
    data = {"person": cast.teacher.pk, "role": 4, "organisation": cast.school.pk, "since": "2026-12-16"}
    response = client.post(address, filled(client, address, **data))
    assert "__all__" in response.context["adminform"].form.errors


def test_accounts_are_closed_and_nothing_else(cast: Cast, as_: Any) -> None:
    account: Any = cast.teacher.account
    client, address = as_(cast.region_operator), url(User, "change", account.pk)
    data = {"username": "taken", "password": "x", "is_superuser": "on", "person": cast.student.pk}
    assert client.post(address, data).status_code == 302
    closed = User.objects.get(pk=account.pk)
    assert not closed.is_active
    assert (closed.username, closed.password) == (account.username, account.password)
    assert not closed.is_superuser


def test_an_operator_closes_no_superuser_and_not_themself(cast: Cast, as_: Any) -> None:
    client = as_(cast.region_operator)
    accounts: list[Any] = [make.UserFactory(is_superuser=True), cast.region_operator.account]
    for account in accounts:
        assert client.post(url(User, "change", account.pk), {}).status_code == 403
        assert client.get(url(User, "add")).status_code == 403


@every_model
@pytest.mark.parametrize("who", ["administrator", "region_operator"])
def test_lists_cost_the_same_for_many_rows(cast: Cast, as_: Any, own: Rows, model: Any, who: str) -> None:
    journal_of(own)
    client = as_(getattr(cast, who))
    if client.get(url(model, "changelist")).status_code == 404:
        return

    def grow() -> None:
        for number in range(10):
            more_rows(cast.school, number)
        journal_of(rows_of(make.OrganisationFactory(), "Ещё"))
        journal_of(rows_of(make.OrganisationFactory(), "Больше"))

    assert_same_statements(lambda: client.get(url(model, "changelist")), grow)


def more_rows(school: Any, number: int) -> None:
    """A class with its people, beside those that the school has."""
    school_class = make.SchoolClassFactory(organisation=school)
    course = make.CourseFactory(school_class=school_class)
    student = make.EnrolmentFactory(school_class=school_class).student
    teacher = make.EmploymentFactory(organisation=school).person
    group = make.GroupFactory(organisation=school, classes=[school_class])
    make.MembershipFactory(student=student, group=group)
    make.GuardianshipFactory(child=student)
    make.AssignmentFactory(course=course, teacher=teacher)
    make.ClassTeacherFactory(school_class=school_class, person=teacher)
    make.AppointmentFactory(person=teacher, organisation=school)
    room = make.RoomFactory(organisation=school)
    make.TimetableEntryFactory(course=course, teacher=teacher, room=room)
    make.BellFactory(organisation=school, number=number + 2)


@pytest.mark.parametrize(
    ("model", "field"), [("teachingassignment", "course"), ("enrolment", "school_class")]
)
def test_what_a_field_finds_costs_the_same_for_many_rows(
    cast: Cast, as_: Any, own: Rows, model: str, field: str
) -> None:
    query = {"app_label": "schools", "model_name": model, "field_name": field}

    def grow() -> None:
        for number in range(10):
            more_rows(cast.school, number)

    client = as_(cast.administrator)
    assert_same_statements(lambda: client.get("/admin/autocomplete/", query), grow)


def test_a_persons_page_costs_the_same_for_many_ties(cast: Cast, as_: Any) -> None:
    client, address = as_(cast.administrator), url(Person, "change", cast.parent.pk)

    def grow() -> None:
        for _each in range(10):
            child = make.EnrolmentFactory(school_class=cast.class_7a).student
            make.GuardianshipFactory(guardian=cast.parent, child=child)

    assert_same_statements(lambda: client.get(address), grow)
