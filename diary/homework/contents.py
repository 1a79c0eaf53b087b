"""What a file is by its content. A name may say anything.

Archives are never unpacked: of the office formats only the list of what is inside is read, and no more
of it than a real document has.
"""

import struct
from dataclasses import dataclass
from typing import BinaryIO

HEAD = 4096
LONGEST_LIST = 1_000_000  # bytes of an archive's list; an honest document has some kilobytes
_END, _ENTRY = b"PK\x05\x06", b"PK\x01\x02"
_END_SIZE, _ENTRY_SIZE = 22, 46


@dataclass(frozen=True)
class Kind:
    content_type: str
    extensions: tuple[str, ...]  # the first one is given to a file without any

    @property
    def is_picture(self) -> bool:
        return self.content_type.startswith("image/")


_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
_OFFICE = "application/vnd.openxmlformats-officedocument."
PDF = Kind("application/pdf", ("pdf",))
TEXT = Kind("text/plain", ("txt",))
MP3 = Kind("audio/mpeg", ("mp3",))
MP4 = Kind("video/mp4", ("mp4", "m4v", "m4a"))
PICTURES = {
    b"\x89PNG\r\n\x1a\n": Kind("image/png", ("png",)),
    b"\xff\xd8\xff": Kind("image/jpeg", ("jpg", "jpeg")),
    b"GIF87a": Kind("image/gif", ("gif",)),
    b"GIF89a": Kind("image/gif", ("gif",)),
}
WEBP = Kind("image/webp", ("webp",))
# By what an archive must hold.
OFFICE = {
    b"word/document.xml": Kind(f"{_OFFICE}wordprocessingml.document", ("docx",)),
    b"xl/workbook.xml": Kind(f"{_OFFICE}spreadsheetml.sheet", ("xlsx",)),
    b"ppt/presentation.xml": Kind(f"{_OFFICE}presentationml.presentation", ("pptx",)),
}
OPEN_DOCUMENT = {
    f"{_OPEN_DOCUMENT}{name}".encode(): Kind(f"{_OPEN_DOCUMENT}{name}", (extension,))
    for name, extension in (("text", "odt"), ("spreadsheet", "ods"), ("presentation", "odp"))
}
# MP4 and what telephones record; not HEIC and AVIF, which have the same beginning.
_MP4_BRANDS = (
    b"isom",
    b"iso2",
    b"iso4",
    b"iso5",
    b"iso6",
    b"mp41",
    b"mp42",
    b"avc1",
    b"M4A ",
    b"M4V ",
    b"3gp",
)
_CONTROLS = frozenset(range(32)) - {9, 10, 12, 13}


def recognise(file: BinaryIO) -> Kind | None:
    """The kind of a seekable file; None for everything that is not taken."""
    file.seek(0)
    head = file.read(HEAD)
    return _by_signature(head) or (_archive(file, head) if head.startswith(b"PK") else _text(file, head))


def _by_signature(head: bytes) -> Kind | None:
    for signature, kind in PICTURES.items():
        if head.startswith(signature):
            return kind
    if head.startswith(b"%PDF-"):
        return PDF
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return WEBP
    if head[4:8] == b"ftyp":
        return MP4 if head[8:12].startswith(_MP4_BRANDS) else None
    if head.startswith(b"ID3") or _is_mpeg_frame(head):
        return MP3
    return None


def _is_mpeg_frame(head: bytes) -> bool:
    """The header of a frame of layer III: sync, layer, a bit rate and a sampling rate that exist."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return False
    return head[2] >> 4 not in (0, 15) and (head[2] >> 2) & 3 != 3


def _archive(file: BinaryIO, head: bytes) -> Kind | None:
    """OpenDocument says what it is in its first entry, which is stored as it is."""
    if head[30:38] == b"mimetype":
        for content_type, kind in OPEN_DOCUMENT.items():
            if head[38:].startswith(content_type + b"PK"):
                return kind
        return None
    names = _listed(file)
    if b"[Content_Types].xml" not in names or any(name.endswith(b"vbaProject.bin") for name in names):
        return None
    return next((kind for name, kind in OFFICE.items() if name in names), None)


def _listed(file: BinaryIO) -> set[bytes]:
    """Names in the archive's list at its end; none where the list is not an honest one."""
    size = file.seek(0, 2)
    tail_size = min(size, _END_SIZE + 0xFFFF)
    file.seek(size - tail_size)
    tail = file.read(tail_size)
    place = tail.rfind(_END)
    if place < 0 or len(tail) - place < _END_SIZE:
        return set()
    list_size, offset = struct.unpack_from("<II", tail, place + 12)
    if list_size > LONGEST_LIST or offset + list_size > size:
        return set()
    file.seek(offset)
    return _names(file.read(list_size))


def _names(entries: bytes) -> set[bytes]:
    found, place = set(), 0
    while entries.startswith(_ENTRY, place) and place + _ENTRY_SIZE <= len(entries):
        lengths = struct.unpack_from("<HHH", entries, place + 28)
        begin = place + _ENTRY_SIZE
        found.add(entries[begin : begin + lengths[0]])
        place = begin + sum(lengths)
    return found


def _text(file: BinaryIO, head: bytes) -> Kind | None:
    """UTF-8, or the old Windows encoding of Russian; a text has no control characters."""
    file.seek(0)
    content = file.read()
    if not head or _CONTROLS & set(content):
        return None
    for encoding in ("utf-8", "cp1251"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return TEXT
    return None


def extensions() -> list[str]:
    """Of all that is taken."""
    kinds = [PDF, *OFFICE.values(), *OPEN_DOCUMENT.values(), *PICTURES.values(), WEBP, MP3, MP4, TEXT]
    return list(dict.fromkeys(extension for kind in kinds for extension in kind.extensions))
