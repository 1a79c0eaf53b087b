"""Notes on absences in the very same moment: filed by both parents, answered while withdrawn, accepted while
the roll is called."""

import datetime
from typing import Any

import pytest

from diary.models import Absence, AbsenceNote, NoteOutcome
from tests import factories as make
from tests.conftest import restore_standard_rows
from tests.diary.test_absence_notes import answer, call_roll, send
from tests.diary.test_journal_entries import Cell
from tests.diary.test_two_at_once import at_once

MONDAY, FRIDAY = datetime.date(2026, 12, 14), datetime.date(2026, 12, 18)


@pytest.fixture
def committed(transactional_db: None) -> None:
    restore_standard_rows()


@pytest.fixture
def note(committed: None, cast: Any) -> AbsenceNote:
    return make.NoteFactory(
        student=cast.student, school_class=cast.class_7a, by=cast.parent, since=MONDAY, until=FRIDAY
    )


def test_both_parents_file_one_note(committed: None, cast: Any, as_: Any) -> None:
    make.GuardianshipFactory(guardian=cast.other_parent, child=cast.student)
    clients = as_(cast.parent), as_(cast.other_parent)
    statuses = at_once(*(lambda client=client: send(client, cast) for client in clients))
    assert sorted(statuses) == [302, 422]
    assert AbsenceNote.objects.count() == 1


def test_a_double_tap_files_one_note(committed: None, cast: Any, as_: Any) -> None:
    clients = as_(cast.parent), as_(cast.parent)
    assert at_once(*(lambda client=client: send(client, cast) for client in clients)) == [302, 302]
    assert AbsenceNote.objects.count() == 1


def test_accepted_and_taken_back_it_has_one_outcome(note: AbsenceNote, cast: Any, as_: Any) -> None:
    teacher, again, parent = as_(cast.class_teacher), as_(cast.class_teacher), as_(cast.parent)
    at_once(
        lambda: answer(teacher, note), lambda: answer(parent, note, "withdrawal"), lambda: answer(again, note)
    )
    assert NoteOutcome.objects.count() == 1


@pytest.mark.parametrize("how", ["roll", "grid"])
def test_accepted_while_the_roll_is_called(note: AbsenceNote, cast: Any, as_: Any, how: str) -> None:
    teacher, class_teacher = as_(cast.teacher), as_(cast.class_teacher)
    cell = Cell(teacher, cast.lesson, cast.student, cast.teacher)
    enter = {
        "roll": lambda: call_roll(teacher, cast, "unstated"),
        "grid": lambda: cell.send(absence={"code": "unstated", "minutes": None}),
    }[how]
    assert at_once(enter, lambda: answer(class_teacher, note)) == [302 if how == "roll" else 200, 302]
    assert Absence.objects.get().code == "ill"
