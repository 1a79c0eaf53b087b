"""The two database roles: the owner makes the tables, the application works with their rows.

Whoever breaks into the application can spoil today's marks, but cannot rewrite what the history
says about them: on history tables it may only read and add.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import environ
from django.core.management import call_command
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.migrations.loader import MigrationLoader

from schools.append_only import AppendOnly

# Any constant will do; it keeps two upgrades of one database apart.
UPGRADE_LOCK = 5_202_511

ROWS = ("SELECT", "INSERT", "UPDATE", "DELETE")
HISTORY = ("SELECT", "INSERT")
READING = ("SELECT",)


class NewerDatabase(Exception):
    """The database was migrated by a later version of the portal; holds the unknown migrations."""


def upgrade(*, owner_url: str, verbosity: int = 1) -> None:
    """Migrate as the owner and grant the application's role its rights; safe to run again.

    With one role for both there is nothing to grant: the owner may do everything.
    Raises NewerDatabase.
    """
    application = connection.settings_dict["USER"]
    owner = environ.Env.db_url_config(owner_url)
    if owner["USER"] == application:
        _migrate(verbosity)
        close_history()
        return
    with _connected_as(owner), _one_at_a_time():
        _migrate(verbosity)
        close_history()
        grant_rights(application)


def _migrate(verbosity: int) -> None:
    _refuse_newer()
    call_command("migrate", interactive=False, verbosity=verbosity)


def _refuse_newer() -> None:
    """A migration that was applied but is not here belongs to a version after ours."""
    loader = MigrationLoader(connection)
    unknown = sorted(
        f"{app}.{name}"
        for app, name in loader.applied_migrations
        if app in loader.migrated_apps and (app, name) not in loader.disk_migrations
    )
    if unknown:
        raise NewerDatabase(unknown)


def close_history() -> None:
    """Let no session switch the triggers of history off.

    django-pgtrigger lets any session name triggers to pass over (`pgtrigger.ignore`): whoever breaks
    into the application could change marks without a trace. Installing a trigger brings the
    function back, so this follows each migration. It saves a caught error a row as well.

    The triggers name tables without their schema, and PostgreSQL looks for temporary tables first: a
    session could put one in the place of a history table. So each function looks there last.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            CREATE OR REPLACE FUNCTION _pgtrigger_should_ignore(trigger_name NAME) RETURNS BOOLEAN
            AS $$ SELECT FALSE $$ LANGUAGE sql IMMUTABLE
            """
        )
        cursor.execute(
            """
            SELECT format('ALTER FUNCTION %s SET search_path = pg_catalog, public, pg_temp',
                          oid::regprocedure)
            FROM pg_proc
            WHERE pronamespace = 'public'::regnamespace AND prorettype = 'trigger'::regtype
              AND pg_has_role(proowner, 'USAGE')
            """
        )
        for (statement,) in cursor.fetchall():
            cursor.execute(statement)


def grant_rights(role: str) -> None:
    """Give `role` what the application needs on every table, and take everything else from it.

    The connection in use must own the tables. Temporary tables, which the portal does not use, are
    forbidden where it owns the database too; elsewhere its owner does that, once:
    `REVOKE TEMPORARY ON DATABASE … FROM PUBLIC`.
    """
    quoted = connection.ops.quote_name(role)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {quoted}")
        if _owns_database(cursor):
            database = connection.ops.quote_name(connection.settings_dict["NAME"])
            cursor.execute(f"REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC, {quoted}")
        append_only = AppendOnly.by_table()
        for table, has_history in _tables(cursor):
            rights = ", ".join(_rights(table, append_only.get(table), has_history=has_history))
            name = f"public.{connection.ops.quote_name(table)}"
            cursor.execute(f"REVOKE ALL ON {name} FROM {quoted}")
            cursor.execute(f"GRANT {rights} ON {name} TO {quoted}")
        cursor.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {quoted}")


def _owns_database(cursor: CursorWrapper) -> bool:
    cursor.execute("SELECT pg_has_role(datdba, 'USAGE') FROM pg_database WHERE datname = current_database()")
    (owns,) = cursor.fetchone()
    return bool(owns)


def _rights(table: str, append_only: AppendOnly | None, *, has_history: bool) -> tuple[str, ...]:
    if table == "django_migrations":
        return READING
    if has_history:
        return HISTORY
    if append_only is None:
        return ROWS
    if not append_only.may_be_added:
        return READING
    columns = ", ".join(map(connection.ops.quote_name, append_only.columns))
    extra = [f"UPDATE ({columns})"] if columns else []
    return (*HISTORY, *extra, *(["DELETE"] if append_only.may_be_deleted else []))


def _tables(cursor: CursorWrapper) -> list[tuple[str, bool]]:
    """Every table of ours, and whether it holds history.

    Asked of the database, not of the models: the history of a model that was removed since
    stays as closed as it was. Events have a column pgh_id; pghistory_context goes with them.
    """
    cursor.execute(
        """
        SELECT c.relname,
               c.relname = 'pghistory_context'
               OR EXISTS (SELECT 1 FROM pg_attribute a
                          WHERE a.attrelid = c.oid AND a.attname = 'pgh_id' AND NOT a.attisdropped)
        FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v')
          AND pg_get_userbyid(c.relowner) = current_user
        ORDER BY c.relname
        """
    )
    return list(cursor.fetchall())


@contextmanager
def as_owner(owner_url: str) -> Iterator[None]:
    """What is inside works as the role that owns the tables; nothing changes where that is the usual one."""
    owner = environ.Env.db_url_config(owner_url)
    if owner["USER"] == connection.settings_dict["USER"]:
        yield
        return
    with _connected_as(owner):
        yield


@contextmanager
def _connected_as(owner: dict[str, object]) -> Iterator[None]:
    """Let the default connection be the owner's for a while.

    The default one, because migrations that write data and the triggers' installation use it
    without naming it.
    """
    usual = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update({"OPTIONS": {}, **owner})
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(usual)


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Two servers of one installation may start together: the second waits for the first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [UPGRADE_LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [UPGRADE_LOCK])
