"""Opening a workbook without harm, and its rows with cells already understood."""

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from defusedxml.common import DefusedXmlException
from django.utils.translation import gettext
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from schedule.workbook.cells import CellError, is_blank, same_name
from schedule.workbook.container import refuse_unsafe
from schedule.workbook.problems import Problem, Problems, Refused
from schedule.workbook.sheets import EXAMPLE, GUIDE_TITLE, HINT, LIST_TITLE, MARK_TITLE, SHEETS, Column, Sheet

MOST_ROWS = 20_000
LAST_ROW = 1_048_576  # of the format
MOST_COLUMNS = 100
HEADING_WITHIN = 10

# What openpyxl and the parsers below it raise on damaged or forged files.
_DAMAGE = (
    InvalidFileException,
    zipfile.BadZipFile,
    zlib.error,
    DefusedXmlException,
    SyntaxError,  # ElementTree's ParseError
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    OverflowError,
    NotImplementedError,
    EOFError,
    OSError,
)


@dataclass
class Line:
    """A row of a sheet. `values` has what could be read; a name in `broken` could not."""

    sheet: Sheet
    row: int
    columns: dict[str, int]
    raw: dict[str, Any]
    values: dict[str, Any] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)

    def __getitem__(self, name: str) -> Any:
        """The value; None for an empty cell or one that could not be read."""
        return self.values.get(name)

    def lacks(self, *names: str) -> bool:
        return any(name in self.broken for name in names)

    def problem(self, name: str, expected: str, *, warning: bool = False) -> Problem:
        column = next(column for column in self.sheet.columns if column.name == name)
        place = self.columns.get(name)
        heading = f"{get_column_letter(place)} «{column.title}»" if place else f"«{column.title}»"
        value = self.raw.get(name)
        text = "" if is_blank(value) else shown(value)
        return Problem(self.sheet.title, self.row, heading, text, expected, warning)


def shown(value: Any) -> str:
    """A cell's value in a message."""
    text = f"{value:%d.%m.%Y}" if hasattr(value, "year") else str(value)
    return text if len(text) <= 60 else f"{text[:60]}…"


# A sheet's title and its rows that are not blank, with their numbers.
RawSheet = tuple[str, list[tuple[int, tuple[Any, ...]]]]


def read_workbook(path: Path, problems: Problems) -> dict[str, list[Line]]:
    """Lines by the sheet's name. Raises Refused for a file that is no workbook."""
    return _understand(unpack(path, problems), problems)


def unpack(path: Path, problems: Problems) -> list[RawSheet]:
    """All sheets as they stand. Raises Refused for a file that is no workbook, or a harmful one."""
    merged = refuse_unsafe(path)
    try:
        with path.open("rb") as file:
            book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
            for worksheet in book.worksheets:
                _name_merged(worksheet, merged, problems)
            return [(worksheet.title, list(_rows(worksheet))) for worksheet in book.worksheets]
    except _DAMAGE as error:
        raise Refused(gettext("The file is damaged: open it in a spreadsheet and save it anew.")) from error


def _name_merged(worksheet: Any, merged: dict[str, list[str]], problems: Problems) -> None:
    """Only the first of merged cells has their value: the others are reported as empty, or not at all."""
    ranges = merged.get(getattr(worksheet, "_worksheet_path", ""))
    if ranges and worksheet.title != GUIDE_TITLE:
        places = ", ".join(ranges[:5]) + (" …" if len(ranges) > 5 else "")
        expected = gettext("merged cells have their value in the first one only: unmerge and fill them")
        problems.add(Problem(worksheet.title, None, places, "", expected, is_warning=True))


def _rows(worksheet: Any) -> Iterator[tuple[int, tuple[Any, ...]]]:
    worksheet.reset_dimensions()  # LibreOffice and others leave them out or wrong
    filled = 0
    for number, row in enumerate(worksheet.iter_rows(max_col=MOST_COLUMNS, values_only=True), start=1):
        if row.count(None) == len(row) and number <= LAST_ROW:
            continue
        filled += 1
        if filled > MOST_ROWS or number > LAST_ROW:
            raise Refused(
                gettext("The sheet «%(sheet)s» has more than %(rows)d rows.")
                % {"sheet": worksheet.title, "rows": MOST_ROWS}
            )
        if not all(is_blank(value) for value in row):
            yield number, row


def _understand(raw_sheets: list[RawSheet], problems: Problems) -> dict[str, list[Line]]:
    by_title = {same_name(sheet.title): sheet for sheet in SHEETS}
    lines: dict[str, list[Line]] = {sheet.name: [] for sheet in SHEETS}
    passed_over = {same_name(title) for title in (GUIDE_TITLE, LIST_TITLE)}
    seen = set()
    for title, rows in raw_sheets:
        sheet = by_title.get(same_name(title))
        if sheet:
            seen.add(sheet.name)
            lines[sheet.name] = _read_sheet(rows, sheet, problems)
        elif same_name(title) not in passed_over:
            problems.add(Problem(title, None, "", "", gettext("this sheet is not read"), is_warning=True))
    if not seen:
        known = ", ".join(sheet.title for sheet in SHEETS)
        raise Refused(gettext("The workbook has none of the sheets: %(sheets)s.") % {"sheets": known})
    return lines


def _read_sheet(rows: list[tuple[int, tuple[Any, ...]]], sheet: Sheet, problems: Problems) -> list[Line]:
    if not rows:
        return []
    for index, (number, row) in enumerate(rows[:HEADING_WITHIN]):
        places = _headings(row, sheet)
        if places is not None:
            _check_headings(row, places, sheet, number, problems)
            below = rows[index + 1 :]
            for n, cells in below:
                if _is_marked(cells, places) and not _is_of_template(cells, places, sheet):
                    expected = gettext("this row is not read: clear the mark if it is one of yours")
                    problems.add(Problem(sheet.title, n, f"«{MARK_TITLE}»", "", expected, is_warning=True))
            own = ((n, cells) for n, cells in below if not _is_marked(cells, places))
            return [_read_line(cells, places, sheet, n, problems) for n, cells in own]
    titles = ", ".join(column.title for column in sheet.columns if column.required)
    expected = gettext("expected a row with the headings: %(headings)s") % {"headings": titles}
    problems.add(Problem(sheet.title, 1, "", "", expected))
    return []


def _headings(row: tuple[Any, ...], sheet: Sheet) -> dict[str, int] | None:
    """Column numbers (from 1) by name, when the row is the one with the headings."""
    titles = {same_name(column.title): column.name for column in sheet.columns}
    titles[same_name(MARK_TITLE)] = MARK_TITLE
    found: dict[str, int] = {}
    for place, value in enumerate(row, start=1):
        name = None if is_blank(value) else titles.get(_heading(value))
        if name:
            found.setdefault(name, place)
    known = len(found) - (MARK_TITLE in found)
    return found if known >= min(2, len(sheet.columns)) else None


def _heading(value: Any) -> str:
    return same_name(str(value).replace("*", ""))


def _check_headings(
    row: tuple[Any, ...], places: dict[str, int], sheet: Sheet, number: int, problems: Problems
) -> None:
    for column in sheet.columns:
        if column.required and column.name not in places:
            expected = gettext("this column is missing")
            problems.add(Problem(sheet.title, number, f"«{column.title}»", "", expected))
    for place, value in enumerate(row, start=1):
        if place not in places.values() and not is_blank(value):
            letter, expected = get_column_letter(place), gettext("this column is not read")
            problems.add(Problem(sheet.title, number, letter, shown(value), expected, is_warning=True))


def _is_marked(row: tuple[Any, ...], places: dict[str, int]) -> bool:
    """The template's examples and explanations."""
    place = places.get(MARK_TITLE)
    value = row[place - 1] if place and place <= len(row) else None
    return not is_blank(value) and same_name(str(value)) in {same_name(EXAMPLE), same_name(HINT)}


def _is_of_template(row: tuple[Any, ...], places: dict[str, int], sheet: Sheet) -> bool:
    """One of the template's three rows, nothing typed over it."""
    columns = [column for column in sheet.columns if column.name in places]
    cells = [row[place - 1] if (place := places[column.name]) <= len(row) else None for column in columns]
    words = ["" if is_blank(value) else same_name(str(value)) for value in cells]
    return any(
        words == [same_name((column.hint, *column.examples)[number]) for column in columns]
        for number in range(3)
    )


def _read_line(
    row: tuple[Any, ...], places: dict[str, int], sheet: Sheet, number: int, problems: Problems
) -> Line:
    raw = {name: row[place - 1] for name, place in places.items() if place <= len(row) and name != MARK_TITLE}
    line = Line(sheet, number, places, raw)
    for column in sheet.columns:
        _read_cell(line, column, problems)
    return line


def _read_cell(line: Line, column: Column, problems: Problems) -> None:
    value = line.raw.get(column.name)
    if is_blank(value):
        if column.required:
            line.broken.add(column.name)
            if column.name in line.columns:
                problems.add(line.problem(column.name, gettext("expected something here: the cell is empty")))
        return
    try:
        line.values[column.name] = column.read(value)
    except CellError as error:
        line.broken.add(column.name)
        problems.add(line.problem(column.name, str(error)))
