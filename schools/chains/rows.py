"""Rows of the journal against their history: what the tables say must be what the last events said."""

from collections.abc import Iterator
from typing import Any

from django.db import connection

from schools.chains.tables import EventTable
from schools.chains.walking import Finding, Kind

AT_ONCE = 5_000

# {mine} narrows to one course.
UNCHAINED = """
    SELECT event.pgh_id FROM {events} AS event
    WHERE event.pgh_id > %(after)s AND NOT EXISTS (
        SELECT FROM schools_historylink AS link
        WHERE link.event_table = %(table)s AND link.event = event.pgh_id)
    ORDER BY event.pgh_id LIMIT %(most)s
"""
# Of rows by key: as an array, so that the plan never depends on statistics that are not there yet.
CHANGED = """
    WITH last AS MATERIALIZED (
        SELECT DISTINCT ON (pgh_obj_id) * FROM {events}
        WHERE pgh_obj_id = ANY (%(keys)s) ORDER BY pgh_obj_id, pgh_id DESC)
    SELECT row.{key} FROM {rows} AS row LEFT JOIN last ON last.pgh_obj_id = row.{key}
    WHERE row.{key} = ANY (%(keys)s) AND ({mine_of_row})
      AND (last.pgh_label = 'delete'
           OR ({row_values}) IS DISTINCT FROM ({last_values})
              AND NOT (last.pgh_id IS NULL AND EXISTS (
                  SELECT FROM ({place_of_row}) AS place (course, term)
                  JOIN schools_historychain AS chain
                    ON COALESCE(chain.course_id, 0) = COALESCE(place.course, 0)
                   AND COALESCE(chain.term_id, 0) = COALESCE(place.term, 0)
                  JOIN schools_historyretirement AS retired
                    ON retired.chain_id = chain.id AND retired.act = 'removed')))
    ORDER BY row.{key}
"""
GONE = """
    SELECT event.pgh_id FROM {events} AS event
    WHERE event.pgh_id > %(after)s AND ({mine_of_event}) AND event.pgh_label <> 'delete'
      AND NOT EXISTS (SELECT FROM {rows} AS row WHERE row.{key} = event.pgh_obj_id)
      AND NOT EXISTS (
        SELECT FROM {events} AS later
        WHERE later.pgh_obj_id = event.pgh_obj_id AND later.pgh_id > event.pgh_id)
    ORDER BY event.pgh_id LIMIT %(most)s
"""
KEYS = "SELECT {key} FROM {rows} WHERE {key} > %(after)s ORDER BY {key} LIMIT %(most)s"


def unchained(table: EventTable) -> Iterator[Finding]:
    """Events that came in past the triggers."""
    for keys in _pages(UNCHAINED.format(events=table.events), table=table.name):
        for key in keys:
            yield Finding(Kind.UNCHAINED, f"{table.name} {key} belongs to no chain")


def changed_without_event(table: EventTable, course: int | None = None) -> Iterator[Finding]:
    """Rows that differ from their last event, that have none, or that went without one. Where events
    keep only what was before, nothing can be told."""
    if not table.tells_what_became:
        return
    words = {
        "events": table.events,
        "rows": table.rows,
        "key": table.key,
        "place_of_row": table.chain_of_row.format(row="row"),
        "row_values": ", ".join(f"row.{column}" for column in table.columns),
        "last_values": ", ".join(f"last.{column}" for column in table.columns),
        "mine_of_row": _mine(table, "row", course),
        "mine_of_event": _mine(table, "event", course),
    }
    for keys in _pages(KEYS.format(**words)):
        for key in _column(CHANGED.format(**words), keys=keys, course=course):
            yield Finding(Kind.ROW_CHANGED, f"{table.rows} {key} is not what its last event says")
    for keys in _pages(GONE.format(**words), course=course):
        for key in keys:
            yield Finding(Kind.ROW_CHANGED, f"{table.rows}: the row of {table.events} {key} is gone")


def _mine(table: EventTable, row: str, course: int | None) -> str:
    if course is None:
        return "TRUE"
    place = table.chain_of_row.format(row=row)
    return f"EXISTS (SELECT FROM ({place}) AS place (course, term) WHERE place.course = %(course)s)"


def _pages(statement: str, **arguments: Any) -> Iterator[list[int]]:
    """Keys in order, so many at once that memory holds them."""
    after = -1
    while page := _column(statement, **arguments, after=after, most=AT_ONCE):
        yield page
        after = page[-1]


def _column(statement: str, **arguments: Any) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments)
        return [key for (key,) in cursor.fetchall()]
