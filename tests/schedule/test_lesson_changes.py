"""What happens to a lesson besides being taught, and what cannot."""

import datetime
from typing import Any

import pytest

from schedule.models import AlreadyHeld, LessonChange, NotOfThisSchool
from schools.closures import TermIsClosed
from schools.models import Holiday, TermClosure
from schools.school_days import OnHoliday, OutsideTerms
from tests import factories as make
from tests.conftest import NOW


def held(cast: Any) -> Any:
    cast.lesson.roll_called_at, cast.lesson.roll_called_by = NOW, cast.teacher
    cast.lesson.save(update_fields=["roll_called_at", "roll_called_by"])
    return cast.lesson


def test_a_change_says_who_and_what_was_before(cast: Any) -> None:
    cast.lesson.substitute(cast.class_teacher, by=cast.head_teacher, reason="болезнь")
    change = LessonChange.objects.get()
    assert (change.by, change.was_teacher, change.reason) == (cast.head_teacher, cast.teacher, "болезнь")
    assert cast.lesson.version == 2


def test_a_stranger_to_the_school_takes_no_lesson(cast: Any) -> None:
    with pytest.raises(NotOfThisSchool):
        cast.lesson.substitute(cast.outsider, by=cast.head_teacher)


def test_a_lesson_that_was_held_is_not_cancelled(cast: Any) -> None:
    with pytest.raises(AlreadyHeld):
        held(cast).cancel(by=cast.head_teacher)
    assert not LessonChange.objects.exists()


def test_a_move_takes_the_term_and_the_shift_of_its_new_place(cast: Any) -> None:
    spring = make.TermFactory(
        organisation=cast.school, number=4, since=datetime.date(2027, 4, 1), until=datetime.date(2027, 5, 31)
    )
    bell = make.BellFactory(organisation=cast.school, shift=2, number=3)
    cast.lesson.move(datetime.date(2027, 5, 5), bell, by=cast.head_teacher)
    cast.lesson.refresh_from_db()
    assert (cast.lesson.term, cast.lesson.shift, cast.lesson.number) == (spring, 2, 3)


def test_a_lesson_does_not_move_into_the_holidays(cast: Any) -> None:
    bell = make.BellFactory(organisation=cast.school)
    with pytest.raises(OutsideTerms):
        cast.lesson.move(datetime.date(2027, 1, 4), bell, by=cast.head_teacher)


def test_another_schools_bell_rings_for_nobody_here(cast: Any) -> None:
    with pytest.raises(NotOfThisSchool):
        cast.lesson.move(cast.lesson.date, make.BellFactory(), by=cast.head_teacher)


MAY = {"since": datetime.date(2027, 4, 1), "until": datetime.date(2027, 5, 31), "number": 4}


def test_a_lesson_moves_into_the_term_of_its_own_grade(cast: Any) -> None:
    bell = make.BellFactory(organisation=cast.school)
    make.TermFactory(organisation=cast.school, **MAY, last_grade=4)
    with pytest.raises(OutsideTerms):
        cast.lesson.move(datetime.date(2027, 5, 5), bell, by=cast.head_teacher)
    own = make.TermFactory(organisation=cast.school, **MAY, first_grade=5)
    cast.lesson.move(datetime.date(2027, 5, 5), bell, by=cast.head_teacher)
    assert cast.lesson.term == own


def test_a_lesson_does_not_move_to_a_day_off_of_its_grade(cast: Any) -> None:
    bell, friday = make.BellFactory(organisation=cast.school), datetime.date(2026, 12, 18)
    day_off = {"organisation": cast.school, "since": friday, "until": friday}
    Holiday.objects.create(**day_off, name="Малышам", last_grade=4)
    cast.lesson.move(friday, bell, by=cast.head_teacher)
    Holiday.objects.create(**day_off, name="Карантин", first_grade=7)
    with pytest.raises(OnHoliday):
        cast.lesson.move(friday, bell, by=cast.head_teacher)


def test_a_closed_term_has_no_more_changes_and_takes_no_lesson_in(cast: Any) -> None:
    bell = make.BellFactory(organisation=cast.school)
    closed = make.TermFactory(organisation=cast.school, **MAY)
    TermClosure.objects.create(term=closed, at=NOW, by=cast.head_teacher)
    with pytest.raises(TermIsClosed):
        cast.lesson.move(datetime.date(2027, 5, 5), bell, by=cast.head_teacher)
    TermClosure.objects.create(term=cast.lesson.term, at=NOW, by=cast.head_teacher)
    for change in (
        lambda: cast.lesson.cancel(by=cast.head_teacher),
        lambda: cast.lesson.substitute(cast.class_teacher, by=cast.head_teacher),
        lambda: cast.lesson.move(cast.lesson.date, bell, by=cast.head_teacher),
    ):
        with pytest.raises(TermIsClosed):
            change()
