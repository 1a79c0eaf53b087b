"""A mistake in a closed term: the teacher asks, the head teacher approves, the family reads."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from diary.models import Mark
from tests import factories as make
from tests.browser.conftest import DESKTOP
from tests.diary.closed import close, lesson_of_autumn

pytestmark = pytest.mark.browser


def test_a_mark_of_a_closed_term_is_corrected(cast: Any, visitor: Any) -> None:
    lesson = lesson_of_autumn(cast)
    make.MarkFactory(work__lesson=lesson, student=cast.student, text="3")
    close(cast, lesson)

    page = visitor(cast.teacher, size=DESKTOP).open(f"/lessons/{lesson.pk}/")
    page.get_by_role("link", name=re.compile("Исправить.*Соколова Мария")).click()
    page.get_by_role("link", name="Ответ").click()
    page.get_by_role("button", name="Отправить завучу").click()
    expect(page.get_by_role("alert")).to_contain_text("Запрос не отправлен")
    page.get_by_label("Что должно стоять").select_option("5")
    page.get_by_label("Причина").select_option("Ошибка")
    page.get_by_label("Объяснение").fill("Ёлкину поставила его пятёрку 🙈")
    page.get_by_role("button", name="Отправить завучу").click()
    expect(page.get_by_text("Запрос отправлен")).to_be_visible()

    page = visitor(cast.head_teacher).open("/home/")
    page.get_by_role("link", name="Исправления в закрытых периодах").click()
    page.get_by_role("link", name="Соколова Мария").click()
    expect(page.locator(".two-values .mark")).to_have_text(["3", "5"])
    page.get_by_role("button", name="Одобрить").click()
    expect(page.get_by_text("Одобрено: клетка исправлена.")).to_be_visible()
    assert str(Mark.objects.get().value) == "5"

    page = visitor(cast.parent, java_script_enabled=False).open("/home/")
    expect(page.locator("main")).to_contain_text("было: 3, стало: 5")
