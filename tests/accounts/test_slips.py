"""The sheet of slips: what it says, in which language, on how many pages."""

import datetime
import json
from typing import Any

import pytest
import typst
from django.utils import translation

from accounts.issuing import slips
from accounts.issuing.slips import First, Slip, slips_pdf

UNTIL = datetime.datetime(2027, 2, 14, 12, tzinfo=datetime.UTC)
ADDRESS = "https://portal.example/"


def slip(name: str = "Соколова Мария", **changes: Any) -> Slip:
    fields = {"school": "Школа № 1", "place": "7 «А»", "login": "sokolova27", "password": "kamu-tire-saha-47"}
    return Slip(name=name, until=UNTIL, **(fields | changes))


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the template is given, instead of a PDF."""
    seen: list[dict[str, Any]] = []

    def compile_nothing(path: Any, *, sys_inputs: dict[str, str], **options: Any) -> bytes:
        seen.append(json.loads(sys_inputs["data"]) | {"options": options})
        return b"%PDF"

    monkeypatch.setattr(typst, "compile", compile_nothing)
    return seen


def test_a_slip_has_everything_that_a_first_sign_in_needs(told: Any) -> None:
    slips_pdf([slip()], address=ADDRESS)
    (each,) = told[0]["slips"]
    assert [each[key] for key in ("school", "place", "name", "login", "password")] == [
        "Школа № 1", "7 «А»", "Соколова Мария", "sokolova27", "kamu-tire-saha-47",
    ]  # fmt: skip
    assert "14 февраля 2027" in each["until"]
    assert told[0]["address"] == "portal.example"
    assert told[0]["qr"].startswith("<svg")


@pytest.mark.parametrize(
    ("first", "word"),
    [(First.CHILD, "придумайте"), (First.LINK, "Госуслуги"), (First.STAFF, "второй фактор")],
)
def test_each_is_told_the_own_door_first(told: Any, first: First, word: str) -> None:
    slips_pdf([slip(first=first)], address=ADDRESS)
    assert word in told[0]["slips"][0]["first"]


def test_the_sheet_speaks_the_language_of_who_asked(told: Any) -> None:
    with translation.override("en"):
        slips_pdf([slip()], address=ADDRESS)
    assert told[0]["words"]["password"] == "First password"


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_program_that_reads_the_sheet_aloud_is_told_its_language(language: str) -> None:
    with translation.override(language):
        assert f"/Lang({language})".encode() in slips_pdf([slip()], address=ADDRESS)


def test_a_name_is_data_and_never_source() -> None:
    evil = 'Ёж #panic("x") $ \\ ] "'
    assert slips_pdf([slip(evil)], address=ADDRESS).startswith(b"%PDF")


@pytest.mark.parametrize(("people", "pages"), [(1, 1), (10, 1), (11, 2), (30, 3)])
def test_ten_slips_go_on_a_page(people: int, pages: int) -> None:
    inputs = slips._inputs([slip() for _each in range(people)], ADDRESS)
    drawn = typst.compile(slips.TEMPLATE, format="svg", font_paths=slips._FONTS, sys_inputs=inputs)
    assert (len(drawn) if isinstance(drawn, list) else 1) == pages


def test_the_password_stays_out_of_representations() -> None:
    assert "kamu" not in repr(slip())
