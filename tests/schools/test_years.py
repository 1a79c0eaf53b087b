"""The academic year a day belongs to."""

import datetime

import pytest

from schools.models import AcademicYear
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_a_year_whose_dates_the_operator_changed_is_found_by_them() -> None:
    year = make.YearFactory(since=datetime.date(2026, 9, 2), until=datetime.date(2027, 8, 30))
    assert AcademicYear.of(datetime.date(2026, 12, 16)) == year


def test_the_first_day_makes_its_year() -> None:
    year = AcademicYear.of(datetime.date(2027, 3, 1))
    assert (year.since, year.until) == (datetime.date(2026, 9, 1), datetime.date(2027, 8, 31))
