"""ESIA's door in a browser, from a button of the front page to the stand-in and back."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from asurso.esia import origin_of
from schools.models import Organisation, Person
from tests import factories as make
from tests.accounts.esia.standing_in import files, point_at, stand_in
from tests.browser.conftest import PHONE
from tests.conftest import PASSWORD
from tests.esia_mock.conftest import Mock

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser_context_args() -> dict[str, Any]:
    return {"locale": "ru", "viewport": PHONE}


@pytest.fixture(scope="module")
def mock(live_server: LiveServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mock]:
    with stand_in(tmp_path_factory.mktemp("esia"), live_server.url) as running:
        yield running


@pytest.fixture
def school(db: None) -> Organisation:
    found: Organisation = make.OrganisationFactory()
    return found


@pytest.fixture
def people(school: Organisation, password_hash: str) -> dict[str, Person]:
    return files(school, password_hash)


@pytest.fixture
def portal(page: Page, live_server: LiveServer, mock: Mock, settings: Any) -> Page:
    """The front page on a telephone, with the content security policy that this ESIA needs."""
    point_at(mock, settings)
    policy = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    form_action = [*policy["form-action"], *origin_of(mock.url)]
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": {**policy, "form-action": form_action}}
    page.goto(live_server.url)
    return page


def look(page: Page, name: str = "") -> None:
    """Accessible, and no wider than the telephone."""
    if shots := os.environ.get("SHOTS"):
        page.screenshot(path=str(Path(shots) / f"esia-{name}.png"), full_page=True)
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_a_parent_comes_in_by_a_button_and_goes_out_of_both(
    portal: Page, people: dict[str, Person], live_server: LiveServer
) -> None:
    look(portal, "front")
    portal.get_by_role("button", name="Родитель").click()
    portal.get_by_role("button", name="Соколова Анна").click()
    expect(portal.get_by_role("heading", level=1)).to_have_text("Первый вход")
    look(portal, "institution")
    portal.get_by_label("Секретный вопрос").fill("Кличка первой кошки")
    portal.get_by_label("Ответ").fill("Ёлка")
    portal.get_by_role("button", name="Сохранить и продолжить").click()
    portal.wait_for_url(f"{live_server.url}/home/")
    portal.goto(f"{live_server.url}/more/")
    portal.get_by_role("button", name="Выйти").click()
    portal.wait_for_url(f"{live_server.url}/")


def test_a_student_links_with_the_slip_without_javascript(
    browser: Any, portal: Page, people: dict[str, Person], live_server: LiveServer
) -> None:
    page = browser.new_context(java_script_enabled=False, viewport=PHONE, locale="ru").new_page()
    page.goto(live_server.url)
    page.get_by_role("button", name="Ученик").click()
    page.get_by_role("button", name="Соколова Мария").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Связать с логином от школы")
    account = people["student"].account
    assert account
    page.get_by_label("Логин").fill(account.username)
    page.get_by_label("Пароль").fill(PASSWORD)
    page.get_by_role("button", name="Связать").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Первый вход")
    page.context.close()


def test_refusals_are_pages_with_a_way_on(portal: Page, people: dict[str, Person]) -> None:
    portal.get_by_role("button", name="Родитель").click()
    portal.get_by_role("button", name="Незнамова").click()
    look(portal, "link")
    portal.goto(portal.url.replace("link", "refused/student-record"))
    look(portal, "refused")
    assert portal.get_by_role("button", name="Попробовать Госуслуги ещё раз").is_visible()
