"""A real server, a real browser, and people who sign in by typing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import time_machine
from playwright.sync_api import Browser, ConsoleMessage, Page
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from schools.models import Person
from tests.conftest import NOW, PASSWORD, TODAY, restore_standard_rows

PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1366, "height": 768}


@pytest.fixture
def db(transactional_db: None) -> None:
    """The server's thread must see the rows, so they are committed."""
    restore_standard_rows()


@pytest.fixture
def today() -> Iterator[Any]:
    """The cast's day, with a clock that goes on: the browser waits by it."""
    with time_machine.travel(NOW, tick=True):
        yield TODAY


@dataclass
class Visitor:
    """One person's browser: own cookies, and every complaint of the console kept."""

    page: Page
    address: str
    complaints: list[str]

    def hear(self, said: ConsoleMessage) -> None:
        """Keep warnings and errors, but not the browser's own note that a page answered 404 or 422."""
        is_a_pages_status = "status of 4" in said.text and "/static/" not in said.location["url"]
        is_ours = "blocked by Playwright" in said.text
        if said.type in ("error", "warning") and not is_a_pages_status and not is_ours:
            self.complaints.append(said.text)

    def open(self, path: str) -> Page:
        self.page.goto(self.address + path)
        return self.page

    def sign_in(self, person: Person, password: str = PASSWORD) -> Page:
        assert person.account is not None
        self.open("/sign-in/")
        self.page.fill("[name=username]", person.account.username)
        self.page.fill("[name=password]", password)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        return self.page


@pytest.fixture
def visitor(browser: Browser, live_server: LiveServer, cast: Any) -> Iterator[Callable[..., Visitor]]:
    """`visitor(cast.parent)` signs in; `visitor()` stays outside. The console must stay silent.

    The service worker is blocked, but in its own tests: pages come from the portal alone.
    The doors have tests of their own: here the cast's passwords open everything, like the demo's.
    """
    User.objects.update(origin=User.Origin.DEMO)
    visitors = []

    def come(person: Person | None = None, size: dict[str, int] = PHONE, **options: Any) -> Visitor:
        usual: dict[str, Any] = {"locale": "ru", "service_workers": "block"}
        context = browser.new_context(viewport=size, **{**usual, **options})  # type: ignore[arg-type]
        page = context.new_page()
        complaints: list[str] = []
        new = Visitor(page, live_server.url, complaints)
        page.on("console", new.hear)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        visitors.append(new)
        if person is not None:
            new.sign_in(person)
        return new

    yield come
    for each in visitors:
        each.page.context.close()
        assert not each.complaints
