"""The journal's grid as a teacher uses it: by keyboard, in order, with nothing lost."""

import datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from diary.models import Absence, Mark, SavedEntry
from schools.models import Person
from tests import factories as make
from tests.browser.conftest import DESKTOP

pytestmark = pytest.mark.browser


def journal(cast: Any) -> str:
    return f"/journals/{cast.algebra.pk}/"


def a_class_of(number: int, cast: Any) -> list[Person]:
    """As many students as a column has cells, the cast's two among them."""
    more = [make.PersonFactory(surname=f"Яковлев{place:02}") for place in range(number - 2)]
    for student in more:
        make.EnrolmentFactory(student=student, school_class=cast.class_7a)
    return [cast.classmate, cast.student, *more]


def cell(page: Page, cast: Any, student: Person, lesson: Any = None) -> Any:
    place = page.evaluate(
        "(id) => [...document.querySelectorAll('thead th[data-lesson]')].findIndex((th) => th.id === id)",
        f"l{(lesson or cast.lesson).pk}",
    )
    return page.locator(f"tr[data-student='{student.pk}'] td").nth(place)


def all_saved(page: Page) -> None:
    expect(page.locator("td[data-state=waiting]")).to_have_count(0)
    page.wait_for_function("Object.keys(localStorage).every((name) => !name.startsWith('journal:'))")


def texts(cast: Any) -> list[str]:
    return list(Mark.objects.order_by("student__surname").values_list("value__text", flat=True))


def test_thirty_marks_by_keyboard_alone(cast: Any, visitor: Any) -> None:
    a_class_of(30, cast)
    page = visitor(cast.teacher, size=DESKTOP).open(journal(cast))
    strokes = 0
    for place in range(30):
        page.keyboard.press("5432"[place % 4])
        strokes += 1
    all_saved(page)
    assert strokes <= 45
    assert Mark.objects.count() == 30
    assert SavedEntry.objects.count() == 30
