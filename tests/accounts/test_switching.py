"""Several roles and institutions: one of them is chosen in the header."""

from typing import Any

import pytest
from django.urls import reverse

from schools.doors import Door, Level, Proof
from schools.models import Appointment
from tests import factories as make
from tests.queries import statements

SCHOOL_LOGIN = Proof(Door.SCHOOL)


@pytest.fixture
def mother(cast: Any) -> Any:
    """A parent who teaches at one school and is the head teacher of another."""
    for organisation in (cast.school, cast.other_school):
        make.EmploymentFactory(person=cast.parent, organisation=organisation)
    make.AssignmentFactory(
        course=make.CourseFactory(school_class=cast.class_7a, subject__name="Физика"), teacher=cast.parent
    )
    make.AppointmentFactory(
        person=cast.parent, role=Appointment.Role.HEAD_TEACHER, organisation=cast.other_school
    )
    return cast.parent


def capacities(client: Any) -> list[Any]:
    found: list[Any] = client.get(reverse("help")).context["site"]["capacities"]
    return found


def switch(client: Any, key: str) -> Any:
    return client.post(reverse("accounts:switch"), {"capacity": key})


def menu(client: Any) -> str:
    page: str = client.get(reverse("help")).content.decode()
    return page


def pages_of_bar(client: Any) -> list[str]:
    return [place["icon"] for place in client.get(reverse("help")).context["site"]["nav"]]


def test_each_role_and_place_is_listed(cast: Any, mother: Any, as_: Any):
    found = [(str(each.acting.kind), each.name) for each in capacities(as_(mother))]
    assert found == [("guardian", ""), ("head-teacher", "Чужая школа"), ("teacher", "Школа № 1")]


@pytest.mark.parametrize("role", ["student", "parent", "teacher", "territory_staff", "region_operator"])
def test_who_has_one_role_has_no_menu(cast: Any, as_: Any, role: str):
    assert not capacities(as_(getattr(cast, role)))
    assert "bar-switch" not in menu(as_(getattr(cast, role)))


def test_an_office_holder_is_no_employee_of_the_same_school_besides(cast: Any, as_: Any):
    assert not capacities(as_(cast.administrator))


def test_the_choice_decides_home(cast: Any, mother: Any, as_: Any):
    client = as_(mother)
    assert client.get(reverse("diary:home")).templates[0].name == "diary/home_family.html"
    switch(client, f"teacher:{cast.school.pk}")
    assert client.get(reverse("diary:home"))["Location"] == reverse("diary:teacher-today")
    switch(client, f"head-teacher:{cast.other_school.pk}")
    assert client.get(reverse("diary:home")).templates[0].name == "diary/home_staff.html"
    switch(client, "guardian:0")
    assert client.get(reverse("diary:home")).templates[0].name == "diary/home_family.html"


def test_the_choice_decides_which_pages_the_bar_names(cast: Any, mother: Any, as_: Any):
    client = as_(mother)
    assert pages_of_bar(client) == ["home", "diary", "lessons", "journal", "more"]
    switch(client, f"teacher:{cast.school.pk}")
    assert pages_of_bar(client) == ["home", "lessons", "journal", "timetable", "more"]


def test_the_choice_changes_no_right(cast: Any, mother: Any, as_: Any):
    client = as_(mother)
    switch(client, f"teacher:{cast.school.pk}")
    assert client.get(reverse("diary:week-now", args=[cast.student.pk])).status_code == 200
    assert client.get(reverse("diary:home-of-child", args=[cast.student.pk])).status_code == 200


def test_figures_are_those_of_the_chosen_office(cast: Any, as_: Any):
    office = Appointment.Role.HEAD_TEACHER
    make.EmploymentFactory(person=cast.head_teacher, organisation=cast.other_school)
    make.AppointmentFactory(person=cast.head_teacher, role=office, organisation=cast.other_school)
    client = as_(cast.head_teacher)
    assert client.get(reverse("diary:home")).context["figures"][0]["value"] == 2
    switch(client, f"head-teacher:{cast.other_school.pk}")
    assert client.get(reverse("diary:home")).context["figures"][0]["value"] == 1


def test_a_shut_role_shows_with_the_words_of_its_refusal(cast: Any, mother: Any, as_: Any):
    client = as_(mother, Proof(Door.ESIA, Level.STANDARD))
    page = menu(client)
    assert "Родителям нужна подтверждённая" in page
    assert switch(client, "guardian:0").status_code == 404


def test_a_role_that_has_ended_is_not_acted_in_any_more(cast: Any, mother: Any, as_: Any):
    client = as_(mother)
    switch(client, f"head-teacher:{cast.other_school.pk}")
    Appointment.objects.filter(person=mother).delete()
    assert client.get(reverse("diary:home")).templates[0].name == "diary/home_family.html"


@pytest.mark.parametrize("key", ["", "x", "teacher:", "teacher:x", "region:0", "head-teacher:0", "student:1"])
def test_nobody_switches_to_what_is_not_the_own(cast: Any, mother: Any, as_: Any, key: str):
    assert switch(as_(mother), key).status_code == 404


def test_the_outsider_does_not_become_head_teacher_of_the_school(cast: Any, as_: Any):
    assert switch(as_(cast.outsider), f"head-teacher:{cast.school.pk}").status_code == 404


def test_it_is_a_post_with_a_token(cast: Any, mother: Any, as_: Any):
    assert as_(mother).get(reverse("accounts:switch")).status_code == 405


def test_one_statement_more_and_none_for_one_role(cast: Any, mother: Any, as_: Any):
    def cost(person: Any) -> int:
        client = as_(person)
        client.get(reverse("help"))
        return len(statements(lambda: client.get(reverse("help"))))

    alone, several = cost(cast.other_parent), cost(mother)
    assert several == alone + 1
    for number in range(5):
        make.EmploymentFactory(
            person=mother, organisation=make.OrganisationFactory(short_name=f"Школа № {20 + number}")
        )
    assert cost(mother) == several
