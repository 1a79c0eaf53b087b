"""Averages of marks: the one place that computes them, for every page, report and task.

Average = Σ(points · weight) / Σ weight over the marks that have points (rules.md, "Marks, absences,
terms"). It is exact until it is rounded, half up, to two decimals; those are what people are shown, and
what the school's rule makes a result of, so that nobody sees 4.50 and gets a 4.
"""

from collections.abc import Iterable
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction
from typing import NamedTuple

HUNDREDTH = Decimal("0.01")


class Weighed(NamedTuple):
    """What a mark counts; `points` is none for exempt, not certified, passed…"""

    points: Decimal | None
    weight: Decimal


def weighted_average(marks: Iterable[Weighed]) -> Decimal | None:
    """With two decimals; None where no mark counts."""
    total, weights = Fraction(0), Fraction(0)
    for points, weight in marks:
        if points is not None:
            total += Fraction(points) * Fraction(weight)
            weights += Fraction(weight)
    return _rounded(total / weights) if weights else None


def _rounded(exact: Fraction) -> Decimal:
    """Half up: half a hundredth is added, and what is past the hundredths falls off."""
    hundredths = (exact * 200 + 1) // 2
    return Decimal(int(hundredths)) * HUNDREDTH


def suggested_points(average: Decimal, rounds_up_from: Decimal) -> int:
    """The whole number that an average makes a result of, by the school's rule: 4.60 from 0.60 on is 5."""
    whole = average.to_integral_value(ROUND_FLOOR)
    return int(whole) + (average - whole >= rounds_up_from)
