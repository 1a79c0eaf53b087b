"""Where a child stands in the class, as its family is told (product map §5.3)."""

import datetime
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from diary.results.columns import label_of
from diary.standing.averages import ClassAverages
from diary.standing.places import Bar, band_of, distribution
from diary.subjects.terms import term_tabs
from diary.subjects.trend import FEWEST_TOLD, told_until
from schedule.weeks import DAY, day_label
from schools.family import Child


def standing_context(child: Child, terms: list[Any], term: Any, *, today: datetime.date) -> dict[str, Any]:
    """Of the class that the child was in on the term's last day or today, by what families had seen when
    this week began. Four statements."""
    until, day = told_until(today), min(today, term.until)
    context: dict[str, Any] = {
        "term_label": label_of(term),
        "tabs": term_tabs(
            terms, term, lambda pk: reverse("diary:standing-of-term", args=[child.student.pk, pk])
        ),
        "as_of": day_label(min(until.date() - DAY, term.until)),
    }
    class_pk = _class_on(child, day)
    if class_pk is None:
        return context
    averages = ClassAverages(class_pk, term, day, told_until=until)
    return context | {"overall": _overall(child, averages), "subjects": list(_subjects(child, averages))}


def _class_on(child: Child, day: datetime.date) -> int | None:
    return next((place.class_id for place in child.classes if place.meets(day, day)), None)


def _overall(child: Child, averages: ClassAverages) -> dict[str, Any] | None:
    overall = averages.overall()
    own, everybody = overall.get(child.student.pk), list(overall.values())
    band = band_of(own, everybody)
    if band is None or own is None:
        return None
    bars = distribution(everybody)
    return {"band": band.label, "bars": [_bar(bar, own, bars) for bar in bars]}


def _bar(bar: Bar, own: Decimal, bars: Sequence[Bar]) -> dict[str, Any]:
    """`size` is of a hundred, for the picture."""
    return {
        "label": _bar_label(bar),
        "count": bar.students,
        "size": round(100 * bar.students / max(each.students for each in bars)),
        "is_own": bar.holds(own),
    }


def _bar_label(bar: Bar) -> str:
    since, until = (None if edge is None else number_format(edge) for edge in (bar.since, bar.until))
    if since is None:
        return _("below %(until)s") % {"until": until}
    if until is None:
        return _("%(since)s and above") % {"since": since}
    return _("from %(since)s to %(until)s") % {"since": since, "until": until}


def _subjects(child: Child, averages: ClassAverages) -> Any:
    """Where the child has an average."""
    for course in averages.courses:
        of_course = averages.by_course[course.pk]
        if child.student.pk in of_course:
            band = band_of(of_course[child.student.pk], list(of_course.values()))
            yield {
                "name": course.subject.name,
                "band": band.label if band else "",
                "is_small": len(of_course) < FEWEST_TOLD,
            }


def opted_out_words(opted_out: Any) -> str:
    return _("%(who)s asked for this on %(day)s.") % {
        "who": opted_out.by.short_name,
        "day": date_format(opted_out.at.astimezone(), "j\u00a0E Y"),
    }
