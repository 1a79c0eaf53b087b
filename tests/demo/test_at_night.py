"""The demo knows what time it is: nothing is written down of lessons that have not ended."""

import datetime
from collections import Counter
from typing import Any

import pytest

from demo.loading import Request, load_demo
from diary.models import Homework
from schedule.models import Lesson
from tests.demo.conftest import TUESDAY

pytestmark = pytest.mark.usefixtures("module_db")


@pytest.fixture(params=[datetime.time(0, 30), datetime.time(9, 0), datetime.time(23, 30)], ids=str)
def clock(request: Any, module_db: Any, django_db_blocker: Any) -> Any:
    with django_db_blocker.unblock():
        load_demo(Request(1, 63, TUESDAY, request.param, small=True))
        yield request.param


def test_only_lessons_that_ended_are_written_down(clock: datetime.time) -> None:
    held = Lesson.objects.filter(date__gte=TUESDAY).exclude(roll_called_at=None)
    ends = sorted({(lesson.date, lesson.ends) for lesson in held})
    assert all(date == TUESDAY and end <= clock for date, end in ends)
    assert bool(ends) is (clock > datetime.time(8))


def test_two_lessons_in_a_row_set_homework_once(clock: datetime.time) -> None:
    given = Counter(Homework.objects.for_everybody().values_list("course", "lesson__date"))
    assert max(given.values()) == 1
