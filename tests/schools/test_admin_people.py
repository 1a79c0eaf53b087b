"""People's files: made with a tie, changed by the school alone whose they wholly are."""

import datetime
from typing import Any

import pytest

from accounts.models import User
from schools.models import Appointment, Employment, Enrolment, Guardianship, Person
from tests import factories as make
from tests.conftest import TODAY, Cast
from tests.schools.test_admin_rows import filled, foreign, own, rows_of, url

__all__ = ["foreign", "own"]

Rows = dict[Any, Any]
SNILS, SHOWN_SNILS = "112-233-445 95", "***-***-445 95"
YESTERDAY = TODAY - datetime.timedelta(days=1)
NEW = {"surname": "Новиков", "first_name": "Иван", "birth_date": "2013-02-03", "snils": SNILS}


def fields_of(client: Any, person: Person) -> set[str]:
    return set(client.get(url(Person, "change", person.pk)).context["adminform"].form.fields)


def ties_elsewhere(cast: Cast, person: Person) -> dict[str, Any]:
    other = make.SchoolClassFactory(organisation=cast.other_school)
    child = make.EnrolmentFactory(school_class=other, until=YESTERDAY).student
    return {
        "enrolment": lambda: make.EnrolmentFactory(
            student=person, school_class=other, since=TODAY.replace(year=2025), until=TODAY.replace(month=8)
        ),
        "employment": lambda: make.EmploymentFactory(
            person=person, organisation=cast.other_school, until=YESTERDAY
        ),
        "child": lambda: make.GuardianshipFactory(guardian=person, child=child, until=YESTERDAY),
        "office": lambda: make.AppointmentFactory(
            person=person, role=Appointment.Role.REGION_OPERATOR, until=YESTERDAY
        ),
        "course": lambda: make.AssignmentFactory(
            teacher=person, course=make.CourseFactory(school_class=other), until=YESTERDAY
        ),
        "class": lambda: make.ClassTeacherFactory(person=person, school_class=other, until=YESTERDAY),
    }


def test_own_files_are_open(cast: Cast, as_: Any) -> None:
    client, address = as_(cast.administrator), url(Person, "change", cast.student.pk)
    response = client.post(address, filled(client, address, surname="Соколова-Ель", snils=SNILS))
    assert response.status_code == 302, response.context["errors"]
    cast.student.refresh_from_db()
    assert (cast.student.sort_key, cast.student.snils) == ("СОКОЛОВА ЕЛЬ МАРИЯ АНДРЕЕВНА", "11223344595")


@pytest.mark.parametrize("tie", ["enrolment", "employment", "child", "office", "course", "class"])
def test_who_belongs_elsewhere_too_is_not_changed(cast: Cast, as_: Any, tie: str) -> None:
    """A past tie as well: the other school's papers name this person."""
    person = make.PersonFactory(surname="Общий", snils="11223344595")
    make.EmploymentFactory(person=person, organisation=cast.school)
    client, address = as_(cast.administrator), url(Person, "change", person.pk)
    assert "surname" in fields_of(client, person)
    ties_elsewhere(cast, person)[tie]()
    assert not fields_of(client, person) & {"surname", "first_name", "birth_date", "snils", "account"}
    body = client.get(address).content.decode()
    assert SHOWN_SNILS in body
    assert "11223344595" not in body
    client.post(address, filled(client, address, surname="Угнанный", snils="", birth_date="2000-01-01"))
    person.refresh_from_db()
    assert (person.surname, person.snils) == ("Общий", "11223344595")
    assert "surname" in fields_of(as_(cast.region_operator), person)


def test_a_superusers_file_is_not_a_schools_to_change(cast: Cast, as_: Any) -> None:
    User.objects.filter(person=cast.teacher).update(is_superuser=True)
    assert "surname" not in fields_of(as_(cast.administrator), cast.teacher)


def test_ones_own_file_is_not_ones_own_to_change(cast: Cast, as_: Any) -> None:
    for person in (cast.administrator, cast.region_operator):
        response = as_(person).post(url(Person, "change", person.pk), NEW)
        assert response.status_code == 403


def test_who_left_is_seen_no_more(cast: Cast, as_: Any) -> None:
    client, address = as_(cast.administrator), url(Person, "change", cast.student.pk)
    Enrolment.objects.filter(student=cast.student).update(until=TODAY)
    assert client.get(address).status_code == 200
    Enrolment.objects.filter(student=cast.student).update(until=YESTERDAY)
    assert client.get(address).status_code == 404
    assert client.get(url(Person, "change", cast.parent.pk)).status_code == 404


def test_a_class_is_filled_before_the_year_begins(cast: Cast, as_: Any) -> None:
    coming = make.EnrolmentFactory(school_class=cast.class_7a, since=TODAY + datetime.timedelta(days=30))
    assert as_(cast.administrator).get(url(Person, "change", coming.student_id)).status_code == 200


def test_a_parent_of_two_schools_shows_each_its_own_child(cast: Cast, as_: Any, own: Rows) -> None:
    foreign = rows_of(cast.other_school, "Чужаков")
    make.GuardianshipFactory(guardian=cast.parent, child=foreign[Person])
    body = as_(cast.administrator).get(url(Person, "change", cast.parent.pk)).content.decode()
    assert cast.student.first_name in body
    assert "Чужаков" not in body


@pytest.mark.parametrize(
    ("kind", "tie", "model"),
    [
        ("student", lambda c: {"enrolments-0-school_class": c.class_7a.pk}, Enrolment),
        ("employee", lambda c: {"employments-0-organisation": c.school.pk}, Employment),
        (
            "guardian",
            lambda c: {"guardianships-0-child": c.student.pk, "guardianships-0-kind": "father"},
            Guardianship,
        ),
    ],
)
def test_a_file_is_made_with_its_tie(cast: Cast, as_: Any, kind: str, tie: Any, model: Any) -> None:
    client, address = as_(cast.administrator), url(Person, "add") + f"?as={kind}"
    (prefix,) = {name.split("-")[0] for name in tie(cast)}
    empty = client.post(address, filled(client, address, **NEW))
    assert empty.status_code == 200
    assert not Person.objects.filter(surname="Новиков").exists()
    data = {**NEW, **tie(cast), f"{prefix}-0-since": "2026-12-01"}
    response = client.post(address, filled(client, address, **data))
    assert response.status_code == 302, response.context["errors"]
    person = Person.objects.get(surname="Новиков")
    assert client.get(url(Person, "change", person.pk)).status_code == 200
    assert person.account is None


def test_a_file_without_a_tie_is_refused_by_a_forged_form(cast: Cast, as_: Any) -> None:
    client, address = as_(cast.administrator), url(Person, "add") + "?as=student"
    forged = {"enrolments-TOTAL_FORMS": 0, "enrolments-MIN_NUM_FORMS": 0}
    assert client.post(address, filled(client, address, **NEW, **forged)).status_code == 200
    assert not Person.objects.filter(surname="Новиков").exists()


def test_a_child_is_chosen_among_own_students(cast: Cast, as_: Any, foreign: Rows) -> None:
    """Not among the grown-ups of the school either: they may be children of another."""
    client, address = as_(cast.administrator), url(Person, "add") + "?as=guardian"
    for child in (foreign[Person], cast.teacher):
        data = {
            **NEW,
            "guardianships-0-child": child.pk,
            "guardianships-0-kind": "father",
            "guardianships-0-since": "2026-12-01",
        }
        assert client.post(address, filled(client, address, **data)).status_code == 200
    assert not Person.objects.filter(surname="Новиков").exists()


def test_another_schools_snils_is_refused_in_words_that_tell_nothing(
    cast: Cast, as_: Any, foreign: Rows
) -> None:
    stranger = foreign[Person]
    stranger.snils = "11223344595"
    stranger.save()
    client, address = as_(cast.administrator), url(Person, "change", cast.student.pk)
    response = client.post(address, filled(client, address, snils=SNILS))
    (message,) = response.context["adminform"].form.errors["snils"]
    assert "оператор" in message.lower() or "operator" in message
    assert "Чужаков" not in response.content.decode()


def test_nobody_is_raised_through_a_file(cast: Cast, as_: Any) -> None:
    """No field of the account or of offices is read from the form."""
    client, address = as_(cast.administrator), url(Person, "change", cast.teacher.pk)
    raised = {
        "account": cast.student.account_id,
        "is_superuser": "on",
        "is_staff": "on",
        "appointments-TOTAL_FORMS": 1,
        "appointments-INITIAL_FORMS": 0,
        "appointments-0-role": 2,
        "appointments-0-organisation": cast.school.pk,
        "appointments-0-since": "2026-09-01",
    }
    client.post(address, filled(client, address, **raised))
    cast.teacher.refresh_from_db()
    assert not cast.teacher.appointments.exists()
    assert cast.teacher.account_id != cast.student.account_id
    assert not User.objects.filter(is_superuser=True).exists()


def test_lists_mask_the_snils(cast: Cast, as_: Any) -> None:
    cast.student.snils = "11223344595"
    cast.student.save()
    body = as_(cast.administrator).get(url(Person, "changelist")).content.decode()
    assert SHOWN_SNILS in body
    assert "11223344595" not in body


@pytest.mark.parametrize("typed", ["Ёлкин", "елкин ар", " ЁЛКИН  Артём"])
def test_people_are_found_by_the_beginning_of_the_name(cast: Cast, as_: Any, typed: str) -> None:
    response = as_(cast.administrator).get(url(Person, "changelist"), {"q": typed})
    assert response.context["cl"].result_list[0] == cast.classmate


def test_an_administrator_of_two_schools_has_both(cast: Cast, as_: Any, own: Rows) -> None:
    make.EmploymentFactory(person=cast.administrator, organisation=cast.other_school)
    make.AppointmentFactory(person=cast.administrator, role=2, organisation=cast.other_school)
    foreign = rows_of(cast.other_school, "Чужаков")
    client = as_(cast.administrator)
    assert "surname" in fields_of(client, foreign[Person])
    only = client.get(url(Person, "changelist"), {"organisation": cast.other_school.pk})
    assert foreign[Person] in only.context["cl"].queryset
    assert own[Person] not in only.context["cl"].queryset
