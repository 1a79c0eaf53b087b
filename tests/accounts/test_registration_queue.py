"""Registrations of teachers and staff: who sees them, whose file they are tied to, what the person reads."""

import datetime
import threading
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, connections, transaction
from django.test import Client
from django.urls import reverse

from accounts import registrations
from accounts.models import Registration
from accounts.registrations import AlreadyDecided
from messaging.models import Outgoing
from schools.doors import Door, Proof
from schools.models import Appointment, Employment, Person
from tests import factories as make
from tests.conftest import TODAY
from tests.queries import assert_same_statements

QUEUE = "accounts:registrations"
DECISION, REFUSAL = "accounts:registration-decision", "accounts:registration-refusal"
OLGA = {"surname": "Новикова", "first_name": "Ольга", "patronymic": "Петровна"}
BORN = datetime.date(1984, 2, 29)


@pytest.fixture
def teachers(cast: Any) -> Registration:
    """Olga's, at the cast's school."""
    return make.RegistrationFactory(organisation=cast.school)


@pytest.fixture
def staffs(cast: Any) -> Registration:
    """Somebody's of the cast's territory."""
    territory = cast.school.locality.municipality.territory
    return make.RegistrationFactory(status="staff", territory=territory, surname="Уварова")


@pytest.fixture
def file(cast: Any) -> Person:
    """Olga's file: the school employs her and she has no account."""
    person = make.PersonFactory(**OLGA, birth_date=BORN)
    make.EmploymentFactory(person=person, organisation=cast.school, position="учитель химии")
    return person


def approve(client: Client, registration: Registration, file: Any, **more: Any) -> Any:
    typed = {"file": getattr(file, "pk", file), **more}
    return client.post(reverse(DECISION, args=[registration.pk]), typed)


def refuse(client: Client, registration: Registration, **typed: Any) -> Any:
    return client.post(reverse(REFUSAL, args=[registration.pk]), {"reason": "unknown", **typed})


def names(client: Client) -> str:
    response = client.get(reverse(QUEUE))
    return response.content.decode() if response.status_code == 200 else str(response.status_code)


def email_of(registration: Registration) -> str:
    return EmailAddress.objects.get(user=registration.account).email


# --- Who sees it ---------------------------------------------------------------------------------
def test_a_teachers_waits_for_the_own_administrator(cast: Any, as_: Any, teachers: Registration):
    assert "Новикова" in names(as_(cast.administrator))
    assert "Новикова" in names(as_(cast.region_operator))
    assert "Новикова" not in names(as_(cast.outsider))
    assert "Новикова" not in names(as_(cast.territory_staff))
    assert names(as_(cast.head_teacher)) == "404"


def test_staffs_wait_for_the_own_territory(cast: Any, as_: Any, staffs: Registration):
    other = make.PersonFactory(account=make.UserFactory())
    territory = make.TerritoryFactory()
    make.AppointmentFactory(person=other, role=Appointment.Role.TERRITORY_STAFF, territory=territory)
    assert "Уварова" in names(as_(cast.territory_staff))
    assert "Уварова" in names(as_(cast.region_operator))
    assert "Уварова" not in names(as_(other))
    assert "Уварова" not in names(as_(cast.administrator))
    assert as_(other).get(reverse(DECISION, args=[staffs.pk])).status_code == 404


@pytest.mark.parametrize("who", ["outsider", "head_teacher", "teacher", "parent", "territory_staff"])
def test_nobody_else_decides(cast: Any, as_: Any, teachers: Registration, file: Person, who: str):
    client = as_(getattr(cast, who))
    assert approve(client, teachers, file).status_code == 404
    assert refuse(client, teachers).status_code == 404
    teachers.refresh_from_db()
    assert teachers.state == "waiting"


def test_an_administrator_without_second_factor_sees_nothing(cast: Any, as_: Any, teachers: Registration):
    client = as_(cast.administrator, Proof(Door.SCHOOL))
    assert names(client) == "404"
    assert client.get(reverse(DECISION, args=[teachers.pk])).status_code == 404


def test_an_office_that_ended_decides_nothing(cast: Any, as_: Any, teachers: Registration):
    Appointment.objects.filter(person=cast.administrator).update(until=TODAY - datetime.timedelta(days=1))
    assert names(as_(cast.administrator)) == "404"


@pytest.mark.parametrize("status", ["parent", "student"])
def test_parents_and_students_wait_for_no_office(cast: Any, as_: Any, status: str):
    place = {"organisation": cast.school} if status == "student" else {}
    own = make.RegistrationFactory(status=status, **place)
    assert "Новикова" not in names(as_(cast.administrator))
    assert as_(cast.region_operator).get(reverse(DECISION, args=[own.pk])).status_code == 404


def test_what_is_not_confirmed_is_not_in_the_queue(cast: Any, as_: Any):
    own = make.RegistrationFactory(organisation=cast.school, contacts=False)
    assert "Новикова" not in names(as_(cast.administrator))
    assert as_(cast.administrator).get(reverse(DECISION, args=[own.pk])).status_code == 404


def test_home_leads_to_the_queue_and_counts_it(cast: Any, as_: Any, teachers: Registration):
    page = as_(cast.administrator).get(reverse("diary:home")).content.decode()
    assert reverse(QUEUE) in page
    assert "1 заявка ждёт ответа" in page
    assert reverse(QUEUE) in as_(cast.administrator).get(reverse("more")).content.decode()
    assert reverse(QUEUE) not in as_(cast.head_teacher).get(reverse("diary:home")).content.decode()


def test_statements_do_not_grow_with_the_queue(cast: Any, as_: Any, teachers: Registration, file: Person):
    client = as_(cast.administrator)

    def grow() -> None:
        for _each in range(10):
            make.RegistrationFactory(organisation=cast.school)
            other = make.PersonFactory(**OLGA, birth_date=BORN)
            make.EmploymentFactory(person=other, organisation=cast.school)

    assert_same_statements(lambda: client.get(reverse(QUEUE)), lambda: None)
    decision = reverse(DECISION, args=[teachers.pk])
    assert_same_statements(lambda: (client.get(reverse(QUEUE)), client.get(decision)), grow)


# --- Whose file ----------------------------------------------------------------------------------
def test_both_sides_are_shown(cast: Any, as_: Any, teachers: Registration, file: Person):
    page = as_(cast.administrator).get(reverse(DECISION, args=[teachers.pk])).content.decode()
    assert "учитель химии" in page
    assert page.count("29.02.1984") == 2
    assert teachers.account.phone_number.number in page


def found(registration: Registration, person: Person, as_: Any) -> list[Any]:
    response = as_(person).get(reverse(DECISION, args=[registration.pk]))
    return list(response.context["candidates"])


def test_the_same_name_and_the_same_birth_date_are_looked_for(cast: Any, as_: Any, teachers: Registration):
    by_name = make.PersonFactory(**OLGA, birth_date=datetime.date(1990, 1, 1))
    by_date = make.PersonFactory(surname="Другая", birth_date=BORN)
    neither = make.PersonFactory(surname="Новиковская", first_name="Ольга")
    for person in (by_name, by_date, neither):
        make.EmploymentFactory(person=person, organisation=cast.school)
    rows = found(teachers, cast.administrator, as_)
    assert {row.person for row in rows} == {by_name, by_date}


def test_yo_is_ye(cast: Any, as_: Any):
    own = make.RegistrationFactory(organisation=cast.school, surname="Елкина", first_name="Алена")
    person = make.PersonFactory(surname="Ёлкина", first_name="Алёна")
    make.EmploymentFactory(person=person, organisation=cast.school)
    assert found(own, cast.administrator, as_)[0].same_name


def test_files_of_other_schools_are_not_shown(cast: Any, as_: Any, teachers: Registration):
    person = make.PersonFactory(**OLGA, birth_date=BORN)
    make.EmploymentFactory(person=person, organisation=cast.other_school)
    assert found(teachers, cast.administrator, as_) == []
    assert [row.person for row in found(teachers, cast.region_operator, as_)] == [person]


def test_a_students_file_is_never_a_teachers(cast: Any, as_: Any):
    names_of = {"surname": cast.student.surname, "first_name": cast.student.first_name}
    own = make.RegistrationFactory(organisation=cast.school, **names_of)
    assert found(own, cast.administrator, as_) == found(own, cast.region_operator, as_) == []
    assert approve(as_(cast.administrator), own, cast.student, position="учитель").status_code == 422


def test_who_has_an_account_is_shown_and_not_tied(cast: Any, as_: Any):
    names_of = {"surname": cast.teacher.surname, "first_name": cast.teacher.first_name}
    own = make.RegistrationFactory(organisation=cast.school, **names_of)
    [row] = found(own, cast.administrator, as_)
    assert row.obstacle
    assert approve(as_(cast.administrator), own, cast.teacher).status_code == 422


def test_who_belongs_elsewhere_as_well_is_the_operators(
    cast: Any, as_: Any, teachers: Registration, file: Person
):
    make.EmploymentFactory(person=file, organisation=cast.other_school)
    assert found(teachers, cast.administrator, as_)[0].obstacle
    assert approve(as_(cast.administrator), teachers, file).status_code == 422
    assert approve(as_(cast.region_operator), teachers, file).status_code == 302
    file.refresh_from_db()
    assert file.account == teachers.account


@pytest.mark.parametrize("forged", ["0", "-1", "999999", "x", "", "new "])
def test_a_forged_file_is_refused(cast: Any, as_: Any, teachers: Registration, forged: str):
    assert approve(as_(cast.administrator), teachers, forged, position="учитель").status_code == 422
    assert approve(as_(cast.administrator), teachers, cast.outsider.pk).status_code == 422


def test_staff_of_the_territory_who_are_parents_too_are_the_operators(cast: Any, as_: Any):
    territory = cast.school.locality.municipality.territory
    person = make.PersonFactory(surname="Уварова", first_name="Ольга")
    make.AppointmentFactory(person=person, role=Appointment.Role.TERRITORY_STAFF, territory=territory)
    own = make.RegistrationFactory(status="staff", territory=territory, surname="Уварова")
    assert not found(own, cast.territory_staff, as_)[0].obstacle
    make.GuardianshipFactory(guardian=person, child=cast.student)
    assert found(own, cast.territory_staff, as_)[0].obstacle
    assert not found(own, cast.region_operator, as_)[0].obstacle


# --- Approval ------------------------------------------------------------------------------------
def test_approval_ties_the_account_to_the_file(cast: Any, as_: Any, teachers: Registration, file: Person):
    assert approve(as_(cast.administrator), teachers, file)["Location"] == reverse(QUEUE)
    file.refresh_from_db()
    teachers.refresh_from_db()
    assert file.account == teachers.account
    assert (teachers.state, teachers.person, teachers.decided_by) == ("approved", file, cast.administrator)
    assert teachers.decided_at
    assert Employment.objects.filter(person=file).count() == 1


def test_a_new_file_begins_with_its_employment(cast: Any, as_: Any, teachers: Registration):
    client = as_(cast.administrator)
    assert approve(client, teachers, "new").status_code == 422
    approve(client, teachers, "new", position="учитель химии")
    person = Person.objects.get(account=teachers.account)
    assert (person.full_name, person.birth_date) == ("Новикова Ольга Петровна", BORN)
    employment = person.employments.get()
    assert (employment.organisation, employment.position) == (cast.school, "учитель химии")
    assert employment.since == TODAY


def test_a_parent_of_the_school_may_become_its_employee(cast: Any, as_: Any, teachers: Registration):
    parent = make.PersonFactory(**OLGA, birth_date=BORN)
    make.GuardianshipFactory(guardian=parent, child=cast.student)
    approve(as_(cast.administrator), teachers, parent, position="психолог")
    assert parent.employments.get().position == "психолог"


def test_approved_staff_get_the_office_of_their_territory(cast: Any, as_: Any, staffs: Registration):
    approve(as_(cast.territory_staff), staffs, "new")
    office = Appointment.objects.get(person__account=staffs.account)
    assert office.role == Appointment.Role.TERRITORY_STAFF
    assert (office.territory, office.organisation, office.since) == (staffs.territory, None, TODAY)


def test_the_letter_says_the_name_and_no_more(cast: Any, as_: Any, teachers: Registration, file: Person):
    approve(as_(cast.administrator), teachers, file)
    letter = Outgoing.objects.get()
    assert letter.recipient == email_of(teachers)
    assert "Ольга Петровна" in letter.text
    assert not any(word in letter.text for word in ("Новикова", "1984", "Школа", "химии"))


def test_the_letter_speaks_the_registrants_language(cast: Any, as_: Any):
    own = make.RegistrationFactory(organisation=cast.school, language="en")
    refuse(as_(cast.administrator), own)
    assert "Hello" in Outgoing.objects.get().text


def test_approved_but_without_a_second_factor_the_journal_stays_shut(
    cast: Any, as_: Any, teachers: Registration, file: Person
):
    client = as_(teachers.account, Proof(Door.OWN))
    approve(as_(cast.administrator), teachers, file)
    assert client.get(reverse("diary:home")).status_code == 403
    factor = as_(teachers.account, Proof(Door.OWN, second_factor=True))
    assert factor.get(reverse("diary:home"))["Location"] == reverse("diary:teacher-today")


def test_a_superuser_without_a_person_decides_nothing(cast: Any, as_: Any, teachers: Registration):
    operator = make.UserFactory(is_superuser=True)
    assert names(as_(operator)) == "404"
    assert approve(as_(operator), teachers, "new", position="учитель").status_code == 404


# --- Refusal -------------------------------------------------------------------------------------
def test_a_refusal_has_a_reason(cast: Any, as_: Any, teachers: Registration):
    client = as_(cast.administrator)
    assert refuse(client, teachers, reason="").status_code == 422
    assert refuse(client, teachers, reason="mood").status_code == 422
    assert refuse(client, teachers, reason="other").status_code == 422
    assert refuse(client, teachers, reason="place", explanation="Вы из лицея").status_code == 302
    teachers.refresh_from_db()
    assert (teachers.state, teachers.reason, teachers.decided_by) == ("refused", "place", cast.administrator)
    assert not Person.objects.filter(account=teachers.account).exists()


def test_the_refused_read_why_and_begin_anew(cast: Any, as_: Any, teachers: Registration):
    email = email_of(teachers)
    refuse(as_(cast.administrator), teachers, reason="place", explanation="Вы из лицея <b>")
    client = as_(teachers.account, Proof(Door.OWN))
    page = client.get(reverse("accounts:registration")).content.decode()
    assert "Вы из лицея &lt;b&gt;" in page
    assert client.post(reverse("accounts:registration-anew"))["Location"] == reverse("account_signup")
    assert client.get(reverse("accounts:registration")).status_code == 302
    teachers.refresh_from_db()
    assert (teachers.state, teachers.account.is_active) == ("refused", False)
    assert not EmailAddress.objects.filter(email=email).exists()


# --- Two at once, and after ----------------------------------------------------------------------
def test_what_is_decided_stays_decided(cast: Any, as_: Any, teachers: Registration, file: Person):
    client = as_(cast.administrator)
    refuse(client, teachers)
    decision = reverse(DECISION, args=[teachers.pk])
    assert approve(client, teachers, file).status_code == 200
    assert refuse(client, teachers, reason="data")["Location"] == decision
    assert cast.administrator.surname in client.get(decision).content.decode()
    teachers.refresh_from_db()
    assert teachers.reason == "unknown"
    assert Outgoing.objects.count() == 1


def test_an_account_tied_by_another_door_needs_no_decision(
    cast: Any, as_: Any, teachers: Registration, file: Person
):
    make.PersonFactory(account=teachers.account)
    assert "Новикова" not in names(as_(cast.administrator))
    response = approve(as_(cast.administrator), teachers, file)
    assert response["Location"] == reverse(DECISION, args=[teachers.pk])
    assert not Person.objects.filter(pk=file.pk, account__isnull=False).exists()


def test_a_file_that_got_an_account_meanwhile_is_told(
    cast: Any, as_: Any, teachers: Registration, file: Person, monkeypatch: Any
):
    real = registrations.candidates

    def meanwhile(*args: Any, **kwargs: Any) -> Any:
        rows = real(*args, **kwargs)
        Person.objects.filter(pk=file.pk).update(account=make.UserFactory())
        return rows

    monkeypatch.setattr(registrations, "candidates", meanwhile)
    assert approve(as_(cast.administrator), teachers, file).status_code == 422
    teachers.refresh_from_db()
    assert teachers.state == "waiting"


@pytest.mark.django_db(transaction=True)
def test_of_two_administrators_at_once_one_decides(cast: Any, teachers: Registration, file: Person):
    """Both have the page open and press at the same moment."""
    outcomes: list[str] = []
    together = threading.Barrier(2)

    def decide(by: Person) -> None:
        try:
            together.wait(10)
            registrations.approve(teachers.pk, by=by, file=file.pk, on=TODAY)
            outcomes.append("approved")
        except AlreadyDecided:
            outcomes.append("told")
        finally:
            connections.close_all()

    deciding = [
        threading.Thread(target=decide, args=[by]) for by in (cast.administrator, cast.region_operator)
    ]
    for thread in deciding:
        thread.start()
    for thread in deciding:
        thread.join(20)
    assert sorted(outcomes) == ["approved", "told"]
    assert Outgoing.objects.count() == 1


# --- The person's own page -----------------------------------------------------------------------
def test_the_waiting_read_the_term_and_whom_to_ask(cast: Any, as_: Any, teachers: Registration):
    client = as_(teachers.account, Proof(Door.OWN))
    page = client.get(reverse("diary:home"), follow=True).content.decode()
    assert "23\u00a0декабря" in page or "23 декабря" in page
    assert cast.school.name in page


def test_nobody_has_anothers_page(cast: Any, as_: Any, teachers: Registration):
    for person in (cast.outsider, cast.parent, cast.administrator):
        assert as_(person).get(reverse("accounts:registration")).status_code == 404


def test_once_tied_home_is_home(cast: Any, as_: Any, teachers: Registration, file: Person):
    approve(as_(cast.administrator), teachers, file)
    client = as_(teachers.account, Proof(Door.OWN, second_factor=True))
    assert client.get(reverse("accounts:registration"))["Location"] == reverse("diary:home")


# --- What the database refuses -------------------------------------------------------------------
@pytest.mark.parametrize(
    "wrong",
    [
        {"organisation": None},
        {"status": "staff"},
        {"status": "parent"},
        {"status": "chief"},
        {"state": "approved"},
        {"state": "refused"},
        {"reason": "data"},
        {"state": "lost"},
    ],
)
def test_the_database_refuses_what_makes_no_sense(teachers: Registration, wrong: dict[str, Any]):
    with pytest.raises(IntegrityError), transaction.atomic():
        Registration.objects.filter(pk=teachers.pk).update(**wrong)
