"""Two requests in the very same moment, each on a connection of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from diary.models import Homework, Mark, SavedEntry, Work
from tests import factories as make
from tests.conftest import restore_standard_rows
from tests.diary.homework import HomeworkPage, upload
from tests.diary.test_journal_entries import Cell, new
from tests.diary.test_lesson_page import Sheet


@pytest.fixture
def committed(transactional_db: None) -> None:
    restore_standard_rows()


def at_once(*requests: Callable[[], Any]) -> list[int]:
    """The statuses of requests that start together."""
    barrier = Barrier(len(requests))

    def run(request: Callable[[], Any]) -> int:
        barrier.wait()
        try:
            return int(request().status_code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(requests)) as pool:
        return list(pool.map(run, requests))


def test_the_same_form_twice_gives_one_mark(committed: None, cast: Any, as_: Any) -> None:
    sheet = Sheet(as_(cast.teacher), cast.lesson)
    twin = Sheet(as_(cast.teacher), cast.lesson)
    fields = {f"new_{cast.student.pk}": "5"}
    assert at_once(lambda: sheet.send(**fields), lambda: twin.send(**fields)) == [302, 302]
    assert Mark.objects.count() == 1


def test_of_two_different_marks_one_is_told(committed: None, cast: Any, as_: Any) -> None:
    make.AssignmentFactory(course=cast.algebra, teacher=cast.class_teacher)
    mark = make.MarkFactory(work__lesson=cast.lesson, student=cast.student, text="3")
    mine, theirs = Sheet(as_(cast.teacher), cast.lesson), Sheet(as_(cast.class_teacher), cast.lesson)
    statuses = at_once(
        lambda: mine.send(**{f"mark_{mark.pk}": "4"}), lambda: theirs.send(**{f"mark_{mark.pk}": "5"})
    )
    assert sorted(statuses) == [302, 422]
    assert Mark.objects.get().version == 2


def test_of_two_at_one_cell_of_the_grid_one_is_told(committed: None, cast: Any, as_: Any) -> None:
    make.AssignmentFactory(course=cast.algebra, teacher=cast.class_teacher)
    mine = Cell(as_(cast.teacher), cast.lesson, cast.student, cast.teacher)
    theirs = Cell(as_(cast.class_teacher), cast.lesson, cast.student, cast.class_teacher)
    statuses = at_once(lambda: mine.send(marks=[new("4")]), lambda: theirs.send(marks=[new("5")]))
    assert sorted(statuses) == [200, 409]
    assert Mark.objects.count() == 1


def test_the_same_entry_twice_at_once_is_one_mark(committed: None, cast: Any, as_: Any) -> None:
    cells = [Cell(as_(cast.teacher), cast.lesson, cast.student, cast.teacher) for _device in range(2)]
    entry = cells[0].entry(marks=[new("4")])
    assert at_once(lambda: cells[0].send(entry), lambda: cells[1].send(entry)) == [200, 200]
    assert Mark.objects.count() == SavedEntry.objects.count() == 1


def test_two_students_of_one_lesson_at_once(committed: None, cast: Any, as_: Any) -> None:
    cells = [
        Cell(as_(cast.teacher), cast.lesson, student, cast.teacher)
        for student in (cast.student, cast.classmate)
    ]
    assert at_once(*(lambda cell=cell: cell.send(marks=[new("4")]) for cell in cells)) == [200, 200]
    assert Work.objects.count() == 1


def test_the_grid_and_the_form_at_once(committed: None, cast: Any, as_: Any) -> None:
    sheet = Sheet(as_(cast.teacher), cast.lesson)
    cell = Cell(as_(cast.teacher), cast.lesson, cast.student, cast.teacher)
    statuses = at_once(
        lambda: sheet.send(**{f"new_{cast.student.pk}": "5"}), lambda: cell.send(marks=[new("4")])
    )
    assert statuses in ([302, 409], [422, 200])
    assert Mark.objects.count() == 1


def test_the_same_new_homework_twice_is_set_once(committed: None, cast: Any, as_: Any) -> None:
    pages = [HomeworkPage(as_(cast.teacher), lesson=cast.lesson) for _tab in range(2)]
    assert at_once(*(partial(page.send, text="§ 5") for page in pages)) == [302, 302]
    assert Homework.objects.count() == 1


def test_of_two_who_change_one_homework_one_is_told(committed: None, cast: Any, as_: Any) -> None:
    homework = make.HomeworkFactory(lesson=cast.lesson)
    pages = [HomeworkPage(as_(cast.teacher), homework=homework) for _tab in range(2)]
    changes = [partial(page.send, text=text) for page, text in zip(pages, "АБ", strict=True)]
    assert sorted(at_once(*changes)) == [302, 422]


def test_more_files_than_fit_do_not_slip_in_together(
    committed: None, cast: Any, as_: Any, settings: Any
) -> None:
    settings.HOMEWORK_FILES = 1
    homework = make.HomeworkFactory(lesson=cast.lesson)
    pages = [HomeworkPage(as_(cast.teacher), homework=homework) for _tab in range(2)]
    sent = [partial(page.send, uploads=[upload(f"{number}.pdf")]) for number, page in enumerate(pages)]
    assert sorted(at_once(*sent)) == [302, 422]
    assert homework.files.count() == 1
