"""The next topic of the programme with one key, in a real browser."""

import datetime
from typing import Any

import pytest

from diary.models import TopicTaught
from tests import factories as make
from tests.browser.conftest import DESKTOP

pytestmark = pytest.mark.browser


@pytest.fixture
def programme(cast: Any) -> Any:
    make.LessonFactory(course=cast.algebra, term=cast.lesson.term, date=datetime.date(2026, 12, 18))
    make.TopicFactory(course=cast.algebra, title="Разность квадратов", homework="§ 21, № 392")
    make.TopicFactory(course=cast.algebra, title="Контрольная № 3", is_test=True)
    return cast


def save(page: Any) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name="Сохранить").click()


def taken(cast: Any) -> str:
    return TopicTaught.objects.get(lesson=cast.lesson).topic.title


def test_one_key_takes_the_next_topic(programme: Any, visitor: Any) -> None:
    page = visitor(programme.teacher, size=DESKTOP).open(f"/lessons/{programme.lesson.pk}/")
    page.keyboard.press("Alt+T")
    assert page.input_value("[name=topic]") == "Разность квадратов"
    save(page)
    programme.lesson.refresh_from_db()
    assert programme.lesson.topic == "Разность квадратов"
    assert taken(programme) == "Разность квадратов"


def test_so_does_enter_in_the_empty_topic(programme: Any, visitor: Any) -> None:
    page = visitor(programme.teacher, size=DESKTOP).open(f"/lessons/{programme.lesson.pk}/")
    assert page.get_attribute("[name=topic]", "placeholder") == "Разность квадратов"
    page.focus("[name=topic]")
    page.keyboard.press("Enter")
    assert page.input_value("[name=topic]") == "Разность квадратов"


def test_the_suggested_homework_goes_in_with_one_press(programme: Any, visitor: Any) -> None:
    page = visitor(programme.teacher).open(f"/lessons/{programme.lesson.pk}/")
    page.get_by_role("button", name="Взять следующую тему").click()
    page.get_by_role("button", name="Задать по программе").click()
    assert page.input_value("[name=homework_text]") == "§ 21, № 392"


def test_without_scripts_the_list_does_it(programme: Any, visitor: Any) -> None:
    guest = visitor(programme.teacher, size=DESKTOP, java_script_enabled=False)
    page = guest.open(f"/lessons/{programme.lesson.pk}/")
    page.focus("[name=programme_topic]")
    page.keyboard.press("ArrowDown")
    save(page)
    assert taken(programme) == "Разность квадратов"


def test_own_words_are_not_overwritten(programme: Any, visitor: Any) -> None:
    page = visitor(programme.teacher, size=DESKTOP).open(f"/lessons/{programme.lesson.pk}/")
    page.fill("[name=topic]", "Разность квадратов в задачах")
    page.select_option("[name=programme_topic]", label="1. Разность квадратов — следующая")
    assert page.input_value("[name=topic]") == "Разность квадратов в задачах"
