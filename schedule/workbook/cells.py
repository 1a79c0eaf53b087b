"""Cells as schools fill them in: text, numbers, dates and times in many shapes.

Each `read_…` takes a cell's value as openpyxl gives it (never None, never blank) and returns a
Python value, or raises CellError with what was expected.
"""

import datetime
import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from openpyxl.utils.datetime import from_excel

from schools.models.documents import clean_snils
from schools.models.organisations import FIRST_GRADE, LAST_GRADE
from schools.models.people import sort_key

_SPACES = re.compile(r"[\s\u00a0\u2007\u202f\u200b\ufeff]+")
_HYPHENS = re.compile(r"\s*[-\u2010\u2011\u2012\u2013\u2014\u2212]\s*")
_NAME = re.compile(r"[А-ЯЁа-яёA-Za-z][А-ЯЁа-яёA-Za-z'’ .()-]*")
_CYRILLIC, _LATIN = re.compile(r"[А-ЯЁа-яё]"), re.compile(r"[A-Za-z]")
_CLASS = re.compile(r"(\d{1,2})[\s-]*[«\"„“'’]*\s*([^\W\d_]{1,10})\s*[»\"”“'’]*(?:\s*(?:класс|кл\.?))?", re.I)
_DATE = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{2}|\d{4})(?:\s*г\.?)?")
_ISO_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?")
_TIME = re.compile(r"(\d{1,2})[:.\-](\d{2})(?::00)?")
_YEAR = re.compile(r"(\d{4})\s*[/\-–]\s*(\d{2}|\d{4})")
_KIND_OF_PLACE = re.compile(
    r"(?:(?:г|с|п|д|х|ст|пос|р\.\s?п)\.\s*|(?:город|село|пос[её]лок|деревня|хутор|станция|пгт\.?|рп)\s+)+",
    re.I,
)
# Letters that look alike: a Latin «B» typed for a class letter.
_LOOK_ALIKES = str.maketrans("ABCEHKMOPTXY", "АВСЕНКМОРТХУ")
_NO_PATRONYMIC = {"-", "НЕТ", "ОТСУТСТВУЕТ", "БЕЗ ОТЧЕСТВА"}
_OLDEST = datetime.date(1900, 1, 1)
_EXCEL_DAYS = range(15_000, 80_000)  # 1941 … 2119
WEEKDAYS = ("понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье")
_SHORT_WEEKDAYS = ("пн", "вт", "ср", "чт", "пт", "сб", "вс")


class CellError(Exception):
    """What was expected of the cell."""


def is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not _SPACES.sub("", value))


def read_text(value: Any, longest: int = 300) -> str:
    """Text with single spaces; a whole number stored as 12.0 is «12»."""
    if isinstance(value, bool):
        value = "да" if value else "нет"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = _SPACES.sub(" ", str(value)).strip()
    if len(text) > longest:
        raise CellError(gettext("expected at most %(number)d characters") % {"number": longest})
    return text


def read_name(value: Any) -> str:
    """A surname, first name or patronymic: letters of one alphabet, hyphens, spaces, apostrophes."""
    name = _HYPHENS.sub("-", read_text(value, 100))
    if not _NAME.fullmatch(name):
        raise CellError(gettext("expected a name in letters"))
    if _CYRILLIC.search(name) and _LATIN.search(name):
        raise CellError(gettext("expected letters of one alphabet: Latin and Cyrillic ones are mixed here"))
    return name


def read_patronymic(value: Any) -> str:
    """As a name; a dash or «нет» means that there is none."""
    text = _HYPHENS.sub("-", read_text(value, 100))
    return "" if text.upper() in _NO_PATRONYMIC else read_name(text)


def read_full_name(value: Any) -> str:
    """«Кузнецова Елена Викторовна»: surname and first name at least."""
    name = read_name(value)
    if " " not in name:
        raise CellError(gettext("expected surname, first name and patronymic, separated by spaces"))
    return name


def read_snils(value: Any) -> str:
    """11 digits. A number cell has lost its leading zeros: they are given back."""
    text = _HYPHENS.sub("-", read_text(value, 30))
    if isinstance(value, int | float):
        text = text.zfill(11)
    try:
        return clean_snils(text)
    except ValidationError as error:
        raise CellError(" ".join(error.messages)) from error


def read_date(value: Any) -> datetime.date:
    """A date cell, an unformatted Excel day number, «01.09.2026», «1.9.26», «2026-09-01»."""
    day = _date(value)
    if day is None or day < _OLDEST:
        raise CellError(gettext("expected a date such as 01.09.2026"))
    return day


def _date(value: Any) -> datetime.date | None:
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    if isinstance(value, int | float) and _EXCEL_DAYS[0] <= value <= _EXCEL_DAYS[-1]:
        return _date(from_excel(int(value)))
    return _date_of_text(read_text(value, 60)) if isinstance(value, str) else None


def _date_of_text(text: str) -> datetime.date | None:
    if iso := _ISO_DATE.fullmatch(text):
        year, month, day = map(int, iso.groups())
    elif parts := _DATE.fullmatch(text):
        day, month, year = map(int, parts.groups())
    else:
        return None
    if year < 100:
        # «1.9.26» is of this century, «1.9.85» of the last one
        year += 2000 if year < 50 else 1900
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


def read_birth_date(value: Any) -> datetime.date:
    day = read_date(value)
    if day > timezone.localdate() and isinstance(value, str) and str(day.year) not in value:
        day = day.replace(year=day.year - 100)  # «1.9.45» of somebody is of the last century
    if day >= timezone.localdate():
        raise CellError(gettext("expected a date in the past"))
    return day


def read_time(value: Any) -> datetime.time:
    """A time cell, a part of a day (0.5), «8:00», «08.00», «8-00»; to the minute."""
    if isinstance(value, datetime.datetime):
        value = value.time()
    if isinstance(value, datetime.time):
        return value.replace(second=0, microsecond=0, tzinfo=None)
    if isinstance(value, datetime.timedelta):
        value = value.total_seconds() / 86_400
    if isinstance(value, float) and 0 < value < 1:
        hours, minutes = divmod(round(value * 1440), 60)
    elif isinstance(value, str) and (parts := _TIME.fullmatch(read_text(value, 30))):
        hours, minutes = map(int, parts.groups())
    else:
        raise CellError(gettext("expected a time such as 08:30"))
    if hours > 23 or minutes > 59:
        raise CellError(gettext("expected a time such as 08:30"))
    return datetime.time(hours, minutes)


def _decimal(value: Any) -> Decimal | None:
    try:
        number = Decimal(read_text(value, 30).replace(",", "."))
    except InvalidOperation:
        return None
    # 1E+999999 is a number, too, and takes a gigabyte as an int: look at the exponent first
    return number if number.is_finite() and number.adjusted() < 6 else None


def read_number(value: Any, first: int = 1, last: int = 32_767) -> int:
    """A whole number, whether stored as 3, 3.0 or «3»."""
    number = None if isinstance(value, bool | datetime.date | datetime.time) else _decimal(value)
    if number is None or number != int(number) or not first <= number <= last:
        raise CellError(
            gettext("expected a whole number from %(first)d to %(last)d") % {"first": first, "last": last}
        )
    return int(number)


def read_hours(value: Any) -> Decimal:
    """Hours a week: 0.1 to 99, one decimal."""
    number = None if isinstance(value, bool | datetime.date | datetime.time) else _decimal(value)
    rounded = None if number is None or number > 99 else number.quantize(Decimal("0.1"), ROUND_HALF_UP)
    if rounded is None or rounded != number or rounded <= 0:
        raise CellError(gettext("expected hours a week such as 3 or 0.5"))
    return rounded


def read_class(value: Any) -> tuple[int, str]:
    """«5 «Б»», «5Б», «5 б», «5-Б», «5 "б" класс» → (5, "Б")."""
    match = _CLASS.fullmatch(_HYPHENS.sub("-", read_text(value, 40)))
    if match and FIRST_GRADE <= int(match[1]) <= LAST_GRADE:
        letter = match[2].upper().translate(_LOOK_ALIKES)
        if not _LATIN.search(letter):
            return int(match[1]), letter
    raise CellError(gettext("expected a class such as 5Б, of grade 1 to 11"))


def read_weekday(value: Any) -> int:
    """«понедельник», «Пн», 1 … 7."""
    text = read_text(value, 30).lower().rstrip(".")
    for names in (WEEKDAYS, _SHORT_WEEKDAYS, tuple("1234567")):
        if text in names:
            return names.index(text) + 1
    raise CellError(gettext("expected a day of the week such as понедельник"))


def read_academic_year(value: Any) -> datetime.date:
    """«2026/2027», «2026-27» → its first day, 1 September 2026."""
    match = _YEAR.fullmatch(read_text(value, 30))
    if not match or (int(match[2]) - int(match[1]) - 1) % 100 or not 2000 <= int(match[1]) <= 2100:
        raise CellError(gettext("expected an academic year such as 2026/2027"))
    return datetime.date(int(match[1]), 9, 1)


def read_ogrn(value: Any) -> str:
    """13 digits, the last of which checks the others: the first twelve mod 11 mod 10."""
    digits = read_text(value, 30).replace(" ", "")
    if not (len(digits) == 13 and digits.isascii() and digits.isdecimal()):
        raise CellError(gettext("expected an OGRN of 13 digits"))
    return digits


def fits_ogrn(digits: str) -> bool:
    return int(digits[:12]) % 11 % 10 == int(digits[12])


def read_locality(value: Any) -> str:
    """«с. Борское», «село Борское» → «Борское»: one place, however it is written."""
    return _bare_place(read_text(value, 200))


def _bare_place(name: str) -> str:
    kind = _KIND_OF_PLACE.match(name)
    return name[kind.end() :] or name if kind else name


def read_list(value: Any) -> list[str] | None:
    """Names separated by semicolons or commas, each once; a dash is as good as nothing."""
    parts = re.split(r"[;,\n]", value) if isinstance(value, str) else [value]
    names = dict.fromkeys(read_text(part, 100) for part in parts if not is_blank(part))
    return [name for name in names if not _HYPHENS.fullmatch(name)] or None


def same_group(name: str) -> str:
    """As `same_name`; and a Latin letter is taken for the one it looks like."""
    return same_name(name).translate(_LOOK_ALIKES)


def same_name(name: str) -> str:
    """What two spellings of one name share: case, Ё and Е, hyphen and space do not count."""
    return sort_key(_SPACES.sub(" ", name).strip())
