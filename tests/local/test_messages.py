"""The catalogue keeps its translations, and says what is wrong with it."""

import gettext
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog

from local.messages import as_text, compile_catalogue, merge, problems, read

DAYS = ("%(n)s day", "%(n)s days")


def catalogue(*messages: tuple[Any, Any], **options: Any) -> Catalog:
    found = Catalog(locale="ru")
    for text, translation in messages:
        found.add(text, translation, [("diary/views.py", 7)], **options)
    return found


def test_known_translations_are_kept() -> None:
    merged = merge(catalogue(("Mark", "")), catalogue(("Mark", "Отметка"), ("Old", "Старое")))
    assert 'msgstr "Отметка"' in as_text(merged)
    assert "Старое" not in as_text(merged)


def test_changed_text_is_not_guessed() -> None:
    merged = merge(catalogue(("All marks", "")), catalogue(("Mark", "Отметка")))
    assert "Отметка" not in as_text(merged)
    assert "fuzzy" not in as_text(merged)


def test_plural_of_a_known_singular_is_a_new_text() -> None:
    merged = merge(catalogue((DAYS, "")), catalogue((DAYS[0], "%(n)s день")))
    assert "день" not in as_text(merged)


def test_same_texts_make_the_same_file() -> None:
    forwards = as_text(catalogue(("Mark", "Отметка"), ("Absence", "Пропуск")))
    backwards = as_text(catalogue(("Absence", "Пропуск"), ("Mark", "Отметка")))
    assert forwards == backwards
    assert "views.py:7" not in forwards
    assert "Date" not in forwards


def test_written_file_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "django.po"
    path.write_text(as_text(catalogue((DAYS, ("%(n)s день", "%(n)s дня", "%(n)s дней")))))
    assert as_text(read(path)) == path.read_text()


def test_complete_catalogue_has_no_problems() -> None:
    known = catalogue(("Mark", "Отметка"), (DAYS, ("%(n)s день", "%(n)s дня", "%(n)s дней")))
    assert list(problems(catalogue(("Mark", ""), (DAYS, "")), known)) == []


@pytest.mark.parametrize(
    ("text", "translation", "expected"),
    [
        ("Mark", "", "not translated: 'Mark'"),
        (DAYS, ("%(n)s день", "%(n)s дня", ""), "not translated: '%(n)s day'"),
        ("Hi, %(name)s", "Привет", "other placeholders than the source's: 'Hi, %(name)s'"),
        ("Hi, %(name)s", "Привет, %(names)s", "other placeholders than the source's: 'Hi, %(name)s'"),
        ("Hi, %(name)s", "Привет, %(name)", "other placeholders than the source's: 'Hi, %(name)s'"),
        ("Hi, {name}", "Привет, {имя}", "other placeholders than the source's: 'Hi, {name}'"),
        (DAYS, ("день", "%(n)s дня", "%(n)s дней"), "other placeholders than the source's: '%(n)s day'"),
    ],
)
def test_broken_translation_is_told(text: Any, translation: Any, expected: str) -> None:
    assert list(problems(catalogue((text, "")), catalogue((text, translation)))) == [expected]


def test_missing_obsolete_and_uncertain_are_told() -> None:
    told = list(problems(catalogue(("New", "")), catalogue(("Old", "Старое"))))
    assert told == ["missing: 'New' (diary/views.py)", "no longer used: 'Old'"]
    uncertain = catalogue(("Mark", "Отметка"), flags=["fuzzy"])
    assert list(problems(catalogue(("Mark", "")), uncertain)) == ["uncertain (fuzzy): 'Mark'"]


def test_compiled_catalogue_knows_russian_plurals(tmp_path: Path) -> None:
    po = tmp_path / "django.po"
    po.write_text(as_text(catalogue((DAYS, ("%(n)s день", "%(n)s дня", "%(n)s дней")))))
    with compile_catalogue(po).open("rb") as compiled:
        russian = gettext.GNUTranslations(compiled)
    forms = [russian.ngettext(*DAYS, number) % {"n": number} for number in (1, 3, 11, 21, 25)]
    assert forms == ["1 день", "3 дня", "11 дней", "21 день", "25 дней"]
