"""SQL statements of a page: they may not grow with its rows."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext


def statements(action: Callable[[], Any]) -> list[str]:
    """The statements of an action, without those that open transactions."""
    with CaptureQueriesContext(connection) as captured:
        action()
    return [query["sql"] for query in captured.captured_queries if "SAVEPOINT" not in query["sql"]]


def assert_same_statements(action: Callable[[], Any], grow: Callable[[], Any]) -> None:
    """The action costs as many statements after `grow` as before. The first run warms caches."""
    action()
    before = statements(action)
    grow()
    after = statements(action)
    assert len(after) == len(before), "\n".join(["grew to:", *after])
