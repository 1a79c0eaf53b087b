"""Days in addresses."""

import datetime

from django.urls import register_converter

FIRST, LAST = datetime.date(2000, 1, 10), datetime.date(2099, 12, 21)


def has_address(day: datetime.date) -> bool:
    """Whether pages link to the week of a day: no school day lies further away."""
    return FIRST <= day <= LAST


class DateConverter:
    """`2026-12-16`"""

    regex = r"20\d{2}-\d{2}-\d{2}"

    def to_python(self, value: str) -> datetime.date:
        return datetime.date.fromisoformat(value)

    def to_url(self, day: datetime.date) -> str:
        return day.isoformat()


class MondayConverter(DateConverter):
    """`2026-12-14`, which must be a Monday: each week has one address."""

    def to_python(self, value: str) -> datetime.date:
        day = super().to_python(value)
        if day.isoweekday() != 1:
            raise ValueError(value)
        return day


register_converter(DateConverter, "date")
register_converter(MondayConverter, "monday")
