"""Retention and anonymising: acts of the role that owns the tables, each with a signed record.

The journal's history is kept as long as the journal itself, five years (rules.md, "The journal as a
document"); marks and results stay, what is removed is who wrote them when.
"""

import datetime
import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection, models, transaction
from django.db.models import Exists, OuterRef, Q

from schools.chains.retirements import sign
from schools.chains.tables import EventTable, event_tables, texts_of
from schools.chains.walking import left_line
from schools.models import (
    AcademicYear,
    HistoryChain,
    HistoryLink,
    HistoryRetirement,
    Organisation,
    Person,
    YearClosure,
)

KEPT_YEARS = 5
LINKS_AT_ONCE = 5_000


class TooYoung(Exception):
    """The year's history must still be kept; holds the day from which it may go."""


class NotClosed(Exception):
    """Schools that have not closed the year; holds how many."""


@dataclass(frozen=True)
class Decision:
    """Whose act it is and why; both go into the records."""

    by: str
    reason: str
    at: datetime.datetime


def remove_year(year: AcademicYear, decision: Decision) -> tuple[int, int]:
    """Take away what the chains of a year hold, each in a transaction of its own: started again it goes on.
    Returns how many chains and records went. Raises TooYoung, NotClosed."""
    _refuse_kept(year, decision.at.date())
    of_year = Q(course__year=year) | Q(course=None, term__year=year)
    chains = HistoryChain.objects.filter(of_year).order_by("pk").values_list("pk", flat=True)
    removed = [count for chain in chains.iterator() if (count := _remove_chain(chain, decision))]
    return len(removed), sum(removed)


def _refuse_kept(year: AcademicYear, today: datetime.date) -> None:
    ends = year.until.replace(year=year.until.year + KEPT_YEARS)
    if today <= ends:
        raise TooYoung(ends)
    closed = YearClosure.objects.filter(year=year).values("organisation")
    open_schools = Organisation.objects.filter(course__year=year).exclude(pk__in=closed).distinct().count()
    if open_schools:
        raise NotClosed(open_schools)


@transaction.atomic
def _remove_chain(pk: int, decision: Decision) -> int:
    HistoryChain.objects.select_for_update(no_key=True).get(pk=pk)
    links = HistoryLink.objects.filter(chain=pk)
    first, last = links.order_by("number").first(), links.order_by("number").last()
    if first is None or last is None:
        return 0
    tables = event_tables()
    for name in links.order_by().values_list("event_table", flat=True).distinct():
        _remove_events(tables[name], pk)
    removed, _by_model = links.delete()
    part = HistoryRetirement(chain_id=pk, act=HistoryRetirement.Act.REMOVED)
    part.since, part.until, part.digest = first.number, last.number, bytes(last.digest).hex()
    _keep(part, decision)
    return removed


def _remove_events(table: EventTable, chain: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {table.events} WHERE pgh_id IN ("  # noqa: S608 - a quoted name of ours
            "SELECT event FROM schools_historylink WHERE chain_id = %s AND event_table = %s)",
            [chain, table.name],
        )


def anonymise(student: Person, decision: Decision) -> int:
    """Empty the free texts that events hold about a student; marks and who gave them stay, and so does the
    last event of a row that still says it: the row is emptied first. Returns how many were changed."""
    changed = 0
    for chain, numbers in _texts_about(student):
        changed += len(numbers)
        _anonymise_chain(chain, numbers, decision)
    return changed


def _texts_about(student: Person) -> Iterator[tuple[int, dict[int, tuple[EventTable, int]]]]:
    """By chain: the numbers of links whose events say something about the student in words."""
    by_chain: dict[int, dict[int, tuple[EventTable, int]]] = defaultdict(dict)
    for table in event_tables().values():
        if not (_texts(table) and _names_student(table)):
            continue
        filled = Q(*((f"{text}__gt", "") for text in _texts(table)), _connector=Q.OR)
        keys = _past_events(table).filter(filled, student=student.pk).values("pgh_id")
        links = HistoryLink.objects.filter(event_table=table.name, event__in=keys)
        for chain, number, event in links.values_list("chain_id", "number", "event"):
            by_chain[chain][number] = table, event
    yield from sorted(by_chain.items())


def _past_events(table: EventTable) -> models.QuerySet[Any]:
    """All but those that say what a row of the journal says today."""
    later = table.model.objects.filter(pgh_obj_id=OuterRef("pgh_obj_id"), pgh_id__gt=OuterRef("pgh_id"))
    row = table.model.pgh_tracked_model._base_manager.filter(pk=OuterRef("pgh_obj_id"))
    events: models.QuerySet[Any] = table.model.objects.filter(Exists(later) | ~Exists(row))
    return events


def _texts(table: EventTable) -> list[str]:
    """Fields of free text: no choices, nothing of pghistory's."""
    fields = table.model._meta.concrete_fields
    texts = [field for field in fields if isinstance(field, models.CharField | models.TextField)]
    return [field.name for field in texts if not field.choices and not field.name.startswith("pgh_")]


def _names_student(table: EventTable) -> bool:
    return any(field.name == "student" for field in table.model._meta.concrete_fields)


@transaction.atomic
def _anonymise_chain(chain: int, numbers: dict[int, tuple[EventTable, int]], decision: Decision) -> None:
    HistoryChain.objects.select_for_update(no_key=True).get(pk=chain)
    for table, event in numbers.values():
        table.model.objects.filter(pgh_id=event).update(**dict.fromkeys(_texts(table), ""))
    part = HistoryRetirement(chain_id=chain, act=HistoryRetirement.Act.ANONYMISED)
    part.since, part.until = _with_earlier_parts(chain, min(numbers), max(numbers))
    part.content, part.digest = _what_is_left(part)
    _keep(part, decision)


def _with_earlier_parts(chain: int, since: int, until: int) -> tuple[int, int]:
    """A part that was anonymised before and overlaps is taken in: its record no longer fits."""
    parts = HistoryRetirement.objects.filter(chain=chain, act=HistoryRetirement.Act.ANONYMISED)
    while wider := parts.filter(since__lte=until, until__gte=since).exclude(
        since__gte=since, until__lte=until
    ):
        since = min(since, *(part.since for part in wider))
        until = max(until, *(part.until for part in wider))
    return since, until


def _what_is_left(part: HistoryRetirement) -> tuple[str, str]:
    """The digest over what the part's events say now, and that of its last link."""
    tables, left, last = event_tables(), hashlib.sha256(), b""
    for start in range(part.since, part.until + 1, LINKS_AT_ONCE):
        until = min(start + LINKS_AT_ONCE - 1, part.until)
        links = HistoryLink.objects.filter(chain=part.chain_id, number__range=(start, until))
        rows = list(links.order_by("number").values_list("event_table", "event", "width", "digest"))
        texts = texts_of(tables, [(table, event, width) for table, event, width, _digest in rows])
        for table, event, _width, digest in rows:
            left.update(left_line(texts[table, event]))
            last = bytes(digest)
    return left.hexdigest(), last.hex()


def _keep(part: HistoryRetirement, decision: Decision) -> None:
    part.at, part.by, part.reason = decision.at, decision.by, decision.reason
    sign(part).save(force_insert=True)
