"""The own phrase bank: what a teacher keeps, and what they write often enough to be offered it."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, QuerySet

from diary.models import Mark, Phrase, Remark
from schools.models import AcademicYear, Person

OFTEN = 3  # times in the year
OFFERED = 10


def by_kind(person: Person) -> list[dict[str, Any]]:
    """One statement."""
    found: dict[str, list[Phrase]] = {kind: [] for kind in Phrase.Kind.values}
    for phrase in Phrase.objects.filter(person=person).order_by("text"):
        found[phrase.kind].append(phrase)
    return [{"label": Phrase.Kind(kind).label, "phrases": rows} for kind, rows in found.items() if rows]


def comments_of(person: Person) -> ArraySubquery:
    """For a queryset of whatever the page asks anyway: the person's phrases for marks."""
    own = Phrase.objects.filter(person=person, kind=Phrase.Kind.COMMENT)
    return ArraySubquery(own.order_by("text").values("text"))


def often_written(person: Person, year: AcademicYear | None) -> list[dict[str, str]]:
    """What the person wrote at own lessons at least `OFTEN` times and has not kept. Four statements."""
    if year is None:
        return []
    kept = set(Phrase.objects.filter(person=person).values_list("kind", "text"))
    comments = Mark.objects.filter(year=year, work__lesson__teacher=person).exclude(comment="")
    said = Remark.objects.filter(by=person, lesson__course__year=year)
    often = [(Phrase.Kind.COMMENT, text) for text in _often(comments, "comment")]
    for kind in Remark.Kind.values:
        often += [(Phrase.Kind(kind), text) for text in _often(said.filter(kind=kind), "text")]
    new = [(kind, text) for kind, text in often if (kind, text) not in kept]
    return [{"kind": kind, "label": str(kind.label), "text": text} for kind, text in new[:OFFERED]]


def _often(rows: QuerySet[Any], field: str) -> list[str]:
    counted = rows.values(field).annotate(times=Count("pk")).filter(times__gte=OFTEN)
    return list(counted.order_by("-times", field).values_list(field, flat=True)[:OFFERED])
