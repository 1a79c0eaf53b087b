"""A file that is no workbook, or a dangerous one, is refused before it is parsed."""

import time
import zipfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from schedule.workbook import container
from schedule.workbook.problems import Problems, Refused
from schedule.workbook.reading import read_workbook
from tests.schedule import workbooks

OLE = bytes.fromhex("d0cf11e0a1b11ae1")


@pytest.fixture
def book(tmp_path) -> Path:
    return workbooks.save(workbooks.small(), tmp_path / "book.xlsx")


def repack(path: Path, **parts: bytes) -> Path:
    return workbooks.repack(path, lambda name, content: content, **parts)


def refusal(path: Path) -> str:
    with pytest.raises(Refused) as refused:
        read_workbook(path, Problems())
    text = str(refused.value)
    assert "\n" not in text
    return text


def test_a_file_that_is_not_there(tmp_path):
    assert "No such" not in refusal(tmp_path / "absent.xlsx")
    assert "No such" not in refusal(tmp_path / "absent" / "a.xlsx")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04broken", b"name;class\n", b"\x89PNG\r\n"])
def test_something_else_than_a_workbook(tmp_path, content):
    (tmp_path / "a.xlsx").write_bytes(content)
    assert ".xlsx" in refusal(tmp_path / "a.xlsx")


def test_an_archive_of_something_else(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    assert ".xlsx" in refusal(tmp_path / "a.xlsx")


def test_old_and_encrypted_files_are_told_apart(tmp_path):
    old, locked = tmp_path / "old.xlsx", tmp_path / "locked.xlsx"
    old.write_bytes(OLE + bytes(2000) + "Workbook".encode("utf-16-le"))
    locked.write_bytes(OLE + bytes(2000) + "EncryptedPackage".encode("utf-16-le"))
    assert refusal(old) != refusal(locked)


def test_macros(book):
    assert refusal(repack(book, **{"xl/vbaProject.bin": b"x"})) != ""


@pytest.fixture
def macro_types(book) -> Path:
    with zipfile.ZipFile(book) as archive:
        types = archive.read("[Content_Types].xml")
    plain = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    return repack(
        book,
        **{
            "[Content_Types].xml": types.replace(
                plain, b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
            )
        },
    )


def test_a_renamed_macro_workbook(macro_types):
    assert refusal(macro_types)


def test_a_part_named_like_macros_in_any_case(book):
    assert refusal(repack(book, **{"xl/VBAPROJECT.BIN": b"x"}))


def test_a_huge_file(tmp_path):
    with (tmp_path / "huge.xlsx").open("wb") as file:
        file.truncate(container.LARGEST_FILE + 1)
    assert "50" in refusal(tmp_path / "huge.xlsx")


def test_a_small_file_that_explodes(book):
    bomb = repack(book, **{"xl/media/bomb.bin": bytes(container.LARGEST_UNPACKED + 1)})
    assert bomb.stat().st_size < 1_000_000
    assert refusal(bomb)


def test_more_rows_than_a_school_has(book):
    rows = b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (n, n) for n in range(1, 20_010))
    assert refusal(_with_rows(book, rows))


def test_one_row_far_below_is_no_reason_to_count_for_ever(book):
    assert refusal(_with_rows(book, b'<row r="9999999999"><c r="A9999999999"><v>1</v></c></row>'))


def test_one_row_of_a_million_cells(book):
    """Small, and small unpacked: the parser would hold three gigabytes of it at once."""
    cell = b'<c t="inlineStr"><is><t>x</t></is></c>'
    wide = _with_rows(book, b'<row r="1">' + cell * 1_000_000 + b"</row>")
    assert wide.stat().st_size < 500_000
    started = time.monotonic()
    assert refusal(wide)
    assert time.monotonic() - started < 2


def test_a_million_styles(book):
    styles = b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs>'
    assert refusal(
        repack(book, **{"xl/styles.xml": styles + b"<xf/>" * 1_000_000 + b"</cellXfs></styleSheet>"})
    )


@pytest.mark.parametrize("part", ["xl/sharedStrings.xml", "xl/workbook.xml", "xl/worksheets/sheet4.xml"])
def test_an_entity_that_multiplies_itself(tmp_path, part):
    book = workbooks.save_like_excel(workbooks.small(), tmp_path / "book.xlsx")
    declaration = b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    with zipfile.ZipFile(book) as archive:
        evil = declaration + archive.read(part).replace(b"<v>", b"<v>&b;").replace(b"<t>", b"<t>&b;")
    assert refusal(repack(book, **{part: evil}))


def test_a_damaged_sheet(book):
    assert refusal(repack(book, **{"xl/worksheets/sheet1.xml": b"<worksheet><row"}))


def test_a_workbook_of_something_else(tmp_path):
    path = workbooks.save({"Меню": []}, tmp_path / "menu.xlsx")
    assert "Ученики" in refusal(path)


def test_the_command_says_it_in_one_line(tmp_path):
    (tmp_path / "a.xlsx").write_bytes(b"nothing")
    with pytest.raises(CommandError, match="xlsx"):
        call_command("import_school", tmp_path / "a.xlsx")


def _with_rows(book: Path, rows: bytes) -> Path:
    start = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    return repack(book, **{"xl/worksheets/sheet4.xml": start + rows + b"</sheetData></worksheet>"})
