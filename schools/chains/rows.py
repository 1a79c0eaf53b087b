"""Rows of the journal against their history: what the tables say must be what the last events said."""

from collections.abc import Iterator
from typing import Any

from django.db import connection

from schools.chains.tables import EventTable
from schools.chains.walking import Finding, Kind

AT_ONCE = 1000

# All three go through `key` in order, a page at a time; {mine} narrows them to one course.
UNCHAINED = """
    SELECT event.pgh_id FROM {events} AS event
    WHERE event.pgh_id > %(after)s AND NOT EXISTS (
        SELECT FROM schools_historylink AS link
        WHERE link.event_table = %(table)s AND link.event = event.pgh_id)
    ORDER BY event.pgh_id LIMIT %(most)s
"""
CHANGED = """
    SELECT row.{key} FROM {rows} AS row
    LEFT JOIN LATERAL (
        SELECT * FROM {events} AS event WHERE event.pgh_obj_id = row.{key}
        ORDER BY event.pgh_id DESC LIMIT 1) AS last ON TRUE
    LEFT JOIN LATERAL ({place_of_row}) AS place (course, term) ON TRUE
    WHERE row.{key} > %(after)s AND ({mine})
      AND (last.pgh_label = 'delete'
           OR ({row_values}) IS DISTINCT FROM ({last_values})
              AND NOT (last.pgh_id IS NULL AND EXISTS (
                  SELECT FROM schools_historychain AS chain
                  JOIN schools_historyretirement AS retired ON retired.chain_id = chain.id
                  WHERE COALESCE(chain.course_id, 0) = COALESCE(place.course, 0)
                    AND COALESCE(chain.term_id, 0) = COALESCE(place.term, 0) AND retired.act = 'removed')))
    ORDER BY row.{key} LIMIT %(most)s
"""
GONE = """
    SELECT event.pgh_id FROM {events} AS event
    LEFT JOIN LATERAL ({place_of_event}) AS place (course, term) ON TRUE
    WHERE event.pgh_id > %(after)s AND ({mine}) AND event.pgh_label <> 'delete'
      AND NOT EXISTS (SELECT FROM {rows} AS row WHERE row.{key} = event.pgh_obj_id)
      AND NOT EXISTS (
        SELECT FROM {events} AS later
        WHERE later.pgh_obj_id = event.pgh_obj_id AND later.pgh_id > event.pgh_id)
    ORDER BY event.pgh_id LIMIT %(most)s
"""


def unchained(table: EventTable) -> Iterator[Finding]:
    """Events that came in past the triggers."""
    for key in _pages(UNCHAINED.format(events=table.events), table=table.name):
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
        "place_of_event": table.chain_of_row.format(row="event"),
        "row_values": ", ".join(f"row.{column}" for column in table.columns),
        "last_values": ", ".join(f"last.{column}" for column in table.columns),
        "mine": "TRUE" if course is None else "place.course = %(course)s",
    }
    for key in _pages(CHANGED.format(**words), course=course):
        yield Finding(Kind.ROW_CHANGED, f"{table.rows} {key} is not what its last event says")
    for key in _pages(GONE.format(**words), course=course):
        yield Finding(Kind.ROW_CHANGED, f"{table.rows}: the row of {table.events} {key} is gone")


def _pages(statement: str, **arguments: Any) -> Iterator[int]:
    after, page = -1, [0]
    while page:
        with connection.cursor() as cursor:
            cursor.execute(statement, {**arguments, "after": after, "most": AT_ONCE})
            page = [key for (key,) in cursor.fetchall()]
        yield from page
        after = page[-1] if page else after
