"""A programme from a school's own spreadsheet: shown first, then all or nothing."""

import io
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from diary.models import LessonProgramme, Topic
from diary.programme import spreadsheet
from tests import factories as make

HEADINGS = ["№", "Раздел", "Тема", "Часы", "Домашнее задание", "Примечание"]
ROWS: list[list[Any]] = [
    [1, "Дроби", "Обыкновенные дроби", 2, "§ 1", ""],
    [2, None, "Сложение дробей", None, "", ""],
    [3, "Пропорции", "Контрольная работа № 1", 1, "", ""],
]


def book(rows: list[list[Any]], headings: list[Any] = HEADINGS) -> bytes:
    workbook = Workbook()
    sheet: Any = workbook.active
    for row in [headings, *rows]:
        sheet.append(row)
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


class Importing:
    """The teacher's browser at the import of the algebra."""

    def __init__(self, cast: Any, client: Any) -> None:
        self.course, self.client = cast.algebra, client

    def upload(self, content: bytes, name: str = "КТП.xlsx") -> Any:
        file = SimpleUploadedFile(name, content)
        return self.client.post(reverse("diary:programme-import", args=[self.course.pk]), {"file": file})

    def confirm(self, draft: str, **ticked: str) -> Any:
        address = reverse("diary:programme-import-confirmation", args=[self.course.pk])
        return self.client.post(address, {"draft": draft, **ticked}, follow=True)

    def whole(self, content: bytes, **ticked: str) -> Any:
        return self.confirm(self.upload(content).context["draft"], **ticked)

    def topics(self) -> list[tuple[Any, ...]]:
        return list(self.course.topics.order_by("order").values_list("section", "title", "hours"))


@pytest.fixture
def importing(cast: Any, as_: Any) -> Importing:
    return Importing(cast, as_(cast.teacher))


def test_the_preview_changes_nothing(importing: Importing) -> None:
    page = importing.upload(book(ROWS))
    assert page.status_code == 200
    assert [line["title"] for line in page.context["lines"]] == [row[2] for row in ROWS]
    assert importing.topics() == []


def test_confirmed_it_is_written_whole(importing: Importing) -> None:
    importing.whole(book(ROWS))
    assert importing.topics() == [
        ("Дроби", "Обыкновенные дроби", 2),
        ("Дроби", "Сложение дробей", 1),
        ("Пропорции", "Контрольная работа № 1", 1),
    ]
    assert importing.course.topics.get(order=3).is_test


@pytest.mark.parametrize(
    "headings",
    [
        ["Тема урока", "Кол-во часов", "Глава"],
        ["Topic", "Hours", "Section"],
        ["  тема ", "ЧАСЫ", "Модуль"],
    ],
)
def test_columns_are_known_in_any_order_and_in_english(importing: Importing, headings: list[str]) -> None:
    importing.whole(book([["Масштаб", 3, "Числа"]], headings))
    assert importing.topics() == [("Числа", "Масштаб", 3)]


def test_headings_may_stand_below_a_title(importing: Importing) -> None:
    rows: list[list[Any]] = [[], ["Тема", "Часы"], ["Масштаб", 1]]
    importing.whole(book(rows, ["Календарно-тематическое планирование"]))
    assert importing.topics() == [("", "Масштаб", 1)]


def test_a_row_that_names_a_section_opens_it_and_totals_are_passed_by(importing: Importing) -> None:
    rows: list[list[Any]] = [
        ["Раздел 1. Числа"],
        ["Масштаб", 1],
        ["Раздел 2. Фигуры"],
        ["Круг", 2],
        ["Итого", 3],
    ]
    importing.whole(book(rows, ["Тема", "Часы"]))
    assert importing.topics() == [("Раздел 1. Числа", "Масштаб", 1), ("Раздел 2. Фигуры", "Круг", 2)]


@pytest.mark.parametrize(
    ("row", "place"),
    [
        ([1, "", "Дроби", "два", "", ""], "D «Часы»"),
        ([1, "", "Дроби", 0, "", ""], "D «Часы»"),
        ([1, "", "Дроби", 1.5, "", ""], "D «Часы»"),
        ([1, "", None, 2, "§ 5", ""], "C «Тема»"),
        ([1, "", "т" * 501, 1, "", ""], "C «Тема»"),
    ],
)
def test_a_row_that_cannot_be_read_is_named_and_nothing_is_imported(
    importing: Importing, row: list[Any], place: str
) -> None:
    page = importing.upload(book([*ROWS, row]))
    assert page.status_code == 422
    assert "строка 5" in page.context["errors"][0]
    assert place in page.context["errors"][0]
    assert page.context["draft"] == ""


def test_every_bad_row_is_named_at_once(importing: Importing) -> None:
    page = importing.upload(book([[1, "", "", "x", "", ""]] * 3 + ROWS))
    assert len(page.context["errors"]) == 6


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Файл пустой"),
        (b"hello", "не книга"),
        (book([["x"]], ["Ученик"]), "Ни на одном листе нет столбца «Тема»"),
        (book([]), "нет тем"),
    ],
)
def test_what_is_no_programme_is_refused_in_words(importing: Importing, content: bytes, words: str) -> None:
    page = importing.upload(content)
    assert page.status_code == 422
    assert words in page.content.decode()


def test_a_bomb_is_refused(importing: Importing) -> None:
    file = io.BytesIO(book(ROWS))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/bomb.xml", b"0" * 70_000_000)
    assert importing.upload(file.getvalue()).status_code == 422


def test_so_is_a_file_over_five_megabytes(importing: Importing, monkeypatch: Any) -> None:
    monkeypatch.setattr(spreadsheet, "LARGEST_FILE", 1000)
    assert importing.upload(book(ROWS)).status_code == 422


def test_without_a_file_the_form_says_so(importing: Importing) -> None:
    response = importing.client.post(reverse("diary:programme-import", args=[importing.course.pk]), {})
    assert response.status_code == 422


def test_the_same_file_again_changes_nothing(importing: Importing) -> None:
    importing.whole(book(ROWS))
    before = list(importing.course.topics.values_list("pk", "order", "version"))
    importing.whole(book(ROWS))
    assert list(importing.course.topics.values_list("pk", "order", "version")) == before


def test_topics_that_lessons_took_stay(cast: Any, importing: Importing) -> None:
    importing.whole(book(ROWS))
    make.TaughtFactory(lesson=cast.lesson, topic=importing.course.topics.get(order=1))
    page = importing.upload(book(ROWS[1:]))
    assert page.context["kept"] == ["Обыкновенные дроби"]
    importing.confirm(page.context["draft"])
    assert [title for _section, title, _hours in importing.topics()] == [row[2] for row in ROWS]


def test_a_draft_serves_its_teacher_and_course_alone(cast: Any, importing: Importing, as_: Any) -> None:
    draft = importing.upload(book(ROWS)).context["draft"]
    make.AssignmentFactory(course=cast.algebra, teacher=cast.class_teacher)
    Importing(cast, as_(cast.class_teacher)).confirm(draft)
    importing.confirm(draft[:-2] + "xx")
    assert importing.topics() == []


def test_a_programme_changed_since_the_preview_is_not_overwritten(cast: Any, importing: Importing) -> None:
    draft = importing.upload(book(ROWS)).context["draft"]
    importing.whole(book(ROWS[:1]))
    page = importing.confirm(draft)
    assert "изменили" in page.content.decode()
    assert len(importing.topics()) == 1


def test_an_import_takes_the_approval_back(cast: Any, importing: Importing) -> None:
    importing.whole(book(ROWS))
    programme = LessonProgramme.objects.filter(course=cast.algebra)
    programme.update(state="approved", decided_by=cast.head_teacher, decided_at="2026-12-01T10:00Z")
    page = importing.upload(book(ROWS[:2]))
    assert page.context["withdraws_approval"]
    importing.confirm(page.context["draft"], remove="on")
    assert programme.get().state == "draft"


def test_topics_go_only_when_that_is_ticked(importing: Importing) -> None:
    importing.whole(book(ROWS))
    page = importing.upload(book(ROWS[:1]))
    assert page.context["removed"] == [ROWS[1][2], ROWS[2][2]]
    refused = importing.confirm(page.context["draft"])
    assert refused.status_code == 422
    assert "#remove" in refused.content.decode()
    assert len(importing.topics()) == 3
    importing.confirm(refused.context["draft"], remove="on")
    assert len(importing.topics()) == 1


def test_the_template_is_read_as_it_is(importing: Importing) -> None:
    template = importing.client.get(reverse("diary:programme-template")).content
    assert importing.upload(template).status_code == 200


def test_an_export_comes_back_the_same(importing: Importing) -> None:
    importing.whole(book(ROWS))
    before = importing.topics()
    export = importing.client.get(reverse("diary:programme-export", args=[importing.course.pk])).content
    page = importing.upload(export)
    assert [line["fate"] for line in page.context["lines"]] == ["", "", ""]
    importing.confirm(page.context["draft"])
    assert importing.topics() == before


def test_no_break_spaces_make_no_change(importing: Importing) -> None:
    importing.whole(book(ROWS))
    importing.course.topics.filter(order=1).update(homework="§\u00a01")
    page = importing.upload(book(ROWS))
    assert page.context["lines"][0]["fate"] == ""
    importing.confirm(page.context["draft"])
    assert importing.course.topics.get(order=1).homework == "§\u00a01"


def test_the_outsider_imports_nothing(cast: Any, as_: Any) -> None:
    assert Importing(cast, as_(cast.outsider)).upload(book(ROWS)).status_code == 404
    assert Topic.objects.count() == 0
