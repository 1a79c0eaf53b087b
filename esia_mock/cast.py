"""The built-in test people: each kind that the portal's doors tell apart. All are invented.

SNILS below 001-001-998 were never given out with control digits; these have right ones all the same.
Telephone numbers and addresses lead nowhere.
"""

import datetime
from typing import Any

FIRST_OID = 1_000_300_001


def built_in(today: datetime.date) -> dict[str, dict[str, Any]]:
    """Rows of `people.Account` by key. Ages are those of `today`, so that a student stays 13."""
    rows = [_row(place, today, *person) for place, person in enumerate(PEOPLE)]
    found = {row["key"]: row for row in rows}
    for key, more in PARTICULARS.items():
        found[key] |= more
    return found


def _row(
    place: int, today: datetime.date, key: str, kind: str, level: str, age: int, name: str
) -> dict[str, Any]:
    surname, first_name, patronymic = name.split()
    return {
        "key": key,
        "oid": FIRST_OID + place,
        "kind": kind,
        "level": level,
        "surname": surname,
        "first_name": first_name,
        "patronymic": patronymic,
        "sex": "f" if patronymic.endswith("на") else "m",
        "birth_date": _born(today, age),
        "snils": _snils(1_001_101 + place),
        "email": f"{key}@esia.example",
        "mobile": f"+7(927)00000{place:02d}",
    }


def _born(today: datetime.date, age: int) -> datetime.date:
    """Some months past the birthday. The first of a month: 29 February needs no thought."""
    return (today - datetime.timedelta(days=120)).replace(
        day=1, year=(today - datetime.timedelta(days=120)).year - age
    )


def _snils(number: int) -> str:
    """With its control digits: Σ digit·(9…1) mod 101, where 100 counts as 00."""
    digits = f"{number:09d}"
    return f"{digits}{sum(int(digit) * (9 - place) for place, digit in enumerate(digits)) % 101 % 100:02d}"


PEOPLE = (
    # (key, who this is, level, age, name)
    ("parent", "родитель", "verified", 38, "Соколова Анна Юрьевна"),
    ("parent-standard", "родитель без подтверждения личности", "standard", 40, "Соколов Андрей Николаевич"),
    ("student", "ученица до 14 лет", "simplified", 13, "Соколова Мария Андреевна"),
    ("child", "ребёнок, запись создана родителем", "child", 9, "Соколов Семён Андреевич"),
    ("student15", "ученик старше 14 лет", "standard", 15, "Соколов Артём Андреевич"),
    ("teacher", "учитель", "verified", 41, "Кузнецова Елена Викторовна"),
    ("classteacher", "классный руководитель", "verified", 47, "Петрова Тамара Алексеевна"),
    ("headteacher", "завуч, вход с кодом из СМС", "verified", 54, "Орлов Сергей Павлович"),
    ("schooladmin", "администратор школы", "verified", 36, "Зимина Ольга Игоревна"),
    ("territory", "сотрудник ТУ/ДО", "verified", 45, "Титова Нина Олеговна"),
    ("region", "оператор региона", "verified", 50, "Ремизов Пётр Кузьмич"),
    ("stranger", "человек, которого нет в АСУ РСО", "verified", 33, "Незнамова Инна Глебовна"),
    ("cancelled", "запись удалена сразу после входа", "verified", 44, "Бывшев Олег Петрович"),
    ("wrong-password", "забыл пароль", "verified", 29, "Растеряшин Глеб Ильич"),
)
PARTICULARS: dict[str, dict[str, Any]] = {
    "parent": {"kids": {"student": False, "child": True, "student15": True}},
    # What ESIA has not checked must not be trusted.
    "parent-standard": {"email_verified": False, "mobile_verified": False},
    "student": {"mobile": ""},
    "child": {"email": "", "mobile": ""},
    "headteacher": {"second_factor": True},
    "cancelled": {"status": "DELETED"},
    "wrong-password": {"wrong_password": True},
}
