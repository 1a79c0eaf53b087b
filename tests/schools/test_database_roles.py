"""The application's role works with rows and cannot rewrite history."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction

from diary.models import Mark
from schools.database import grant_rights
from schools.history import acting
from schools.models import SignIn
from tests import factories as make
from tests.conftest import NOW

ROLE = os.environ.get("DATABASE_APPLICATION_ROLE", "asurso")
Event: Any = Mark.pgh_event_model  # type: ignore[attr-defined]


@contextmanager
def as_application() -> Iterator[None]:
    """Inside the transaction of a test, with the rights of the role that production connects as."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {connection.ops.quote_name(ROLE)}")
        yield
        cursor.execute("RESET ROLE")


@pytest.fixture
def mark(cast: Any) -> Mark:
    grant_rights(ROLE)
    return make.MarkFactory(work__lesson=cast.lesson, student=cast.student)


def refused(statement: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except ProgrammingError as error:
        return any(words in str(error) for words in ("permission denied", "must be owner"))
    return False


def test_a_changed_mark_leaves_an_event_with_who_and_by_what_means(cast: Any, mark: Mark) -> None:
    with as_application(), acting(means="test", person=cast.teacher):
        Mark.objects.filter(pk=mark.pk).update(comment="исправлено")
    event = Event.objects.filter(pgh_obj_id=mark.pk).latest("pgh_id")
    assert (event.pgh_label, event.comment) == ("update", "исправлено")
    assert event.pgh_context == {"person": cast.teacher.pk, "means": "test"}


def test_plain_sql_is_caught_as_well(mark: Mark) -> None:
    with as_application(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM diary_mark WHERE id = %s", [mark.pk])
    assert Event.objects.filter(pgh_obj_id=mark.pk, pgh_label="delete").exists()


def test_the_triggers_cannot_be_switched_off(mark: Mark) -> None:
    with as_application(), connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = 'diary_mark'::regclass")
        names = ",".join(name for (name,) in cursor.fetchall())
        cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", [f"{{{names}}}"])
        Mark.objects.filter(pk=mark.pk).update(comment="тайком")
    assert Event.objects.filter(comment="тайком").exists()


def test_a_temporary_table_does_not_take_the_events_away(mark: Mark) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE diary_markevent (LIKE public.diary_markevent) ON COMMIT DROP")
        cursor.execute(f"GRANT ALL ON pg_temp.diary_markevent TO {connection.ops.quote_name(ROLE)}")
        with as_application():
            Mark.objects.filter(pk=mark.pk).update(comment="тайком")
        cursor.execute("SELECT count(*) FROM public.diary_markevent WHERE comment = 'тайком'")
        assert cursor.fetchone() == (1,)


def test_a_sign_in_may_end(cast: Any, mark: Mark) -> None:
    sign_in = SignIn(account=cast.parent.account, door="school")
    with as_application():
        sign_in.save()
        assert SignIn.objects.filter(pk=sign_in.pk).update(ended_at=NOW, second_factor=True)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE diary_markevent SET comment = 'было иначе'",
        "DELETE FROM diary_markevent",
        "TRUNCATE diary_markevent",
        "ALTER TABLE diary_mark DISABLE TRIGGER ALL",
        "DROP TABLE diary_markevent",
        "UPDATE diary_absenceevent SET code = 'ill'",
        "DELETE FROM schedule_lessonevent",
        "DELETE FROM django_migrations",
        "CREATE TEMP TABLE diary_markevent (LIKE public.diary_markevent)",
        "DELETE FROM schools_termclosure",
        "UPDATE schedule_lessonchange SET reason = 'иначе'",
        "DELETE FROM django_admin_log",
        "UPDATE schools_signin SET address = NULL",
        "UPDATE diary_scalevalue SET text = '5'",
        "DELETE FROM diary_scale",
    ],
)
def test_the_application_cannot_rewrite_history(mark: Mark, statement: str) -> None:
    with as_application():
        denied = refused(statement)
    assert denied
    assert Event.objects.filter(pgh_obj_id=mark.pk).exists()
