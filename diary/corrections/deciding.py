"""Approving and refusing corrections: the only way into a closed term.

An approval writes the cell in the correction's name (`schools.closures.correcting`), so that the
database lets it pass, every event tells by which correction it came, and the row is labelled.
"""

import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from diary import marking
from diary.corrections.asking import YearIsClosed, is_year_closed
from diary.corrections.averages import suggestion_now
from diary.corrections.cells import as_was, stored
from diary.corrections.labels import forget_latest
from diary.models import Absence, Correction, Mark, Result, Work
from schools.closures import correcting
from schools.deadlocks import again_after_deadlock
from schools.models import Person, Term


class AlreadyDecided(Exception):
    """Somebody has answered before."""


class CellChanged(Exception):
    """The cell holds something else than when the correction was asked for; nothing was written."""


@again_after_deadlock
@transaction.atomic
def approve(pk: int, *, by: Person, at: datetime.datetime, answer: str = "") -> Correction:
    """Write the cell. The caller has asked `can_be_decided_by`.

    `at` is aware. Raises AlreadyDecided, CellChanged, YearIsClosed.
    """
    correction = _waiting(pk)
    Term.objects.select_for_update(no_key=True).get(pk=correction.term_id)  # the year stays open meanwhile
    if is_year_closed(correction):
        raise YearIsClosed
    row = stored(correction, lock=True)
    if as_was(row) != correction.was:
        raise CellChanged
    with correcting(correction.pk):
        _WRITE[Correction.Subject(correction.subject)](correction, row, at)
    forget_latest(correction.course.organisation_id)
    return _decide(correction, by=by, at=at, answer=answer, approved=True)


@again_after_deadlock
@transaction.atomic
def refuse(pk: int, *, by: Person, at: datetime.datetime, answer: str) -> Correction:
    """`answer` says why. Raises AlreadyDecided."""
    return _decide(_waiting(pk), by=by, at=at, answer=answer, approved=False)


def _waiting(pk: int) -> Correction:
    """Of two who decide at once the second waits here, and finds it decided."""
    correction = Correction.objects.select_for_update().get(pk=pk)
    if not correction.is_waiting:
        raise AlreadyDecided
    return correction


def _decide(
    correction: Correction, *, by: Person, at: datetime.datetime, answer: str, approved: bool
) -> Correction:
    correction.decided_by, correction.decided_at = by, at
    correction.answer, correction.approved = answer, approved
    correction.save(update_fields=["decided_by", "decided_at", "answer", "approved"])
    return correction


# --- What is written -----------------------------------------------------------------------------
def _write_mark(correction: Correction, row: Any, at: datetime.datetime) -> None:
    if correction.value is None:
        row.delete()  # its work stays: the correction names it
    elif row is not None:
        Mark.objects.filter(pk=row.pk).update(
            value=correction.value, correction=correction, version=F("version") + 1
        )
    elif correction.work is not None:
        Mark.objects.create(
            work=correction.work,
            student=correction.student,
            year_id=correction.course.year_id,
            value=correction.value,
            published_at=at,
            correction=correction,
        )
    else:
        _add_mark(correction, at)


def _add_mark(correction: Any, at: datetime.datetime) -> None:
    """One more, of a kind of work. A work made for it weighs what its kind did in the term."""
    mark = marking.give_mark(
        correction.lesson,
        correction.student,
        kind=correction.kind,
        value=correction.value,
        comment="",
        at=at,
    )
    Mark.objects.filter(pk=mark.pk).update(correction=correction)
    alike = Work.objects.filter(lesson__term=correction.term, kind=correction.kind, weight__isnull=False)
    kept = alike.values_list("weight", flat=True).first()
    weight = correction.kind.weight if kept is None else kept
    Work.objects.filter(pk=mark.work_id, weight=None).update(weight=weight)


def _write_absence(correction: Any, row: Any, at: datetime.datetime) -> None:
    new = {"code": correction.code, "minutes": correction.minutes, "correction": correction}
    if not correction.code:
        row.delete()
    elif row is not None:
        Absence.objects.filter(pk=row.pk).update(**new, version=F("version") + 1)
    else:
        Absence.objects.create(lesson=correction.lesson, student=correction.student, **new)


def _write_result(correction: Correction, row: Any, at: datetime.datetime) -> None:
    """The decision is the asking teacher's, beside what is suggested by now."""
    suggestion = suggestion_now(correction, timezone.localdate(at))
    new = {
        "value": correction.value,
        "average": suggestion.average,
        "suggestion": suggestion.value,
        "reason": correction.reason,
        "by": correction.asked_by,
        "at": at,
        "correction": correction,
    }
    if row is not None:
        Result.objects.filter(pk=row.pk).update(**new, version=F("version") + 1)
        return
    Result.objects.create(
        course=correction.course,
        student=correction.student,
        year_id=correction.course.year_id,
        kind=Result.Kind.TERM,
        term=correction.term,
        **new,
    )


_WRITE = {
    Correction.Subject.MARK: _write_mark,
    Correction.Subject.ABSENCE: _write_absence,
    Correction.Subject.RESULT: _write_result,
}
