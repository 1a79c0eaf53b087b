"""Pages that a family has seen open without a connection, and end with the reader."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests import factories as make
from tests.browser.conftest import DESKTOP
from tests.browser.test_journal_grid import all_saved, journal, marks_of, press
from tests.conftest import NOW

pytestmark = pytest.mark.browser

KEPT = (
    "caches.open('pages').then(pages => pages.keys())"
    ".then(keys => keys.map(key => new URL(key.url).pathname))"
)
DATED = re.compile(r"Показано,\s+каким\s+было\s+\d+\s+\S+\s+в\s+\d{2}:\d{2}")


@pytest.fixture
def reader(visitor: Any) -> Callable[..., Any]:
    """`reader(cast.parent)`: a visitor whose browser may run the service worker, which is ready."""

    def come(person: Any = None, **options: Any) -> Any:
        new = visitor(person, service_workers="allow", **options)
        if person is not None:
            ready(new.page)
        return new

    return come


def ready(page: Page) -> None:
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    page.wait_for_function("navigator.serviceWorker.controller !== null")


def see(reader: Any, path: str) -> Page:
    """Open a page and wait until the worker keeps it."""
    page: Page = reader.open(path)
    page.wait_for_function(f"async (path) => (await {KEPT}).includes(path)", arg=path)
    return page


def cut(reader: Any) -> None:
    reader.page.context.set_offline(True)


def kept(page: Page) -> list[str]:
    return list(page.evaluate(KEPT))


def week_of(cast: Any) -> str:
    return f"/diary/{cast.student.pk}/"


def test_home_and_week_open_without_a_connection_and_say_since_when(cast: Any, reader: Any) -> None:
    parent = reader(cast.parent)
    see(parent, week_of(cast))
    see(parent, "/home/")
    cut(parent)
    for path in (week_of(cast), "/home/"):
        page = parent.open(path)
        expect(page.locator("[data-shown-since]")).to_contain_text(DATED)
        expect(page.locator("[data-shown-since]")).to_contain_text("Нет связи")
        expect(page.locator("h1").first).to_be_attached()
    parent.complaints.clear()


def test_other_pages_tell_what_is_at_hand(cast: Any, reader: Any) -> None:
    parent = reader(cast.parent)
    see(parent, week_of(cast))
    cut(parent)
    page = parent.open("/security/")
    expect(page.locator("h1")).to_have_text("Нет связи")
    expect(page.locator(f".kept-pages a[href$='{week_of(cast)}']")).to_be_visible()
    assert cast.parent.surname not in page.locator("header").inner_text()
    parent.complaints.clear()


def test_nothing_is_left_after_signing_out(cast: Any, reader: Any) -> None:
    parent = reader(cast.parent, size=DESKTOP)
    page = see(parent, "/home/")
    page.locator("[data-menu] summary").last.click()
    with page.expect_navigation():
        page.locator("[data-menu] [data-sign-out] button").click()
    assert kept(page) == []
    cut(parent)
    page = parent.open("/home/")
    expect(page.locator("[data-nothing-kept]")).to_be_visible()
    parent.complaints.clear()


def test_nothing_is_left_when_the_session_has_ended_elsewhere(cast: Any, reader: Any) -> None:
    parent = reader(cast.parent)
    page = see(parent, week_of(cast))
    page.context.clear_cookies()
    parent.open(week_of(cast))
    page.wait_for_url("**/sign-in/**")
    assert kept(page) == []
    parent.complaints.clear()


def test_another_reader_of_the_same_phone_sees_nothing_of_the_first(cast: Any, reader: Any) -> None:
    phone = reader(cast.parent)
    see(phone, week_of(cast))
    phone.page.context.clear_cookies()
    phone.sign_in(cast.other_parent)
    page = see(phone, "/home/")
    assert week_of(cast) not in kept(page)
    cut(phone)
    page = phone.open(week_of(cast))
    expect(page.locator("h1")).to_have_text("Нет связи")
    assert cast.student.surname not in page.content()
    phone.complaints.clear()


def test_even_a_store_that_was_not_emptied_ends_with_another_readers_first_page(
    cast: Any, reader: Any
) -> None:
    phone = reader(cast.parent)
    page = see(phone, week_of(cast))
    page.evaluate("caches.open('pages').then(pages => pages.put('/reader', new Response('0')))")
    phone.open("/more/")
    page.wait_for_function(f"async () => !(await {KEPT}).length")


def test_a_page_seen_before_opens_at_once_and_is_replaced_by_its_news(cast: Any, reader: Any) -> None:
    parent = reader(cast.parent)
    see(parent, week_of(cast))
    see(parent, "/home/")
    make.MarkFactory(work__lesson=cast.lesson, student=cast.student, text="3", published_at=NOW)
    page = parent.open(week_of(cast))
    expect(page.locator(".mark", has_text="3").first).to_be_visible()
    expect(page.locator("html")).not_to_have_attribute("data-kept-at", re.compile("."))


def test_pages_of_a_teacher_are_kept_nowhere(cast: Any, reader: Any) -> None:
    teacher = reader(cast.teacher)
    for path in ("/home/", f"/journals/{cast.algebra.pk}/", "/lessons/", f"/lessons/{cast.lesson.pk}/"):
        teacher.open(path)
    assert kept(teacher.page) == []
    cut(teacher)
    page = teacher.open("/lessons/")
    expect(page.locator("h1")).to_have_text("Нет связи")
    teacher.complaints.clear()


def test_entries_of_a_journal_wait_for_the_network_as_before(cast: Any, reader: Any) -> None:
    teacher = reader(cast.teacher, size=DESKTOP)
    page = teacher.open(journal(cast))
    cut(teacher)
    press(page, "5")
    expect(page.locator("#journal-state")).to_contain_text("Ждут: 1")
    page.context.set_offline(False)
    all_saved(page)
    assert marks_of(cast.classmate) == ["5"]
    teacher.complaints.clear()


def test_the_portal_can_be_installed(cast: Any, reader: Any) -> None:
    parent = reader(cast.parent)
    client = parent.page.context.new_cdp_session(parent.page)
    assert client.send("Page.getAppManifest")["errors"] == []
    assert client.send("Page.getInstallabilityErrors")["installabilityErrors"] in (
        [],
        [{"errorId": "in-incognito", "errorArguments": []}],
    )
