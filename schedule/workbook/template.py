"""The empty workbook: explanations, headings with hints, two examples a sheet, drop-downs."""

from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation

from schedule.workbook.sheets import (
    CLASSES,
    EXAMPLE,
    GUIDE_TITLE,
    HINT,
    LIST_TITLE,
    MARK_TITLE,
    ROOMS,
    SHEETS,
    SUBJECTS,
    Column,
    Sheet,
)
from schools.models import Municipality

HEADING_ROW, HINT_ROW, FIRST_EXAMPLE_ROW, FIRST_ROW, LAST_ROW = 1, 2, 3, 5, 3000

_HEADING = Font(bold=True, color="FFFFFF")
_HEADING_FILL = PatternFill("solid", fgColor="2F4B7C")
_QUIET = Font(italic=True, color="7A7A7A")
_WRAP = Alignment(wrap_text=True, vertical="top")
# Columns whose words stand in the first column of another sheet, for a drop-down that only helps.
_LISTS = {"label": CLASSES, "subject": SUBJECTS, "room": ROOMS}

GUIDE = (
    "Как заполнить",
    "",
    "Одна книга — одна школа и один учебный год. Листы можно заполнять не все и в любом порядке: "
    "чего в книге нет, то в школе остаётся как было. Обязателен лист «Школа».",
    "Столбцы со звёздочкой обязательны. Названия листов и столбцов менять нельзя, порядок можно.",
    "Первый столбец «Пометка» оставьте пустым. Строки с пометкой «пример» и «пояснение» не читаются, "
    "удалять их не нужно.",
    "Пустая ячейка ничего не меняет. Чтобы убрать отчество, поставьте прочерк.",
    "",
    "Люди. Человек узнаётся по СНИЛС, а если его нет — по фамилии, имени, отчеству и дате рождения "
    "среди людей этой школы. Буквы Е и Ё, дефис и пробел при этом не различаются.",
    "Если СНИЛС принадлежит человеку из другой школы, его данные не показываются и не меняются: "
    "предлагается связь, которую подтвердит он сам или оператор региона.",
    "Если у ученика другой класс, прежнее зачисление заканчивается накануне, новое начинается в день "
    "загрузки или в день из столбца «Зачислен с», если он позже. Так же сменяются учителя курса и "
    "классные руководители.",
    "Столбец «Группы» называет все подгруппы ученика через точку с запятой или запятую. Подгруппа "
    "появляется, когда её назвали у первого ученика.",
    "",
    "Классы: 5Б, 5 «Б», 5-Б — одно и то же. Даты: 01.09.2026, 1.9.26 или ячейка с датой. "
    "Время: 08:30. СНИЛС: 112-233-445 95.",
    "Учителя в других листах: «Кузнецова Елена Викторовна», «Кузнецова Е. В.» или СНИЛС.",
    "",
    "Расписание. Если класс или подгруппа есть на этом листе, нужна вся их неделя: уроки, которых на "
    "листе больше нет, со дня загрузки не идут. Уроки, где уже есть отметки, пропуски, тема или "
    "замена, не меняются.",
    "Недели чётные и нечётные считаются с понедельника той недели, на которую приходится 1 сентября.",
    "",
    "Проверка без изменений: manage.py import_school ФАЙЛ.xlsx --check. Ошибки называются все сразу, "
    "с листом, строкой и столбцом; пока есть хотя бы одна, не меняется ничего. Повторная загрузка "
    "того же файла не меняет ничего.",
    "",
    "Листы:",
)


def write_template(path: Path) -> None:
    """Write the workbook; the list of municipalities is that of this installation."""
    book = Workbook()
    del book[book.sheetnames[0]]
    _write_guide(book.create_sheet(GUIDE_TITLE))
    municipalities = sorted(map(str, Municipality.objects.all()))
    for sheet in SHEETS:
        _write_sheet(book.create_sheet(sheet.title), sheet, len(municipalities))
    directory = book.create_sheet(LIST_TITLE)
    for row, name in enumerate(["Муниципалитеты", *municipalities], start=1):
        directory.cell(row, 1, name)
    directory.column_dimensions["A"].width = 44
    book.save(path)


def _write_guide(worksheet: Any) -> None:
    lines = [*GUIDE, *(f"«{sheet.title}». {sheet.about}" for sheet in SHEETS)]
    for row, text in enumerate(lines, start=1):
        cell = worksheet.cell(row, 1, text)
        cell.alignment = _WRAP
    worksheet.cell(1, 1).font = Font(bold=True, size=16)
    worksheet.column_dimensions["A"].width = 110


def _write_sheet(worksheet: Any, sheet: Sheet, municipalities: int) -> None:
    _heading(worksheet.cell(HEADING_ROW, 1), MARK_TITLE, sheet.about)
    marks = {HINT_ROW: HINT, FIRST_EXAMPLE_ROW: EXAMPLE, FIRST_EXAMPLE_ROW + 1: EXAMPLE}
    for row, mark in marks.items():
        worksheet.cell(row, 1, mark).font = _QUIET
    worksheet.column_dimensions["A"].width = 12
    for place, column in enumerate(sheet.columns, start=2):
        _write_column(worksheet, place, column)
        _help(worksheet, place, column, sheet, municipalities)
    worksheet.freeze_panes = worksheet.cell(HINT_ROW, 2)


def _heading(cell: Any, title: str, about: str) -> None:
    cell.value, cell.font, cell.fill, cell.alignment = title, _HEADING, _HEADING_FILL, _WRAP
    if about:
        cell.comment = Comment(about, "АСУ РСО")


def _write_column(worksheet: Any, place: int, column: Column) -> None:
    title = f"{column.title}*" if column.required else column.title
    _heading(worksheet.cell(HEADING_ROW, place), title, column.hint)
    for row, text in enumerate((column.hint, *column.examples), start=HINT_ROW):
        cell = worksheet.cell(row, place, text or None)
        cell.font, cell.alignment = _QUIET, _WRAP
    letter = get_column_letter(place)
    worksheet.column_dimensions[letter].width = column.width
    # Text: otherwise «5-6» becomes a date and a SNILS loses its zeros.
    worksheet.column_dimensions[letter].number_format = "@"


def _help(worksheet: Any, place: int, column: Column, sheet: Sheet, municipalities: int) -> None:
    """A drop-down of the words that are read; a list from another sheet suggests, but does not bind."""
    letter, source, binds = get_column_letter(place), "", True
    if column.choices:
        source = f'"{",".join(column.choices)}"'
    elif column.name == "municipality" and municipalities:
        source, binds = f"{quote_sheetname(LIST_TITLE)}!$A$2:$A${municipalities + 1}", False
    elif column.name in _LISTS and _LISTS[column.name] is not sheet:
        title = _LISTS[column.name].title
        source, binds = f"{quote_sheetname(title)}!$B${FIRST_ROW}:$B${LAST_ROW}", False
    if source:
        rule = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=binds)
        rule.add(f"{letter}{FIRST_ROW}:{letter}{LAST_ROW}")
        worksheet.add_data_validation(rule)
