"""Two transactions that wait for each other: PostgreSQL ends one of them, and it may simply run again."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connection
from psycopg2.errors import DeadlockDetected

P = ParamSpec("P")
T = TypeVar("T")


def again_after_deadlock(write: Callable[P, T]) -> Callable[P, T]:
    """Decorator for a whole transaction, and whatever must be read anew with it: once more, if a deadlock
    ended it. Inside of a larger transaction, which is lost as well, the error goes on."""

    @wraps(write)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return write(*args, **kwargs)
        except OperationalError as error:
            if connection.in_atomic_block or not isinstance(error.__cause__, DeadlockDetected):
                raise
        return write(*args, **kwargs)

    return run
