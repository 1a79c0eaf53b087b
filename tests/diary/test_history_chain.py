"""Every change of the journal joins the chain of its course and term, whoever makes it and however."""

import datetime
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, connections, transaction

from demo.copying import copy_rows, prepare_history
from diary.models import Absence, Correction, JournalRules, Mark, Point, Result, Work, WorkKind
from schedule.models import Lesson
from schools.chains.verifying import Verification
from schools.database import grant_rights
from schools.models import HistoryChain, HistoryLink
from tests import factories as make
from tests.conftest import NOW, restore_standard_rows
from tests.queries import statements
from tests.schools.test_database_roles import ROLE, as_application, refused

SPRING: dict[str, Any] = {"since": datetime.date(2027, 1, 11), "until": datetime.date(2027, 3, 20)}
# A school's own rules belong to no course.
NOT_CHAINED = {JournalRules, WorkKind}


def chain(cast: Any, term: Any = None) -> list[tuple[str, int]]:
    """The records of the algebra in the lesson's term, or in another."""
    found = HistoryChain.objects.filter(course=cast.algebra, term=term or cast.lesson.term)
    links = HistoryLink.objects.filter(chain__in=found.values("pk")).order_by("number")
    return [(link.event_table.removesuffix("event"), link.number) for link in links]


def findings() -> list[str]:
    return [str(finding) for finding in Verification().findings()]


@pytest.fixture
def mark(cast: Any) -> Mark:
    return make.MarkFactory(work__lesson=cast.lesson, student=cast.student)


def test_a_mark_its_change_and_its_emptying_follow_each_other(cast: Any, mark: Mark) -> None:
    Mark.objects.filter(pk=mark.pk).update(comment="исправлено")
    mark.delete()
    assert chain(cast) == [("diary_work", 1), ("diary_mark", 2), ("diary_mark", 3), ("diary_mark", 4)]
    assert findings() == []


def test_all_that_is_kept_of_a_course_is_one_chain(cast: Any, mark: Mark) -> None:
    make.AbsenceFactory(lesson=cast.lesson, student=cast.classmate)
    make.RemarkFactory(lesson=cast.lesson, student=cast.classmate)
    make.HomeworkFactory(lesson=cast.lesson).students.set([cast.student])
    Point.objects.create(work=mark.work, student=cast.classmate, due_on=cast.lesson.date, by=cast.teacher)
    cell = {"course": cast.algebra, "student": cast.student, "value": mark.value, "by": cast.teacher}
    Result.objects.create(**cell, kind="term", term=cast.lesson.term, year=cast.algebra.year, at=NOW)
    Correction.objects.create(
        course=cast.algebra, term=cast.lesson.term, student=cast.student, subject="result", cause="mistake",
        value=mark.value, reason="Ошибка", asked_by=cast.teacher, asked_at=NOW,
    )  # fmt: skip
    Lesson.objects.filter(pk=cast.lesson.pk).update(topic="Корень")
    expected = ["work", "mark", "absence", "remark", "homework", "homeworkaddressee", "point", "result"]
    tables = [f"diary_{name}" for name in [*expected, "correction"]] + ["schedule_lesson"]
    assert chain(cast) == [(table, number) for number, table in enumerate(tables, start=1)]
    assert findings() == []


def test_results_of_the_year_have_a_chain_without_a_term(cast: Any, mark: Mark) -> None:
    cell = {"course": cast.algebra, "student": cast.student, "value": mark.value, "by": cast.teacher}
    Result.objects.create(**cell, kind="year", year=cast.algebra.year, at=NOW)
    assert HistoryChain.objects.filter(course=cast.algebra, term=None).count() == 1
    assert findings() == []


def test_behaviour_of_the_year_is_in_the_last_term_of_its_own_school(cast: Any) -> None:
    spring = make.TermFactory(organisation=cast.school, number=3, **SPRING)
    of_class = {"school_class": cast.class_7a, "student": cast.student}
    make.BehaviourMarkFactory(**of_class, term=cast.lesson.term)
    make.BehaviourMarkFactory(**of_class, term=None)
    chains = HistoryChain.objects.filter(course=None).order_by("pk")
    assert list(chains.values_list("term", flat=True)) == [cast.lesson.term_id, spring.pk]
    assert findings() == []


def test_a_work_of_no_lesson_is_in_its_days_term(cast: Any, mark: Mark) -> None:
    Work.objects.create(
        course=cast.algebra, kind=mark.work.kind, scale=mark.work.scale, date=cast.lesson.date, title="Проект"
    )
    assert chain(cast)[-1] == ("diary_work", 3)


def test_plain_sql_for_many_rows_is_chained(cast: Any, mark: Mark) -> None:
    make.MarkFactory(work=mark.work, student=cast.classmate)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE diary_mark SET version = version + 1")
    assert [table for table, _number in chain(cast)].count("diary_mark") == 4
    assert findings() == []


def test_copied_rows_are_chained(cast: Any) -> None:
    prepare_history()
    people = [make.PersonFactory() for _ in range(5)]
    row = {"lesson_id": cast.lesson.pk, "code": "ill", "minutes": None, "version": 1}
    copy_rows(Absence, [row | {"student_id": person.pk} for person in people])
    assert chain(cast) == [("diary_absence", number) for number in range(1, 6)]
    assert findings() == []


def test_a_moved_lesson_goes_on_in_the_chain_of_its_new_term(cast: Any) -> None:
    spring = make.TermFactory(organisation=cast.school, number=3, **SPRING)
    Lesson.objects.filter(pk=cast.lesson.pk).update(term=spring, date=spring.since)
    make.AbsenceFactory(lesson=cast.lesson, student=cast.student)
    assert chain(cast) == [("schedule_lesson", 1)]
    assert chain(cast, spring) == [("diary_absence", 1)]


def test_the_sessions_own_way_of_showing_times_changes_nothing(cast: Any, mark: Mark) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL timezone = 'Asia/Tokyo'; SET LOCAL datestyle = 'German'")
        cursor.execute("UPDATE diary_mark SET comment = 'из Токио'")
        cursor.execute("SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO'")
    assert findings() == []


def test_a_column_that_comes_later_does_not_spoil_what_was(cast: Any, mark: Mark) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE diary_markevent ADD COLUMN note TEXT NOT NULL DEFAULT 'новое'")
    Mark.objects.update(comment="после")
    assert findings() == []


def test_a_saved_entry_costs_no_statement_more(cast: Any, mark: Mark) -> None:
    assert len(statements(lambda: Mark.objects.filter(pk=mark.pk).update(comment="раз"))) == 1


def test_each_tracked_model_of_the_journal_is_chained() -> None:
    models = [*apps.get_app_config("diary").get_models(), *apps.get_app_config("schedule").get_models()]
    tracked = {model for model in models if hasattr(model, "pgh_event_model")}
    assert {model for model in tracked if not hasattr(model.pgh_event_model, "chain_of_row")} == NOT_CHAINED


# --- The application's role ----------------------------------------------------------------------


@pytest.fixture
def application(mark: Mark) -> Iterator[None]:
    grant_rights(ROLE)
    with as_application():
        yield


def test_the_application_writes_history_by_writing_the_journal(
    cast: Any, mark: Mark, application: Any
) -> None:
    Mark.objects.filter(pk=mark.pk).update(comment="исправлено")
    assert chain(cast)[-1] == ("diary_mark", 3)
    assert findings() == []


@pytest.mark.parametrize("table", ["historychain", "historylink", "historyretirement"])
@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM {}", "TRUNCATE {}", "UPDATE {} SET chain_id = 1", "INSERT INTO {} DEFAULT VALUES"],
)
def test_it_does_nothing_else_to_the_chains(application: Any, table: str, statement: str) -> None:
    column = "id" if table == "historychain" else "chain_id"
    assert refused(statement.format(f"schools_{table}").replace("chain_id", column))


@pytest.mark.parametrize("table", ["historyseal", "sealedhead"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "TRUNCATE {}", "UPDATE {} SET number = 7"])
def test_it_only_adds_seals(application: Any, table: str, statement: str) -> None:
    assert refused(statement.format(f"schools_{table}"))


FORGED = """
    INSERT INTO diary_markevent (pgh_label, pgh_created_at, pgh_obj_id, id, work_id, student_id, year_id,
                                 value_id, comment, published_at, version)
    SELECT 'update', now(), id, id, work_id, student_id, year_id, value_id, 'подделка', published_at, 1
    FROM diary_mark
"""


def test_it_cannot_write_an_event_that_no_change_made(application: Any) -> None:
    refusal = pytest.raises(ProgrammingError, match="triggers of what they tell of")
    with refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(FORGED)


@pytest.mark.parametrize("function", ["history_append", "history_chain_event"])
def test_it_cannot_call_what_the_triggers_call(application: Any, function: str) -> None:
    call = f"SELECT {function}(1, 1, 'diary_markevent', 1, event) FROM diary_markevent AS event"  # noqa: S608
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(call)


# --- At once -------------------------------------------------------------------------------------


def on_a_thread(write: Any) -> None:
    try:
        write()
    finally:
        connections.close_all()


@pytest.mark.django_db(transaction=True)
def test_writers_at_once_make_one_unbroken_chain(cast: Any) -> None:
    restore_standard_rows()
    marks = [make.MarkFactory(work__lesson=cast.lesson, work__number=number) for number in range(1, 5)]

    def write(mark: Mark) -> None:
        for version in range(2, 12):
            Mark.objects.filter(pk=mark.pk).update(version=version)

    with ThreadPoolExecutor(len(marks)) as pool:
        list(pool.map(lambda mark: on_a_thread(lambda: write(mark)), marks))
    assert [number for _table, number in chain(cast)] == list(range(1, 49))
    assert findings() == []


@pytest.mark.django_db(transaction=True)
def test_the_writer_of_another_course_waits_for_nobody(cast: Any) -> None:
    written, done = Event(), Event()

    def hold() -> None:
        with transaction.atomic():
            make.AbsenceFactory(lesson=cast.lesson, student=cast.student)
            written.set()
            done.wait(5)

    other = make.LessonFactory(course=make.CourseFactory(school_class=cast.class_7a), term=cast.lesson.term)
    with ThreadPoolExecutor(1) as pool:
        holding = pool.submit(on_a_thread, hold)
        written.wait(5)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '2s'")
            make.AbsenceFactory(lesson=other, student=cast.classmate)
        done.set()
        holding.result()
    assert findings() == []
