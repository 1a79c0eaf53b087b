"""Whose file a row means: what a slip of the pen must not do to somebody else's."""

import datetime
from typing import Any

import pytest

from schedule.workbook.importing import import_workbook
from schedule.workbook.problems import Problem, Rejected
from schools.models import Person
from tests import factories as make
from tests.schedule import workbooks

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 9, 1)
MARIA, ANNA, GUARDIAN = (workbooks.snils(number) for number in (112233445, 223344556, 334455667))


@pytest.fixture
def problems(tmp_path) -> Any:
    """The small school is there already. What a second workbook with only some rows is told:
    (column letter, whether it is a warning)."""
    make.MunicipalityFactory(name="Кинель", kind="городской округ")
    import_workbook(workbooks.save(workbooks.small(), tmp_path / "first.xlsx"), today=TODAY)

    def problems(**sheets: Any) -> list[tuple[str, bool]]:
        path = workbooks.save({"school": [workbooks.school()], **sheets}, tmp_path / "second.xlsx")
        try:
            found: list[Problem] = import_workbook(path, today=TODAY).warnings
        except Rejected as rejected:
            found = rejected.problems
        return [(problem.column.split(" ")[0], problem.is_warning) for problem in found]

    return problems


ERROR_IN_SNILS = [("F", False)]


def test_a_schoolmates_snils_does_not_overwrite_the_schoolmate(problems):
    row = workbooks.person("Петров Олег Ильич", "09.09.2014", label="5Б", snils=MARIA)
    assert problems(students=[row]) == ERROR_IN_SNILS
    assert Person.objects.get(first_name="Мария").surname == "Соколова"


def test_where_birth_dates_are_missing_the_name_decides(problems):
    kept = workbooks.person("Ёлкин Иван Петрович", "", kind="отец", snils=GUARDIAN, child_name="Ёлкин Артём")
    other = {**kept, "surname": "Орлов"}
    assert problems(guardians=[other]) == ERROR_IN_SNILS
    assert problems(guardians=[kept]) == []


def test_a_new_file_that_looks_like_one_that_is_there_is_worth_a_word(problems):
    mended = workbooks.person("Ёлкин Артём", "18.11.2014", label="5Б")
    renamed = workbooks.person("Соснов Артём", "17.11.2014", label="5Б")
    namesake = workbooks.person("Ёлкин Антон", "19.11.2014", label="5Б")
    assert problems(students=[mended, renamed, namesake]) == [("A", True), ("A", True)]


IMPLAUSIBLE: dict[str, tuple[str, dict[str, Any], str]] = {
    "a student of three": ("students", workbooks.person("Новиков Ян", "01.02.2023", label="5Б"), "D"),
    "a student of forty": ("students", workbooks.person("Новиков Ян", "01.02.1986", label="5Б"), "D"),
    "a teacher of ten": ("teachers", workbooks.person("Новиков Ян", "01.02.2016"), "D"),
    "a father who is a woman": (
        "guardians",
        workbooks.person("Новикова Яна", "01.02.1986", sex="ж", kind="отец", child_name="Ёлкин Артём"),
        "G",
    ),
    "a mother hardly older than the child": (
        "guardians",
        workbooks.person("Новикова Яна", "01.02.2006", kind="мать", child_name="Ёлкин Артём"),
        "D",
    ),
    "a schoolmate as a guardian": (
        "guardians",
        workbooks.person("Петрова-Водкина Анна Львовна", "01.02.2013", kind="мать", child_name="Ёлкин Артём"),
        "A",
    ),
}


@pytest.mark.parametrize("case", IMPLAUSIBLE)
def test_what_is_hardly_true_is_worth_a_word(problems, case):
    sheet, row, column = IMPLAUSIBLE[case]
    assert problems(**{sheet: [row]}) == [(column, True)]


def test_a_new_surname_or_a_mended_birth_date_is_no_other_person(problems):
    renamed = workbooks.person("Лебедева Мария Андреевна", "05.03.2014", label="5Б", snils=MARIA)
    mended = workbooks.person("Петрова-Водкина Анна Львовна", "02.02.2013", label="6А", snils=ANNA)
    assert problems(students=[renamed, mended]) == []
    assert Person.objects.get(first_name="Мария").surname == "Лебедева"
