"""Names agree: within themselves and within families."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo import names

FEMININE = ("на",)  # every female patronymic ends so
MASCULINE = ("ич",)


@pytest.mark.parametrize(
    ("masculine", "feminine"),
    [
        ("Соколов", "Соколова"),
        ("Королёв", "Королёва"),
        ("Ильин", "Ильина"),
        ("Покровский", "Покровская"),
        ("Римский-Корсаков", "Римская-Корсакова"),
        ("Шевченко", "Шевченко"),
        ("Седых", "Седых"),
        ("Мищук", "Мищук"),
        ("Нгуен", "Нгуен"),
    ],
)
def test_surname_has_a_feminine_form(masculine: str, feminine: str) -> None:
    assert names.feminine(masculine) == feminine


@pytest.mark.parametrize(
    ("father", "son", "daughter"),
    [
        ("Андрей", "Андреевич", "Андреевна"),
        ("Юрий", "Юрьевич", "Юрьевна"),
        ("Дмитрий", "Дмитриевич", "Дмитриевна"),
        ("Илья", "Ильич", "Ильинична"),
        ("Лев", "Львович", "Львовна"),
        ("Пётр", "Петрович", "Петровна"),
        ("Игорь", "Игоревич", "Игоревна"),
        ("Фёдор", "Фёдорович", "Фёдоровна"),
    ],
)
def test_patronymic_follows_the_fathers_name(father: str, son: str, daughter: str) -> None:
    assert (names.patronymic(father, "m"), names.patronymic(father, "f")) == (son, daughter)


@given(st.integers(), st.booleans())
def test_every_drawn_father_gives_patronymics(seed: int, local: bool) -> None:
    father = names.draw_adult(Random(seed), "m", local=local)
    assert names.patronymic(father, "m").endswith(MASCULINE)
    assert names.patronymic(father, "f").endswith(FEMININE)
