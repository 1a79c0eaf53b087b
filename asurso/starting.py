"""What keeps a program from starting is told in one line that says what to do, not in a traceback."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, ProgrammingError
from psycopg2.errors import UndefinedColumn, UndefinedTable


@contextmanager
def plainly(exit_code: int = 1) -> Iterator[None]:
    """End with `exit_code` where a setting is missing, or the database is absent or not migrated."""
    try:
        yield
    except (ImproperlyConfigured, ProgrammingError, OperationalError) as problem:
        told = _told(problem)
        if told is None or "--traceback" in sys.argv:
            raise
        sys.stderr.write(f"asurso: {told}\n")
        sys.exit(exit_code)


def _told(problem: Exception) -> str | None:
    """The line; None for what happened in the middle of the work."""
    cause = problem.__cause__
    if isinstance(problem, ImproperlyConfigured):
        return " ".join(str(problem).split())
    if isinstance(cause, UndefinedTable | UndefinedColumn):
        return "The database is not of this version: run manage.py upgrade."
    if isinstance(problem, OperationalError) and getattr(cause, "pgcode", None) is None:
        return f"The database of DATABASE_URL does not answer: {str(problem).splitlines()[0]}"
    return None
