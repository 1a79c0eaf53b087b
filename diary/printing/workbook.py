"""The printed journal as a workbook (XLSX): a sheet for each course, then those of the class."""

import io
from collections.abc import Iterable
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from diary.models import Absence
from diary.printing.paper import REASONS, digest, topic_with_substitute
from diary.printing.record import PrintedCourse, PrintedJournal

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_TITLE = 31  # of a sheet, set by the format
FORBIDDEN_IN_TITLES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
NAME_WIDTH, TEXT_WIDTH = 34, 60


def journal_workbook(journal: PrintedJournal) -> bytes:
    """In the active language. What people typed is text, never a formula."""
    book = Workbook(write_only=True)
    titles: set[str] = set()
    topics = _("Topics")
    for course in journal.courses:
        name = f"{course.subject} {course.audience}"
        _write_marks(_sheet(book, name, titles), course)
        _write_taught(_sheet(book, f"{topics} {name}", titles), course)
    if journal.students:
        _write_students(_sheet(book, _("Data on the students"), titles), journal)
        _write_attendance(_sheet(book, _("Summary sheet of attendance"), titles), journal)
    if journal.summary:
        _write_summary(_sheet(book, _("Summary sheet of results"), titles), journal)
    _write_about(_sheet(book, _("About"), titles), journal)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _sheet(book: Workbook, title: str, titles: set[str]) -> Any:
    """Titles are cut to what the format allows, and told apart by a number."""
    short = " ".join(title.translate(FORBIDDEN_IN_TITLES).split())
    number, unique = 1, short[:LONGEST_TITLE]
    while unique.lower() in titles:
        number += 1
        unique = f"{short[: LONGEST_TITLE - 4]} {number}"
    titles.add(unique.lower())
    return book.create_sheet(unique)


def _write_marks(sheet: Any, course: PrintedCourse) -> None:
    sheet.freeze_panes = "C2"
    _widths(sheet, {1: 5, 2: NAME_WIDTH})
    days = [
        date_format(lesson.date, "d.m") + (f" {lesson.kind}" if lesson.kind else "")
        for lesson in course.lessons
    ]
    _append(
        sheet, [_("No."), _("Student"), *days, *(heading for heading, _cells in course.results)], head=True
    )
    for row, name in enumerate(course.students):
        marks = [lesson.cells[row] for lesson in course.lessons]
        _append(sheet, [row + 1, name, *map(_number, marks), *(_number(c[row]) for _h, c in course.results)])


def _write_taught(sheet: Any, course: PrintedCourse) -> None:
    sheet.freeze_panes = "A2"
    _widths(sheet, {1: 12, 2: TEXT_WIDTH, 3: TEXT_WIDTH})
    _append(sheet, [_("Date"), _("Topic"), _("Homework")], head=True)
    for lesson in course.lessons:
        _append(sheet, [lesson.date, topic_with_substitute(lesson), lesson.homework])


def _write_students(sheet: Any, journal: PrintedJournal) -> None:
    _widths(sheet, {1: 5, 2: NAME_WIDTH, 3: 14, 4: 14, 5: 14})
    _append(sheet, [_("No."), _("Student"), _("Birth date"), _("Came"), _("Left")], head=True)
    for number, line in enumerate(journal.students, start=1):
        _append(sheet, [number, line.name, line.birth_date, line.came, line.left])


def _write_attendance(sheet: Any, journal: PrintedJournal) -> None:
    _widths(sheet, {1: 5, 2: NAME_WIDTH})
    reasons = [str(Absence.Code(reason).label) for reason in REASONS]
    head = [_("No."), _("Student"), _("Days missed"), _("Lessons missed"), *reasons]
    _append(sheet, head, head=True)
    for number, line in enumerate(journal.attendance, start=1):
        by_reason = [line.lessons.get(reason, 0) for reason in REASONS]
        _append(sheet, [number, line.student, line.days, sum(by_reason), *by_reason])


def _write_summary(sheet: Any, journal: PrintedJournal) -> None:
    sheet.freeze_panes = "C2"
    _widths(sheet, {1: 5, 2: NAME_WIDTH})
    _append(sheet, [_("No."), _("Student"), *(heading for heading, _cells in journal.summary)], head=True)
    for row, line in enumerate(journal.students):
        _append(sheet, [row + 1, line.name, *(_number(cells[row]) for _heading, cells in journal.summary)])


def _write_about(sheet: Any, journal: PrintedJournal) -> None:
    _widths(sheet, {1: 24, 2: TEXT_WIDTH})
    for row in (
        [_("School"), journal.school],
        [_("Journal"), journal.title],
        [_("From"), journal.since],
        [_("Until"), journal.until],
        [_("Digest of the data (SHA-256):"), digest(journal)],
        ["*", _("* is written by a correction after the term was closed.")],
    ):
        _append(sheet, row)


def _append(sheet: Any, values: Iterable[Any], *, head: bool = False) -> None:
    sheet.append([_cell(sheet, value, head=head) for value in values])


def _cell(sheet: Any, value: Any, *, head: bool) -> Any:
    if isinstance(value, str):
        value = ILLEGAL_CHARACTERS_RE.sub(" ", value)  # as Word's line break is
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, str):
        cell.data_type = "s"  # a topic that begins with = is not a formula
    if head:
        cell.font = Font(bold=True)
    return cell


def _number(text: str) -> int | str:
    """A single mark is a number, so that a spreadsheet can count with it."""
    return int(text) if text.isascii() and text.isdecimal() else text


def _widths(sheet: Any, widths: dict[int, float]) -> None:
    for column, width in widths.items():
        sheet.column_dimensions[get_column_letter(column)].width = width
