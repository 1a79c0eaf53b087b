"""The chained tables of events, and what their rows say as text."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from typing import Any, NamedTuple

from django.apps import apps
from django.db import connection, transaction


class Text(NamedTuple):
    """An event's row as PostgreSQL writes it out, and when it was written."""

    content: str
    at: datetime.datetime


class EventTable:
    """A table of chained events, and the table whose rows they tell of. Names are quoted for SQL."""

    def __init__(self, events: Any) -> None:
        tracked = events.pgh_tracked_model
        self.name: str = events._meta.db_table
        self.events, self.rows = map(_quoted, (self.name, tracked._meta.db_table))
        self.key = _quoted(tracked._meta.pk.column)
        self.columns = [_quoted(field.column) for field in tracked._meta.concrete_fields]
        self.chain_of_row: str = events.chain_of_row
        self.tells_what_became: bool = events.tells_what_became
        self.model = events

    @cached_property
    def _in_order(self) -> list[str]:
        """All columns as they were added: a link counts the first ones, by its width."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT attname FROM pg_attribute "
                "WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
                [self.events],
            )
            return [_quoted(name) for (name,) in cursor.fetchall()]

    def texts(self, width: int, keys: list[int]) -> dict[int, Text]:
        """What the triggers hashed (schools/migrations: history_functions), as it stands now."""
        columns = ", ".join(f"event.{column}" for column in self._in_order[:width])
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO, YMD'")
            cursor.execute(
                f"SELECT pgh_id, ROW({columns})::text, pgh_created_at FROM {self.events} AS event "  # noqa: S608
                "WHERE pgh_id = ANY (%s)",
                [keys],
            )
            return {key: Text(content, at) for key, content, at in cursor.fetchall()}


def event_tables() -> dict[str, EventTable]:
    """By the name that links give."""
    models = (model for model in apps.get_models() if vars(model).get("chain_of_row"))
    return {table.name: table for table in map(EventTable, models)}


def texts_of(
    tables: dict[str, EventTable], links: Iterable[tuple[str, int, int]]
) -> dict[tuple[str, int], Text]:
    """Of links as (table, event, width), by table and event; those that are gone are missing."""
    wanted: dict[tuple[str, int], list[int]] = defaultdict(list)
    for table, event, width in links:
        wanted[table, width].append(event)
    found: dict[tuple[str, int], Text] = {}
    for (table, width), keys in wanted.items():
        if table in tables:
            texts = tables[table].texts(width, keys)
            found |= {(table, key): text for key, text in texts.items()}
    return found


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
