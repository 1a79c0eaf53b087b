"""The family's week under a finger and by keyboard."""

from typing import Any

import pytest

pytestmark = pytest.mark.browser

SWIPE = """([from, to, down]) => {
  const target = document.querySelector("main");
  const at = (x, y) => new Touch({identifier: 1, target, clientX: x, clientY: y});
  const tell = (name, touches, changed) =>
    target.dispatchEvent(
      new TouchEvent(name, {bubbles: true, touches, changedTouches: changed}));
  tell("touchstart", [at(from, 300)], [at(from, 300)]);
  tell("touchend", [], [at(to, 300 + down)]);
}"""


def test_a_swipe_and_an_arrow_turn_the_week(cast: Any, visitor: Any) -> None:
    page = visitor(cast.parent, has_touch=True).open(f"/diary/{cast.student.pk}/2026-12-14/")
    page.evaluate(SWIPE, [60, 90, 200])
    page.evaluate(SWIPE, [300, 100, 5])
    page.wait_for_url("**/2026-12-21/")
    page.keyboard.press("ArrowLeft")
    page.wait_for_url("**/2026-12-14/")
