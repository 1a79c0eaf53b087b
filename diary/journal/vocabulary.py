"""The kinds of work and the values of the scale that a course's marks are given with.

They change a few times a year and are asked for with every entry, so they are kept in the cache for five
minutes, as the calendar is; what a mark weighs is read with the mark, and counts at once.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.cache import cache
from django.utils.functional import cached_property

from diary.models import Scale, ScaleValue, WorkKind, local_name
from diary.results import suggestions
from schools.models import Course

SECONDS = 300


@dataclass(frozen=True)
class Named:
    pk: int
    text: str  # a kind's letter, a value's text
    name: str
    name_en: str

    @property
    def local_name(self) -> str:
        return local_name(self.name, self.name_en)


@dataclass(frozen=True)
class Kind(Named):
    is_test: bool
    order: int


@dataclass(frozen=True)
class Value(Named):
    scale: int
    tone: str
    points: Decimal | None

    def as_row(self) -> ScaleValue:
        """For those who write marks; asks the database nothing."""
        scale = Scale(pk=self.scale)
        return ScaleValue(pk=self.pk, scale=scale, text=self.text, tone=self.tone, points=self.points)


@dataclass(frozen=True)
class Vocabulary:
    """In the school's and in the scale's order. No values: the course is taught without marks."""

    kinds: tuple[Kind, ...]
    values: tuple[Value, ...]

    def kind(self, pk: int | None) -> Kind | None:
        """The school's first one where none is named; None for one that it has not."""
        if pk is None:
            return self.kinds[0]
        return next((kind for kind in self.kinds if kind.pk == pk), None)

    @cached_property
    def scale(self) -> suggestions.Scale:
        """As the rules of results ask for it."""
        return suggestions.Scale(value.as_row() for value in self.values)


def vocabulary_of(course: Course) -> Vocabulary:
    key = f"journal-vocabulary-{course.pk}"
    found: Vocabulary | None = cache.get(key)
    if found is None:
        found = _read(course)
        cache.set(key, found, SECONDS)
    return found


def _read(course: Course) -> Vocabulary:
    kinds = WorkKind.objects.of(course.organisation_id)
    values: list[Any] = []
    if not course.is_taught_without_marks():
        values = list(ScaleValue.objects.for_course(course.pk))
    return Vocabulary(
        tuple(Kind(kind.pk, kind.code, kind.name, kind.name_en, kind.is_test, kind.order) for kind in kinds),
        tuple(
            Value(value.pk, value.text, value.name, value.name_en, value.scale_id, value.tone, value.points)
            for value in values
        ),
    )
