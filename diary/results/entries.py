"""Writing a column of results: every cell by itself, each with the version it was shown in.

A cell that its sender did not touch is left alone; one that somebody else wrote meanwhile, or whose
suggestion is not the one that was shown any more, is refused alone and the rest is saved.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from diary.marking import ChangedMeanwhile, Refused, parse_value
from diary.models import LONGEST_REASON, Result, ScaleValue
from diary.results.columns import Column
from diary.results.sheet import ResultSheet, Row
from diary.results.suggestions import EXEMPT, NOT_CERTIFIED, NOT_PASSED, PASSED, Suggestion, is_far
from schools.closures import TermIsClosed, hold_open
from schools.models import Person, YearClosure

# What one key stands for: a teacher types «н» and means «н/а». On a scale that has «зч» and «нз», «н» is
# «нз» and «а» is left for «н/а».
KEYS = {"5": "5", "4": "4", "3": "3", "2": "2", "1": "1", "о": EXEMPT, "з": PASSED, "а": NOT_CERTIFIED}

FEWEST_LETTERS = 3  # of a reason: a digit that was meant for a cell is none


class NoLongerOpen(Exception):
    """The term or the year was closed after the page was opened."""


@dataclass(frozen=True)
class Refusal:
    """A cell that was not written: what was typed into it, and why it was refused."""

    value: str
    reason: str
    message: str
    wants_reason: bool = False
    changed_meanwhile: bool = False


class ReasonWanted(Refused):
    """The decision is far from the suggestion, or its reason is none. Said at the field of the reason."""


def keys_of(values: Mapping[str, ScaleValue]) -> dict[str, str]:
    """Which single keys enter which of the values, in small letters."""
    keys = {key: text for key, text in KEYS.items() if text in values}
    if NOT_PASSED in values or NOT_CERTIFIED in values:
        keys["н"] = NOT_PASSED if NOT_PASSED in values else NOT_CERTIFIED
    # On a scale of longer numbers a digit is only the beginning of one.
    has_long_numbers = any(text.isdecimal() and len(text) > 1 for text in values)
    return {key: text for key, text in keys.items() if not (has_long_numbers and key.isdecimal())}


def shown(result: Result | None, suggestion: Suggestion) -> str:
    """What the form says it showed in a cell: the version, and what was suggested from which average."""
    version = result.version if result else 0
    suggested = suggestion.value.text if suggestion.value else ""
    return f"{version}:{suggestion.average or ''}:{suggested}"


@transaction.atomic
def save_column(
    sheet: ResultSheet, column: Column, typed: Mapping[str, str], *, by: Person, at: datetime.datetime
) -> dict[int, Refusal]:
    """Write the form of a column; returns the cells that were refused, by student. Raises NoLongerOpen."""
    hold_column(column, sheet.course.organisation_id, sheet.course.year_id)
    refused = {}
    for row in sheet.rows(column):
        cell = _Cell(sheet, column, row, typed)
        try:
            cell.write(by=by, at=at)
        except Refused as refusal:
            refused[row.student.pk] = Refusal(
                cell.text,
                cell.reason,
                str(refusal),
                wants_reason=isinstance(refusal, ReasonWanted),
                changed_meanwhile=isinstance(refusal, ChangedMeanwhile),
            )
    return refused


def hold_column(column: Column, organisation: int, year: int) -> None:
    """Nobody closes the term before the column is written; of the year a trigger sees to that.
    Raises NoLongerOpen."""
    if column.term is None:
        if YearClosure.objects.filter(organisation=organisation, year=year).exists():
            raise NoLongerOpen
        return
    try:
        hold_open(column.term.pk)
    except TermIsClosed as closed:
        raise NoLongerOpen from closed


class _Cell:
    def __init__(self, sheet: ResultSheet, column: Column, row: Row, typed: Mapping[str, str]) -> None:
        self.sheet, self.column, self.row = sheet, column, row
        self.pk, self.stored = row.student.pk, sheet.own(row, column)
        self.is_sent = f"result-{self.pk}" in typed
        self.text = typed.get(f"result-{self.pk}", "").replace("\x00", "").strip()
        self.reason = typed.get(f"reason-{self.pk}", "").replace("\x00", "").strip()
        self.shown = typed.get(f"shown-{self.pk}", "")
        self.was = typed.get(f"was-{self.pk}", "")

    def write(self, *, by: Person, at: datetime.datetime) -> None:
        if not self.is_sent or self._is_untouched():
            return
        self._check_version()
        if not self.text:
            self._take_back()
            return
        value = self._value()
        suggestion = self.row.suggestion
        if len(self.reason) > LONGEST_REASON:
            raise ReasonWanted(_("At most %(most)d characters: shorten it.") % {"most": LONGEST_REASON})
        if is_far(value, suggestion.value) and not self.reason:
            raise ReasonWanted(_("Far from what is suggested: give the reason."))
        if self.reason and sum(char.isalpha() for char in self.reason) < FEWEST_LETTERS:
            raise ReasonWanted(
                _("Give the reason in words: “%(reason)s” says nothing.") % {"reason": self.reason}
            )
        fields: dict[str, Any] = {
            "value": value,
            "suggestion": suggestion.value,
            "average": suggestion.average,
            "reason": self.reason,
            "by": by,
            "at": at,
        }
        if self.stored is None:
            self._add(fields)
        else:
            self._change(self.stored, fields)

    def _is_untouched(self) -> bool:
        """As it was shown, or as it is stored: a form sent twice."""
        stored = (self.stored.value.text, self.stored.reason) if self.stored else ("", "")
        entered = (self._normal(self.text), self.reason)
        return entered == stored or f"{entered[0]}:{entered[1]}" == self.was

    def _normal(self, text: str) -> str:
        return keys_of(self.sheet.scale.values).get(text.lower(), text)

    def _value(self) -> ScaleValue:
        values = {text.lower(): value for text, value in self.sheet.scale.values.items()}
        return parse_value(self._normal(self.text), values)

    def _check_version(self) -> None:
        if self.shown == shown(self.stored, self.row.suggestion):
            return
        version = self.stored.version if self.stored else 0
        if self.shown.partition(":")[0] != str(version):
            raise ChangedMeanwhile(
                _("You entered “%(mine)s”, but meanwhile “%(theirs)s” was put here. Save again to put yours.")
                % {
                    "mine": self.text or _("nothing"),
                    "theirs": self.stored.value.text if self.stored else _("nothing"),
                }
            )
        if self.text:
            raise ChangedMeanwhile(
                _("The marks changed meanwhile, and with them the suggestion. Look, and save again.")
            )

    def _take_back(self) -> None:
        if self.stored is None:
            return
        gone, _rows = Result.objects.filter(pk=self.stored.pk, version=self.stored.version).delete()
        if not gone:
            raise ChangedMeanwhile(_("Somebody else changed this result meanwhile."))

    def _add(self, fields: dict[str, Any]) -> None:
        _result, made = Result.objects.get_or_create(
            course=self.sheet.course,
            student=self.row.student,
            kind=self.column.kind,
            term=self.column.term,
            defaults={"year_id": self.sheet.course.year_id, **fields},
        )
        if not made:
            raise ChangedMeanwhile(_("Somebody else changed this result meanwhile."))

    def _change(self, stored: Result, fields: dict[str, Any]) -> None:
        changed = Result.objects.filter(pk=stored.pk, version=stored.version).update(
            version=F("version") + 1, **fields
        )
        if not changed:
            raise ChangedMeanwhile(_("Somebody else changed this result meanwhile."))
