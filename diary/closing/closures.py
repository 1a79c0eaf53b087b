"""Closing a term, and at last the year: by the head teacher, once, for good (product map §3).

Whoever writes the journal holds the term's row (`schools.closures`): closing takes the row alone, so it
waits for them, and what it has checked stays so.
"""

import datetime
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Q, Subquery

from diary.closing import missing
from diary.models import Correction, Result, Work, WorkKind
from schools.deadlocks import again_after_deadlock
from schools.models import AcademicYear, Organisation, Person, Term, TermClosure, YearClosure


class AlreadyClosed(Exception):
    """Somebody closed it before."""


class NotOver(Exception):
    """A term can be closed from its last day on."""


class ResultsMissing(Exception):
    """The list of them: `missing.results`."""


class TermsOpen(Exception):
    """A year is closed after all its terms."""


class CorrectionsWait(Exception):
    """What was asked is answered before the year ends: afterwards nothing could be written."""


@again_after_deadlock
@transaction.atomic
def close_term(pk: int, *, by: Person, at: datetime.datetime) -> None:
    """The weights in force are kept, and the journal of the term is read only from now on.

    `at` is aware, in the region's time zone. Raises AlreadyClosed, NotOver, ResultsMissing.
    """
    term = Term.objects.select_for_update().get(pk=pk)
    obstacle = term_obstacle(term, at)
    if obstacle:
        raise obstacle
    _keep_weights(term)
    TermClosure.objects.create(term=term, by=by, at=at)


def term_obstacle(term: Term, at: datetime.datetime) -> type[Exception] | None:
    """Why the term cannot be closed at the moment; None if it can."""
    if TermClosure.objects.filter(term=term).exists():
        return AlreadyClosed
    if at.date() < term.until:
        return NotOver
    return ResultsMissing if missing.results([term.pk], today=at.date()) else None


def _keep_weights(term: Term) -> None:
    """A weight that the school changes later is for the terms that are open then. One statement."""
    grades = (term.first_grade, term.last_grade)
    without_lesson = Q(
        Q(course__school_class__grade__range=grades) | Q(course__group__classes__grade__range=grades),
        lesson=None,
        course__organisation=term.organisation_id,
        date__range=(term.since, term.until),
    )
    works = Work.objects.filter(Q(lesson__term=term) | without_lesson, weight=None)
    kind = WorkKind.objects.filter(pk=OuterRef("kind"))
    Work.objects.filter(pk__in=works.values("pk")).update(weight=Subquery(kind.values("weight")))


@again_after_deadlock
@transaction.atomic
def close_year(organisation: Organisation, year: AcademicYear, *, by: Person, at: datetime.datetime) -> None:
    """After it neither results nor reasons of absences change, nor is anything corrected.

    Raises AlreadyClosed, TermsOpen, ResultsMissing, CorrectionsWait.
    """
    terms = Term.objects.filter(organisation=organisation, year=year).order_by("pk")
    list(terms.select_for_update())  # in one order: two who close at once do not wait for each other
    obstacle = year_obstacle(list(terms.select_related("closure")), at.date())
    if obstacle:
        raise obstacle
    YearClosure.objects.create(organisation=organisation, year=year, by=by, at=at)


def year_obstacle(terms: list[Any], today: datetime.date) -> type[Exception] | None:
    """Why the year of these terms, all of a school's, cannot be closed now; None if it can."""
    of_year = {"organisation": terms[0].organisation_id, "year": terms[0].year_id}
    if YearClosure.objects.filter(**of_year).exists():
        return AlreadyClosed
    if any(not hasattr(term, "closure") for term in terms):
        return TermsOpen
    if missing.results(last_of_each_grade(terms), today=today, kind=Result.Kind.YEAR):
        return ResultsMissing
    if Correction.objects.filter(term__in=[term.pk for term in terms], decided_by=None).exists():
        return CorrectionsWait
    return None


def last_of_each_grade(terms: list[Any]) -> list[int]:
    """The keys of the terms in which the grades' year ends: who is there then needs a year result."""
    return [
        term.pk
        for term in terms
        if not any(
            later.since > term.until
            and later.first_grade <= term.last_grade
            and term.first_grade <= later.last_grade
            for later in terms
        )
    ]
