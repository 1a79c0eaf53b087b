"""Files and links of homework, read together: each is one line under its text."""

from collections import defaultdict
from collections.abc import Collection
from typing import NamedTuple
from urllib.parse import urlsplit

from django.db.models import IntegerField, Value
from django.template.defaultfilters import filesizeformat
from django.urls import reverse

from diary.models import HomeworkFile, HomeworkLink

_NO_URL, _NO_SIZE = Value(""), Value(0, output_field=IntegerField())


class Paper(NamedTuple):
    """A file has a size, a link an address of its own."""

    homework: int
    pk: int
    name: str
    link: str
    size: int

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


def papers_of(homework: Collection[int]) -> dict[int, list[Paper]]:
    """By homework, files first. One statement; none for no homework."""
    papers: dict[int, list[Paper]] = defaultdict(list)
    if not homework:
        return papers
    files = HomeworkFile.objects.filter(homework__in=homework)
    links = HomeworkLink.objects.filter(homework__in=homework)
    rows = files.values_list("homework", "pk", "name", _NO_URL, "size").union(
        links.values_list("homework", "pk", "title", "url", _NO_SIZE), all=True
    )
    for paper in sorted((Paper(*row) for row in rows), key=lambda paper: (not paper.is_file, paper.pk)):
        papers[paper.homework].append(paper)
    return papers
