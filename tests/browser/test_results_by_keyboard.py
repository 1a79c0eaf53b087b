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


def focused(column: Any) -> str:
    return str(column.evaluate("document.activeElement.name"))


def save(column: Any) -> None:
    with column.expect_navigation():
        column.locator(".save-bar button").click()


def test_far_from_suggested_no_key_is_taken_from_the_column(column: Any) -> None:
    wanted = column.locator("[data-reason-wanted]").first
    assert wanted.is_hidden()
    column.keyboard.type("2но")
    assert wanted.is_visible()
    assert column.locator("[name^=reason]").first.input_value() == ""
    values = column.locator(".mark-input").evaluate_all("fields => fields.map(field => field.value)")
    assert values[:3] == ["2", "н/а", "осв"]


def test_enter_in_the_cell_leads_to_its_reason_and_on(column: Any) -> None:
    column.keyboard.type("2")
    column.keyboard.press("ArrowUp")
    column.keyboard.press("Enter")
    assert focused(column).startswith("reason-")
    column.keyboard.type("Списывал")
    column.keyboard.press("Enter")
    column.keyboard.type("н")
    save(column)
    assert texts() == ["2", "н/а"]
    assert Result.objects.get(value__text="2").reason == "Списывал"


def test_tab_leads_to_the_reason_too(column: Any) -> None:
    column.keyboard.type("2")
    column.keyboard.press("ArrowUp")
    column.keyboard.press("Tab")
    assert focused(column).startswith("reason-")


def test_a_digit_is_no_reason(column: Any) -> None:
    column.keyboard.type("2")
    column.locator("[name^=reason]").first.fill("4")
    save(column)
    assert column.locator("[name^=reason]").first.get_attribute("aria-invalid") == "true"
    assert texts() == []
