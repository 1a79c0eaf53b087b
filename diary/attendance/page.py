"""What the page of attendance shows, as plain values for its templates."""

import datetime
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diary.attendance.reading import Attendance, Away, DayAway
from diary.letters import ABSENCE_LETTERS, ABSENCE_WORDS, absence_words
from diary.models import Absence, AbsenceNote
from diary.notes.filing import Concern
from schedule.weeks import DAY, day_label, day_title

WAITED_FOR = 14 * DAY  # how long the page asks for a reason first of all
CODES = (*Absence.AWAY, Absence.Code.LATE)


def figures(attendance: Attendance) -> list[dict[str, str]]:
    """For `.figures`: lessons, days, lateness."""
    late = attendance.late
    minutes = sum(line.minutes or 0 for line in late)
    return [
        _figure(len(attendance.missed), ngettext("lesson missed", "lessons missed", len(attendance.missed))),
        _figure(
            len(attendance.whole_days),
            ngettext("whole day missed", "whole days missed", len(attendance.whole_days)),
        ),
        _figure(
            len(late),
            ngettext("time late", "times late", len(late)),
            _("%(minutes)d min in all") % {"minutes": minutes} if minutes else "",
        ),
    ]


def _figure(value: int, label: str, note: str = "") -> dict[str, str]:
    return {"value": str(value), "label": label, "note": note}


def reasons(attendance: Attendance) -> list[dict[str, Any]]:
    """By reason: {code, letter, words, lessons, days}; a day has the reason of `DayAway.code`."""
    lessons = Counter(line.code for line in attendance.missed)
    days = Counter(day.code for day in attendance.whole_days)
    return [
        {**_reason(code), "lessons": lessons[code], "days": days[code]} for code in CODES if lessons[code]
    ]


def _reason(code: Absence.Code) -> dict[str, str]:
    return {"code": str(code), "letter": str(ABSENCE_LETTERS[code]), "words": missed_words(code)}


def missed_words(code: Absence.Code) -> str:
    """Of a lesson that counts as missed."""
    if code == Absence.Code.LATE:
        return _("late by more than half of the lesson")
    return str(ABSENCE_WORDS[code])


def _late() -> dict[str, str]:
    code = Absence.Code.LATE
    return {"letter": str(ABSENCE_LETTERS[code]), "words": str(ABSENCE_WORDS[code])}


def tables(attendance: Attendance) -> list[dict[str, Any]]:
    """By subject and by month: {title, head, columns, late, rows, foot}; nothing where nothing was missed."""
    if not (attendance.missed or attendance.late):
        return []
    by_month = _table(attendance, _("By month"), _("Month"), lambda line: line.date.replace(day=1))
    for row in by_month["rows"]:
        row["label"] = capfirst(date_format(row["label"], "F"))
    by_subject = _table(attendance, _("By subject"), _("Subject"), lambda line: line.subject)
    by_subject["rows"].sort(key=lambda row: (-row["total"], -row["late"], row["label"]))
    return [by_subject, by_month]


def _table(attendance: Attendance, title: str, head: str, label: Callable[[Away], Any]) -> dict[str, Any]:
    codes = [reason["code"] for reason in reasons(attendance)]
    rows: dict[Any, list[Away]] = {}
    for line in [*attendance.missed, *attendance.late]:
        rows.setdefault(label(line), []).append(line)
    return {
        "title": title,
        "head": head,
        "late": _late(),
        "columns": [_reason(Absence.Code(code)) for code in codes],
        "rows": [_row(key, rows[key], codes) for key in sorted(rows)],
        "foot": _row(_("In all"), [*attendance.missed, *attendance.late], codes),
    }


def _row(label: Any, lines: list[Away], codes: list[str]) -> dict[str, Any]:
    counts = Counter(line.code for line in lines if line.is_missed)
    return {
        "label": label,
        "counts": [counts[code] or "" for code in codes],
        "total": counts.total(),
        "late": sum(line.is_late for line in lines),
    }


class Days:
    """The days with absences, each with what the family may do about it."""

    def __init__(
        self, attendance: Attendance, student: int, notes: Iterable[AbsenceNote], *, may_file: bool
    ) -> None:
        """`notes` are those of the period, the newest first."""
        self.attendance, self.student, self.may_file = attendance, student, may_file
        self.waiting = [note for note in notes if note.is_waiting]

    def lines(self) -> list[dict[str, Any]]:
        """For `diary/_attendance_day.html`."""
        return [self._line(day) for day in self.attendance.days]

    def _line(self, day: DayAway) -> dict[str, Any]:
        note = self._note_on(day)
        return {
            "title": day_title(day.date),
            "anchor": f"d{day.date.isoformat()}",
            "is_whole": day.is_whole,
            "lessons": [self._lesson(line) for line in day.lines],
            "note_url": reverse("diary:absence-note", args=[note.pk]) if note else "",
            "file_url": self._file_url(day) if self._lacks_reason(day) and self.may_file else "",
        }

    def _lesson(self, line: Away) -> dict[str, str]:
        code = Absence.Code(line.code)
        return {
            "code": line.code,
            "letter": str(ABSENCE_LETTERS[code]),
            "name": f"{line.number}. {line.subject}",
            "words": absence_words(line.code, line.minutes),
            "minutes": _("%(minutes)d min") % {"minutes": line.minutes} if line.minutes else "",
            "url": reverse("diary:cell-history", args=[line.lesson, self.student]),
        }

    def _note_on(self, day: DayAway) -> AbsenceNote | None:
        """That waits and tells of all that has no reason yet."""
        numbers = tuple(line.number for line in day.missed if line.code == Absence.Code.UNSTATED)
        if not numbers:
            return None
        return next((note for note in self.waiting if _tells_of(note, day.date, numbers)), None)

    def _lacks_reason(self, day: DayAway) -> bool:
        return day.code == Absence.Code.UNSTATED and self._note_on(day) is None

    def _file_url(self, day: DayAway) -> str:
        """Of the whole day, or of its lessons where the others were not missed."""
        if day.is_whole:
            return f"{reverse('diary:note-new', args=[self.student])}?since={day.date.isoformat()}"
        return reverse("diary:note-new-lessons", args=[self.student, day.date])

    def awaited(self, *, today: datetime.date) -> dict[str, str] | None:
        """«Пропуск вчера, ждём причину»: the last day of which nobody has told; {title, url}."""
        found = [
            day for day in self.attendance.days if self._lacks_reason(day) and today - day.date <= WAITED_FOR
        ]
        if not found:
            return None
        return {
            "title": _awaited(found[0].date, today),
            "url": self._file_url(found[0]) if self.may_file else "",
        }


def _tells_of(note: AbsenceNote, day: datetime.date, numbers: tuple[int, ...]) -> bool:
    if not Concern(day, day).meets(note):
        return False
    return not note.lesson_numbers or set(numbers) <= set(note.lesson_numbers)


def _awaited(day: datetime.date, today: datetime.date) -> str:
    if day == today:
        return _("Missed today, we wait for the reason")
    if day == today - DAY:
        return _("Missed yesterday, we wait for the reason")
    return _("Missed on %(day)s, we wait for the reason") % {"day": day_label(day)}
