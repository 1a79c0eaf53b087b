"""Whoever a deadlock ended writes once more, wherever something of the journal is written."""

from typing import Any
from unittest.mock import patch

import pytest
from django.db import OperationalError
from django.urls import reverse
from psycopg2.errors import DeadlockDetected

from diary.closing.closures import close_term
from diary.corrections import asking
from diary.homework.sheet import HomeworkSheet
from diary.models import JournalRules, LessonProgramme, Topic
from diary.programme import contents
from diary.results import acceptance, class_views
from diary.results import views as results
from tests.conftest import NOW, TODAY, restore_standard_rows


@pytest.fixture
def committed(transactional_db: None) -> None:
    restore_standard_rows()


class Ended:
    """Ends the first call as PostgreSQL ends one of two that wait for each other."""

    def __init__(self, write: Any) -> None:
        self.write, self.calls = write, 0

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        self.calls += 1
        if self.calls == 1:
            raise OperationalError from DeadlockDetected()
        return self.write(*args, **kwargs)


WRITES: dict[str, tuple[Any, str]] = {
    "diary:homework-new": (HomeworkSheet, "save"),
    "diary:results-of": (results, "save_column"),
    "diary:results-acceptance": (acceptance, "hold_column"),
    "diary:behaviour": (class_views, "save_behaviour"),
    "diary:topic-new": (contents, "hold"),
}


def address(cast: Any, name: str) -> str:
    of = {"diary:homework-new": cast.lesson.pk, "diary:behaviour": cast.class_7a.pk}.get(
        name, cast.algebra.pk
    )
    column = [f"term-{cast.lesson.term_id}"] if "results" in name or "behaviour" in name else []
    return reverse(name, args=[of, *column])


@pytest.mark.parametrize("name", WRITES)
def test_a_page_writes_once_more(committed: None, cast: Any, as_: Any, name: str) -> None:
    JournalRules.objects.create(organisation=cast.school, behaviour="words")
    where, what = WRITES[name]
    who = cast.class_teacher if "behaviour" in name else cast.teacher
    ended = Ended(getattr(where, what))
    with patch.object(where, what, lambda *args, **kwargs: ended(*args, **kwargs)):
        typed = {"title": "Пропорция", "hours": "1", "sure": "1"}
        assert as_(who).post(address(cast, name), typed).status_code in (302, 422)
    assert ended.calls == 2


def test_a_term_is_closed_at_the_second_attempt(committed: None, cast: Any) -> None:
    ended = Ended(lambda *_args: None)
    with patch("diary.closing.closures.term_obstacle", ended):
        close_term(cast.lesson.term_id, by=cast.head_teacher, at=NOW)
    assert ended.calls == 2


def test_a_correction_is_asked_for_at_the_second_attempt(committed: None, cast: Any) -> None:
    cell: Any = type("Cell", (), {"term_id": cast.lesson.term_id})()
    ended = Ended(lambda _cell: asking.YearIsClosed)
    with patch("diary.corrections.asking.obstacle_of", ended), pytest.raises(asking.YearIsClosed):
        asking.ask(cell, by=cast.teacher, at=NOW)
    assert ended.calls == 2


def test_nothing_of_the_first_attempt_is_left(committed: None, cast: Any) -> None:
    words = {"title": "Пропорция", "hours": 1, "left_out": False}
    ended = Ended(contents.changed)
    with patch("diary.programme.contents.changed", ended):
        contents.add_topic(cast.algebra, words, place=None, shown_version=1, on=TODAY)
    assert Topic.objects.get().order == 1
    assert LessonProgramme.objects.get().version == 2
