"""Writing one homework with all that belongs to it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from diary.lesson.entries import NoLongerOpen
from diary.marking import ChangedMeanwhile
from diary.models import Homework, HomeworkLink
from schedule.models import Lesson
from schools.closures import TermIsClosed, hold_open


@dataclass(frozen=True)
class Wanted:
    """`group` and `students` empty: for everybody on the course. `links`: (address, title)."""

    text: str
    minutes: int | None
    due_lesson: int | None
    due_on: date
    group: int | None = None
    students: frozenset[int] = frozenset()
    links: tuple[tuple[str, str], ...] = ()

    def columns(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "minutes": self.minutes,
            "due_lesson_id": self.due_lesson,
            "due_on": self.due_on,
            "group_id": self.group,
        }


def stored(homework: Homework) -> Wanted:
    return Wanted(
        homework.text,
        homework.minutes,
        homework.due_lesson_id,
        homework.due_on,
        homework.group_id,
        frozenset(homework.students.values_list("pk", flat=True)),
        tuple(homework.links.order_by("pk").values_list("url", "title")),
    )


def hold_lesson(lesson: Lesson) -> None:
    """One writer of a lesson at a time, until the transaction ends. Raises NoLongerOpen."""
    try:
        hold_open(lesson.term_id)
    except TermIsClosed as closed:
        raise NoLongerOpen from closed
    now = Lesson.objects.select_for_update(of=("self",), no_key=True).get(pk=lesson.pk)
    if now.is_cancelled or now.term_id != lesson.term_id:
        raise NoLongerOpen


@transaction.atomic
def set_homework(lesson: Lesson, wanted: Wanted) -> Homework:
    """The same form sent twice sets it once. Raises NoLongerOpen."""
    hold_lesson(lesson)
    for twin in Homework.objects.filter(lesson=lesson, **wanted.columns()):
        if stored(twin) == wanted:
            return twin
    homework = Homework.objects.create(course_id=lesson.course_id, lesson=lesson, **wanted.columns())
    _write_ties(homework, wanted)
    return homework


@transaction.atomic
def change_homework(homework: Homework, wanted: Wanted, *, shown_version: int) -> None:
    """Raises NoLongerOpen, ChangedMeanwhile."""
    hold_lesson(homework.lesson)
    now = Homework.objects.filter(pk=homework.pk).first()
    if now is None:
        raise ChangedMeanwhile(
            _("Meanwhile this homework was taken back. Copy what you wrote, and set it anew.")
        )
    if stored(now) == wanted:
        return
    if now.version != shown_version:
        raise ChangedMeanwhile(
            _("Meanwhile this was put here: “%(theirs)s”. Save again to put yours.") % {"theirs": now.text}
        )
    Homework.objects.filter(pk=now.pk).update(**wanted.columns(), version=F("version") + 1)
    _write_ties(now, wanted)


def _write_ties(homework: Homework, wanted: Wanted) -> None:
    homework.students.set(wanted.students)
    there = {(link.url, link.title): link for link in homework.links.all()}
    gone = [link.pk for pair, link in there.items() if pair not in wanted.links]
    HomeworkLink.objects.filter(pk__in=gone).delete()
    for url, title in wanted.links:
        if (url, title) not in there:
            HomeworkLink.objects.create(homework=homework, url=url, title=title)


@transaction.atomic
def remove_files(homework: Homework, files: set[int]) -> int:
    """The rows go, their history stays, the bytes for a while. Raises NoLongerOpen."""
    hold_lesson(homework.lesson)
    gone, _rows = homework.files.filter(pk__in=files).delete()
    if gone:
        Homework.objects.filter(pk=homework.pk).update(version=F("version") + 1)
    return gone


@transaction.atomic
def take_back(homework: Homework, *, shown_version: int) -> None:
    """Raises NoLongerOpen, ChangedMeanwhile."""
    hold_lesson(homework.lesson)
    now = Homework.objects.filter(pk=homework.pk).first()
    if now is None:
        return
    if now.version != shown_version:
        raise ChangedMeanwhile(
            _("Somebody else changed this homework meanwhile: look at it before it is taken back.")
        )
    now.delete()
