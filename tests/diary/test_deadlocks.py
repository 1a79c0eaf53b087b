"""Writers of several lessons beside writers of one: nobody waits in a circle (`schedule.order`), and
whom PostgreSQL ends all the same writes once more."""

import datetime
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from time import sleep
from typing import Any

import pytest
from django.db import OperationalError, connection, connections, transaction

from diary.excuses.absences import give_reason_to_period
from diary.models import Absence, Mark, Work, WorkKind
from diary.rules.setting import set_weights
from schedule.models import Lesson
from schedule.publishing import publish
from schools.deadlocks import again_after_deadlock
from tests import factories as make
from tests.conftest import TODAY, restore_standard_rows

SOON = TODAY + datetime.timedelta(days=1)
IN_BETWEEN = 0.3  # seconds


@pytest.fixture
def committed(transactional_db: None) -> None:
    restore_standard_rows()


def beside(first: Callable[[Callable[[], None]], None], second: Callable[[], Any]) -> Any:
    """`second` begins where `first` calls what it is given; both must come to their end. Returns what
    `second` does. It is called as it is: a second attempt would hide the circle."""
    begun = Event()

    def meanwhile() -> None:
        begun.set()
        sleep(IN_BETWEEN)

    def run(write: Callable[[], Any]) -> Any:
        try:
            return write()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(run, lambda: in_transaction(first, meanwhile))
        begun.wait(5)
        other = pool.submit(run, second)
        one.result()
        return other.result()


@transaction.atomic
def in_transaction(write: Callable[..., None], *args: Any) -> None:
    write(*args)


def once(write: Any) -> Any:
    """Without its second attempt."""
    return write.__wrapped__


def test_reasons_wait_for_the_lesson_that_is_being_written(committed: None, cast: Any) -> None:
    for student in (cast.student, cast.classmate):
        make.AbsenceFactory(lesson=cast.lesson, student=student)
    give = once(give_reason_to_period)

    def save(meanwhile: Callable[[], None]) -> None:
        lesson = Lesson.objects.select_for_update(no_key=True).get(pk=cast.lesson.pk)
        make.RemarkFactory(lesson=lesson, student=cast.student)
        meanwhile()
        Absence.objects.filter(student=cast.student).update(minutes=None)

    period = (cast.class_7a, cast.student.pk, cast.lesson.date, cast.lesson.date)
    assert beside(save, lambda: give(*period, "ill", only_unstated=True)) == 1


def test_publishing_takes_the_courses_in_the_order_of_reasons(committed: None, cast: Any) -> None:
    """Lessons of two courses fall out, those of the later one with the smaller keys."""
    courses = [make.CourseFactory(school_class=cast.class_7a) for _each in range(2)]
    term, dates = cast.lesson.term, {"date": SOON}
    for number, course in enumerate(reversed(courses), start=5):
        make.LessonFactory(course=course, term=term, number=number, **dates)
    missed = [make.LessonFactory(course=course, term=term, number=7) for course in courses]
    for lesson in missed:
        make.AbsenceFactory(lesson=lesson, student=cast.student)

    def give(meanwhile: Callable[[], None]) -> None:
        Absence.objects.filter(lesson=missed[0]).update(code="ill")
        meanwhile()
        Absence.objects.filter(lesson=missed[1]).update(code="ill")

    done = beside(give, lambda: once(publish)(cast.school, SOON, SOON, today=TODAY))
    assert done.removed == 2


def test_a_new_weight_waits_for_the_lesson_whose_mark_is_emptied(committed: None, cast: Any) -> None:
    mark = make.MarkFactory(work__lesson=cast.lesson, student=cast.student)
    weights = {kind.pk: kind.weight + 1 for kind in WorkKind.objects.filter(pk=mark.work.kind_id)}

    def empty(meanwhile: Callable[[], None]) -> None:
        Lesson.objects.select_for_update(no_key=True).get(pk=cast.lesson.pk)
        Mark.objects.filter(pk=mark.pk).delete()
        meanwhile()
        Work.objects.filter(pk=mark.work_id).delete()

    beside(empty, lambda: once(set_weights)(cast.school, weights))
    assert not Work.objects.exists()


# --- Once more -----------------------------------------------------------------------------------


@pytest.fixture
def crossing(committed: None) -> list[Any]:
    """Two who take the same two locks in opposite order, and the list of their attempts."""
    barrier, attempts = Barrier(2), []

    def writer(*locks: int) -> Callable[[], None]:
        def write() -> None:
            attempts.append(locks)
            for lock in locks:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock])
                if lock == locks[0] and len(attempts) <= 2:
                    barrier.wait(5)

        return lambda: in_transaction(write)

    return [writer(1, 2), writer(2, 1), attempts]


def both(writes: list[Callable[[], None]]) -> list[BaseException | None]:
    def run(write: Callable[[], None]) -> None:
        try:
            write()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        return [future.exception() for future in [pool.submit(run, write) for write in writes]]


def test_whom_a_deadlock_ended_writes_once_more(crossing: list[Any]) -> None:
    *writes, attempts = crossing
    assert both([again_after_deadlock(write) for write in writes]) == [None, None]
    assert len(attempts) == 3


def test_another_failure_is_told_at_once(committed: None) -> None:
    calls = []

    @again_after_deadlock
    def write() -> None:
        calls.append(1)
        raise OperationalError("the connection is lost")

    with pytest.raises(OperationalError):
        write()
    assert len(calls) == 1
