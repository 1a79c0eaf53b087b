"""`manage.py demo`: when it loads, when it refuses, and that it always loads the same."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Max, Min

from demo.loading import NotADemo, load_demo
from diary.models import Homework, ScaleValue, WorkKind
from schedule.models import Lesson
from schools.models import Organisation, Person, Region
from tests import factories as make
from tests.demo.conftest import JULY, SUNDAY, small
from tests.demo.digest import digest

pytestmark = pytest.mark.django_db


@contextmanager
def other_plans() -> Iterator[None]:
    """PostgreSQL chooses its plans by statistics, which may have changed between two loads: rows that no
    ORDER BY puts in order come in another one."""
    with connection.cursor() as cursor:
        cursor.execute("SET enable_nestloop = off; SET enable_indexscan = off; SET enable_bitmapscan = off")
        yield
        cursor.execute("RESET enable_nestloop; RESET enable_indexscan; RESET enable_bitmapscan")


def test_same_arguments_give_the_same_region_and_another_seed_another() -> None:
    with connection.cursor() as cursor:  # as other tests leave it: the first load restarts no sequence
        cursor.execute("SELECT setval(pg_get_serial_sequence('schools_course', 'id'), 1001)")
    load_demo(small())
    first = digest()
    with other_plans():
        load_demo(small())
    assert digest() == first
    load_demo(small(seed=7))
    assert digest() != first


def test_loading_again_empties_what_schools_added_and_keeps_what_migrations_made() -> None:
    values, kinds = ScaleValue.objects.count(), WorkKind.objects.count()
    load_demo(small())
    school: Any = Organisation.objects.get()
    WorkKind.objects.create(organisation=school, code="Ы", name="своя работа")
    stranger = make.PersonFactory()
    load_demo(small())
    assert not Person.objects.filter(surname=stranger.surname).exists()
    assert (ScaleValue.objects.count(), WorkKind.objects.count()) == (values, kinds)


def test_a_real_database_is_refused_and_stays_as_it_is() -> None:
    school: Any = make.OrganisationFactory()
    with pytest.raises(NotADemo):
        load_demo(small())
    with pytest.raises(CommandError, match="stays as it is"):
        call_command("demo")
    school.refresh_from_db()


def test_a_school_imported_beside_the_demo_is_no_demos_and_stays() -> None:
    load_demo(small())
    school: Any = make.OrganisationFactory()
    with pytest.raises(CommandError, match="stays as it is"):
        call_command("demo")
    school.refresh_from_db()
    assert Organisation.objects.count() == 2


def test_production_is_refused(settings: Any) -> None:
    settings.DEVELOPMENT = False
    with pytest.raises(CommandError, match="development only"):
        call_command("demo")
    assert not Region.objects.exists()


@pytest.mark.parametrize("today", [SUNDAY, JULY, datetime.date(2026, 9, 2), datetime.date(2027, 1, 3)])
def test_there_is_something_to_show_on_every_day_of_the_year(today: datetime.date) -> None:
    load_demo(small(today))
    days = Lesson.objects.aggregate(first=Min("date"), last=Max("date"))
    week = datetime.timedelta(days=10)
    near = Lesson.objects.filter(date__range=(today - week, today + week))
    assert near.exists() or days["last"] == datetime.date(2027, 5, 26)
    assert Homework.objects.filter(due_on__gte=min(today, days["last"])).exists()
    assert days["last"] - days["first"] < datetime.timedelta(weeks=24)
