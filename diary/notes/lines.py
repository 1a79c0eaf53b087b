"""An absence note in words, as plain values for the templates."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db.models import Case, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diary.letters import ABSENCE_WORDS
from diary.models import Absence, AbsenceNote, NoteOutcome
from schedule.weeks import day_label
from schools.models import SchoolClass

MOST, ANSWERED = 100, 10  # notes on the page of a class


def period_label(since: datetime.date, until: datetime.date) -> str:
    """«16 декабря», «14–18 декабря», «30 ноября – 5 декабря»"""
    if since == until:
        return day_label(since)
    if (since.year, since.month) == (until.year, until.month):
        return f"{since.day}–{day_label(until)}"
    return f"{day_label(since)} – {day_label(until)}"


def note_title(note: AbsenceNote) -> str:
    """«14–18 декабря», «16 декабря, уроки 2, 3»"""
    days = period_label(note.since, note.until)
    if not note.lesson_numbers:
        return days
    numbers = ", ".join(str(number) for number in note.lesson_numbers)
    lessons = ngettext("lesson %(numbers)s", "lessons %(numbers)s", len(note.lesson_numbers))
    return f"{days}, {lessons % {'numbers': numbers}}"


def notes_of_class(school_class: SchoolClass) -> dict[str, list[dict[str, Any]]]:
    """Those that wait, the longest waiting first, and the last ones answered. One statement."""
    notes = AbsenceNote.objects.filter(school_class=school_class).with_names()
    is_settled = Case(When(outcome=None, then=Value(0)), default=Value(1))
    lines = note_lines(
        notes.exclude(outcome__kind=NoteOutcome.Kind.WITHDRAWN).order_by(is_settled, "-at", "-pk")[:MOST]
    )
    waiting = [line for line in lines if line["state"] == "waiting"]
    return {
        "waiting": waiting[::-1],
        "answered": [line for line in lines if line["state"] != "waiting"][:ANSWERED],
    }


def note_lines(notes: Iterable[AbsenceNote]) -> list[dict[str, Any]]:
    """Of `with_names()`."""
    return [note_line(note) for note in notes]


def note_line(note: AbsenceNote) -> dict[str, Any]:
    """For `diary/_note.html`."""
    return {
        "pk": note.pk,
        "student": note.student.roll_name,
        "title": note_title(note),
        "code": note.reason,
        "reason": str(ABSENCE_WORDS[Absence.Code(note.reason)]),
        "text": note.text,
        "filed": _("%(who)s, %(when)s") % {"who": note.by.short_name, "when": _moment(note.at)},
        "file_name": note.name,
        "file_url": reverse("diary:absence-note-file", args=[note.pk]) if note.file else "",
        "url": reverse("diary:absence-note", args=[note.pk]),
        **_outcome(note),
    }


def _outcome(note: AbsenceNote) -> dict[str, str]:
    if note.is_waiting:
        return {"state": "waiting", "state_words": _("waits for an answer"), "answered": "", "why": ""}
    outcome = note.outcome
    return {
        "state": outcome.kind,
        "state_words": str(NoteOutcome.Kind(outcome.kind).label),
        "answered": _("%(who)s, %(when)s") % {"who": outcome.by.short_name, "when": _moment(outcome.at)},
        "why": outcome.words,
    }


def _moment(at: datetime.datetime) -> str:
    local = timezone.localtime(at)
    return f"{day_label(local.date())}, {local:%-H:%M}"
