"""A file is looked at before any of its content is parsed: is it a workbook, and a harmless one?"""

import zipfile
import zlib
from pathlib import Path
from xml.parsers import expat

from django.utils.translation import gettext

from schedule.workbook.problems import Refused

MEGABYTE = 1024 * 1024
LARGEST_FILE = 50 * MEGABYTE
# A school of 1,000 students has about 3 MB and 200,000 elements.
LARGEST_UNPACKED = 60 * MEGABYTE
MOST_ELEMENTS = 1_000_000
MOST_PARTS = 2_000
# What openpyxl holds in memory at once: a row (of up to 16,384 formatted cells) or a shared string;
# and of every part all that is neither.
MOST_ELEMENTS_OF_A_ROW = 50_000
MOST_OTHER_ELEMENTS = 200_000

_OLE_HEADER = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_WORKBOOK_TYPE = b"spreadsheetml.sheet.main+xml"


def refuse_unsafe(path: Path) -> dict[str, list[str]]:
    """Look at the container before any of its content is parsed. Gives merged cells by part."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            beginning = file.read(8 * MEGABYTE)
    except OSError as error:
        raise Refused(gettext("The file cannot be opened: %(why)s.") % {"why": why(error)}) from error
    if size > LARGEST_FILE:
        raise Refused(gettext("The file is larger than %(size)d MB.") % {"size": LARGEST_FILE // MEGABYTE})
    if beginning.startswith(_OLE_HEADER):
        if _ENCRYPTED in beginning:
            raise Refused(gettext("The file is locked by a password: save it without one."))
        raise Refused(gettext("This is an old .xls file: save it as .xlsx."))
    try:
        with zipfile.ZipFile(path) as archive:
            _refuse_container(archive)
            return _merged_cells(archive)
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, EOFError) as error:
        raise Refused(gettext("This is not an .xlsx workbook.")) from error


def _refuse_container(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    # zipfile never unpacks more of a part than its header admits to
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise Refused(_explodes())
    if any(part.flag_bits & 0x1 for part in parts):
        raise Refused(gettext("The file is locked by a password: save it without one."))
    names = {part.filename.lower() for part in parts}
    if any(name.endswith(("vbaproject.bin", "vbadata.xml")) for name in names):
        raise Refused(gettext("The file contains macros: save it as .xlsx without them."))
    if "[Content_Types].xml" not in archive.namelist():
        raise Refused(gettext("This is not an .xlsx workbook."))
    types = archive.read("[Content_Types].xml")
    if b"macroEnabled" in types:
        raise Refused(gettext("The file contains macros: save it as .xlsx without them."))
    if _WORKBOOK_TYPE not in types:
        raise Refused(gettext("This is not an .xlsx workbook."))


def why(error: OSError) -> str:
    """What the system says in its own language, in the reader's."""
    known = {
        FileNotFoundError: gettext("there is no such file or folder"),
        PermissionError: gettext("your user may not"),
        IsADirectoryError: gettext("it is a folder"),
        NotADirectoryError: gettext("there is no such file or folder"),
    }
    return known.get(type(error)) or error.strerror or str(error)


def _explodes() -> str:
    return gettext("The file unpacks to more than a school's workbook can hold.")


def _merged_cells(archive: zipfile.ZipFile) -> dict[str, list[str]]:
    """Half a megabyte may be one row of millions of cells: count before anything builds them.

    Gives what the parser of streams passes by: ranges such as A2:A9 by the part they stand in.
    """
    count = _Elements()
    merged: dict[str, list[str]] = {}
    for part in archive.infolist():
        count.merged = merged.setdefault(part.filename, [])
        parser = expat.ParserCreate()
        parser.StartElementHandler, parser.EndElementHandler = count.begin, count.end
        parser.EntityDeclHandler = count.refuse
        with archive.open(part) as content:
            try:
                while chunk := content.read(64 * 1024):
                    parser.Parse(chunk)
            except expat.ExpatError:
                continue  # a picture; or damaged, and nobody reads further than this either
    return merged


class _Elements:
    """Counts elements: of a row, outside of rows, of the whole file. Raises Refused."""

    def __init__(self) -> None:
        self.all = self.others = self.of_row = self.depth = 0
        self.merged: list[str] = []

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        self.all += 1
        if name.rpartition(":")[2] == "mergeCell":
            self.merged.append(attributes.get("ref", ""))
        if self.depth or name.rpartition(":")[2] in ("row", "si"):
            self.depth += 1
            self.of_row += 1
        else:
            self.others += 1
        if (
            self.all > MOST_ELEMENTS
            or self.of_row > MOST_ELEMENTS_OF_A_ROW
            or self.others > MOST_OTHER_ELEMENTS
        ):
            self.refuse()

    def end(self, name: str) -> None:
        if self.depth:
            self.depth -= 1
            if not self.depth:
                self.of_row = 0

    def refuse(self, *declaration: object) -> None:
        raise Refused(_explodes())
