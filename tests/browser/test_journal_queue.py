"""Entries of the grid on their way: without a network, after the tab was closed, of two people at once."""

from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from playwright.sync_api import Page, expect

from diary.models import Mark, SavedEntry
from tests import factories as make
from tests.browser.conftest import DESKTOP
from tests.browser.test_journal_grid import a_class_of, all_saved, cell, entries_on, journal, marks_of, press

pytestmark = pytest.mark.browser


def waiting(page: Page) -> int:
    return page.locator("td[data-state=waiting]").count()


def test_the_network_goes_in_the_middle_of_a_column(cast: Any, visitor: Any) -> None:
    students = a_class_of(6, cast)
    guest = visitor(cast.teacher, size=DESKTOP)
    page = guest.open(journal(cast))
    press(page, "5", "4")
    all_saved(page)
    page.context.set_offline(True)
    press(page, "3", "4", "5", "ArrowUp", "2")  # the last one thinks better of it
    expect(page.locator("#journal-state")).to_contain_text("Нет связи")
    expect(page.locator("#journal-state")).to_contain_text("Ждут: 3")
    assert waiting(page) == 3
    page.context.set_offline(False)
    all_saved(page)
    assert [marks_of(student) for student in students] == [["5"], ["4"], ["3"], ["4"], ["2"], []]
    expect(page.locator("#journal-state")).to_be_empty()
    guest.complaints.clear()  # the browser's own notes of the lost connection


def test_an_answer_that_was_lost_does_not_write_twice(cast: Any, visitor: Any) -> None:
    guest = visitor(cast.teacher, size=DESKTOP)
    page = guest.open(journal(cast))

    def lose_the_answer(route: Any) -> None:
        route.fetch()
        route.abort()

    page.route("**/entries/", lose_the_answer, times=1)
    press(page, "+", "5")
    all_saved(page)
    assert marks_of(cast.classmate) == ["5"]
    assert SavedEntry.objects.count() == 1
    guest.complaints.clear()


def test_a_closed_tab_sends_what_waited_when_a_journal_opens_again(cast: Any, visitor: Any) -> None:
    guest = visitor(cast.teacher, size=DESKTOP)
    context = guest.page.context
    page = guest.open(journal(cast))
    context.set_offline(True)
    press(page, "5", "4")
    expect(page.locator("#journal-state")).to_contain_text("Ждут: 2")
    page.close()
    context.set_offline(False)
    guest.page = context.new_page()
    page = guest.open("/journals/")
    all_saved(page)
    assert (marks_of(cast.classmate), marks_of(cast.student)) == (["5"], ["4"])
    assert SavedEntry.objects.count() == 2
    guest.complaints.clear()


def test_two_tabs_send_an_entry_once(cast: Any, visitor: Any) -> None:
    guest = visitor(cast.teacher, size=DESKTOP)
    other = guest.page.context.new_page()
    other.goto(guest.address + journal(cast))
    page = guest.open(journal(cast))
    sent: list[str] = []
    for tab in (page, other):
        tab.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    guest.page.context.set_offline(True)
    press(page, "5", "4")
    guest.page.context.set_offline(False)
    all_saved(page)
    assert SavedEntry.objects.count() == 2
    expect(cell(other, cast.student, cast.lesson)).to_have_text("4")
    guest.complaints.clear()


def test_another_person_on_the_device_neither_sees_nor_sends_them(cast: Any, visitor: Any) -> None:
    make.AssignmentFactory(course=cast.algebra, teacher=cast.class_teacher)
    guest = visitor(cast.teacher, size=DESKTOP)
    page = guest.open(journal(cast))
    page.context.set_offline(True)
    press(page, "5")
    expect(page.locator("#journal-state")).to_contain_text("Ждут: 1")
    page.route("**/entries/", lambda route: route.abort())
    page.context.set_offline(False)
    page.context.clear_cookies()
    guest.sign_in(cast.class_teacher)
    page = guest.open(journal(cast))
    page.unroute("**/entries/")
    expect(cell(page, cast.classmate, cast.lesson)).to_have_text("")
    press(page, "ArrowDown", "3")
    expect(cell(page, cast.student, cast.lesson)).to_have_text("3")
    all_saved(page, left=1)
    assert list(Mark.objects.values_list("student", flat=True)) == [cast.student.pk]
    guest.complaints.clear()


def test_an_ended_session_is_told_and_signing_in_sends_what_waits(cast: Any, visitor: Any) -> None:
    guest = visitor(cast.teacher, size=DESKTOP)
    page = guest.open(journal(cast))
    Session.objects.all().delete()
    cache.clear()
    press(page, "5")
    link = page.get_by_role("link", name="Войти и отправить")
    expect(page.locator("#journal-state")).to_contain_text("Вы вышли из портала")
    with page.expect_navigation():
        link.click()
    page.fill("[name=username]", cast.teacher.account.username)
    page.fill("[name=password]", "right-password-1")
    press(page, "Enter")
    page.wait_for_url(f"**{journal(cast)}")
    all_saved(page)
    assert marks_of(cast.classmate) == ["5"]


def test_a_token_that_has_turned_is_renewed(cast: Any, visitor: Any) -> None:
    guest = visitor(cast.teacher, size=DESKTOP)
    page = guest.open(journal(cast))
    page.context.clear_cookies(name="csrftoken")
    press(page, "5")
    all_saved(page)
    assert marks_of(cast.classmate) == ["5"]


@pytest.mark.parametrize(("button", "stored"), [("Поставить 4", ["4"]), ("Оставить 3", ["3"])])
def test_two_teachers_at_one_cell_choose(cast: Any, visitor: Any, button: str, stored: list[str]) -> None:
    make.AssignmentFactory(course=cast.algebra, teacher=cast.class_teacher)
    first = visitor(cast.class_teacher, size=DESKTOP).open(journal(cast))
    second = visitor(cast.teacher, size=DESKTOP).open(journal(cast))
    press(first, "3")
    all_saved(first)
    press(second, "4")
    popup = second.get_by_role("dialog")
    expect(popup).to_contain_text("Ёлкин")
    press(second, "5")  # the keyboard goes on at the next student
    expect(second.locator("#journal-state")).to_contain_text("Не принято: 1")
    assert marks_of(cast.classmate) == ["3"]
    press(second, "Control+Home", "Enter")
    popup.get_by_role("button", name=button).focus()
    press(second, "Enter")
    all_saved(second)
    assert (marks_of(cast.classmate), marks_of(cast.student)) == (stored, ["5"])
    expect(cell(second, cast.classmate, cast.lesson)).to_have_text(stored[0])


def test_signing_out_warns_of_entries_that_wait(cast: Any, visitor: Any) -> None:
    guest = visitor(cast.teacher, size=DESKTOP)
    page = guest.open(journal(cast))
    page.route("**/entries/", lambda route: route.abort())
    press(page, "5")
    expect(page.locator("#journal-state")).to_contain_text("Ждут: 1")
    guest.open("/more/")
    said: list[str] = []

    def stay(dialog: Any) -> None:
        said.append(dialog.message)
        dialog.dismiss()

    page.once("dialog", stay)
    page.get_by_role("main").get_by_role("button", name="Выйти").click()
    assert "ещё не отправлены" in said[0]
    assert page.url.endswith("/more/")
    page.once("dialog", lambda dialog: dialog.accept())
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("button", name="Выйти").click()
    assert entries_on(page) == 1
    guest.complaints.clear()
