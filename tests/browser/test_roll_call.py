"""The roll by keyboard: everybody is here to begin with, two who are missing cost three keystrokes."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from diary.models import Absence, CarriedAbsence
from tests import factories as make
from tests.browser.conftest import DESKTOP

pytestmark = pytest.mark.browser


class Keyboard:
    """Counts what is pressed; pointing at a row presses nothing."""

    def __init__(self, page: Page) -> None:
        self.page, self.pressed = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1


@pytest.fixture
def page(cast: Any, visitor: Any) -> Page:
    for number in range(28):
        student = make.PersonFactory(surname=f"Ученик{number:02}")
        make.EnrolmentFactory(student=student, school_class=cast.class_7a)
    opened: Page = visitor(cast.teacher, size=DESKTOP).open(f"/lessons/{cast.lesson.pk}/")
    return opened


def point_at(page: Page, student: Any) -> None:
    page.locator(f"#student-{student.pk} .roll-name").hover()


def saved(page: Page) -> None:
    expect(page.get_by_text("Сохранено").first).to_be_visible()


def test_two_of_thirty_missing_cost_three_keystrokes(cast: Any, page: Page) -> None:
    keys = Keyboard(page)
    point_at(page, cast.classmate)
    keys.press("KeyY")  # «н» on a Russian keyboard
    point_at(page, cast.student)
    keys.press("Comma")  # «б»
    keys.press("Control+Enter")
    saved(page)
    assert keys.pressed <= 3
    codes = dict(Absence.objects.values_list("student", "code"))
    assert codes == {cast.classmate.pk: "unstated", cast.student.pk: "ill"}
    cast.lesson.refresh_from_db()
    assert cast.lesson.roll_called_by == cast.teacher


def test_the_same_keys_in_the_other_layout(cast: Any, page: Page) -> None:
    point_at(page, cast.student)
    page.evaluate(
        "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'н', code: 'KeyY', bubbles: true}))"
    )
    expect(page.locator(f"[name=absence-{cast.student.pk}][value=unstated]")).to_be_checked()


def test_without_a_pointer_the_keys_go_from_row_to_row(cast: Any, page: Page) -> None:
    rows = page.locator(".roll-row")
    rows.nth(0).locator(".segments input:checked").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("KeyY")  # marks the second and goes on
    page.keyboard.press("KeyJ")  # late: minutes
    page.keyboard.type("7")
    page.keyboard.press("Enter")
    page.keyboard.press("KeyP")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Delete")
    page.keyboard.press("Control+Enter")
    saved(page)
    by_row = [(absence.code, absence.minutes) for absence in Absence.objects.order_by("student__sort_key")]
    assert by_row == [("unstated", None), ("late", 7)]


def test_with_shift_the_absence_is_carried_on(cast: Any, page: Page) -> None:
    point_at(page, cast.student)
    page.keyboard.press("Shift+KeyY")
    expect(page.locator(f"[name=carry-{cast.student.pk}]")).to_be_checked()
    page.keyboard.press("Control+Enter")
    saved(page)
    assert CarriedAbsence.objects.get().student == cast.student


def test_letters_typed_into_a_field_are_text(cast: Any, page: Page) -> None:
    comment = page.locator("[name=topic]")
    comment.focus()
    point_at(page, cast.student)
    page.keyboard.type("yes")
    expect(comment).to_have_value("yes")
    expect(page.locator(f"[name=absence-{cast.student.pk}][value='']")).to_be_checked()
