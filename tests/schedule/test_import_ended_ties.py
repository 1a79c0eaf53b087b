"""An ended tie is not made again by an old workbook: the report says so, and how to say "back again"."""

import datetime
from typing import Any

import pytest

from schedule.workbook.changes import Status
from schedule.workbook.importing import Report, import_workbook
from schools.models import (
    ClassTeacher,
    Employment,
    Enrolment,
    GroupMembership,
    Guardianship,
    Person,
    TeachingAssignment,
    TieProposal,
)
from tests import factories as make
from tests.schedule import workbooks

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 9, 1)
LEFT = datetime.date(2026, 10, 30)
LATER = datetime.date(2026, 11, 16)
BACK = datetime.date(2026, 12, 1)


@pytest.fixture(autouse=True)
def _region() -> None:
    make.MunicipalityFactory(name="Кинель", kind="городской округ")


@pytest.fixture
def load(tmp_path) -> Any:
    def load(book: Any, today: datetime.date = LATER) -> Report:
        return import_workbook(workbooks.save(book, tmp_path / "school.xlsx"), today=today)

    load(workbooks.small(), today=TODAY)
    return load


def warned(report: Report) -> list[tuple[str, int | None]]:
    return [(problem.sheet, problem.row) for problem in report.warnings]


def test_a_guardian_struck_off_stays_struck_off(load):
    Guardianship.objects.filter(guardian__first_name="Илья").update(until=LEFT)
    report = load(workbooks.small())
    assert warned(report) == [("Родители", 3)]
    assert "30.10.2026" in str(report.warnings[0])
    assert report.lines["Родители"] == {Status.UNCHANGED: 2}
    assert not Guardianship.objects.filter(guardian__first_name="Илья", until=None).exists()
    assert not report.changed_anything


def test_the_only_guardian_struck_off_does_not_stop_the_import(load):
    """With no guardianship in force the others do not begin with the year once more."""
    Guardianship.objects.update(until=LEFT)
    report = load(workbooks.small())
    assert len(warned(report)) == 2
    book = workbooks.small()
    book["guardians"].append(
        workbooks.person("Соколов Пётр", "02.02.1980", kind="отец", child_snils=workbooks.snils(112233445))
    )
    load(book)
    assert Guardianship.objects.get(until=None).since == LATER


@pytest.mark.parametrize(
    "model", [Employment, ClassTeacher, Enrolment, GroupMembership, Guardianship, TeachingAssignment]
)
def test_ties_that_have_all_ended_never_stop_the_import(load, model):
    model.objects.update(until=LEFT)
    load(workbooks.small())
    load(workbooks.small())


def test_a_struck_off_guardian_of_another_schools_child_is_not_proposed(load):
    tie = Guardianship.objects.get(guardian__first_name="Илья")
    Guardianship.objects.filter(pk=tie.pk).update(until=LEFT)
    make.GuardianshipFactory(guardian=tie.guardian, child=make.EnrolmentFactory().student)
    assert warned(load(workbooks.small())) == [("Родители", 3)]
    assert not TieProposal.objects.exists()


def test_a_dismissed_teacher_stays_dismissed(load):
    Employment.objects.filter(person__surname="Кузнецова").update(until=LEFT)
    report = load(workbooks.small())
    assert ("Учителя", 2) in warned(report)
    assert {sheet for sheet, _row in warned(report)} == {"Учителя", "Классы", "Курсы", "Расписание"}
    assert Employment.objects.get(person__surname="Кузнецова").until == LEFT
    assert TeachingAssignment.objects.get(teacher__surname="Кузнецова").since == TODAY


def test_a_later_day_takes_the_teacher_back(load):
    Employment.objects.filter(person__surname="Кузнецова").update(until=LEFT)
    book = workbooks.small()
    book["teachers"][0]["since"] = f"{BACK:%d.%m.%Y}"
    assert not load(book, today=BACK).warnings
    spans = Employment.objects.filter(person__surname="Кузнецова").order_by("since")
    assert list(spans.values_list("since", "until")) == [(TODAY, LEFT), (BACK, None)]
    assert not load(book, today=BACK).changed_anything


@pytest.mark.parametrize("since", ["01.09.2026", "30.10.2026"])
def test_a_day_that_is_not_later_takes_nobody_back(load, since):
    Employment.objects.filter(person__surname="Зимина").update(until=LEFT)
    book = workbooks.small()
    book["teachers"][2]["since"] = since
    assert ("Учителя", 4) in warned(load(book))
    assert not Employment.objects.filter(person__surname="Зимина", until=None).exists()


def test_a_leaver_stays_out_and_so_do_the_parents(load):
    Enrolment.objects.filter(student__first_name="Артём").update(until=LEFT)
    Guardianship.objects.filter(child__first_name="Артём").delete()
    report = load(workbooks.small())
    assert warned(report) == [("Ученики", 3), ("Родители", 3)]
    assert not Enrolment.objects.filter(student__first_name="Артём", until=None).exists()
    assert not Guardianship.objects.filter(child__first_name="Артём").exists()


def test_a_later_day_takes_the_student_back(load):
    """With the parents, whose tie to the child has not ended meanwhile."""
    Enrolment.objects.get(student__first_name="Артём").end(LEFT)
    book = workbooks.small()
    book["students"][1]["since"] = f"{BACK:%d.%m.%Y}"
    assert not load(book, today=BACK).warnings
    spans = Enrolment.objects.filter(student__first_name="Артём").order_by("since")
    assert list(spans.values_list("since", "until")) == [(TODAY, LEFT), (BACK, None)]
    assert Guardianship.objects.filter(child__first_name="Артём").count() == 1
    memberships = GroupMembership.objects.filter(student__first_name="Артём").order_by("since")
    assert list(memberships.values_list("since", "until")) == [(TODAY, LEFT), (BACK, None)]


def test_a_new_year_enrols_those_whose_last_year_was_closed(load):
    Enrolment.objects.update(until=datetime.date(2027, 8, 31))
    book = workbooks.small()
    book["school"][0]["year"] = "2027/2028"
    book["calendar"] = [{"what": "четверть", "number": 1, "since": "01.09.2027", "until": "24.10.2027"}]
    report = load(book, today=datetime.date(2027, 9, 1))
    assert not report.warnings
    assert Enrolment.objects.filter(since=datetime.date(2027, 9, 1)).count() == 3


def test_a_changed_class_ends_the_memberships_of_the_old_one(load):
    book = workbooks.small()
    book["students"][1] |= {"label": "6А", "groups": None}
    load(book)
    membership = GroupMembership.objects.get(student__first_name="Артём")
    assert membership.until == LATER - datetime.timedelta(days=1)


def test_the_same_people_of_another_school_are_not_told_of(load):
    """What ended elsewhere is nothing to this school."""
    twin = Person.objects.get(first_name="Илья")
    make.GuardianshipFactory(guardian=twin, child=make.EnrolmentFactory(until=LEFT).student, until=LEFT)
    make.EmploymentFactory(person=twin, until=LEFT)
    assert not load(workbooks.small()).warnings
