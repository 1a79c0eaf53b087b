"""Days in addresses."""

import datetime

from django.urls import register_converter


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
