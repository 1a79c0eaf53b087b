"""A second factor in a real browser, with the policy for scripts switched on: a passkey (a virtual
authenticator of Chromium), an application of codes, recovery codes, and switching of roles."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from schools.models import Appointment
from tests import factories as make
from tests.accounts.test_second_factor import code_now
from tests.browser.conftest import DESKTOP, PHONE

pytestmark = pytest.mark.browser


@pytest.fixture
def teacher(visitor: Any, cast: Any) -> Any:
    return visitor(cast.teacher)


@pytest.fixture
def authenticator(teacher: Any) -> Any:
    """A telephone that says yes to whatever asks for a fingerprint."""
    session = teacher.page.context.new_cdp_session(teacher.page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    return session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def add_passkey(page: Page) -> None:
    page.click("text=Безопасность >> visible=true")
    page.click("a:has-text('Второй фактор')")
    page.click("text=Добавить ключ доступа")
    page.wait_for_load_state()  # its script answers the button
    page.fill("[name=name]", "Телефон")
    page.click("#add-passkey")
    expect(page.locator(".recovery-codes li")).to_have_count(10)


def sign_out_and_give_the_password(guest: Any, cast: Any) -> Page:
    page: Page = guest.open("/more/")
    page.click("main >> text=Выйти")
    page.wait_for_load_state()
    guest.sign_in(cast.teacher)
    return page


def test_a_passkey_is_added_and_opens_the_door(cast: Any, teacher: Any, authenticator: Any):
    page = teacher.open("/more/")
    add_passkey(page)
    sign_out_and_give_the_password(teacher, cast)
    expect(page).to_have_url(re.compile("/account/2fa/authenticate/"))
    page.click("#use-passkey")
    expect(page).to_have_url(re.compile("/lessons/"))


def test_a_passkey_proves_again_whose_the_account_is(cast: Any, teacher: Any, authenticator: Any):
    page = teacher.open("/more/")
    add_passkey(page)
    teacher.open("/account/2fa/webauthn/reauthenticate/?next=/account/email/")
    page.click("#use-passkey")
    expect(page).to_have_url(re.compile("/account/email/"))


def test_a_refused_passkey_is_told_on_the_page(cast: Any, teacher: Any, authenticator: Any):
    page = teacher.open("/more/")
    add_passkey(page)
    sign_out_and_give_the_password(teacher, cast)
    page.evaluate("void (navigator.credentials.get = () => Promise.reject(new Error('cancelled')))")
    page.click("#use-passkey")
    expect(page.locator("[data-passkey-failed]")).to_be_visible()


def test_an_application_of_codes_is_connected_by_its_key_in_words(cast: Any, teacher: Any):
    page = teacher.open("/account/2fa/totp/activate/")
    secret = page.inner_text(".secret").strip()
    assert page.eval_on_selector(".qr", "picture => picture.naturalWidth") > 100
    page.fill("[name=code]", code_now(secret))
    page.keyboard.press("Enter")
    expect(page.locator(".recovery-codes li")).to_have_count(10)
    with page.expect_download() as download:
        page.click("text=Сохранить файлом")
    assert len(download.value.path().read_text().split()) == 10


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_role_is_switched_in_the_header(visitor: Any, cast: Any, size: dict[str, int]):
    make.EmploymentFactory(person=cast.parent, organisation=cast.other_school)
    make.AppointmentFactory(
        person=cast.parent, role=Appointment.Role.HEAD_TEACHER, organisation=cast.other_school
    )
    guest = visitor(cast.parent, size=size)
    guest.page.click(".bar-switch summary")
    assert guest.page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    guest.page.click(".bar-switch button:has-text('Чужая школа')")
    expect(guest.page.locator(".figures")).to_be_visible()
    expect(guest.page.locator(".bar-switch summary")).to_contain_text("Завуч")
