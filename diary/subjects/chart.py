"""The picture of an average: numbers of a viewBox for `diary/_trend.html`. All subjects have one scale."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

LOWEST, HIGHEST = Decimal(2), Decimal(5)
LINES = (5, 4, 3)


class Place(NamedTuple):
    x: str
    y: str


class Chart(NamedTuple):
    """Of one size. `own` and `others` are polylines; `end` and `others_end` where they stop."""

    width: int
    height: int
    own: str
    others: str
    end: Place | None
    lines: list[tuple[int, str]]  # the number and its height


def chart(
    own: Sequence[Decimal | None],
    others: Sequence[Decimal | None],
    *,
    width: int = 120,
    height: int = 40,
    margin: int = 6,
) -> Chart | None:
    """One place a week, from left to right; None where nothing is known or an average is above the scale
    (another scale than the five-point one has no picture)."""
    if not any(found is not None for found in own) or any((found or 0) > HIGHEST for found in own):
        return None

    def place(number: int, value: Decimal) -> Place:
        steps = max(len(own) - 1, 1)
        share = (HIGHEST - max(value, LOWEST)) / (HIGHEST - LOWEST)
        return Place(
            _text(margin + (width - 2 * margin) * Decimal(number) / steps),
            _text(margin + (height - 2 * margin) * share),
        )

    own_places, other_places = (
        [place(number, value) for number, value in enumerate(values) if value is not None]
        for values in (own, others)
    )
    return Chart(
        width,
        height,
        _polyline(own_places),
        _polyline(other_places),
        own_places[-1],
        [(line, place(0, Decimal(line)).y) for line in LINES],
    )


def _polyline(places: Iterable[Place]) -> str:
    return " ".join(f"{x},{y}" for x, y in places)


def _text(number: Decimal) -> str:
    return f"{number:.1f}"
