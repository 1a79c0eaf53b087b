"""A school comes from a workbook, gets its first logins and lives a day, all in one go.

Its region lets families in by the school's login; the teacher shows a second factor as well.
"""

from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.management import call_command
from playwright.sync_api import expect

from accounts.issuing.logins import issue_logins
from schedule.models import Lesson
from schools.models import Organisation, Person
from tests.accounts.test_second_factor import code_now
from tests.schedule import workbooks

pytestmark = pytest.mark.browser


OWN_PASSWORD = "Кот-учёный-7"


def test_an_imported_school_lives_its_first_day(
    cast: Any, visitor: Any, tmp_path: Path, settings: Any
) -> None:
    settings.SCHOOL_LOGIN_OPENS = {"student", "guardian"}
    call_command("load_region", verbosity=0)
    call_command("import_school", str(workbooks.save(workbooks.small(), tmp_path / "school.xlsx")))
    school = Organisation.objects.get(code=workbooks.CODE)
    teacher = Person.objects.get(employments__organisation=school, surname="Зимина")
    student = Person.objects.get(enrolments__school_class__organisation=school, first_name="Мария")
    parent = Person.objects.get(guardianships__child=student)
    passwords = {login.person.pk: login.password for login in issue_logins([teacher, student, parent])}
    secret = generate_totp_secret()
    TOTP.activate(Person.objects.get(pk=teacher.pk).account, secret)
    english = Lesson.objects.get(date="2026-12-16", course__group__name="5Б англ 1")

    def sign_in(person: Person) -> Any:
        guest = visitor()
        page = guest.sign_in(Person.objects.get(pk=person.pk), passwords[person.pk])
        for name in ("new_password1", "new_password2"):
            page.fill(f"[name={name}]", OWN_PASSWORD)
        with page.expect_navigation():
            page.keyboard.press("Enter")
        return guest

    guest = sign_in(teacher)
    guest.page.fill("[name=code]", code_now(secret))
    with guest.page.expect_navigation():
        guest.page.keyboard.press("Enter")
    page = guest.open(f"/lessons/{english.pk}/")
    page.fill("[name=topic]", "Present Perfect")
    page.fill(f"[name=new-{student.pk}]", "5")
    page.get_by_role("button", name="Сохранить").first.click()
    expect(page.get_by_text("Сохранено").first).to_be_visible()

    for reader in (student, parent):
        today = sign_in(reader).open(f"/diary/{student.pk}/").locator("#d2026-12-16")
        expect(today).to_contain_text("Present Perfect")
        expect(today.locator(".mark")).to_contain_text("5")
