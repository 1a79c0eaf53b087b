"""Files and forms for the tests of homework."""

import io
import zipfile
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from diary.models import Homework

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20
EXE = b"MZ\x90\x00\x03\x00\x00\x00" + b"\x00" * 60


def archive(*names: str, content: bytes = b"<xml/>") -> bytes:
    """A ZIP with these names inside, deflated."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as opened:
        for name in names:
            opened.writestr(name, content)
    return made.getvalue()


DOCX = archive("[Content_Types].xml", "word/document.xml")


def upload(name: str = "задание.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    """With a type that lies: the browser's word is not asked."""
    return SimpleUploadedFile(name, content, content_type="text/html")


class HomeworkPage:
    """A page of one homework, or of a new one, as a teacher's browser has it."""

    def __init__(self, client: Any, *, homework: Homework | None = None, lesson: Any = None) -> None:
        name, row = ("homework", homework) if homework else ("homework-new", lesson)
        self.client, self.address = client, reverse(f"diary:{name}", args=[row.pk])
        self.open()

    def open(self) -> None:
        self.read(self.client.get(self.address).context)

    def read(self, context: Any) -> None:
        form, links = context["form"], context["links"]
        self.fields: dict[str, Any] = {"version": context["version"]}
        for name in form.fields:
            self.fields[name] = form[name].value() or ("" if name != "students" else [])
        for row in (links.management_form, *links.forms):
            values = {row[name].html_name: row[name].value() for name in row.fields}
            self.fields |= {name: "" if value is None else value for name, value in values.items()}
        self.fields["uploads"] = []

    def send(self, **changed: Any) -> Any:
        typed = {name.replace("__", "-"): value for name, value in changed.items()}
        return self.client.post(self.address, self.fields | typed)
