"""A workbook can neither read nor change another school's people."""

import datetime
from typing import Any

import pytest
from django.utils import timezone

from schedule.models import Lesson
from schedule.workbook.changes import Status
from schedule.workbook.importing import Report, import_workbook
from schools.models import (
    Employment,
    Enrolment,
    Guardianship,
    Organisation,
    Person,
    TeachingAssignment,
    TieProposal,
)
from tests import factories as make
from tests.schedule import workbooks

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 9, 1)
STUDENT, TEACHER, GUARDIAN = 112233445, 556677889, 334455667


def digits(number: int) -> str:
    return workbooks.snils(number).replace("-", "").replace(" ", "")


@pytest.fixture(autouse=True)
def _region() -> None:
    make.MunicipalityFactory(name="Кинель", kind="городской округ")


@pytest.fixture
def outsider() -> Person:
    return make.PersonFactory(
        surname="Тайнова", first_name="Инна", birth_date=datetime.date(2014, 9, 9), snils=digits(STUDENT)
    )


@pytest.fixture
def load(tmp_path) -> Any:
    def load(book: Any, **options: Any) -> Report:
        return import_workbook(workbooks.save(book, tmp_path / "school.xlsx"), **{"today": TODAY, **options})

    return load


def told(report: Report) -> str:
    return "\n".join(map(str, report.warnings))


def everything_about(person: Person) -> list[Any]:
    """The file and its ties, as rows."""
    ties = [Enrolment.objects.filter(student=person), Employment.objects.filter(person=person)]
    ties += [Guardianship.objects.filter(child=person), Guardianship.objects.filter(guardian=person)]
    rows: list[Any] = [Person.objects.filter(pk=person.pk).values().get()]
    return rows + [list(query.values()) for query in ties]


def test_a_student_of_another_school_is_proposed_and_stays_as_they_are(load, outsider):
    enrolment = make.EnrolmentFactory(student=outsider)
    before = everything_about(outsider)
    report = load(workbooks.small())
    assert everything_about(outsider) == before
    proposal = TieProposal.objects.get(person=outsider)
    assert (
        proposal.organisation
        == Organisation.objects.get(code=workbooks.CODE)
        != enrolment.school_class.organisation
    )
    assert proposal.proposed["tie"] == "enrolment"
    assert report.lines["Ученики"][Status.PENDING] == 1
    assert "Тайнова" not in told(report) + str(proposal.proposed)


def test_what_is_said_does_not_depend_on_the_outside_file(load, outsider):
    make.EnrolmentFactory(student=outsider)
    other_name = told(load(workbooks.small(), check=True))
    Person.objects.filter(pk=outsider.pk).update(
        surname="Соколова", first_name="Мария", patronymic="Андреевна", birth_date=datetime.date(2014, 3, 5)
    )
    assert told(load(workbooks.small(), check=True)) == other_name


def test_an_untied_file_is_outside_too(load, outsider):
    load(workbooks.small())
    assert TieProposal.objects.get().person == outsider


def test_the_parent_of_a_proposed_child_waits_with_it(load, outsider):
    make.EnrolmentFactory(student=outsider)
    report = load(workbooks.small())
    assert report.lines["Родители"] == {Status.PENDING: 1, Status.NEW: 1}
    assert not Guardianship.objects.filter(child=outsider).exists()
    assert not Person.objects.filter(surname="Соколова", first_name="Анна").exists()


def test_a_proposal_is_made_once(load, outsider):
    make.EnrolmentFactory(student=outsider)
    load(workbooks.small())
    assert not load(workbooks.small()).changed_anything
    TieProposal.objects.update(accepted=False, decided_at=timezone.now(), decided_by=make.PersonFactory())
    assert not load(workbooks.small()).changed_anything
    assert TieProposal.objects.count() == 1


def test_a_confirmed_tie_lets_the_next_import_go_on(load, outsider):
    Person.objects.filter(pk=outsider.pk).update(surname="Соколова", first_name="Мария", patronymic="")
    load(workbooks.small())
    proposal = TieProposal.objects.get()
    make.EnrolmentFactory(
        student=outsider, school_class_id=proposal.proposed["school_class"], school_class=None
    )
    report = load(workbooks.small())
    assert report.lines["Родители"] == {Status.NEW: 1, Status.UNCHANGED: 1}
    assert outsider.guardians.get().guardian.surname == "Соколова"


def test_a_parent_of_another_schools_child_is_proposed_with_the_child(load):
    parent = make.PersonFactory(surname="Тайнов", snils=digits(GUARDIAN))
    make.GuardianshipFactory(guardian=parent, child=make.EnrolmentFactory().student)
    before = everything_about(parent)
    report = load(workbooks.small())
    assert everything_about(parent) == before
    child = Person.objects.get(first_name="Артём")
    assert TieProposal.objects.get().proposed == {"tie": "guardianship", "child": child.pk, "kind": "father"}
    assert "Тайнов" not in told(report)
    assert not load(workbooks.small()).changed_anything


def test_a_teacher_of_another_school_gets_no_lessons_before_the_tie(load):
    teacher = make.PersonFactory(surname="Тайнова", snils=digits(TEACHER))
    make.EmploymentFactory(person=teacher)
    report = load(workbooks.small())
    assert TieProposal.objects.get().proposed == {"tie": "employment", "position": ""}
    assert not TeachingAssignment.objects.filter(teacher=teacher).exists()
    assert not Lesson.objects.filter(teacher=teacher).exists()
    assert report.lines["Расписание"][Status.NEW] == 4
    assert not load(workbooks.small()).changed_anything


def test_who_also_belongs_elsewhere_keeps_the_file_but_not_the_ties(load):
    load(workbooks.small())
    parent = Person.objects.get(surname="Ёлкин", first_name="Илья")
    make.GuardianshipFactory(guardian=parent, child=make.EnrolmentFactory().student)
    book = workbooks.small()
    book["guardians"][1] |= {"surname": "Захватов", "kind": "опекун"}
    report = load(book)
    parent.refresh_from_db()
    assert parent.surname == "Ёлкин"
    assert parent.guardianships.get(child__first_name="Артём").kind == "guardian"
    assert len(report.warnings) == 1


def test_a_student_who_left_for_another_school_is_not_taken_back(load):
    load(workbooks.small())
    student = Person.objects.get(first_name="Артём")
    student.enrolments.update(until=datetime.date(2026, 10, 1))
    make.EnrolmentFactory(student=student, since=datetime.date(2026, 10, 2))
    before = everything_about(student)
    report = load(workbooks.small(), today=datetime.date(2026, 11, 16))
    assert "01.10.2026" in told(report)
    assert not TieProposal.objects.exists()
    book = workbooks.small()
    book["students"][1]["since"] = "16.11.2026"
    load(book, today=datetime.date(2026, 11, 16))
    assert everything_about(student)[:2] == before[:2]
    assert Person.objects.filter(first_name="Артём").count() == 1
    assert TieProposal.objects.get().person == student


def test_namesakes_in_another_school_are_other_people(load, outsider):
    twin = make.PersonFactory(
        surname="Ёлкин", first_name="Артём", patronymic="", birth_date=datetime.date(2014, 11, 17)
    )
    make.EnrolmentFactory(student=twin)
    load(workbooks.small())
    assert Person.objects.filter(first_name="Артём").count() == 2
    assert twin.enrolments.count() == 1


def test_another_schools_rows_are_not_touched(load):
    lesson = make.LessonFactory()
    make.BellFactory(organisation=lesson.organisation)
    before = list(Organisation.objects.filter(pk=lesson.organisation_id).values())
    load(workbooks.small())
    assert list(Organisation.objects.filter(pk=lesson.organisation_id).values()) == before
    assert Lesson.objects.filter(pk=lesson.pk).exists()
