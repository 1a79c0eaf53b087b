"""The pages of the sign-in in a browser: accessible, narrow enough for a telephone, walked to the end."""

from typing import Any
from urllib.parse import urlencode

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.esia_mock.conftest import Way

pytestmark = pytest.mark.browser


def address(way: Way) -> str:
    return f"{way.mock.url}{way.authorize}?{urlencode(way.request())}"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_are_accessible_and_narrow(v2: Way, page: Any, scheme: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.emulate_media(color_scheme=scheme)
    for url in (v2.mock.url, address(v2), f"{v2.mock.url}/idp/ext/Logout", f"{v2.mock.url}/login/gone/"):
        page.goto(url)
        results = Axe().run(page)
        assert results.violations_count == 0, results.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_tester_chooses_a_failure_and_a_person(v2: Way, page: Any) -> None:
    page.goto(address(v2))
    page.get_by_label("человек откажет в согласии").check()
    with page.expect_request("http://portal.example/**") as back:
        page.get_by_role("button", name="Соколова Анна").click(no_wait_after=True)
    assert "error=access_denied" in back.value.url


def test_the_second_factor_is_walked_by_keyboard(v2: Way, page: Any) -> None:
    page.goto(address(v2))
    page.get_by_role("button", name="Орлов Сергей").click()
    assert Axe().run(page).violations_count == 0
    page.get_by_label("Код").fill("111111")
    with page.expect_request("http://portal.example/**") as back:
        page.keyboard.press("Enter")
    assert "code=" in back.value.url
