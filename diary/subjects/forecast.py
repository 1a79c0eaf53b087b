"""What an average would become with marks that nobody gave: never stored, and no marks (demand row 27).

Exact: an average is compared as a fraction, and rounded as everywhere (`diary.averages`).
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import NamedTuple

from diary.averages import Weighed, suggested_points, weighted_average
from diary.models import JournalRules

MOST_MARKS = 10  # more than that is no way
HALF_A_HUNDREDTH = Fraction(1, 200)


def reaches(target: int, marks: Iterable[Weighed], rules: JournalRules) -> bool:
    """Whether these marks make a result of `target` or better by the school's rule: enough of them, and
    an average that is rounded to it."""
    counting = [mark for mark in marks if mark.points is not None]
    found = weighted_average(counting)
    if found is None or len(counting) < rules.fewest_marks:
        return False
    return suggested_points(found, rules.rounds_up_from) >= target


def marks_missing(target: int, marks: Iterable[Weighed], *, of: Weighed, rules: JournalRules) -> int | None:
    """The fewest further marks that are all like `of` and reach the target; None where no number does."""
    counting = [mark for mark in marks if mark.points is not None]
    # Rounded half up to hundredths, an average is one from half a hundredth below on.
    needed = Fraction(target - 1) + Fraction(rules.rounds_up_from) - HALF_A_HUNDREDTH
    weights = sum((Fraction(mark.weight) for mark in counting), Fraction(0))
    total = sum((Fraction(mark.points or 0) * Fraction(mark.weight) for mark in counting), Fraction(0))
    fewest = max(rules.fewest_marks - len(counting), 0 if counting else 1)
    gain = (Fraction(of.points or 0) - needed) * Fraction(of.weight)
    short_of = needed * weights - total
    if weights + fewest * Fraction(of.weight) > 0 and short_of <= fewest * gain:
        return fewest
    return ceil(short_of / gain) if gain > 0 else None


class Way(NamedTuple):
    number: int
    points: Decimal
    weight: Decimal


def shortest_ways(
    target: int,
    marks: Sequence[Weighed],
    *,
    points: Iterable[Decimal],
    weights: Iterable[Decimal],
    rules: JournalRules,
) -> list[Way]:
    """The fewest equal marks of some of `points` for works of some of `weights`, the shortest first, none
    above `MOST_MARKS`; without those that ask more than another way in every respect. No mixture is shorter
    than the first: the best mark of the heaviest work gains most."""
    found = []
    for weight in sorted(set(weights)):
        for value in sorted(set(points), reverse=True):
            count = marks_missing(target, marks, of=Weighed(value, weight), rules=rules)
            if count is not None and count <= MOST_MARKS:
                found.append(Way(count, value, weight))
    least = [way for way in found if not any(_asks_less(other, way) for other in found)]
    return sorted(least, key=lambda way: (way.number, way.weight, -way.points))


def _asks_less(one: Way, other: Way) -> bool:
    no_more = one.number <= other.number and one.points <= other.points and one.weight <= other.weight
    return one != other and no_more
