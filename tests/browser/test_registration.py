"""A teacher registers on a phone, the administrator approves, the teacher is told what is still missing."""

from typing import Any

import pytest
from playwright.sync_api import Page

from accounts.institutions import asked_for
from tests import factories as make
from tests.accounts.registering import TYPED, code_in
from tests.browser.conftest import DESKTOP

pytestmark = pytest.mark.browser


def choose_the_school(page: Page, school: Any, *, script: bool) -> None:
    """List by list, by the button where the browser has no JavaScript. With it the lists act by
    themselves as soon as the script, which hides the button, has loaded."""
    for step, value in asked_for(school).items():
        chosen = page.locator(f"select[name={step}]")
        if chosen.count() and chosen.input_value() != value:
            button = page.locator("[data-cascade-go]")
            if script:
                button.wait_for(state="hidden")
            with page.expect_navigation():
                chosen.select_option(value)
                if not script:
                    button.click()


def fill(page: Page, **changed: str) -> None:
    for name, value in (TYPED | changed).items():
        if name != "as":
            page.fill(f"input[name={name}]", value)


def send(page: Page) -> None:
    with page.expect_navigation():
        page.locator("main .sheet form[method=post] .btn-primary").first.click()


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without"])
def test_a_teacher_comes_in_by_a_registration(cast: Any, visitor: Any, script: bool):
    make.OrganisationFactory(locality=cast.school.locality, short_name="Школа № 2")
    guest = visitor(java_script_enabled=script)
    page = guest.open("/")
    page.click("text=Зарегистрироваться")
    page.click("text=Учитель")
    choose_the_school(page, cast.school, script=script)
    fill(page, surname="4567")
    send(page)
    assert page.locator("#id_surname_error").is_visible()
    fill(page)
    send(page)
    page.fill("[name=code]", code_in("sms"))
    send(page)
    page.fill("[name=code]", code_in("email"))
    send(page)
    assert page.locator("h2", has_text="Заявка ждёт ответа").is_visible()

    office = visitor(cast.administrator, size=DESKTOP).open("/home/")
    office.click("text=Заявки на регистрацию")
    office.click("text=Новикова Ольга Петровна")
    office.check("[name=file][value=new]")
    office.fill("[name=position]", "учитель химии")
    with office.expect_navigation():
        office.click("text=Одобрить")
    assert office.locator(".empty-title").is_visible()

    page = guest.open("/home/")
    assert page.locator("h2", has_text="второй фактор").is_visible()
