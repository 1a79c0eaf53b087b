"""A programme as a workbook: read from a school's own file, written as template and export.

Columns stand in any order and are known by many names; a row that names only a section opens it for
the rows below.
"""

import io
import re
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from diary.models.programme import (
    LONGEST_HOMEWORK,
    LONGEST_NOTE,
    LONGEST_SECTION,
    LONGEST_TITLE,
    MOST_HOURS,
    MOST_TOPICS,
)
from schedule.workbook.cells import CellError, is_blank, read_number, read_text, same_name
from schedule.workbook.container import MEGABYTE
from schedule.workbook.problems import Problem, Problems, Refused
from schedule.workbook.reading import HEADING_WITHIN, RawSheet, shown, unpack

LARGEST_FILE = 5 * MEGABYTE
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

# The first two names are those of our own template, in both languages.
HEADINGS: dict[str, tuple[str, ...]] = {
    "number": ("№", "No.", "No", "№ п/п", "№ урока", "номер", "номер урока", "number", "#"),
    "section": ("Раздел", "Section", "глава", "модуль", "раздел программы", "unit", "chapter"),
    "title": ("Тема", "Topic", "тема урока", "тема занятия", "название темы", "lesson topic", "title"),
    "hours": ("Часы", "Hours", "кол-во часов", "количество часов", "часов", "число часов", "кол-во уроков"),
    "homework": ("Домашнее задание", "Homework", "дз", "д/з", "д. з.", "задание на дом"),
    "note": ("Примечание", "Note", "примечания", "вид контроля", "контроль", "notes", "remarks"),
    # Of an export; not read.
    "plan": ("По плану", "Planned", "план", "дата по плану"),
    "fact": ("Проведено", "Taught", "факт", "дата по факту"),
}
NOT_READ = ("number", "plan", "fact")
LONGEST = {
    "section": LONGEST_SECTION,
    "title": LONGEST_TITLE,
    "homework": LONGEST_HOMEWORK,
    "note": LONGEST_NOTE,
}
_SECTION = re.compile(r"(раздел|глава|модуль|section|chapter|unit)\b", re.IGNORECASE)
_TOTAL = re.compile(r"(итого|всего|total)\b", re.IGNORECASE)
_TEST = re.compile(r"\b(контрольн|test\b)", re.IGNORECASE)


@dataclass(frozen=True)
class TopicRow:
    """A topic as the file has it; `row` is its line there."""

    row: int
    section: str
    title: str
    hours: int = 1
    homework: str = ""
    note: str = ""

    @property
    def is_test(self) -> bool:
        return is_test(self.title, self.note)


@dataclass
class Reading:
    """What a file says, and what in it could not be read."""

    rows: list[TopicRow] = field(default_factory=list)
    problems: Problems = field(default_factory=Problems)


def is_test(title: str, note: str) -> bool:
    """A topic that names a test («контрольная работа») is one."""
    return bool(_TEST.search(title) or _TEST.search(note))


def read_upload(upload: UploadedFile) -> Reading:
    """Read an uploaded workbook; it is kept nowhere. Raises Refused."""
    if not upload.size or upload.size > LARGEST_FILE:
        raise Refused(
            gettext("The file is larger than %(size)d MB.") % {"size": LARGEST_FILE // MEGABYTE}
            if upload.size
            else gettext("The file is empty.")
        )
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        for chunk in upload.chunks():
            file.write(chunk)
        file.flush()
        return read_file(Path(file.name))


def read_file(path: Path) -> Reading:
    """The first sheet with a column of topics. Raises Refused for a file that has none."""
    reading = Reading()
    for sheet in unpack(path, reading.problems):
        places, below = _find_headings(sheet)
        if "title" in places:
            _SheetReader(sheet[0], places, reading).read(below)
            return reading
    raise Refused(gettext("No sheet has a column «%(heading)s».") % {"heading": heading("title")})


def heading(name: str) -> str:
    """Our own name of a column, in the reader's language."""
    own = {
        "number": gettext("No."),
        "section": gettext("Section"),
        "title": gettext("Topic"),
        "hours": gettext("Hours"),
        "homework": gettext("Homework"),
        "note": gettext("Note"),
        "plan": gettext("Planned"),
        "fact": gettext("Taught"),
    }
    return own[name]


_KNOWN = {same_name(word): name for name, words in HEADINGS.items() for word in words}


def _find_headings(sheet: RawSheet) -> tuple[dict[str, int], list[tuple[int, tuple[Any, ...]]]]:
    """Columns (from 0) by name, and the rows below the headings."""
    _title, rows = sheet
    for index, (_number, cells) in enumerate(rows[:HEADING_WITHIN]):
        places: dict[str, int] = {}
        for place, value in enumerate(cells):
            name = None if is_blank(value) else _KNOWN.get(same_name(str(value).replace("*", "")))
            if name:
                places.setdefault(name, place)
        if "title" in places:
            return places, rows[index + 1 :]
    return {}, []


class _SheetReader:
    def __init__(self, title: str, places: dict[str, int], reading: Reading) -> None:
        self.title, self.places, self.reading = title, places, reading
        self.section = ""

    def read(self, rows: Iterable[tuple[int, tuple[Any, ...]]]) -> None:
        for number, cells in rows:
            values = {
                name: cells[place]
                for name, place in self.places.items()
                if place < len(cells) and not is_blank(cells[place])
            }
            words = [str(value).strip() for value in cells if not is_blank(value)]
            if any(_TOTAL.match(word) for word in words):
                continue
            if self._opens_section(values, words):
                self._take_section(number, words[0])
            else:
                self._read_topic(number, values)
        if not self.reading.rows and not self.reading.problems.errors:
            raise Refused(gettext("The sheet «%(sheet)s» has no topics.") % {"sheet": self.title})
        if len(self.reading.rows) > MOST_TOPICS:
            raise Refused(gettext("At most %(most)d topics fit a programme.") % {"most": MOST_TOPICS})

    def _opens_section(self, values: dict[str, Any], words: list[str]) -> bool:
        """A row of one cell, outside of the topics or by its first word: «Раздел 2. Дроби»."""
        if len(words) != 1:
            return False
        return "title" not in values or bool(_SECTION.match(words[0]))

    def _take_section(self, number: int, words: str) -> None:
        try:
            self.section = read_text(words, LONGEST_SECTION)
        except CellError as error:
            self._refuse(number, "section", words, str(error))

    def _read_topic(self, number: int, values: dict[str, Any]) -> None:
        found: dict[str, Any] = {}
        is_whole = True
        if "title" not in values:
            self._refuse(number, "title", None, gettext("expected something here: the cell is empty"))
            is_whole = False
        for name, value in values.items():
            if name in NOT_READ:
                continue
            try:
                found[name] = _read_cell(name, value)
            except CellError as error:
                self._refuse(number, name, value, str(error))
                is_whole = False
        self.section = found.get("section", self.section)
        if self.section in ("-", "–", "—"):
            self.section = ""
        if is_whole:
            self.reading.rows.append(TopicRow(number, **{**found, "section": self.section}))

    def _refuse(self, number: int, name: str, value: Any, expected: str) -> None:
        letter = get_column_letter(self.places[name] + 1) + " " if name in self.places else ""
        column = f"{letter}«{heading(name)}»"
        text = "" if is_blank(value) else shown(value)
        self.reading.problems.add(Problem(self.title, number, column, text, expected))


def _read_cell(name: str, value: Any) -> Any:
    if name == "hours":
        return read_number(value, last=MOST_HOURS)
    return read_text(str(value).replace("\x00", "") if isinstance(value, str) else value, LONGEST[name])


# --- Writing ---------------------------------------------------------------------------------

_HEADING = Font(bold=True, color="FFFFFF")
_FILL = PatternFill("solid", fgColor="24429C")
_WRAP = Alignment(wrap_text=True, vertical="top")
WIDTHS = {
    "number": 6,
    "section": 28,
    "title": 52,
    "hours": 8,
    "homework": 36,
    "note": 24,
    "plan": 14,
    "fact": 14,
}
TEMPLATE = ("number", "section", "title", "hours", "homework", "note")
EXPORT = (*TEMPLATE, "plan", "fact")


def template() -> bytes:
    """The empty workbook: our headings and two examples to type over."""
    examples = (
        (1, gettext("Fractions"), gettext("Common denominator"), 2, "§ 12, № 145", ""),
        (2, gettext("Fractions"), gettext("Test “Fractions”"), 1, "", gettext("a test")),
    )
    return write(gettext("Lesson programme"), TEMPLATE, examples)


def write(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A workbook of one sheet, its first row the headings."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = re.sub(r"[\\/*?:\[\]]", " ", title)[:31]
    for place, name in enumerate(columns, start=1):
        cell = sheet.cell(1, place, heading(name))
        cell.font, cell.fill, cell.alignment = _HEADING, _FILL, _WRAP
        sheet.column_dimensions[get_column_letter(place)].width = WIDTHS[name]
    for number, row in enumerate(rows, start=2):
        for place, value in enumerate(row, start=1):
            if isinstance(value, str):
                value = ILLEGAL_CHARACTERS_RE.sub(" ", value)  # as Word's line break is
            cell = sheet.cell(number, place, value)
            cell.alignment = _WRAP
            if isinstance(value, str):
                cell.data_type = "s"  # a topic that begins with = is no formula
    sheet.freeze_panes = "A2"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
