"""One small region for all tests of this package, loaded on the Tuesday of the cast's second term."""

import datetime
from typing import Any

import pytest
from django.db import transaction

from demo.loading import Request, load_demo
from tests.conftest import restore_standard_rows

TUESDAY = datetime.date(2026, 11, 24)
SUNDAY = datetime.date(2026, 11, 29)
JULY = datetime.date(2027, 7, 15)


def small(today: datetime.date = TUESDAY, *, schools: int = 1, seed: int = 63) -> Request:
    return Request(schools, seed, today, small=True)


@pytest.fixture(scope="module")
def module_db(django_db_setup: Any, django_db_blocker: Any) -> Any:
    """A transaction around the module: what is loaded once serves all its tests."""
    with django_db_blocker.unblock(), transaction.atomic():
        restore_standard_rows()
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def region(module_db: Any) -> Request:
    """Two schools, so that the family's youngest child is in another one."""
    request = small(schools=2)
    load_demo(request)
    return request
