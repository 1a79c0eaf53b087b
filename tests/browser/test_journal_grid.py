"""The journal's grid as a teacher uses it: by keyboard, in order, with nothing lost."""

import datetime
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from diary.models import Absence, Mark, Point, WorkKind
from schedule.models import Lesson
from schools.models import Person
from tests import factories as make
from tests.browser.conftest import DESKTOP, Visitor
from tests.conftest import Outlasted

pytestmark = pytest.mark.browser


@pytest.fixture
def teacher(cast: Any, visitor: Any) -> Visitor:
    guest: Visitor = visitor(cast.teacher, size=DESKTOP)
    return guest


def journal(cast: Any) -> str:
    return f"/journals/{cast.algebra.pk}/"


def a_class_of(number: int, cast: Any) -> list[Person]:
    """As many students as a column has cells, the cast's two among them, in the grid's order."""
    more = [make.PersonFactory(surname=f"Яковлев{place:02}") for place in range(number - 2)]
    for student in more:
        make.EnrolmentFactory(student=student, school_class=cast.class_7a)
    return [cast.classmate, cast.student, *more]


def cell(page: Page, student: Person, lesson: Lesson) -> Locator:
    place = page.evaluate(
        "(id) => [...document.querySelectorAll('thead th[data-lesson]')].findIndex((head) => head.id === id)",
        f"l{lesson.pk}",
    )
    return page.locator(f"tr[data-student='{student.pk}'] td").nth(place)


def entries_on(page: Page) -> int:
    """How many wait on the device, of whomever."""
    return int(
        page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('journal:')).length")
    )


def all_saved(page: Page, left: int = 0) -> None:
    """`left`: of somebody else. The page's policy forbids Playwright to wait inside it."""
    for _try in range(200):
        if entries_on(page) == left:
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"{entries_on(page)} entries still wait")


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def marks_of(student: Person) -> list[str]:
    return list(Mark.objects.filter(student=student).order_by("pk").values_list("value__text", flat=True))


def test_thirty_marks_by_keyboard_alone(cast: Any, teacher: Visitor) -> None:
    students = a_class_of(30, cast)
    page = teacher.open(journal(cast))
    strokes = [str(5 - place % 4) for place in range(30)]
    press(page, *strokes)
    all_saved(page)
    assert len(strokes) <= 45
    assert [marks_of(student) for student in students] == [[text] for text in strokes]


def test_enter_and_tab_run_down_the_column_and_back(cast: Any, teacher: Visitor) -> None:
    page = teacher.open(journal(cast))
    first, second = cell(page, cast.classmate, cast.lesson), cell(page, cast.student, cast.lesson)
    expect(first).to_be_focused()
    for down, up in (("Enter", "Shift+Enter"), ("Tab", "Shift+Tab"), ("ArrowDown", "ArrowUp")):
        press(page, down)
        expect(second).to_be_focused()
        press(page, up)
        expect(first).to_be_focused()


def test_after_escape_tab_leaves_the_grid(cast: Any, teacher: Visitor) -> None:
    page = teacher.open(journal(cast))
    press(page, "Escape", "Tab")
    expect(page.locator("table.grid td:focus")).to_have_count(0)


def test_absences_by_the_same_keys_in_an_english_layout(cast: Any, teacher: Visitor) -> None:
    students = a_class_of(4, cast)
    page = teacher.open(journal(cast))
    press(page, "y", ",", "p", "j", "1", "2", "Enter")
    all_saved(page)
    found = {absence.student_id: (absence.code, absence.minutes) for absence in Absence.objects.all()}
    codes = [("unstated", None), ("ill", None), ("exempt", None), ("late", 12)]
    assert [found[student.pk] for student in students] == codes


def test_a_digit_replaces_and_a_plus_adds(cast: Any, teacher: Visitor) -> None:
    page = teacher.open(journal(cast))
    press(page, "4", "ArrowUp", "5", "ArrowUp", "+", "3")
    all_saved(page)
    assert marks_of(cast.classmate) == ["5", "3"]
    assert cell(page, cast.classmate, cast.lesson).inner_text() == "5 3"


def test_undo_goes_back_to_the_stored_mark(cast: Any, teacher: Visitor) -> None:
    page = teacher.open(journal(cast))
    press(page, "4")
    all_saved(page)
    press(page, "ArrowUp", "Delete", "ArrowDown", "5")
    all_saved(page)
    assert (marks_of(cast.classmate), marks_of(cast.student)) == ([], ["5"])
    press(page, "Control+z", "Control+z")
    all_saved(page)
    assert (marks_of(cast.classmate), marks_of(cast.student)) == (["4"], [])
    press(page, "Control+y")
    all_saved(page)
    assert marks_of(cast.classmate) == []


def test_escape_leaves_the_cell_as_it_was(cast: Any, teacher: Visitor) -> None:
    page = teacher.open(journal(cast))
    press(page, "j", "5", "Escape")
    expect(cell(page, cast.classmate, cast.lesson)).to_have_text("")
    assert not Absence.objects.exists()


def test_a_value_begun_goes_into_its_own_cell_when_the_mouse_goes_elsewhere(
    cast: Any, teacher: Visitor
) -> None:
    page = teacher.open(journal(cast))
    press(page, "j", "5")
    cell(page, cast.student, cast.lesson).click()
    all_saved(page)
    late = Absence.objects.get()
    assert (late.student, late.minutes) == (cast.classmate, 5)
    press(page, "+", "Control+z")
    expect(cell(page, cast.student, cast.lesson)).to_have_text("")


def test_the_class_teacher_changes_reasons_only(cast: Any, visitor: Any) -> None:
    make.AbsenceFactory(lesson=cast.lesson, student=cast.classmate)
    page = visitor(cast.class_teacher, size=DESKTOP).open(journal(cast))
    press(page, "g")
    all_saved(page)
    assert Absence.objects.get().code == "invalid"
    press(page, "ArrowUp", "5", "ArrowDown", "y")
    expect(page.locator("[data-journal-said]")).to_contain_text("классный руководитель")
    all_saved(page)
    assert (Absence.objects.count(), Mark.objects.count()) == (1, 0)


def test_the_kind_of_work_is_chosen_by_alt_and_a_letter(cast: Any, teacher: Visitor) -> None:
    page = teacher.open(journal(cast))
    press(page, "Alt+r", "5")  # К lies on R
    all_saved(page)
    assert Mark.objects.get().work.kind == WorkKind.objects.get(code="К")
    press(page, "ArrowUp", "Alt+c")  # С lies on C
    all_saved(page)
    assert Mark.objects.get().work.kind == WorkKind.objects.get(code="С")


def test_a_comment_without_leaving_the_keyboard(cast: Any, teacher: Visitor) -> None:
    page = teacher.open(journal(cast))
    press(page, "5", "ArrowUp", "F2")
    page.keyboard.type("За решение у доски")
    press(page, "Enter")
    all_saved(page)
    assert Mark.objects.get().comment == "За решение у доски"
    expect(cell(page, cast.classmate, cast.lesson)).to_be_focused()


def test_a_point_is_due_by_the_next_lesson(cast: Any, teacher: Visitor) -> None:
    friday = datetime.date(2026, 12, 18)
    make.LessonFactory(course=cast.algebra, term=cast.lesson.term, date=friday, planned_teacher=cast.teacher)
    page = teacher.open(journal(cast))
    press(page, ".", "Enter")
    all_saved(page)
    assert Point.objects.get().due_on == friday
    expect(cell(page, cast.classmate, cast.lesson)).to_have_text("18.12")


def test_a_mark_for_somebody_absent_is_asked_and_enter_says_yes(cast: Any, teacher: Visitor) -> None:
    page = teacher.open(journal(cast))
    press(page, "y", "ArrowUp", "4")
    expect(page.get_by_role("dialog")).to_contain_text("и отметка, и пропуск?")
    press(page, "Enter")
    all_saved(page)
    assert marks_of(cast.classmate) == ["4"]
    assert Absence.objects.get().student == cast.classmate
    expect(cell(page, cast.student, cast.lesson)).to_be_focused()


def test_fill_down_asks_nothing_and_is_undone_at_once(cast: Any, teacher: Visitor) -> None:
    students = a_class_of(6, cast)
    page = teacher.open(journal(cast))
    press(page, "ArrowDown", "3", "Control+Home", "5", "ArrowUp", "Control+d")
    all_saved(page)
    assert [marks_of(student) for student in students] == [["5"], ["3"], ["5"], ["5"], ["5"], ["5"]]
    press(page, "Control+z")
    all_saved(page)
    assert [marks_of(student) for student in students] == [["5"], ["3"], [], [], [], []]


def test_fill_down_covers_the_chosen_cells(cast: Any, teacher: Visitor) -> None:
    students = a_class_of(4, cast)
    page = teacher.open(journal(cast))
    press(page, "5", "4", "Control+Home", "Shift+ArrowDown", "Shift+ArrowDown", "Control+d")
    all_saved(page)
    assert [marks_of(student) for student in students] == [["5"], ["5"], ["5"], []]


def paste(page: Page, text: str) -> None:
    page.evaluate(
        """(text) => {
            const clipboardData = new DataTransfer();
            clipboardData.setData('text/plain', text);
            const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
            document.activeElement.dispatchEvent(event);
        }""",
        text,
    )


def test_a_pasted_column_is_read_line_by_line(cast: Any, teacher: Visitor) -> None:
    students = a_class_of(5, cast)
    page = teacher.open(journal(cast))
    paste(page, "5\r\n4/3\r\nн\r\n\r\nотлично\r\n")
    all_saved(page)
    assert [marks_of(student) for student in students] == [["5"], ["4", "3"], [], [], []]
    assert Absence.objects.get().student == students[2]
    unread = cell(page, students[4], cast.lesson)
    expect(unread).to_have_attribute("data-state", "refused")
    unread.click()
    expect(page.get_by_role("dialog")).to_contain_text("«отлично» нет в этой шкале")
    press(page, "Escape", "5")
    all_saved(page)
    assert marks_of(students[4]) == ["5"]


def test_copying_gives_a_column_again(cast: Any, teacher: Visitor) -> None:
    teacher.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = teacher.open(journal(cast))
    press(page, "4", "y", "Control+Home", "Shift+ArrowDown", "Control+c")
    assert page.evaluate("navigator.clipboard.readText()").split() == ["4", "н"]
    all_saved(page)


def test_a_refused_value_stays_at_its_cell_with_the_reason(cast: Any, teacher: Visitor) -> None:
    page = teacher.open(journal(cast))
    press(page, "g")  # П is the class teacher's
    refused = cell(page, cast.classmate, cast.lesson)
    expect(refused).to_have_attribute("aria-invalid", "true")
    expect(refused).to_have_text("нв")
    expect(page.locator("#journal-state")).to_contain_text("Не принято: 1")
    page.reload()
    expect(refused).to_have_text("нв")
    page.get_by_role("button", name="Не принято: 1").click()
    press(page, "Enter")
    expect(refused).to_have_text("")
    all_saved(page)


def test_all_keys_are_shown_by_a_question_mark(cast: Any, teacher: Visitor) -> None:
    page = teacher.open(journal(cast))
    press(page, "?")
    expect(page.get_by_role("dialog", name="Клавиши журнала")).to_contain_text("контрольная работа")
    press(page, "Escape")
    expect(cell(page, cast.classmate, cast.lesson)).to_be_focused()


def test_the_substitute_writes_the_own_lesson_and_no_other(
    cast: Any, outlasted: Outlasted, visitor: Any
) -> None:
    page = visitor(outlasted.substitute, size=DESKTOP).open(journal(cast))
    own = Lesson.objects.get(teacher=outlasted.substitute)
    press(page, "5")
    all_saved(page)
    assert Mark.objects.get().work.lesson == own
    for _lesson in range(2):
        press(page, "Control+Home", "4")
        press(page, "ArrowLeft", "4")
    all_saved(page)
    assert set(Mark.objects.values_list("work__lesson", flat=True)) == {own.pk}


def test_averages_follow_what_is_saved(cast: Any, teacher: Visitor) -> None:
    page = teacher.open(journal(cast))
    press(page, "4")
    all_saved(page)
    press(page, "ArrowUp", "+", "5")
    row = page.locator(f"tr[data-student='{cast.classmate.pk}']")
    expect(row.locator("[data-average]")).to_have_text("4,50")


def axe_is_content(page: Page) -> None:
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_while_somebody_enters(cast: Any, visitor: Any, scheme: str) -> None:
    guest = visitor(cast.teacher, size=DESKTOP, color_scheme=scheme)
    page = guest.open(journal(cast))
    press(page, "g", "5")
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page.locator("#journal-state")).to_contain_text("Не принято: 1")
    page.route("**/entries/", lambda _route: None)  # never answered
    press(page, "ArrowUp", "4")
    expect(page.locator("td[data-state=waiting]")).to_have_count(1)
    axe_is_content(page)
    press(page, "F2")
    axe_is_content(page)
    press(page, "Escape", "?")
    axe_is_content(page)
    guest.complaints.clear()  # axe itself styles elements, which the page forbids
