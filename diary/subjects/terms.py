"""The terms whose subjects a family may open, and what the school's rules say in them."""

import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.http import Http404

from diary.models import JournalRules, StandingOptOut
from diary.results.columns import label_of
from schools.family import Child
from schools.models import Enrolment, Term


def terms_of(child: Child, *, on: datetime.date) -> list[Any]:
    """Those that began while the child was in the school, in the order of dates, of earlier years too.
    One statement: each comes with its school's rules (`rules_of`), its closure, and `is_opted_out`."""
    there = Enrolment.objects.filter(
        Q(until=None) | Q(until__gte=OuterRef("since")),
        student=child.student.pk,
        since__lte=OuterRef("until"),
        school_class__organisation=OuterRef("organisation"),
        school_class__year=OuterRef("year"),
        school_class__grade__range=(OuterRef("first_grade"), OuterRef("last_grade")),
    )
    opted_out = StandingOptOut.objects.filter(student=child.student.pk, ended_at=None)
    found = Term.objects.filter(Exists(there), since__lte=on).annotate(
        is_opted_out=Exists(opted_out), school_year=F("year__since__year")
    )
    return list(found.select_related("organisation__journal_rules", "closure").order_by("since", "pk"))


def chosen_term(terms: list[Any], pk: int | None) -> Any:
    """The one of the address, else the newest; None where none has begun. Raises Http404."""
    if pk is None:
        return terms[-1] if terms else None
    for term in terms:
        if term.pk == pk:
            return term
    raise Http404


def rules_of(term: Any) -> JournalRules:
    """The school's, which came with the term, or the defaults."""
    found = getattr(term.organisation, "journal_rules", None)
    return found or JournalRules(organisation_id=term.organisation_id)


def shows_standing(term: Any) -> bool:
    """Whether the family is shown where the child stands, and the averages of the class (§5.3)."""
    return rules_of(term).shows_standing and not term.is_opted_out


def is_going_on(term: Any, on: datetime.date) -> bool:
    """Marks may still come."""
    return term.since <= on <= term.until and not hasattr(term, "closure")


def term_tabs(terms: list[Any], current: Any, address: Any) -> list[dict[str, Any]]:
    """For `diary/_column_tabs.html`: the terms of the chosen one's year, and the last one of each other
    year. `address` makes one of a term's key."""
    last_of_year = {term.year_id: term for term in terms}
    shown = [term for term in terms if term.year_id == current.year_id or last_of_year[term.year_id] is term]
    return [
        {
            "label": _short(term, current),
            "title": f"{label_of(term)}, {_year(term)}",
            "url": address(term.pk),
            "current": term is current,
        }
        for term in shown
    ]


def _short(term: Any, current: Any) -> str:
    return label_of(term) if term.year_id == current.year_id else _year(term)


def _year(term: Any) -> str:
    return f"{term.school_year}/{(term.school_year + 1) % 100:02d}"
