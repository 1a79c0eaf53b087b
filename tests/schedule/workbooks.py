"""Workbooks for tests: a school of two classes, to be changed cell by cell and saved in any shape."""

import copy
import datetime
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from schedule.workbook.sheets import SHEETS

TITLES = {sheet.name: sheet.title for sheet in SHEETS}
COLUMNS = {sheet.name: {column.name: column.title for column in sheet.columns} for sheet in SHEETS}
CODE = "1056380000016"

Book = dict[str, list[dict[str, Any]]]


def snils(number: int) -> str:
    """A SNILS with its control digits: snils(112233445) is 112-233-445 95."""
    digits = f"{number:09d}"
    control = sum(int(digit) * (9 - place) for place, digit in enumerate(digits)) % 101 % 100
    return f"{digits[:3]}-{digits[3:6]}-{digits[6:]} {control:02d}"


def school(**changes: Any) -> dict[str, Any]:
    return {
        "code": CODE,
        "name": "Муниципальная школа № 1",
        "short_name": "Школа № 1",
        "kind": "школа",
        "municipality": "Кинель (городской округ)",
        "locality": "Кинель",
        "year": "2026/2027",
    } | changes


def person(full_name: str, born: str, **more: Any) -> dict[str, Any]:
    surname, first_name, *patronymic = full_name.split()
    row = {"surname": surname, "first_name": first_name, "birth_date": born, **more}
    return row | ({"patronymic": patronymic[0]} if patronymic else {})


SMALL: Book = {
    "school": [school()],
    "calendar": [
        {"what": "четверть", "number": 1, "since": "01.09.2026", "until": "25.10.2026"},
        {"what": "каникулы", "name": "Осенние", "since": "26.10.2026", "until": "03.11.2026"},
        {"what": "четверть", "number": 2, "since": "04.11.2026", "until": "30.12.2026"},
        {"what": "рабочий день", "since": "07.11.2026", "as_weekday": "понедельник"},
    ],
    "classes": [
        {"label": "5Б", "shift": 1, "teacher": "Кузнецова Елена Викторовна"},
        {"label": "6А", "teacher": "Орлов С. П."},
    ],
    "students": [
        person(
            "Соколова Мария Андреевна", "05.03.2014", label="5Б", groups="5Б англ 1", snils=snils(112233445)
        ),
        person("Ёлкин Артём", "17.11.2014", label="5Б", groups="5Б англ 2"),
        person("Петрова-Водкина Анна Львовна", "01.02.2013", label="6А", snils=snils(223344556)),
    ],
    "guardians": [
        person("Соколова Анна Юрьевна", "12.04.1986", kind="мать", child_snils=snils(112233445)),
        person("Ёлкин Илья Петрович", "", kind="отец", snils=snils(334455667), child_name="Елкин Артем"),
    ],
    "teachers": [
        person("Кузнецова Елена Викторовна", "17.05.1980", position="учитель математики"),
        person("Орлов Сергей Павлович", "02.09.1975", position="учитель истории", snils=snils(445566778)),
        person("Зимина Ольга Игоревна", "", snils=snils(556677889)),
    ],
    "subjects": [
        {"name": "Математика", "short_name": "Мат."},
        {"name": "Английский язык"},
        {"name": "История"},
    ],
    "courses": [
        {"subject": "Математика", "audience": "5Б", "teachers": "Кузнецова Елена Викторовна", "hours": 2},
        {"subject": "Английский язык", "audience": "5Б англ 1", "teachers": snils(556677889), "hours": 1},
        {"subject": "Английский язык", "audience": "5Б англ 2", "teachers": "Орлов С.П.", "hours": 1},
        {
            "subject": "История",
            "audience": "6 «А»",
            "teachers": "Орлов Сергей Павлович; Зимина Ольга Игоревна",
            "hours": "1,5",
        },
    ],
    "bells": [
        {"number": 1, "starts": "08:00", "ends": "08:40"},
        {"number": 2, "starts": "08:50", "ends": "09:30"},
    ],
    "rooms": [{"name": "204", "seats": 30}, {"name": "Спортзал", "shared": "да"}],
    "timetable": [
        {"weekday": "понедельник", "number": 1, "audience": "5Б", "subject": "Математика", "room": "204"},
        {"weekday": "вторник", "number": 1, "audience": "5Б", "subject": "Математика", "room": "204"},
        {"weekday": "ср", "number": 2, "audience": "5Б англ 1", "subject": "Английский язык"},
        {"weekday": "ср", "number": 2, "audience": "5Б англ 2", "subject": "Английский язык"},
        {
            "weekday": "пятница",
            "number": 1,
            "audience": "6А",
            "subject": "История",
            "teacher": "Орлов С. П.",
            "room": "204",
        },
        {
            "weekday": "пятница",
            "number": 2,
            "audience": "6А",
            "subject": "История",
            "teacher": "Зимина Ольга Игоревна",
            "weeks": "нечётные",
        },
    ],
}


def small() -> Book:
    return copy.deepcopy(SMALL)


def save(book: Book, path: Path) -> Path:
    """As Excel would: headings in row 1, rows from 2, so that row n of a sheet is its n-2nd dict."""
    workbook = Workbook()
    del workbook["Sheet"]
    for name, rows in book.items():
        worksheet = workbook.create_sheet(TITLES.get(name, name))
        columns = COLUMNS.get(name, {})
        worksheet.append(list(columns.values()))
        for row in rows:
            worksheet.append([row.get(column) for column in columns])
    workbook.save(path)
    return path


def save_like_libreoffice(book: Book, path: Path) -> Path:
    """Inline strings, no dimensions, real dates, blank rows at the end, headings with other spaces."""
    workbook = Workbook(write_only=True)
    for name, rows in book.items():
        worksheet = workbook.create_sheet(f"{TITLES[name]} ")
        worksheet.append([title.replace(" ", "\u00a0").upper() for title in COLUMNS[name].values()])
        for row in rows:
            worksheet.append([_as_number_or_date(worksheet, row.get(column)) for column in COLUMNS[name]])
        for _blank in range(30):
            worksheet.append(["", None, " ", "\u00a0"])
    workbook.save(path)
    _drop_dimensions(path)
    return path


def _as_number_or_date(worksheet: Any, value: Any) -> Any:
    text = str(value or "")
    if len(text) == 10 and text[2] == text[5] == ".":
        return WriteOnlyCell(worksheet, datetime.datetime.strptime(text, "%d.%m.%Y"))
    if text[2:3] == ":":
        return datetime.time.fromisoformat(text)
    return float(value) if isinstance(value, int) else value


def _drop_dimensions(path: Path) -> None:
    repack(path, lambda name, content: re.sub(rb"<dimension[^>]*/>", b"", content))


def save_like_excel(book: Book, path: Path) -> Path:
    """Strings in a table of their own, which openpyxl does not write."""
    strings: list[bytes] = []

    def share(match: re.Match[bytes]) -> bytes:
        strings.append(match[2])
        return match[1] + b't="s"><v>%d</v></c>' % (len(strings) - 1)

    def change(name: str, content: bytes) -> bytes:
        content = re.sub(rb'(<c [^>]*)t="inlineStr"><is><t[^>]*>(.*?)</t></is></c>', share, content)
        types = b'<Override PartName="/xl/sharedStrings.xml" ContentType="%s.sharedStrings+xml"/></Types>'
        kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml"
        return content.replace(b"</Types>", types % kind)

    repack(save(book, path), change)
    items = b"".join(b"<si><t>%s</t></si>" % text for text in strings)
    with zipfile.ZipFile(path, "a") as archive:
        namespace = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        archive.writestr("xl/sharedStrings.xml", b'<sst xmlns="%s">%s</sst>' % (namespace, items))
    return path


def repack(path: Path, change: Callable[[str, bytes], bytes], **parts: bytes) -> Path:
    """Write the archive anew with every part changed, and others added or replaced."""
    with zipfile.ZipFile(path) as archive:
        content = {name: change(name, archive.read(name)) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in (content | parts).items():
            archive.writestr(name, data)
    return path
