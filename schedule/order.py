"""The one order in which writers take what others wait for, so that none waits in a circle.

A change of the journal holds the chain of its course and term until the transaction ends
(docs/history.md). Who writes one lesson takes the lesson, then its rows and the chain. Who writes to
several takes all the lessons first, then their rows, and writes chain by chain.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, TypeVar

from schedule.models import Lesson

T = TypeVar("T")


def hold_lessons(keys: Any) -> list[int]:
    """Of these keys, perhaps a subquery, the lessons that there are: nobody else writes them before the
    transaction ends. One statement."""
    held = Lesson.objects.filter(pk__in=keys).order_by("pk").select_for_update(no_key=True)
    return list(held.values_list("pk", flat=True))


def chain_by_chain(rows: Iterable[tuple[int, int, T]]) -> list[list[T]]:
    """What is to be written, given as (course, term, it): together what goes into one chain, in order."""
    chains: dict[tuple[int, int], list[T]] = defaultdict(list)
    for course, term, row in rows:
        chains[course, term].append(row)
    return [chains[chain] for chain in sorted(chains)]
