"""From the journal's grid to what lies behind it: a cell's history, an average, the course's other pages."""

from typing import Any

import pytest
from playwright.sync_api import expect

from diary.models import Phrase
from tests import factories as make
from tests.browser.conftest import DESKTOP
from tests.browser.test_journal_grid import all_saved, journal, press
from tests.diary.closed import close, lesson_of_autumn

pytestmark = pytest.mark.browser


def test_the_history_of_a_cell_opens_by_a_key(cast: Any, visitor: Any) -> None:
    page = visitor(cast.teacher, size=DESKTOP).open(journal(cast))
    press(page, "F4")
    page.wait_for_url(f"**/lessons/{cast.lesson.pk}/students/{cast.classmate.pk}/history/")


def test_a_first_average_leads_to_its_marks_at_once(cast: Any, visitor: Any) -> None:
    page = visitor(cast.teacher, size=DESKTOP).open(journal(cast))
    press(page, "4")
    all_saved(page)
    page.locator(f"tr[data-student='{cast.classmate.pk}'] [data-average] a").click()
    page.wait_for_url(f"**/averages/{cast.classmate.pk}/")


@pytest.mark.parametrize("name", ["Итоги", "Точки", "Программа", "Печать"])
def test_the_bar_leads_to_the_pages_of_the_course(cast: Any, visitor: Any, name: str) -> None:
    page = visitor(cast.teacher, size=DESKTOP).open(journal(cast))
    bar = page.locator(".journal-bar")
    assert bar.bounding_box()["height"] == 48
    bar.get_by_text("Ещё", exact=True).click()
    with page.expect_navigation() as went:
        bar.get_by_role("link", name=name).click()
    assert went.value.status == 200


def test_the_head_of_the_results_leads_to_them(cast: Any, visitor: Any) -> None:
    page = visitor(cast.teacher, size=DESKTOP).open(journal(cast))
    page.locator("thead .grid-result a").click()
    page.wait_for_url(f"**/results/term-{cast.lesson.term.pk}/")


def test_comments_offer_the_own_phrases(cast: Any, visitor: Any) -> None:
    Phrase.objects.create(person=cast.teacher, kind="comment", text="Читай внимательнее")
    page = visitor(cast.teacher, size=DESKTOP).open(journal(cast))
    press(page, "F2")
    listed = page.locator("[data-cell-popup] [name=comment]").first.get_attribute("list")
    expect(page.locator(f"#{listed} option")).to_have_attribute("value", "Читай внимательнее")


def test_a_journal_that_is_only_read_goes_by_keys_and_opens_its_cells(cast: Any, visitor: Any) -> None:
    make.MarkFactory(work__lesson=cast.lesson, student=cast.classmate, text="4", comment="Читай внимательнее")
    page = visitor(cast.head_teacher, size=DESKTOP).open(journal(cast))
    page.locator(f"tr[data-student='{cast.classmate.pk}'] td[tabindex='0']").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-cell-popup]")).to_contain_text("Читай внимательнее")
    expect(page.locator("[data-cell-popup] [data-correct]")).to_be_hidden()
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("F4")
    page.wait_for_url(f"**/lessons/{cast.lesson.pk}/students/{cast.student.pk}/history/")


def test_a_cell_of_a_closed_term_leads_to_asking_for_its_correction(cast: Any, visitor: Any) -> None:
    lesson = lesson_of_autumn(cast)
    close(cast, lesson)
    page = visitor(cast.teacher, size=DESKTOP).open(f"{journal(cast)}terms/{lesson.term.pk}/")
    page.locator(f"tr[data-student='{cast.student.pk}'] td").first.click()
    page.keyboard.press("Escape")
    page.keyboard.press("5")
    with page.expect_navigation() as went:
        page.locator("[data-cell-popup] [data-correct]").click()
    assert f"?lesson={lesson.pk}&student={cast.student.pk}" in went.value.url
    assert went.value.status == 200
