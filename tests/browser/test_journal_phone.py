"""The journal under a finger: one lesson at a time, large keys, and without scripts a page to read."""

import datetime
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from diary.models import Absence, CourseGrading, Scale, ScaleValue
from tests import factories as make
from tests.browser.conftest import PHONE
from tests.browser.test_journal_grid import a_class_of, all_saved, cell, journal, marks_of

pytestmark = pytest.mark.browser

TARGET = 44


@pytest.fixture
def page(cast: Any, visitor: Any) -> Page:
    a_class_of(4, cast)
    make.LessonFactory(course=cast.algebra, term=cast.lesson.term, date=datetime.date(2026, 12, 14))
    page: Page = visitor(cast.teacher, has_touch=True).open(journal(cast))
    return page


def key(page: Page, name: str) -> Any:
    return page.locator("[data-pad]").get_by_role("button", name=name)


def test_a_mark_goes_in_and_the_next_student_follows(cast: Any, page: Page) -> None:
    cell(page, cast.classmate, cast.lesson).tap()
    expect(page.locator("[data-pad-name]")).to_contain_text("Ёлкин")
    key(page, "5, ").tap()
    expect(page.locator("[data-pad-name]")).to_contain_text("Соколова")
    key(page, "н, ").tap()
    all_saved(page)
    assert marks_of(cast.classmate) == ["5"]
    assert Absence.objects.get().student == cast.student


def test_a_second_mark_and_emptying(cast: Any, page: Page) -> None:
    first = cell(page, cast.classmate, cast.lesson)
    first.tap()
    key(page, "5, ").tap()
    first.tap()
    key(page, "+").tap()
    key(page, "4, ").tap()
    expect(first).to_have_text("5 4")
    first.tap()
    key(page, "Стереть").tap()
    expect(first).to_have_text("")
    all_saved(page)
    assert marks_of(cast.classmate) == []


def test_one_lesson_stands_beside_the_names(cast: Any, page: Page) -> None:
    title = page.locator("[data-lesson-title]")
    expect(title).to_contain_text("16 декабря")
    assert page.locator("tr[data-student] td:visible").count() == 4
    page.get_by_role("button", name="Предыдущий урок").tap()
    expect(title).to_contain_text("14 декабря")
    expect(page.get_by_role("button", name="Предыдущий урок")).to_be_disabled()
    expect(title.get_by_role("link")).to_have_attribute("href", re.compile("/lessons/"))


def test_every_target_is_large_enough_and_nothing_scrolls_sideways(cast: Any, page: Page) -> None:
    cell(page, cast.classmate, cast.lesson).tap()
    for target in page.locator("[data-pad] :is(button, select):visible, td.is-lesson").all():
        box = target.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= TARGET, target.evaluate("each => each.outerHTML")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_a_long_scale_is_typed(cast: Any, visitor: Any) -> None:
    scale = Scale.objects.create(code="twelve", name="Двенадцать баллов")
    for points in range(1, 13):
        ScaleValue.objects.create(scale=scale, text=str(points), points=points, order=points)
    CourseGrading.objects.create(course=cast.algebra, scale=scale)
    page = visitor(cast.teacher, has_touch=True).open(journal(cast))
    cell(page, cast.classmate, cast.lesson).tap()
    page.locator("[data-pad]").get_by_role("textbox", name="Отметка").fill("11")
    page.keyboard.press("Enter")
    all_saved(page)
    assert marks_of(cast.classmate) == ["11"]


def test_without_javascript_it_reads_and_leads_to_the_lessons(cast: Any, visitor: Any) -> None:
    make.MarkFactory(work__lesson=cast.lesson, student=cast.student, text="4")
    page = visitor(cast.teacher, java_script_enabled=False).open(journal(cast))
    expect(page.locator(f"tr[data-student='{cast.student.pk}']")).to_contain_text("4")
    page.locator(f"#l{cast.lesson.pk} a").click()
    page.wait_for_url(f"**/lessons/{cast.lesson.pk}/")
