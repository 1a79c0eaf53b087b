"""The students of a class in the order of their results, by name: for its class teacher and head teacher."""

import datetime
from collections import Counter
from collections.abc import Callable
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from diary.averages import suggested_points
from diary.models import Absence, JournalRules
from diary.results.columns import label_of
from diary.results.suggestions import decimal_text
from diary.standing.averages import ClassAverages
from diary.standing.places import places
from schools.models import SchoolClass, Term

BY = ("average", "quality", "attendance")
GOOD = 4


def terms_of_class(school_class: SchoolClass, on: datetime.date) -> list[Any]:
    """Of its year, those that have begun."""
    return list(Term.objects.of_class(school_class).filter(year=school_class.year_id, since__lte=on))


def class_standing(
    school_class: SchoolClass, terms: list[Any], term: Any, *, by: str, today: datetime.date
) -> dict[str, Any]:
    """`by` is one of BY. Six statements; all marks are in it, those that families do not see yet too."""
    averages = ClassAverages(school_class.pk, term, min(today, term.until))
    rules, missed = JournalRules.of(school_class.organisation_id), _missed(averages, term, today)
    overall = averages.overall()
    place = places(overall)
    rows = []
    for pk, student in averages.students.items():
        good, all_of = _quality(averages, pk, rules)
        rows.append(
            {
                "name": student.roll_name,
                "sort_key": student.sort_key,
                "place": place.get(pk, ""),
                "average": decimal_text(overall.get(pk)),
                "good": good,
                "subjects": all_of,
                "quality": round(100 * good / all_of) if all_of else None,
                "missed": missed[pk],
            }
        )
    return {
        "term_label": label_of(term),
        "tabs": [_tab(school_class, each, each is term, by) for each in terms],
        "orders": [_order(school_class, term, each, each == by) for each in BY],
        "rows": sorted(rows, key=_key(by)),
    }


def _key(by: str) -> Callable[[dict[str, Any]], Any]:
    """The best first, who has nothing last, equals by name."""
    keys: dict[str, Callable[[dict[str, Any]], Any]] = {
        "average": lambda row: (row["place"] == "", row["place"], row["sort_key"]),
        "quality": lambda row: (row["quality"] is None, -(row["quality"] or 0), row["sort_key"]),
        "attendance": lambda row: (row["missed"], row["sort_key"]),
    }
    return keys[by]


def _quality(averages: ClassAverages, student: int, rules: JournalRules) -> tuple[int, int]:
    """In how many subjects the average makes a 4 or a 5, and of how many."""
    own = averages.of_student(student)
    return sum(suggested_points(each, rules.rounds_up_from) >= GOOD for each in own), len(own)


def _missed(averages: ClassAverages, term: Any, today: datetime.date) -> Counter[int]:
    """Lessons of the term, by student."""
    found = Absence.objects.filter(
        student__in=list(averages.students), lesson__term=term, lesson__date__lte=today, code__in=Absence.AWAY
    )
    return Counter(dict(found.order_by().values_list("student").annotate(count=Count("pk"))))


def _tab(school_class: SchoolClass, term: Any, is_current: bool, by: str) -> dict[str, Any]:
    label = label_of(term)
    return {"label": label, "title": label, "url": _url(school_class, term, by), "current": is_current}


def _order(school_class: SchoolClass, term: Any, by: str, is_current: bool) -> dict[str, Any]:
    labels = {"average": _("by average"), "quality": _("by quality"), "attendance": _("by attendance")}
    label = capfirst(labels[by])
    return {"label": label, "title": label, "url": _url(school_class, term, by), "current": is_current}


def _url(school_class: SchoolClass, term: Any, by: str) -> str:
    address = reverse("diary:class-standing-of-term", args=[school_class.pk, term.pk])
    return address if by == BY[0] else f"{address}?by={by}"
