"""Where one stands among others, without telling who the others are (product map §5.3, demand row 29).

A quarter and not a place; a distribution whose bars hold three students or more, so that no bar is one
classmate; nothing at all for groups under five.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from diary.subjects.trend import FEWEST_TOLD

FEWEST_OF_A_BAR = 3
EDGES = tuple(map(Decimal, ("2.5", "3.5", "4", "4.5")))  # of the bars of an average


class Band(TextChoices):
    TOP = "top", _("in the top quarter")
    MIDDLE = "middle", _("in the middle")
    LOW = "low", _("in the lower quarter")


def band_of(own: Decimal | None, averages: Sequence[Decimal]) -> Band | None:
    """`averages` are those of the group, the own one among them. Equal averages share the better band."""
    if own is None or len(averages) < FEWEST_TOLD:
        return None
    above = sum(each > own for each in averages)
    if above * 4 < len(averages):
        return Band.TOP
    return Band.LOW if above * 4 >= 3 * len(averages) else Band.MIDDLE


class Bar(NamedTuple):
    """Students with an average from `since` on and below `until`; None has no end on that side."""

    since: Decimal | None
    until: Decimal | None
    students: int

    def holds(self, average: Decimal) -> bool:
        after = self.since is None or average >= self.since
        return after and (self.until is None or average < self.until)


def distribution(averages: Sequence[Decimal]) -> list[Bar]:
    """From the lowest; bars of fewer than three are joined to a neighbour. Empty where only one would be
    left, or in a group under five."""
    if len(averages) < FEWEST_TOLD:
        return []
    edges = pairwise([None, *EDGES, None])
    empty = [Bar(since, until, 0) for since, until in edges]
    bars = [bar._replace(students=sum(map(bar.holds, averages))) for bar in empty]
    joined = _joined(bars)
    return joined if len(joined) > 1 else []


def _joined(bars: Iterable[Bar]) -> list[Bar]:
    joined: list[Bar] = []
    for bar in bars:
        if joined and joined[-1].students < FEWEST_OF_A_BAR:
            joined[-1] = Bar(joined[-1].since, bar.until, joined[-1].students + bar.students)
        else:
            joined.append(bar)
    if len(joined) > 1 and joined[-1].students < FEWEST_OF_A_BAR:
        last = joined.pop()
        joined[-1] = Bar(joined[-1].since, last.until, joined[-1].students + last.students)
    return joined


def places(averages: dict[int, Decimal]) -> dict[int, int]:
    """For staff: by student; equal averages share a place."""
    return {student: 1 + sum(other > own for other in averages.values()) for student, own in averages.items()}
