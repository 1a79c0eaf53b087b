"""From the journal's grid to what lies behind it: a cell's history, an average, the course's other pages."""

from typing import Any

import pytest
from playwright.sync_api import expect

from diary.models import Phrase
from tests.browser.conftest import DESKTOP
from tests.browser.test_journal_grid import all_saved, journal, press

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
