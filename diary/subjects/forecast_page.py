"""The part of a subject's page that tells what could still become of the average."""

import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diary.averages import Counted, Weighed, suggested_points, weighted_average
from diary.models import ScaleValue, WorkKind, local_name
from diary.results.suggestions import decimal_text
from diary.subjects.forecast import Way, reaches, shortest_ways
from diary.subjects.forecast_form import imagined, kind_label, rows_of
from diary.subjects.terms import rules_of
from schedule.weeks import day_label
from schools.family import Child
from schools.models import Information

TARGETS = (5, 4, 3)
WAYS_SHOWN = 3


class Forecast:
    """From the `marks` that the family sees. `course` is of `courses.course_of`; `query` are the imaginary
    marks of the address. Two statements."""

    def __init__(self, child: Child, course: Any, term: Any, marks: list[Counted], query: Any) -> None:
        self.child, self.course, self.term, self.query = child, course, term, query
        self.had = {mark.kind for mark in marks}
        self.weighed = [mark.weighed for mark in marks]
        self.rules = rules_of(term)

    @cached_property
    def values(self) -> dict[str, ScaleValue]:
        """Those that count, by their text, the best first."""
        values = ScaleValue.objects.for_course(self.course.pk)
        counting = [value for value in values if value.points is not None]
        return {value.text: value for value in sorted(counting, key=lambda value: -(value.points or 0))}

    @cached_property
    def by_points(self) -> dict[Any, ScaleValue]:
        return {value.points: value for value in self.values.values()}

    @cached_property
    def kinds(self) -> list[WorkKind]:
        return list(WorkKind.objects.of(self.course.organisation_id))

    @property
    def is_possible(self) -> bool:
        """On a scale with a 3, a 4 and a 5."""
        return all(Decimal(target) in self.by_points for target in TARGETS)

    def context(self) -> dict[str, Any]:
        marks = imagined(self.query, self.kinds, self.values)
        return {
            "goals": list(self._goals()),
            "tests": list(self._tests()),
            "lessons_left": self._lessons_left(),
            "rows": rows_of(marks, self.kinds, self.values),
            "answer": self._outcome([mark.weighed for mark in marks]) if marks else None,
            "enough": self._enough(),
        }

    def _goals(self) -> Any:
        """The results above the one that the marks make now, the nearest first."""
        for target in reversed(TARGETS):
            if reaches(target, self.weighed, self.rules):
                continue
            ways = shortest_ways(
                target,
                self.weighed,
                points=[points for points in self.by_points if points >= target],
                weights=self._named_by_weight,
                rules=self.rules,
            )
            value = self.by_points[Decimal(target)]
            shown = [self._way(way) for way in ways[:WAYS_SHOWN]]
            yield {"text": value.text, "tone": value.tone, "ways": shown}

    @cached_property
    def _named_by_weight(self) -> dict[Decimal, WorkKind]:
        """A kind of work for each weight: one that the student had here, else the school's first."""
        named: dict[Decimal, WorkKind] = {}
        for kind in sorted(self.kinds, key=lambda kind: kind.name not in self.had):
            if kind.weight:
                named.setdefault(kind.weight, kind)
        return named

    def _way(self, way: Way) -> dict[str, Any]:
        value, kind = self.by_points[way.points], self._named_by_weight[way.weight]
        return {"count": way.number, "text": value.text, "tone": value.tone, "kind": kind_label(kind)}

    def _tests(self) -> Any:
        """The next test of the timetable, and what each mark for it makes."""
        if not self.child.shows(Information.TIMETABLE):
            return
        for test in self.course.tests_ahead[:1]:
            day = datetime.date.fromisoformat(test["date"])
            if day > self.term.until:
                return
            weight = Decimal(str(test["weight"]))
            yield {
                "title": test["title"] or capfirst(local_name(test["kind"], test["kind_en"])),
                "day": day_label(day),
                "weight": number_format(weight.normalize(), use_l10n=True),
                "marks": [
                    self._outcome([Weighed(Decimal(target), weight)])
                    | {"given": self.by_points[Decimal(target)]}
                    for target in TARGETS
                ],
            }

    def _outcome(self, more: list[Weighed]) -> dict[str, Any]:
        found = weighted_average([*self.weighed, *more])
        points = suggested_points(found, self.rules.rounds_up_from) if found is not None else None
        count = sum(mark.points is not None for mark in [*self.weighed, *more])
        return {
            "average": decimal_text(found),
            "value": self.by_points.get(points) if count >= self.rules.fewest_marks else None,
        }

    def _lessons_left(self) -> str:
        count = self.course.lessons_left or 0
        if not count or not self.child.shows(Information.TIMETABLE):
            return ""
        left = ngettext(
            "%(count)d more lesson until the end of the term.",
            "%(count)d more lessons until the end of the term.",
            count,
        )
        return left % {"count": count}

    def _enough(self) -> str:
        """The rule, while there are too few marks for a result."""
        count = sum(mark.points is not None for mark in self.weighed)
        if count >= self.rules.fewest_marks:
            return ""
        return _("A result needs at least %(fewest)d marks.") % {"fewest": self.rules.fewest_marks}
