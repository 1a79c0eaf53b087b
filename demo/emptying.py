"""A demo database is emptied before it is loaded anew.

The application's role may not delete history, so this works as the role that owns the tables.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import environ
import psycopg2
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction

# What migrations filled; rows that schools added to the last one are removed.
KEPT = (
    "django_migrations",
    "django_content_type",
    "auth_permission",
    "diary_scale",
    "diary_scalevalue",
    "diary_workkind",
)


def empty_database() -> None:
    """Remove every row but those of migrations; sessions, in the cache too."""
    with _owners_cursor() as cursor:
        _empty(cursor)
    cache.clear()


@contextmanager
def _owners_cursor() -> Iterator[Any]:
    """In the database in use, whatever database the owner's address names."""
    parameters = connection.get_connection_params()
    owner: dict[str, Any] = environ.Env.db_url_config(settings.DATABASE_OWNER_URL)
    if owner["USER"] == parameters.get("user"):
        with transaction.atomic(), connection.cursor() as cursor:
            yield cursor
        return
    parameters |= {"user": owner["USER"], "password": owner["PASSWORD"]}
    with closing(psycopg2.connect(**parameters)) as session, session, session.cursor() as cursor:
        yield cursor


def _empty(cursor: Any) -> None:
    """Tables that kept ones refer to cannot be truncated: they are few, and deleted from."""
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what waits to be checked forbids TRUNCATE
    referred = _referred_to_by_kept(cursor)
    names = ", ".join(_quoted(table) for table in _tables(cursor) if table not in (*KEPT, *referred))
    cursor.execute(f"TRUNCATE {names} RESTART IDENTITY")
    cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    cursor.execute("DELETE FROM diary_workkind WHERE organisation_id IS NOT NULL")
    cursor.execute("TRUNCATE diary_workkindevent RESTART IDENTITY")
    for table in referred:
        cursor.execute(f"DELETE FROM {_quoted(table)}")  # noqa: S608 - a name from the catalogue
        cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), 1, false)", [table])


def _tables(cursor: Any) -> list[str]:
    cursor.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' "
        "ORDER BY relname"
    )
    return [name for (name,) in cursor.fetchall()]


def _referred_to_by_kept(cursor: Any) -> list[str]:
    """Tables that foreign keys lead to from the kept ones, however far."""
    cursor.execute(
        """
        WITH RECURSIVE referred (oid) AS (
            SELECT confrelid FROM pg_constraint
            WHERE contype = 'f' AND conrelid = ANY (%s::regclass[])
            UNION
            SELECT confrelid FROM pg_constraint JOIN referred ON conrelid = referred.oid WHERE contype = 'f'
        )
        SELECT relname FROM pg_class JOIN referred USING (oid) WHERE relname != ALL (%s) ORDER BY relname
        """,
        [list(KEPT), list(KEPT)],
    )
    return [name for (name,) in cursor.fetchall()]


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
