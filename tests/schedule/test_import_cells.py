"""Cells in the shapes that schools write them in."""

import contextlib
import datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedule.workbook import cells
from schedule.workbook.cells import CellError
from schedule.workbook.people import initials_key
from schedule.workbook.sheets import SHEETS

READERS = [column.read for sheet in SHEETS for column in sheet.columns]
DATES = st.dates(datetime.date(1941, 2, 1), datetime.date(2049, 12, 31))
CELLS = st.one_of(
    st.text(min_size=1),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.datetimes(),
    st.dates(),
    st.times(),
    st.timedeltas(),
    st.from_regex(r"\d{1,4}[./:\-]\d{1,3}([./\-]\d{1,4})?"),
    st.from_regex(r"-?\d{1,3}[.,]?\d{0,3}([eE]\d{1,7})?"),
)


@given(value=CELLS.filter(lambda value: not cells.is_blank(value)))
def test_any_cell_is_read_or_refused_in_words(value):
    for read in READERS:
        with contextlib.suppress(CellError):
            read(value)


@given(day=DATES)
def test_a_date_is_the_same_in_every_spelling(day):
    spellings: list[Any] = [
        day,
        datetime.datetime.combine(day, datetime.time()),
        f"{day:%d.%m.%Y}",
        f" {day.day}.{day.month}.{day.year} г.",
        f"{day:%d/%m/%Y}",
        day.isoformat(),
        f"{day.isoformat()} 00:00:00",
        (day - datetime.date(1899, 12, 30)).days,
        float((day - datetime.date(1899, 12, 30)).days),
    ]
    if day.year >= 1950:
        spellings.append(f"{day.day}.{day.month}.{day:%y}")
    assert {cells.read_date(spelling) for spelling in spellings} == {day}


@pytest.mark.parametrize("value", ["31.02.2026", "2026", "01.13.2026", "май", 12, True, "1.9", "1.1.1812"])
def test_what_is_no_date_is_refused(value):
    with pytest.raises(CellError):
        cells.read_date(value)


def test_a_birth_date_lies_in_the_past():
    with pytest.raises(CellError):
        cells.read_birth_date(datetime.date(2100, 1, 1))


@pytest.mark.parametrize(("text", "year"), [("01.09.45", 1945), ("01.09.85", 1985), ("01.09.14", 2014)])
def test_nobody_is_born_in_a_two_digit_year_to_come(text, year):
    assert cells.read_birth_date(text) == datetime.date(year, 9, 1)


@given(time=st.times().map(lambda time: time.replace(second=0, microsecond=0)))
def test_a_time_is_the_same_in_every_spelling(time):
    spellings: list[Any] = [
        time,
        f"{time.hour}:{time:%M}",
        f"{time:%H.%M}",
        f"{time:%H:%M}:00",
        datetime.datetime.combine(datetime.date(1899, 12, 30), time),
    ]
    if time != datetime.time():
        spellings.append((time.hour * 60 + time.minute) / 1440)
        spellings.append(datetime.timedelta(hours=time.hour, minutes=time.minute))
    assert {cells.read_time(spelling) for spelling in spellings} == {time}


@pytest.mark.parametrize("value", ["25:00", "8:60", "восемь", 8, 1.5, ""])
def test_what_is_no_time_is_refused(value):
    with pytest.raises(CellError):
        cells.read_time(value)


@pytest.mark.parametrize(
    "text", ["5Б", "5 Б", "5б", "5-Б", "5 – б", "5«Б»", "5 «Б»", '5 "б"', "5\u00a0«Б»", " 5 Б ", "5 Б класс"]
)
def test_a_class_is_the_same_in_every_spelling(text):
    assert cells.read_class(text) == (5, "Б")


def test_a_latin_letter_is_taken_for_the_one_it_looks_like():
    assert cells.read_class("5B") == (5, "В")


@pytest.mark.parametrize("text", ["Б5", "12А", "0А", "5", "5 Б хор", "5W", "5Б1", ""])
def test_what_is_no_class_is_refused(text):
    with pytest.raises(CellError):
        cells.read_class(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Петрова – Водкина", "Петрова-Водкина"),
        (" Ёлкин\u00a0", "Ёлкин"),
        ("О’Коннор", "О’Коннор"),
        ("Ибн  Сина", "Ибн Сина"),
        ("Smith", "Smith"),
    ],
)
def test_names_are_tidied(text, name):
    assert cells.read_name(text) == name


@pytest.mark.parametrize("text", ["Иванoв", "Иванов2", "=А1", "?", "-", "<b>"])
def test_what_is_no_name_is_refused(text):
    with pytest.raises(CellError):
        cells.read_name(text)


@pytest.mark.parametrize("text", ["-", "—", "нет", "Нет", "отсутствует"])
def test_a_patronymic_may_be_missing(text):
    assert cells.read_patronymic(text) == ""


@pytest.mark.parametrize(
    "value",
    ["112-233-445 95", "11223344595", 11223344595, 11223344595.0, "112 233 445 95", "112‑233‑445\u00a095"],
)
def test_a_snils_is_the_same_in_every_spelling(value):
    assert cells.read_snils(value) == "11223344595"


def test_a_snils_stored_as_a_number_gets_its_zeros_back():
    assert cells.read_snils(8765430300) == "08765430300"
    assert cells.read_snils("087-654-303 00") == "08765430300"


@pytest.mark.parametrize("value", ["112-233-445 96", "123", "abc", 10**12, -1, 1.5])
def test_what_is_no_snils_is_refused(value):
    with pytest.raises(CellError):
        cells.read_snils(value)


@pytest.mark.parametrize(("value", "hours"), [(3, "3"), ("0,5", "0.5"), (1.5, "1.5"), ("2.0", "2")])
def test_hours_have_one_decimal(value, hours):
    assert cells.read_hours(value) == Decimal(hours)


@pytest.mark.parametrize("value", [0, -1, "0,25", 100, "1e9", "nan", "много", True, "1e999999999"])
def test_what_are_no_hours_is_refused(value):
    with pytest.raises(CellError):
        cells.read_hours(value)


@pytest.mark.parametrize("value", [4, 4.0, "4", " 4 ", "4,0"])
def test_a_number_is_the_same_in_every_shape(value):
    assert cells.read_number(value) == 4


@pytest.mark.parametrize(("text", "weekday"), [("понедельник", 1), ("Пн", 1), ("вт.", 2), ("7", 7), (3, 3)])
def test_weekdays(text, weekday):
    assert cells.read_weekday(text) == weekday


@pytest.mark.parametrize("text", ["12", "день", "0", "8"])
def test_what_is_no_weekday_is_refused(text):
    with pytest.raises(CellError):
        cells.read_weekday(text)


@pytest.mark.parametrize("text", ["2026/2027", "2026-27", "2026/27", "2026 – 2027"])
def test_academic_years(text):
    assert cells.read_academic_year(text) == datetime.date(2026, 9, 1)


@pytest.mark.parametrize("text", ["2026", "2026/2028", "2026/25", "1026/1027"])
def test_what_is_no_academic_year_is_refused(text):
    with pytest.raises(CellError):
        cells.read_academic_year(text)


@pytest.mark.parametrize("text", ["Кузнецова Елена Викторовна", "Кузнецова Е. В.", "КУЗНЕЦОВА Е.В."])
def test_initials_stand_for_a_name(text):
    assert initials_key(text) == "КУЗНЕЦОВА Е В"


@pytest.mark.parametrize(
    "text", ["5Б англ 1; 5Б хор", "5Б англ 1,5Б хор", "5Б англ 1\n5Б хор", "-; 5Б англ 1, 5Б хор"]
)
def test_a_list_has_semicolons_or_commas(text):
    assert cells.read_list(text) == ["5Б англ 1", "5Б хор"]


@pytest.mark.parametrize("text", ["-", " – ", ";"])
def test_a_dash_is_no_list(text):
    assert cells.read_list(text) is None


@pytest.mark.parametrize(
    "text", ["Борское", "с. Борское", "с.Борское", "Село Борское", "пгт Борское", "р. п. Борское"]
)
def test_a_place_is_the_same_in_every_spelling(text):
    assert cells.read_locality(text) == "Борское"


@pytest.mark.parametrize("text", ["Самара", "Сергиевск", "Старая Мельница", "Посёлок", "г."])
def test_the_name_of_a_place_stays_whole(text):
    assert cells.read_locality(text) == text


def test_names_are_the_same_without_dots_and_hyphens():
    assert cells.same_name("Ёлкина-Ель  Алёна") == cells.same_name("ЕЛКИНА ЕЛЬ Алена")
