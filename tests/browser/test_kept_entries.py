"""What a teacher typed outlives a lost session: the form's entries are kept in the tab until saved."""

from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from playwright.sync_api import Page, expect

from diary.models import Mark
from tests import factories as make
from tests.browser.conftest import DESKTOP

pytestmark = pytest.mark.browser


def type_in(guest: Any, cast: Any) -> Page:
    page: Page = guest.open(f"/lessons/{cast.lesson.pk}/")
    page.fill("[name=topic]", "Кубы")
    page.fill(f"[name=new-{cast.student.pk}]", "5")
    return page


def end_sessions() -> None:
    Session.objects.all().delete()
    cache.clear()


def save(page: Page) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name="Сохранить").first.click()


def kept(page: Page) -> int:
    return int(page.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('kept:')).length"))


def test_entries_are_back_after_signing_in_anew(cast: Any, visitor: Any) -> None:
    guest = visitor(cast.teacher, size=DESKTOP)
    page = type_in(guest, cast)
    end_sessions()
    save(page)
    expect(page.locator("h1")).to_have_text("Вы вышли из портала")
    guest.sign_in(cast.teacher)
    page = guest.open(f"/lessons/{cast.lesson.pk}/")
    expect(page.get_by_text("которые не сохранились, снова здесь")).to_be_visible()
    expect(page.locator("[name=topic]")).to_have_value("Кубы")
    save(page)
    expect(page.get_by_text("Сохранено").first).to_be_visible()
    assert Mark.objects.get().value.text == "5"
    assert kept(page) == 0


def test_saved_entries_do_not_come_back(cast: Any, visitor: Any) -> None:
    page = type_in(visitor(cast.teacher, size=DESKTOP), cast)
    save(page)
    page.reload()
    expect(page.locator("[data-kept-notice]")).to_be_hidden()
    expect(page.locator(f"[name=new-{cast.student.pk}]")).to_have_value("")


def test_they_can_be_discarded(cast: Any, visitor: Any) -> None:
    guest = visitor(cast.teacher, size=DESKTOP)
    page = type_in(guest, cast)
    page.reload()
    page.get_by_role("button", name="Убрать их").click()
    expect(page.locator("[name=topic]")).to_have_value("")
    assert kept(page) == 0


def test_signing_out_forgets_them(cast: Any, visitor: Any) -> None:
    guest = visitor(cast.teacher, size=DESKTOP)
    page = type_in(guest, cast)
    assert kept(page) == 1
    guest.open("/more/")
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("button", name="Выйти").click()
    assert kept(page) == 0


def test_another_person_does_not_see_them(cast: Any, visitor: Any) -> None:
    make.AssignmentFactory(course=cast.algebra, teacher=cast.class_teacher)
    guest = visitor(cast.teacher, size=DESKTOP)
    type_in(guest, cast)
    guest.page.context.clear_cookies()
    guest.sign_in(cast.class_teacher)
    page = guest.open(f"/lessons/{cast.lesson.pk}/")
    expect(page.locator("[name=topic]")).to_have_value("")


def test_an_ended_session_keeps_them_without_javascript_too(cast: Any, visitor: Any) -> None:
    guest = visitor(cast.teacher, java_script_enabled=False)
    page = type_in(guest, cast)
    end_sessions()
    page.get_by_role("button", name="Сохранить").first.click()
    other = page.context.new_page()
    other.goto(guest.address + "/sign-in/")
    other.fill("[name=username]", cast.teacher.account.username)
    other.fill("[name=password]", "right-password-1")
    other.press("[name=password]", "Enter")
    other.wait_for_url("**/lessons/")
    page.get_by_role("button", name="Отправить ещё раз").click()
    expect(page.locator("h1")).to_have_text("Страница устарела")
    page.get_by_role("button", name="Отправить ещё раз").click()
    expect(page.get_by_text("Сохранено").first).to_be_visible()
    assert Mark.objects.get().value.text == "5"


def test_after_a_refusal_the_summary_has_the_focus(cast: Any, visitor: Any) -> None:
    page = visitor(cast.teacher, size=DESKTOP).open(f"/lessons/{cast.lesson.pk}/")
    page.fill(f"[name=new-{cast.student.pk}]", "7")
    save(page)
    expect(page.locator("#errors")).to_be_focused()
