"""The printed journal as a PDF, A4 across, set by Typst."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar

import typst
from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from diary.models import Absence
from diary.printing.record import AttendanceLine, PrintedCourse, PrintedJournal, PrintedLesson

TEMPLATE = Path(__file__).with_name("journal.typ")
LESSONS_A_SHEET = 28
SUMMARY_COLUMNS_A_SHEET = 20
REASONS = (Absence.Code.UNSTATED, Absence.Code.ILL, Absence.Code.VALID, Absence.Code.INVALID)
# The same letters on every server.
_FONTS = typst.Fonts(include_system_fonts=False)
T = TypeVar("T")


def journal_pdf(journal: PrintedJournal) -> bytes:
    """In the active language. Texts are data for the template (`sys.inputs`), never its source."""
    data = json.dumps({"digest": digest(journal), **_pages(journal)}, ensure_ascii=False)
    pdf: Any = typst.compile(TEMPLATE, format="pdf", font_paths=_FONTS, sys_inputs={"data": data})
    return bytes(pdf)


def digest(journal: PrintedJournal) -> str:
    """SHA-256 of what is printed: two prints of one state of the journal carry the same."""
    said = json.dumps(asdict(journal), default=str, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


def _pages(journal: PrintedJournal) -> dict[str, Any]:
    return {
        "language": get_language() or settings.LANGUAGE_CODE,
        "words": _words(),
        "school": journal.school,
        "title": journal.title,
        "period": f"{date_format(journal.since, 'd.m.Y')} – {date_format(journal.until, 'd.m.Y')}",
        "courses": [_course(course) for course in journal.courses],
        "students": [
            [
                line.name,
                date_format(line.birth_date, "d.m.Y") if line.birth_date else "",
                date_format(line.came, "d.m.Y") if line.came else "",
                date_format(line.left, "d.m.Y") if line.left else "",
            ]
            for line in journal.students
        ],
        "summary": _summary(journal),
        "attendance": [_attendance(line) for line in journal.attendance],
    }


def _words() -> dict[str, Any]:
    return {
        "journal": _("Class journal"),
        "contents": _("Contents"),
        "marks": _("Attendance and marks"),
        "taught": _("What was taught and set"),
        "students": _("Data on the students"),
        "summary": _("Summary sheet of results"),
        "attendance": _("Summary sheet of attendance"),
        "number": _("No."),
        "student": _("Student"),
        "date": _("Date"),
        "topic": _("Topic"),
        "homework": _("Homework"),
        "born": _("Birth date"),
        "came": _("Came"),
        "left": _("Left"),
        "days": _("Days missed"),
        "lessons": _("Lessons missed"),
        "reasons": [str(reason.label) for reason in REASONS],
        "nobody": _("No lessons in this period."),
        "corrected": _("* is written by a correction after the term was closed."),
        "page": _("page"),
        "digest": _("Digest of the data (SHA-256):"),
    }


def _course(course: PrintedCourse) -> dict[str, Any]:
    sheets = _parts(course.lessons, LESSONS_A_SHEET) or [[]]
    return {
        "subject": course.subject,
        "audience": course.audience,
        "teachers": course.teachers,
        "students": course.students,
        "sheets": [
            _sheet(lessons, course, is_last=number == len(sheets))
            for number, lessons in enumerate(sheets, start=1)
        ],
    }


def _sheet(lessons: Sequence[PrintedLesson], course: PrintedCourse, *, is_last: bool) -> dict[str, Any]:
    """Results stand to the right of the last lessons."""
    by_month = groupby(lessons, key=lambda lesson: (lesson.date.year, lesson.date.month))
    months = [list(group) for _month, group in by_month]
    return {
        "months": [[date_format(group[0].date, "F"), len(group)] for group in months],
        "days": [[lesson.date.day, lesson.kind] for lesson in lessons],
        "cells": [[lesson.cells[row] for lesson in lessons] for row in range(len(course.students))],
        "results": [list(result) for result in course.results] if is_last else [],
        "taught": [
            [date_format(lesson.date, "d.m"), topic_with_substitute(lesson), lesson.homework]
            for lesson in lessons
        ],
    }


def topic_with_substitute(lesson: PrintedLesson) -> str:
    if not lesson.substitute:
        return lesson.topic
    return " ".join(
        filter(None, [lesson.topic, _("(substitution: %(teacher)s)") % {"teacher": lesson.substitute}])
    )


def _summary(journal: PrintedJournal) -> list[dict[str, Any]]:
    names = [line.name for line in journal.students]
    return [
        {
            "headings": [heading for heading, _cells in part],
            "rows": [[name, *(cells[row] for _heading, cells in part)] for row, name in enumerate(names)],
        }
        for part in _parts(journal.summary, SUMMARY_COLUMNS_A_SHEET)
    ]


def _attendance(line: AttendanceLine) -> list[Any]:
    by_reason = [line.lessons.get(reason, 0) for reason in REASONS]
    return [line.student, line.days, sum(by_reason), *by_reason]


def _parts(rows: Sequence[T], size: int) -> list[Sequence[T]]:
    return [rows[start : start + size] for start in range(0, len(rows), size)]
