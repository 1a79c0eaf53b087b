"""What the system suggests for a result, and why. Rules without a database, so that each can be tried."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diary.averages import Counted, average, mean, suggested_points
from diary.models import JournalRules, ScaleValue
from diary.results.presence import Presence

# Texts of the scales that come with the portal (their migration); a school's own scale that has them
# means the same by them.
NOT_CERTIFIED, EXEMPT, PASSED, NOT_PASSED = "н/а", "осв", "зч", "нз"
ORDINARY = Decimal("0.50")  # rounding of certificates: no school changes it (order 115 of 2014)


@dataclass(frozen=True)
class Suggestion:
    value: ScaleValue | None = None
    average: Decimal | None = None
    why: str = ""


class Scale:
    """The values a result can have, as the rules ask for them."""

    def __init__(self, values: Iterable[ScaleValue]) -> None:
        self.values = {value.text: value for value in values}
        self.by_points = {value.points: value for value in self.values.values() if value.points is not None}

    @property
    def has_points(self) -> bool:
        return bool(self.by_points)

    def get(self, text: str) -> ScaleValue | None:
        return self.values.get(text)

    def nearest(self, average: Decimal, rounds_up_from: Decimal) -> ScaleValue | None:
        return self.by_points.get(Decimal(suggested_points(average, rounds_up_from)))


def for_term(marks: list[Counted], presence: Presence, scale: Scale, rules: JournalRules) -> Suggestion:
    """By the average, unless there are too few marks or lessons to go by (rules.md, «н/а»)."""
    found = average(marks)
    if presence.exempt_from_all:
        return Suggestion(scale.get(EXEMPT), found, _("Exempt at all lessons of the term."))
    if presence.missed_most:
        why = _("Missed %(missed)d of %(lessons)d lessons: more than half.") % presence._asdict()
        return Suggestion(scale.get(NOT_CERTIFIED), found, why)
    if not scale.has_points:
        return _by_passes([mark.text for mark in marks], scale)
    count = sum(mark.points is not None for mark in marks)
    if found is None or count < rules.fewest_marks:
        why = ngettext(
            "%(count)d mark; a result needs at least %(fewest)d.",
            "%(count)d marks; a result needs at least %(fewest)d.",
            count,
        )
        why %= {"count": count, "fewest": rules.fewest_marks}
        return Suggestion(scale.get(NOT_CERTIFIED), found, why)
    return _rounded(found, rules.rounds_up_from, scale)


def for_year(results: list[ScaleValue], terms: int, scale: Scale, rules: JournalRules) -> Suggestion:
    """From the results of all the `terms`, rounded by the school's rule."""
    if len(results) < terms:
        why = _("Terms with a result: %(count)d of %(terms)d.")
        return Suggestion(why=why % {"count": len(results), "terms": terms})
    return _of_results(results, scale, rules.rounds_up_from)


def final(results: list[ScaleValue], scale: Scale) -> Suggestion:
    """Of the year and the examination; in grade 11 of all half-years and years of grades 10 and 11.
    Rounded in the ordinary way (rules.md, "Marks, absences, terms": certificate)."""
    if not results:
        return Suggestion(why=_("There is no year result yet."))
    return _of_results(results, scale, ORDINARY)


def _of_results(results: list[ScaleValue], scale: Scale, rounds_up_from: Decimal) -> Suggestion:
    texts = [value.text for value in results]
    made_of = _("Made of the results %(results)s.") % {"results": ", ".join(texts)}
    numbers = [value.points for value in results if value.points is not None]
    if scale.has_points and len(numbers) * 2 >= len(results):
        found = mean(numbers)
        value = scale.nearest(found, rounds_up_from) if found is not None else None
        return Suggestion(value, found, made_of)
    if set(texts) == {EXEMPT}:
        return Suggestion(scale.get(EXEMPT), why=made_of)
    if scale.has_points:
        return Suggestion(scale.get(NOT_CERTIFIED), mean(numbers), made_of)
    return _by_passes(texts, scale)


def _by_passes(texts: list[str], scale: Scale) -> Suggestion:
    """Passed with at least as many passes as failures; without either, not certified."""
    passed, failed = texts.count(PASSED), texts.count(NOT_PASSED)
    why = _("Passed: %(passed)d, not passed: %(failed)d.") % {"passed": passed, "failed": failed}
    if not passed + failed:
        return Suggestion(scale.get(NOT_CERTIFIED), why=why)
    return Suggestion(scale.get(PASSED if passed >= failed else NOT_PASSED), why=why)


def _rounded(found: Decimal, rounds_up_from: Decimal, scale: Scale) -> Suggestion:
    value = scale.nearest(found, rounds_up_from)
    why = _("An average of %(average)s; rounded up from %(from)s.") % {
        "average": decimal_text(found),
        "from": decimal_text(rounds_up_from),
    }
    return Suggestion(value, found, why)


def decimal_text(number: Decimal | None) -> str:
    """«4,56» in the reader's language; empty for none."""
    return "" if number is None else number_format(number, 2)


def is_far(value: ScaleValue, suggestion: ScaleValue | None) -> bool:
    """A decision that needs a reason: more than one from the suggestion, or a word for a number or a
    number for a word. The database asks the same (`FAR_FROM_SUGGESTED`)."""
    if suggestion is None:
        return False
    if value.points is None or suggestion.points is None:
        return value.points is not suggestion.points
    return abs(value.points - suggestion.points) > 1
