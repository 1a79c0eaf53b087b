"""The database refuses the journal of a closed term, whoever writes."""

import datetime
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from django.db import IntegrityError, InternalError, connections, transaction

from diary.lesson.entries import NoLongerOpen, save_lesson
from diary.lesson.page import LessonPage
from diary.models import Absence, Homework, Mark, Scale, ScaleValue, Work
from schedule.models import Lesson, LessonChange
from schools.closures import correcting, hold_open
from schools.history import acting
from schools.models import TermClosure
from tests import factories as make
from tests.conftest import NOW, restore_standard_rows
from tests.diary.closed import asked, lesson_of_autumn


def close(cast: Any) -> None:
    TermClosure.objects.create(term=cast.lesson.term, at=NOW, by=cast.head_teacher)


@pytest.fixture
def entries(cast: Any) -> dict[str, Any]:
    """One of each in the term, which is closed afterwards."""
    mark = make.MarkFactory(work__lesson=cast.lesson, student=cast.student)
    Work.objects.create(
        course=cast.algebra, kind=mark.work.kind, scale=mark.work.scale, date=cast.lesson.date, title="Проект"
    )
    make.AbsenceFactory(lesson=cast.lesson, student=cast.classmate, code="ill")
    make.HomeworkFactory(lesson=cast.lesson).students.set([cast.student])
    cast.lesson.substitute(cast.class_teacher, by=cast.head_teacher)
    close(cast)
    return {"mark": mark}


def refused(write: Any) -> bool:
    try:
        with transaction.atomic():
            write()
    except IntegrityError as error:
        return "term is closed" in str(error)
    return False


SPRING: dict[str, Any] = {"since": datetime.date(2027, 1, 11), "until": datetime.date(2027, 3, 20)}
WRITES = {
    "change a mark": lambda cast: Mark.objects.update(comment="иначе"),
    "empty a mark": lambda cast: Mark.objects.all().delete(),
    "give a mark": lambda cast: make.MarkFactory(work=Work.objects.earliest("pk"), student=cast.classmate),
    "rename a work": lambda cast: Work.objects.filter(lesson=None).update(title="иначе"),
    "excuse whoever was there": lambda cast: make.AbsenceFactory(lesson=cast.lesson, student=cast.student),
    "let somebody have been there": lambda cast: Absence.objects.all().delete(),
    "be late instead": lambda cast: Absence.objects.update(code="late"),
    "change homework": lambda cast: Homework.objects.update(text="иначе"),
    "change its addressees": lambda cast: Homework.objects.get().students.clear(),
    "change the topic": lambda cast: Lesson.objects.update(topic="иначе"),
    "take the lesson out of the term": lambda cast: Lesson.objects.update(
        term=make.TermFactory(organisation=cast.school, number=3, first_grade=1, last_grade=1, **SPRING)
    ),
    "add a change": lambda cast: LessonChange.objects.filter(pk=LessonChange.objects.get().pk).update(at=NOW),
}


@pytest.mark.parametrize("what", WRITES)
def test_nothing_is_written_in_a_closed_term(cast: Any, entries: Any, what: str) -> None:
    assert refused(lambda: WRITES[what](cast))


def test_an_absence_still_gets_its_reason(cast: Any, entries: Any) -> None:
    assert Absence.objects.filter(student=cast.classmate).update(code="valid", version=2) == 1


def test_a_correction_opens_the_term_and_stands_in_the_event(cast: Any, entries: Any) -> None:
    correction = asked(cast, cast.lesson)
    with acting(means="web", person=cast.teacher):
        with correcting(correction.pk):
            Mark.objects.update(comment="по апелляции")
        assert refused(lambda: Mark.objects.update(comment="и ещё"))
    event = Mark.pgh_event_model.objects.latest("pgh_id")  # type: ignore[attr-defined]
    assert event.pgh_context == {"person": cast.teacher.pk, "means": "web", "correction": correction.pk}


def refused_to(correction: int) -> bool:
    with correcting(correction):
        return refused(lambda: Mark.objects.update(comment="иначе"))


def test_a_correction_that_nobody_asked_for_opens_nothing(cast: Any, entries: Any) -> None:
    assert refused_to(17)


def test_a_correction_opens_no_other_term(cast: Any, entries: Any) -> None:
    assert refused_to(asked(cast, lesson_of_autumn(cast)).pk)


def test_a_decided_correction_opens_nothing_any_more(cast: Any, entries: Any) -> None:
    decision = {"decided_by": cast.head_teacher, "decided_at": NOW, "approved": True}
    assert refused_to(asked(cast, cast.lesson, **decision).pk)


def test_other_terms_stay_open(cast: Any, entries: Any) -> None:
    term = make.TermFactory(organisation=cast.school, number=3, **SPRING)
    lesson = make.LessonFactory(course=cast.algebra, term=term, date=SPRING["since"])
    assert make.MarkFactory(work__lesson=lesson, student=cast.student).pk


@pytest.mark.django_db(transaction=True)
def test_closing_waits_for_the_lesson_that_is_being_saved(cast: Any) -> None:
    held, saved = Event(), []

    def teacher_saves() -> None:
        with transaction.atomic():
            hold_open(cast.lesson.term_id)
            held.set()
            Event().wait(0.4)
            saved.append(TermClosure.objects.exists())
        connections.close_all()

    restore_standard_rows()
    with ThreadPoolExecutor(1) as pool:
        saving = pool.submit(teacher_saves)
        held.wait(5)
        close(cast)
        saving.result()
    assert saved == [False]


def test_a_term_closed_in_between_lets_nothing_in(cast: Any, rf: Any) -> None:
    cast.teacher.account.person = cast.teacher
    lesson = Lesson.objects.for_page(cast.teacher.account).get(pk=cast.lesson.pk)
    page = LessonPage(lesson, reader=cast.teacher.account, now=NOW)
    close(cast)
    with pytest.raises(NoLongerOpen):
        save_lesson(page, {"topic": "Поздно"}, by=cast.teacher)


def test_a_mark_is_on_the_scale_of_its_work(cast: Any) -> None:
    work = make.WorkFactory(lesson=cast.lesson)
    with pytest.raises(IntegrityError, match="scale"):
        make.MarkFactory(work=work, value=ScaleValue.objects.get(scale__code="passed", text="зч"))


def test_a_mark_is_of_its_courses_year(cast: Any) -> None:
    year = make.YearFactory(since=datetime.date(2027, 9, 1), until=datetime.date(2028, 8, 31))
    with pytest.raises(IntegrityError, match="year"):
        make.MarkFactory(work__lesson=cast.lesson, year=year)


def test_a_work_with_marks_changes_its_scale_no_more(cast: Any) -> None:
    make.MarkFactory(work__lesson=cast.lesson, student=cast.student)
    with pytest.raises(InternalError):
        Work.objects.update(scale=Scale.objects.get(code="passed"))
