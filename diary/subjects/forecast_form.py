"""The form of imaginary marks, read from an address and written nowhere."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.utils.formats import number_format

from diary.averages import Weighed
from diary.models import ScaleValue, WorkKind
from diary.subjects.forecast import MOST_MARKS

ROWS, SPARE = 3, 1


class Imagined(NamedTuple):
    kind: WorkKind
    value: ScaleValue

    @property
    def weighed(self) -> Weighed:
        return Weighed(self.value.points, self.kind.weight)


def imagined(query: Any, kinds: Sequence[WorkKind], values: Mapping[str, ScaleValue]) -> list[Imagined]:
    """`kind` and `mark` of the address, pair by pair; a pair that means nothing here is left out."""
    by_key = {str(kind.pk): kind for kind in kinds}
    pairs = zip(query.getlist("kind"), query.getlist("mark"), strict=False)
    found = [Imagined(by_key[key], values[text]) for key, text in pairs if key in by_key and text in values]
    return found[:MOST_MARKS]


def rows_of(
    marks: Sequence[Imagined], kinds: Sequence[WorkKind], values: Mapping[str, ScaleValue]
) -> list[dict[str, Any]]:
    """What the form shows: what was imagined, and room for more."""
    count = min(max(ROWS, len(marks) + SPARE), MOST_MARKS)
    filled: list[Imagined | None] = [*marks, *[None] * (count - len(marks))]
    return [
        {
            "number": number,
            "kinds": [
                {"value": kind.pk, "label": kind_label(kind), "chosen": bool(mark and mark.kind == kind)}
                for kind in kinds
            ],
            "marks": [{"text": text, "chosen": bool(mark and mark.value.text == text)} for text in values],
        }
        for number, mark in enumerate(filled, start=1)
    ]


def kind_label(kind: WorkKind) -> str:
    """«контрольная работа × 3»: a weight of one goes without saying."""
    if kind.weight == 1:
        return kind.local_name
    return f"{kind.local_name} × {number_format(kind.weight.normalize(), use_l10n=True)}"
