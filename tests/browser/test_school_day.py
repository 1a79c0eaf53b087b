"""The whole school day as three people: the teacher writes, the student and the parent read."""

import datetime
from typing import Any

import pytest
from playwright.sync_api import expect

from diary.models import Mark
from tests import factories as make
from tests.browser.conftest import DESKTOP

pytestmark = pytest.mark.browser


def test_what_a_teacher_writes_the_family_reads(cast: Any, visitor: Any) -> None:
    friday = make.LessonFactory(
        course=cast.algebra,
        term=cast.lesson.term,
        date=datetime.date(2026, 12, 18),
        planned_teacher=cast.teacher,
    )

    teacher = visitor(cast.teacher, size=DESKTOP)
    page = teacher.page
    page.locator("a.teacher-lesson", has_text="Алгебра").click()
    page.fill("[name=topic]", "Разность квадратов")
    page.fill(f"[name=new-{cast.student.pk}]", "5")
    page.check(f"[name=absence-{cast.classmate.pk}][value=unstated]", force=True)
    page.fill("[name=homework_text]", "§ 21, № 388")
    page.select_option("[name=homework_due]", str(friday.pk))
    with page.expect_navigation():
        page.get_by_role("button", name="Сохранить").first.click()
    expect(page.get_by_text("Сохранено").first).to_be_visible()

    student = visitor(cast.student).open("/diary/")
    today = student.locator("#d2026-12-16")
    expect(today).to_contain_text("Разность квадратов")
    expect(today.locator(".mark")).to_contain_text("5")
    expect(student.locator("#d2026-12-18")).to_contain_text("§ 21, № 388")

    parent = visitor(cast.parent)
    expect(parent.page.locator("main")).to_contain_text("Алгебра")
    other = visitor(cast.other_parent).open("/diary/")
    expect(other.locator("#d2026-12-16 .absence")).to_be_visible()
    expect(other.locator("#d2026-12-16 .mark")).to_have_count(0)


def test_a_refused_cell_keeps_what_was_typed(cast: Any, visitor: Any) -> None:
    page = visitor(cast.teacher).open(f"/lessons/{cast.lesson.pk}/")
    page.fill(f"[name=new-{cast.student.pk}]", "7")
    page.fill(f"[name=new-{cast.classmate.pk}]", "4")
    with page.expect_navigation():
        page.get_by_role("button", name="Сохранить").first.click()
    expect(page.locator(f"[name=new-{cast.student.pk}]")).to_have_value("7")
    expect(page.get_by_role("alert").first).to_contain_text("Соколова Мария")
    assert Mark.objects.get().student == cast.classmate


def test_the_whole_day_works_without_javascript(cast: Any, visitor: Any) -> None:
    page = visitor(cast.teacher, java_script_enabled=False).open(f"/lessons/{cast.lesson.pk}/")
    page.fill(f"[name=new-{cast.student.pk}]", "5")
    page.get_by_role("button", name="Сохранить").first.click()
    expect(page.get_by_text("Сохранено").first).to_be_visible()
    diary = visitor(cast.student, java_script_enabled=False).open("/diary/")
    expect(diary.locator("#d2026-12-16 .mark")).to_contain_text("5")


def test_marks_go_down_the_column_by_keyboard(cast: Any, visitor: Any) -> None:
    page = visitor(cast.teacher, size=DESKTOP).open(f"/lessons/{cast.lesson.pk}/")
    first, second = (f"[name=new-{student.pk}]" for student in (cast.classmate, cast.student))
    page.focus(first)
    page.keyboard.press("4")
    page.keyboard.press("5")
    expect(page.locator(first)).to_have_value("4")
    expect(page.locator(second)).to_have_value("5")


def test_a_parent_switches_the_child_with_one_tap(cast: Any, visitor: Any) -> None:
    brother = make.PersonFactory(first_name="Илья", birth_date=datetime.date(2016, 2, 2))
    make.EnrolmentFactory(
        student=brother, school_class=make.SchoolClassFactory(organisation=cast.other_school)
    )
    make.GuardianshipFactory(guardian=cast.parent, child=brother)
    page = visitor(cast.parent).open("/diary/")
    page.get_by_role("link", name="Илья").first.click()
    page.wait_for_url(f"**/diary/{brother.pk}/**")


def test_english_is_complete_on_the_diary(cast: Any, visitor: Any) -> None:
    page = visitor(cast.parent, locale="en").open("/more/")
    page.locator("form[action='/language/'] button[value=en]").first.click()
    page.goto(page.url.split("/more/")[0] + "/diary/")
    expect(page.locator("h2").first).to_contain_text("December")
