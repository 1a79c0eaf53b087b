"""A teacher adds a file to homework; a parent opens it on a phone."""

import datetime
from pathlib import Path
from typing import Any

import pytest

from diary.models import Homework
from tests import factories as make
from tests.browser.conftest import DESKTOP, PHONE
from tests.diary.homework import PDF

pytestmark = pytest.mark.browser

FRIDAY = datetime.date(2026, 12, 18)


@pytest.fixture
def friday(cast: Any) -> Any:
    return make.LessonFactory(course=cast.algebra, term=cast.lesson.term, date=FRIDAY)


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "Ёлка, задание 5.pdf"
    path.write_bytes(PDF)
    return path


def test_a_file_set_at_the_lesson_is_opened_by_the_parent(
    cast: Any, friday: Any, visitor: Any, paper: Path
) -> None:
    page = visitor(cast.teacher, size=DESKTOP).open(f"/lessons/{cast.lesson.pk}/")
    page.fill("[name=homework_text]", "§ 21, № 388")
    page.set_input_files("[name=homework_files]", paper)
    with page.expect_navigation():
        page.click("button:has-text('Сохранить')")
    parent = visitor(cast.parent, size=PHONE).open("/diary/")
    assert parent.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    with parent.expect_download() as download:
        parent.click("text=Ёлка, задание 5.pdf")
    assert download.value.suggested_filename == paper.name
    assert Path(download.value.path()).read_bytes() == PDF


def test_the_sum_of_the_day_follows_what_is_typed(cast: Any, friday: Any, visitor: Any) -> None:
    other = make.LessonFactory(
        course=make.CourseFactory(school_class=cast.class_7a, subject__name="Физика"), term=cast.lesson.term
    )
    make.HomeworkFactory(lesson=other, due_on=FRIDAY, minutes=130)
    page = visitor(cast.teacher, size=DESKTOP).open(f"/lessons/{cast.lesson.pk}/")
    page.wait_for_selector("[data-load-answer] >> text=130 из 150")
    page.fill("[name=homework_minutes]", "30")
    page.wait_for_selector(".load-over >> text=160 из 150")
    assert not Homework.objects.filter(lesson=cast.lesson).exists()


def test_only_the_list_that_is_needed_is_shown(cast: Any, friday: Any, visitor: Any) -> None:
    page = visitor(cast.teacher).open(f"/lessons/{cast.lesson.pk}/homework/")
    assert not page.is_visible("[name=students]")
    page.check("[name=whom][value=students]")
    page.check(f"[name=students][value='{cast.student.pk}']")
    page.fill("[name=text]", "§ 5")
    with page.expect_navigation():
        page.click("button:has-text('Сохранить')")
    assert list(Homework.objects.get().students.all()) == [cast.student]


def test_without_a_script_all_of_it_works(cast: Any, friday: Any, visitor: Any, paper: Path) -> None:
    page = visitor(cast.teacher, java_script_enabled=False).open(f"/lessons/{cast.lesson.pk}/homework/")
    page.fill("[name=text]", "§ 5")
    page.set_input_files("[name=uploads]", paper)
    page.click("button:has-text('Сохранить')")
    assert Homework.objects.get().files.get().name == paper.name
