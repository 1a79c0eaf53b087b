"""The empty workbook explains itself and can be filled in and imported as it is."""

import datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from schedule.workbook.importing import import_workbook
from schedule.workbook.problems import Problems, Rejected
from schedule.workbook.reading import read_workbook
from schedule.workbook.sheets import GUIDE_TITLE, SHEETS
from schedule.workbook.template import FIRST_ROW, write_template
from tests import factories as make
from tests.schedule import workbooks

pytestmark = pytest.mark.django_db


@pytest.fixture
def template(tmp_path) -> Path:
    make.MunicipalityFactory(name="Кинель", kind="городской округ")
    path = tmp_path / "template.xlsx"
    write_template(path)
    return path


def test_it_opens_with_the_explanation_and_has_every_sheet(template):
    book = load_workbook(template)
    assert book.sheetnames[0] == GUIDE_TITLE
    assert set(book.sheetnames) >= {sheet.title for sheet in SHEETS}
    assert "Кинель (городской округ)" in [row[0].value for row in book["Справочник"].rows]


def test_its_examples_are_not_read(template):
    problems = Problems()
    assert not any(read_workbook(template, problems).values())
    assert problems.found == []
    with pytest.raises(Rejected) as rejected:
        import_workbook(template, check=True)
    assert [problem.sheet for problem in rejected.value.problems] == ["Школа"]


def test_a_row_typed_over_an_example_is_named(template):
    book = load_workbook(template)
    book["Ученики"].cell(FIRST_ROW - 1, 2, "Новикова")
    book.save(template)
    problems = Problems()
    assert not any(read_workbook(template, problems).values())
    assert [(found.sheet, found.row, found.is_warning) for found in problems.found] == [
        ("Ученики", FIRST_ROW - 1, True)
    ]


def test_merged_cells_are_named(template):
    book = load_workbook(template)
    book["Курсы"].merge_cells("C5:C7")
    book.save(template)
    problems = Problems()
    read_workbook(template, problems)
    assert [(found.sheet, found.column, found.is_warning) for found in problems.found] == [
        ("Курсы", "C5:C7", True)
    ]


def test_a_filled_in_workbook_is_not_overwritten(template):
    filled_in = template.read_bytes()
    with pytest.raises(CommandError, match=r"template\.xlsx"):
        call_command("import_school", "--template", template)
    assert template.read_bytes() == filled_in


def test_a_place_that_cannot_be_written_to_is_named_in_one_line(tmp_path):
    with pytest.raises(CommandError, match="absent"):
        call_command("import_school", "--template", tmp_path / "absent" / "a.xlsx")


def test_each_example_is_what_its_column_reads():
    for sheet in SHEETS:
        for column in sheet.columns:
            for example in filter(None, column.examples):
                column.read(example)


def test_filled_in_below_the_examples_it_makes_the_school(template):
    book = load_workbook(template)
    for name, rows in workbooks.small().items():
        for number, row in enumerate(rows, start=FIRST_ROW):
            for place, column in enumerate(workbooks.COLUMNS[name], start=2):
                book[workbooks.TITLES[name]].cell(number, place, row.get(column))
    book.save(template)
    report = import_workbook(template, today=datetime.date(2026, 9, 1))
    assert not report.warnings
    assert {title: sum(counts.values()) for title, counts in report.lines.items()} == {
        workbooks.TITLES[name]: len(rows) for name, rows in workbooks.small().items()
    }
