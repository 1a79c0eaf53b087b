"""What the page of a course's results shows, as plain values for its template."""

import json
from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from diary.corrections.cells import address_of
from diary.models import LONGEST_REASON, Result
from diary.results.acceptance import Proposals
from diary.results.columns import Column, Kind
from diary.results.entries import Refusal, keys_of, shown
from diary.results.sheet import ResultSheet, Row
from diary.results.suggestions import Suggestion, decimal_text, is_far
from schedule.weeks import day_label


class ResultPage:
    """One column open, the others to read. `refused` holds the cells of a form that were not written."""

    def __init__(
        self,
        sheet: ResultSheet,
        column: Column,
        *,
        is_mine: bool,
        refused: Mapping[int, Refusal] | None = None,
    ) -> None:
        self.sheet, self.column, self.is_mine = sheet, column, is_mine
        self.refused = refused or {}

    @property
    def may_write(self) -> bool:
        return self.is_mine and not self.column.obstacle and not self.sheet.is_without_marks

    @property
    def notice(self) -> str:
        if self.sheet.is_without_marks:
            return _("This course is taught without marks: it has no results.")
        if self.column.obstacle:
            return self.column.obstacle
        if not self.is_mine:
            return _("You can read these results. The teacher of the course decides them.")
        return ""

    def context(self) -> dict[str, Any]:
        rows = self.sheet.rows(self.column)
        proposals = Proposals.of(self.sheet, self.column) if self.may_write else Proposals([], [])
        course = self.sheet.course
        return {
            "title": f"{course.subject.name}, {course.audience}",
            "subtitle": self.column.label,
            "columns": [self._tab(column) for column in self.sheet.columns],
            "class_url": self._class_url(),
            "exam_url": self._url("exam", "diary:results-of") if self._may_add_exam() else "",
            "column": self.column.short_label,
            "others": [column.short_label for column in self.sheet.columns if column is not self.column],
            "has_average": self.column.kind != Kind.EXAM,
            "rows": [self._row(number, row) for number, row in enumerate(rows, start=1)],
            "may_write": self.may_write,
            "notice": self.notice,
            "accept_url": self._url(self.column.key, "diary:results-acceptance"),
            "certified": len(proposals.certified),
            "not_certified": len(proposals.not_certified),
            "undo_url": self._url(self.column.key, "diary:results-acceptance-undoing"),
            "decided": sum(self.sheet.own(row, self.column) is not None for row in rows),
            "keys": json.dumps(keys_of(self.sheet.scale.values), ensure_ascii=False),
            "values": ", ".join(self.sheet.scale.values),
            "longest_reason": LONGEST_REASON,
            "errors": self._errors(rows),
        }

    def question(self, chosen: list[Row], *, not_certified: bool) -> dict[str, Any]:
        """Whether to accept now what is `chosen`, though the term goes on."""
        course, term = self.sheet.course, self.column.term
        return {
            "title": f"{course.subject.name}, {course.audience}",
            "subtitle": self.column.label,
            "ends": day_label(term.until) if term else "",
            "lines": [
                {"name": row.student.roll_name, "value": row.suggestion.value, "why": row.suggestion.why}
                for row in chosen
            ],
            "not_certified": not_certified,
            "accept_url": self._url(self.column.key, "diary:results-acceptance"),
            "back_url": self._url(self.column.key, "diary:results-of"),
        }

    def _url(self, key: str, name: str) -> str:
        return reverse(name, args=[self.sheet.course.pk, key])

    def _class_url(self) -> str:
        """Who only reads is the head teacher or the class teacher: both see the summary sheet."""
        school_class = self.sheet.course.school_class_id
        return "" if self.is_mine or not school_class else reverse("diary:class-results", args=[school_class])

    def _may_add_exam(self) -> bool:
        is_open = all(column.kind != Kind.EXAM for column in self.sheet.columns)
        return is_open and self.is_mine and self.column.kind == Kind.YEAR and not self.column.obstacle

    def _tab(self, column: Column) -> dict[str, Any]:
        return {
            "label": column.short_label,
            "title": column.label,
            "url": self._url(column.key, "diary:results-of"),
            "current": column is self.column,
        }

    def _row(self, number: int, row: Row) -> dict[str, Any]:
        pk, stored, refusal = (
            row.student.pk,
            self.sheet.own(row, self.column),
            self.refused.get(row.student.pk),
        )
        suggestion = self._suggestion(row, stored)
        value, reason = (stored.value.text, stored.reason) if stored else ("", "")
        wants_reason = bool(stored and is_far(stored.value, suggestion.value))
        return {
            "number": number,
            "pk": pk,
            "name": row.student.roll_name,
            "others": [
                self._read_only(row.results.get(column.key))
                for column in self.sheet.columns
                if column is not self.column
            ],
            "average": decimal_text(suggestion.average),
            "average_url": self._average_url(pk),
            "suggestion": suggestion.value.text if suggestion.value else "",
            "why": suggestion.why,
            "stored": self._read_only(row.results.get(self.column.key)),
            "correct_url": self._correct_url(pk, stored),
            "value": refusal.value if refusal else value,
            "tone": stored.value.tone if stored and not refusal else "",
            "reason": refusal.reason if refusal else reason,
            "shows_reason": bool(reason) or wants_reason or bool(refusal and refusal.wants_reason),
            "shown": shown(stored, row.suggestion),
            "was": f"{value}:{reason}",
            "error": refusal.message if refusal else "",
            "is_of_reason": bool(refusal and refusal.wants_reason),
            "changed_meanwhile": bool(refusal and refusal.changed_meanwhile),
        }

    def _suggestion(self, row: Row, stored: Result | None) -> Suggestion:
        """Of a column that nobody writes any more, what was suggested when it was decided."""
        if stored and self.column.obstacle:
            return Suggestion(stored.suggestion, stored.average)
        return row.suggestion

    def _correct_url(self, student: int, stored: Result | None) -> str:
        """Where the course's teacher asks for a correction of a closed term's result."""
        term = self.column.term
        if not (self.is_mine and term and hasattr(term, "closure")):
            return ""
        if stored:
            return address_of(result=stored.pk)
        return address_of(course=self.sheet.course.pk, term=term.pk, student=student)

    def _average_url(self, student: int) -> str:
        if self.column.term is None:
            return ""
        return reverse("diary:average", args=[self.sheet.course.pk, self.column.term.pk, student])

    def _read_only(self, result: Result | None) -> dict[str, Any]:
        if result is None:
            return {"text": "", "tone": "", "reason": "", "corrected": False}
        return {
            "text": result.value.text,
            "tone": result.value.tone,
            "reason": result.reason,
            "corrected": result.correction_id is not None,
        }

    def _errors(self, rows: list[Row]) -> list[dict[str, str]]:
        names = {row.student.pk: row.student.roll_name for row in rows}
        return [
            {
                "anchor": f"{'reason' if refusal.wants_reason else 'result'}-{pk}",
                "text": f"{names[pk]}: {refusal.message}",
            }
            for pk, refusal in self.refused.items()
        ]
