"""Topics by hours onto lessons, in order: pure functions, the one place of the rule (product map §4.5).

A lesson that falls out or is added moves everything behind it, because nothing is tied to a date.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

S = TypeVar("S")


@dataclass(frozen=True)
class TopicHours:
    """What laying needs to know of a topic; `taught` is the number of lessons that took it."""

    key: int
    hours: int
    taught: int = 0
    left_out: bool = False

    @property
    def planned(self) -> int:
        return 0 if self.left_out else self.hours


class Hour(NamedTuple):
    """The `number`th hour (from 1) of a topic."""

    topic: int
    number: int


@dataclass(frozen=True)
class Laid(Generic[S]):
    """`hours` with the lesson each falls on; hours for which the year has no lesson; lessons without one."""

    hours: list[tuple[Hour, S]]
    unplaced: list[Hour]
    free: list[S]


def hours_left(topics: Sequence[TopicHours]) -> list[Hour]:
    """What is still to be given, in order.

    A topic that was begun and left for a later one is done, however many hours it had; one that was
    passed over altogether still waits. A topic may take more lessons than it has hours.
    """
    last_begun = max((place for place, topic in enumerate(topics) if topic.taught), default=-1)
    return [
        Hour(topic.key, number)
        for place, topic in enumerate(topics)
        if not (topic.taught and place < last_begun)
        for number in range(topic.taught + 1, topic.planned + 1)
    ]


def hours_done(topics: Sequence[TopicHours]) -> int:
    """Of all planned hours those that are not left."""
    return sum(topic.planned for topic in topics) - len(hours_left(topics))


def lay(hours: Sequence[Hour], slots: Sequence[S]) -> Laid[S]:
    """One hour a slot, both in order."""
    together = min(len(hours), len(slots))
    placed = list(zip(hours[:together], slots[:together], strict=True))
    return Laid(placed, list(hours[together:]), list(slots[together:]))


def place_of(hour: Hour, topics: Iterable[TopicHours]) -> tuple[int, int]:
    """The hour's number in the whole programme and how many there are: lesson 47 of 102. An hour beyond
    those of its topic has the number of the last one."""
    number = total = 0
    for topic in topics:
        if topic.key == hour.topic:
            number = total + min(hour.number, max(topic.planned, 1))
        total += topic.planned
    return number, total
