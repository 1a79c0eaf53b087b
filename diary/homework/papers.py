"""Files and links of homework, read along with it: each is one line under its text."""

from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.template.defaultfilters import filesizeformat
from django.urls import reverse

from diary.models import HomeworkFile, HomeworkLink


class Paper(NamedTuple):
    """A file has a size, a link an address of its own."""

    pk: int
    name: str
    link: str = ""
    size: int = 0

    @property
    def is_file(self) -> bool:
        return not self.link

    @property
    def url(self) -> str:
        return self.link or reverse("diary:homework-file", args=[self.pk])

    @property
    def label(self) -> str:
        """The title, or where the link leads: «resh.edu.ru/…»."""
        parts = urlsplit(self.link)
        return self.name or f"{parts.netloc}{'/…' if len(parts.path) > 1 or parts.query else ''}"

    @property
    def note(self) -> str:
        """«1,2 МБ»; for a link with a title where it leads."""
        if self.is_file:
            return filesizeformat(self.size)
        return urlsplit(self.link).netloc if self.name else ""


def with_papers(homework: Any) -> Any:
    """The homework of a queryset with `file_rows` and `link_rows`, of which `papers` makes its papers. No
    statement of its own: the week of a family has none to spare."""
    of_it = {"homework": OuterRef("pk")}
    files = HomeworkFile.objects.filter(**of_it).order_by("pk")
    links = HomeworkLink.objects.filter(**of_it).order_by("pk")
    return homework.annotate(
        file_rows=ArraySubquery(files.values(row=JSONObject(pk="pk", name="name", size="size"))),
        link_rows=ArraySubquery(links.values(row=JSONObject(pk="pk", name="title", link="url"))),
    )


def papers(file_rows: list[dict[str, Any]], link_rows: list[dict[str, Any]]) -> list[Paper]:
    """Files first."""
    return [Paper(**row) for row in (*file_rows, *link_rows)]
