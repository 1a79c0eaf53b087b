"""Asking for a correction of one cell of a closed term."""

import datetime

from django.db import IntegrityError, transaction

from diary.corrections.cells import as_was, stored
from diary.models import Correction
from schools.deadlocks import again_after_deadlock
from schools.models import Person, Term, TermClosure, YearClosure


class TermIsOpen(Exception):
    """The cell is changed where it stands; nothing is to be corrected."""


class YearIsClosed(Exception):
    """Nothing of the year is corrected any more."""


class NothingChanges(Exception):
    """The cell holds that already."""


class AskedAlready(Exception):
    """A correction of the cell waits for its answer."""


def obstacle_of(cell: Correction) -> type[Exception] | None:
    """Why no correction of the cell can be asked for; None if one can."""
    if not TermClosure.objects.filter(term=cell.term).exists():
        return TermIsOpen
    if is_year_closed(cell):
        return YearIsClosed
    return AskedAlready if waiting_for(cell) else None


def is_year_closed(cell: Correction) -> bool:
    of_year = {"organisation": cell.term.organisation_id, "year": cell.term.year_id}
    return YearClosure.objects.filter(**of_year).exists()


def waiting_for(cell: Correction) -> Correction | None:
    """The one that waits for an answer about the same cell; one more mark is a cell of its own kind."""
    fields = ("course", "term", "student", "subject", "lesson", "work", "kind")
    same = {field: getattr(cell, f"{field}_id", None) or getattr(cell, field) for field in fields}
    return Correction.objects.filter(decided_by=None, **same).first()


@again_after_deadlock
@transaction.atomic
def ask(cell: Correction, *, by: Person, at: datetime.datetime) -> Correction:
    """Keep the request: `cell` says what the cell shall become, the cause and the reason. The year is not
    closed before it is kept.

    Raises TermIsOpen, YearIsClosed, NothingChanges, AskedAlready.
    """
    Term.objects.select_for_update(no_key=True).get(pk=cell.term_id)
    obstacle = obstacle_of(cell)
    if obstacle:
        raise obstacle
    cell.was = as_was(stored(cell))
    if cell.was == becomes(cell):
        raise NothingChanges
    cell.asked_by, cell.asked_at = by, at
    try:
        with transaction.atomic():
            cell.save()
    except IntegrityError as error:
        if "one_correction_of_a_cell_waits" in str(error):
            raise AskedAlready from error
        raise
    return cell


def becomes(cell: Correction) -> str:
    """What the cell shall hold, as `Correction.was` says what it held."""
    if cell.subject == Correction.Subject.ABSENCE:
        return f"{cell.code}:{cell.minutes or ''}".rstrip(":")
    return cell.value.text if cell.value else ""
