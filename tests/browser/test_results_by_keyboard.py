"""Results of a term entered by keyboard alone."""

from typing import Any

import pytest

from diary.models import Result
from tests import factories as make
from tests.browser.conftest import DESKTOP

pytestmark = pytest.mark.browser


@pytest.fixture
def column(cast: Any, visitor: Any) -> Any:
    """Five students: the first one's marks suggest a 5, the others have too few."""
    students = [cast.classmate, cast.student]
    students += [make.EnrolmentFactory(school_class=cast.class_7a).student for _number in range(3)]
    for number in range(3):
        make.MarkFactory(work__lesson=cast.lesson, work__number=number + 1, student=cast.classmate)
    page = visitor(cast.teacher, size=DESKTOP).open(f"/journals/{cast.algebra.pk}/results/")
    page.locator(".mark-input").first.focus()
    return page


def texts() -> list[str]:
    found = Result.objects.order_by("student__sort_key", "student__pk")
    return list(found.values_list("value__text", flat=True))


def test_a_column_is_entered_key_by_key(column: Any) -> None:
    column.keyboard.type("5но")
    column.keyboard.press("ArrowDown")
    column.keyboard.type("н")
    with column.expect_navigation():
        column.locator(".save-bar button").click()
    assert sorted(texts()) == sorted(["5", "н/а", "осв", "н/а"])


def test_the_same_keys_work_in_the_other_layout(column: Any) -> None:
    column.keyboard.press("ArrowDown")
    for key in ("KeyY", "KeyJ"):
        column.keyboard.press(key)
    values = column.locator(".mark-input").evaluate_all("fields => fields.map(field => field.value)")
    assert values[:3] == ["", "н/а", "осв"]


def test_far_from_suggested_the_caret_asks_for_the_reason(column: Any) -> None:
    column.keyboard.type("2")
    column.keyboard.type("Списывал")
    column.keyboard.press("Enter")
    column.keyboard.type("н")
    with column.expect_navigation():
        column.locator(".save-bar button").click()
    assert texts() == ["2", "н/а"]
    assert Result.objects.get(value__text="2").reason == "Списывал"
