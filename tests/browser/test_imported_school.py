"""A school comes from a workbook, gets its first logins and lives a day, all in one go."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from accounts.logins import issue_logins
from schedule.models import Lesson
from schools.models import Organisation, Person
from tests.schedule import workbooks

pytestmark = pytest.mark.browser


def test_an_imported_school_lives_its_first_day(cast: Any, visitor: Any, tmp_path: Path) -> None:
    call_command("load_region", verbosity=0)
    call_command("import_school", str(workbooks.save(workbooks.small(), tmp_path / "school.xlsx")))
    school = Organisation.objects.get(code=workbooks.CODE)
    teacher = Person.objects.get(employments__organisation=school, surname="Зимина")
    student = Person.objects.get(enrolments__school_class__organisation=school, first_name="Мария")
    parent = Person.objects.get(guardianships__child=student)
    passwords = {login.person.pk: login.password for login in issue_logins([teacher, student, parent])}
    english = Lesson.objects.get(date="2026-12-16", course__group__name="5Б англ 1")

    def sign_in(person: Person) -> Any:
        guest = visitor()
        guest.sign_in(Person.objects.get(pk=person.pk), passwords[person.pk])
        return guest

    page = sign_in(teacher).open(f"/lessons/{english.pk}/")
    page.fill("[name=topic]", "Present Perfect")
    page.fill(f"[name=new-{student.pk}]", "5")
    page.get_by_role("button", name="Сохранить").first.click()
    expect(page.get_by_text("Сохранено").first).to_be_visible()

    for reader in (student, parent):
        today = sign_in(reader).open(f"/diary/{student.pk}/").locator("#d2026-12-16")
        expect(today).to_contain_text("Present Perfect")
        expect(today.locator(".mark")).to_contain_text("5")
