"""The one outcome of a note."""

import datetime

from diary.models import AbsenceNote, NoteOutcome
from schools.models import Person


class AnsweredAlready(Exception):
    """The note was accepted, refused or withdrawn before."""


def settle(
    pk: int, kind: NoteOutcome.Kind, *, by: Person, at: datetime.datetime, words: str = ""
) -> AbsenceNote:
    """Within a transaction: of two at once the second waits here, and finds the outcome of the first.
    Raises AnsweredAlready."""
    note = AbsenceNote.objects.select_for_update(no_key=True).get(pk=pk)
    if NoteOutcome.objects.filter(note=note).exists():
        raise AnsweredAlready
    NoteOutcome.objects.create(note=note, kind=kind, words=words, by=by, at=at)
    return note
