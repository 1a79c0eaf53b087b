"""The school's login opens the diary until the 14th birthday begins in the region, at midnight in Samara."""

import datetime
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from schools.doors import Door, Level, Proof

SAMARA = datetime.timezone(datetime.timedelta(hours=4))
BIRTHDAY = datetime.datetime(2027, 5, 17, tzinfo=SAMARA)  # the cast's student turns 14
SECOND = datetime.timedelta(seconds=1)
SCHOOL = Proof(Door.SCHOOL)


def home(client: Any) -> int:
    status: int = client.get(reverse("diary:home")).status_code
    return status


def test_a_second_before_midnight_the_diary_opens(cast: Any, as_: Any) -> None:
    with time_machine.travel(BIRTHDAY - SECOND, tick=False):
        assert home(as_(cast.student, SCHOOL)) == 200


def test_at_midnight_it_closes_within_the_same_session_and_says_why(cast: Any, as_: Any) -> None:
    with time_machine.travel(BIRTHDAY - SECOND, tick=False) as clock:
        client = as_(cast.student, SCHOOL)
        assert home(client) == 200
        clock.move_to(BIRTHDAY, tick=False)
        closed = client.get(reverse("diary:home"))
        assert closed.status_code == 403
        assert "14-летия" in closed.content.decode()
        assert client.get(reverse("diary:week-now", args=[cast.student.pk])).status_code == 404


def test_midnight_in_utc_is_not_the_regions(cast: Any, as_: Any) -> None:
    with time_machine.travel(datetime.datetime(2027, 5, 16, 23, 59, tzinfo=datetime.UTC), tick=False):
        assert home(as_(cast.student, SCHOOL)) == 403


@pytest.mark.parametrize(("level", "status"), [(Level.STANDARD, 200), (Level.SIMPLIFIED, 403)])
def test_from_then_on_gosuslugi_opens_it(cast: Any, as_: Any, level: Level, status: int) -> None:
    with time_machine.travel(BIRTHDAY, tick=False):
        assert home(as_(cast.student, Proof(Door.ESIA, level))) == status


def test_the_outsider_has_no_way_to_it_at_any_hour(cast: Any, as_: Any) -> None:
    with time_machine.travel(BIRTHDAY, tick=False):
        client = as_(cast.outsider)
        assert client.get(reverse("diary:week-now", args=[cast.student.pk])).status_code == 404
