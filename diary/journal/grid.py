"""The grid: a course's term on one page, students down, lessons across, as plain values for its template.

A constant number of statements, however many students, lessons and marks (docs/performance.md).
"""

import datetime
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import BooleanField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from diary.access import classes_led_by
from diary.averages import Counted, counted_marks
from diary.journal.cells import Cell, Cells, read_cells
from diary.journal.sums import Given, suggestion
from diary.journal.vocabulary import Vocabulary, vocabulary_of
from diary.letters import ABSENCE_LETTERS, ABSENCE_WORDS
from diary.models import JournalRules, Work
from diary.notes.covering import Hint, hints
from diary.results.suggestions import decimal_text
from schedule.models import Lesson
from schedule.weeks import day_label, term_label
from schools.models import Enrolment, GroupMembership, SchoolClass, Term, YearClosure

FIFTH = 5  # a stronger rule after every fifth row


def _classes(names: Iterable[str]) -> SafeString:
    joined = " ".join(filter(None, names))
    return mark_safe(f' class="{joined}"' if joined else "")  # noqa: S308 (of constants)


# Of a cell outside the student's days, in today's column, with a comment.
CLASSES = {
    (off, today, said): _classes(("off" * off, "today" * today, "said" * said))
    for off in (False, True)
    for today in (False, True)
    for said in (False, True)
}


@dataclass
class Student:
    """`stays`: since, until, and whether in a class that the reader leads."""

    pk: int
    name: str
    came: datetime.date
    stays: list[tuple[datetime.date, datetime.date | None, bool]] = field(default_factory=list)

    def is_there(self, day: datetime.date, *, led_only: bool) -> bool:
        return any(
            since <= day and (until is None or day <= until) and (led or not led_only)
            for since, until, led in self.stays
        )

    @property
    def is_led(self) -> bool:
        return any(led for _since, _until, led in self.stays)


@dataclass(frozen=True)
class Column:
    pk: int
    date: datetime.date
    starts: datetime.time
    ends: datetime.time
    is_mine: bool
    is_seen_whole: bool
    is_cancelled: bool
    test: int | None  # the kind of its planned test


def terms_of(course: Any) -> QuerySet[Term]:
    """Terms of the course's year for the grades it is taught to, with closures, in order."""
    grades = SchoolClass.objects.filter(
        Q(pk=course.school_class_id) if course.school_class_id else Q(groups=course.group_id),
        grade__gte=OuterRef("first_grade"),
        grade__lte=OuterRef("last_grade"),
    )
    closed = YearClosure.objects.filter(organisation=OuterRef("organisation"), year=OuterRef("year"))
    return (
        Term.objects.filter(Exists(grades), organisation=course.organisation_id, year=course.year_id)
        .select_related("closure")
        .annotate(is_year_closed=Exists(closed))
        .order_by("since", "kind", "pk")
    )


def term_of_day(terms: list[Term], today: datetime.date) -> Term | None:
    """The one of today, else the last that has begun, else the first; None without any."""
    begun = [term for term in terms if term.since <= today]
    current = [term for term in begun if today <= term.until]
    return next(iter(current or begun[-1:] or terms), None)


class Grid:
    """What one account sees of a course's term. `course` comes from `journals_of(user)`."""

    def __init__(self, course: Any, term: Any, *, user: Any, today: datetime.date) -> None:
        self.course, self.term, self.user, self.today = course, term, user, today

    # --- What may be seen and written ------------------------------------------------------------

    @property
    def is_closed(self) -> bool:
        return hasattr(self.term, "closure")

    @property
    def sees_whole(self) -> bool:
        return bool(self.course.is_mine or self.course.is_headed)

    @property
    def shows_averages(self) -> bool:
        return self.sees_whole or bool(self.course.is_led)

    @property
    def gives_reasons(self) -> bool:
        """The class teacher, until the year is closed (product map §3)."""
        return bool(self.course.is_led) and not self.term.is_year_closed

    def opens(self, column: Column) -> str:
        """`data-open` of a column (docs/journal-entries.md)."""
        if column.is_cancelled or column.date > self.today:
            return ""
        if column.is_mine and not self.is_closed:
            return "all"
        return "reasons" if self.gives_reasons else ""

    @cached_property
    def is_open(self) -> bool:
        return any(self.opens(column) for column in self.columns)

    @property
    def takes_corrections(self) -> bool:
        """Asked by the course's teacher, of a closed term (product map §3)."""
        return self.is_closed and bool(self.course.is_mine) and not self.term.is_year_closed

    @property
    def notice(self) -> str:
        if self.takes_corrections:
            return _("The term is closed. To mend a cell, choose it and ask for a correction.")
        if self.is_closed:
            return _("The term is closed: its journal can be read, not changed.")
        if not any(column.is_mine for column in self.columns) and not self.course.is_mine:
            return _("You can read this journal. Its teacher fills it in.")
        return ""

    # --- What is stored --------------------------------------------------------------------------

    @cached_property
    def columns(self) -> list[Column]:
        """The lessons that the account may see; cancelled ones only where something stands in them."""
        visible: Any = Lesson.objects.visible_to(self.user).for_page(self.user)
        lessons = (
            visible.filter(course=self.course.pk, term=self.term.pk).annotate(test=planned_test()).in_order()
        )
        names = ("pk", "date", "starts", "ends", "is_mine", "is_seen_whole", "state", "test")
        return [
            Column(pk, date, starts, ends, mine, whole, state == Lesson.State.CANCELLED, test)
            for pk, date, starts, ends, mine, whole, state, test in lessons.values_list(*names)
        ]

    @cached_property
    def cells(self) -> Cells:
        lessons = None if self.shows_averages else [column.pk for column in self.columns]
        return read_cells(self.course.pk, self.term, lessons=lessons)

    @cached_property
    def students(self) -> list[Student]:
        """All who were in the class or the group during the term, in the order of the class list."""
        found: dict[int, Student] = {}
        for pk, surname, first_name, came, since, until, led in self._stays():
            student = found.setdefault(pk, Student(pk, f"{surname} {first_name}", came))
            student.came = came
            student.stays.append((since, until, led))
        return list(found.values())

    def _stays(self) -> Iterator[tuple[Any, ...]]:
        term = self.term
        during = Q(since__lte=term.until) & (Q(until=None) | Q(until__gte=term.since))
        names = ("student", "student__surname", "student__first_name", "since")
        if self.course.school_class_id:
            of_class = Enrolment.objects.filter(during, school_class=self.course.school_class_id)
            of_class = of_class.order_by("student__sort_key", "student", "since")
            for *who, until in of_class.values_list(*names, "until"):
                yield (*who, who[-1], until, self.course.is_led)
            return
        enrolment = "group__classes__enrolments"
        members = GroupMembership.objects.filter(
            during, **{"group": self.course.group_id, f"{enrolment}__student": F("student")}
        )
        led_here: Any = Value(False, output_field=BooleanField())
        if self.course.is_led:
            led = classes_led_by(self.user, self.today).values("pk")
            led_here = Q(**{f"{enrolment}__school_class__in": led})
        rows = members.annotate(led_here=led_here).order_by("student__sort_key", "student", "since")
        for *who, until, enrolled_since, enrolled_until, is_led in rows.values_list(
            *names, "until", f"{enrolment}__since", f"{enrolment}__until", "led_here"
        ):
            first, last = (
                max(who[-1], enrolled_since),
                min(filter(None, (until, enrolled_until)), default=None),
            )
            if first <= term.until and (last is None or max(first, term.since) <= last):
                yield (*who, first, last, is_led)

    @cached_property
    def cells_of(self) -> dict[int, list[tuple[int, Cell]]]:
        """(lesson, cell) of each student."""
        found: dict[int, list[tuple[int, Cell]]] = defaultdict(list)
        for (lesson, student), cell in self.cells.by_place.items():
            found[student].append((lesson, cell))
        return found

    @cached_property
    def counted(self) -> dict[int, list[Counted]]:
        """What the averages are made of, by student."""
        return counted_marks([self.course], self.term, [student.pk for student in self.students])[
            self.course.pk
        ]

    @cached_property
    def given(self) -> dict[int, Given]:
        return {
            column.pk: Given(column.date, column.starts, column.ends)
            for column in self.columns
            if column.date <= self.today and not column.is_cancelled
        }

    @cached_property
    def noted(self) -> dict[int, Hint]:
        """By student: what families told of today and of days to come, for who calls the roll."""
        if not self.is_open or self.term.until < self.today:
            return {}
        return hints([student.pk for student in self.students], self.today, self.term.until)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        return vocabulary_of(self.course)

    @cached_property
    def rules(self) -> JournalRules:
        return rules_of(self.course.organisation)

    # --- For the template ------------------------------------------------------------------------

    def context(self) -> dict[str, Any]:
        columns = self._columns_shown()
        rows = list(self._rows(columns))
        return {
            "months": _months(columns),
            "columns": [self._head(column) for column in columns],
            "rows": rows,
            "shows_averages": self.shows_averages,
            "is_open": self.is_open,
            "scale": self._ends_of_scale(),
            "notice": self.notice,
            "data": self._data(columns, [row["pk"] for row in rows]),
            "today_lesson": self._today_lesson(columns),
        }

    def _columns_shown(self) -> list[Column]:
        held = {lesson for lesson, _student in self.cells.by_place}
        return [column for column in self.columns if not column.is_cancelled or column.pk in held]

    def _head(self, column: Column) -> dict[str, Any]:
        kind = self.vocabulary.kind(column.test)
        classes = [
            "grid-test" if column.test else "",
            "grid-today" if column.date == self.today else "",
            "grid-off" if column.is_cancelled or column.date > self.today else "",
        ]
        return {
            "pk": column.pk,
            "url": reverse("diary:lesson", args=[column.pk]),
            "date": f"{column.date}",
            "day": f"{column.date.day}",
            # A test is told by its letter, any other day by its weekday.
            "note": kind.text if column.test and kind else weekday(column.date),
            "kind": kind.pk if kind else "",
            "open": self.opens(column),
            "is_today": column.date == self.today,
            "classes": " ".join(filter(None, classes)),
        }

    def _rows(self, columns: list[Column]) -> Iterator[dict[str, Any]]:
        """A cell is its `Cell`, or None where nothing stands, and the classes of its `<td>`."""
        number, by_place = 0, self.cells.by_place
        for student in self.students:
            cells: list[tuple[Cell | None, SafeString]] = []
            somewhere = self.sees_whole or student.is_led
            for column in columns:
                cell = by_place.get((column.pk, student.pk))
                led_only = not column.is_seen_whole
                is_there = student.is_there(column.date, led_only=led_only)
                somewhere = somewhere or is_there
                if not is_there and led_only:
                    cell = None
                said = cell is not None and cell.said
                cells.append((cell, CLASSES[not is_there, column.date == self.today, said]))
            if not somewhere:
                continue
            number += 1
            yield {
                "pk": student.pk,
                "number": f"{number}",
                "name": student.name,
                "gone": self._gone(student),
                "noted": self.noted.get(student.pk),
                "is_fifth": number % FIFTH == 0,
                "cells": cells,
                **self._sums(student),
            }

    def _gone(self, student: Student) -> str:
        """«по 12 ноября», «с 3 декабря»: when somebody left or came during the term."""
        since, until = min(stay[0] for stay in student.stays), student.stays[-1][1]
        if until and until < min(self.term.until, self.today):
            return _("until %(day)s") % {"day": day_label(until)}
        if since > self.term.since:
            return _("from %(day)s") % {"day": day_label(since)}
        return ""

    def _sums(self, student: Student) -> dict[str, Any]:
        """The result decided, or else what the system suggests to who is still there."""
        if not (self.sees_whole or student.is_led):
            return {"average": "", "result": "", "suggestion": "", "corrected": False}
        until, result = student.stays[-1][1], self.cells.results.get(student.pk)
        found = suggestion(
            self.counted.get(student.pk, []),
            self.cells_of[student.pk],
            self.given,
            came=student.came,
            vocabulary=self.vocabulary,
            rules=self.rules,
        )
        is_here = until is None or until >= self.today
        return {
            "average": decimal_text(found.average),
            "average_url": self._average_url(student) if is_here and found.average is not None else "",
            "result": result.text if result else "",
            "corrected": bool(result and result.corrected),
            "suggestion": found.value.text if found.value and self.counted and is_here and not result else "",
        }

    def _average_url(self, student: Student) -> str:
        return reverse("diary:average", args=[self.course.pk, self.term.pk, student.pk])

    def _ends_of_scale(self) -> list[str]:
        """The lowest mark and the highest, for the line of keys."""
        marks = [value for value in self.vocabulary.values if value.points is not None]
        texts = [value.text for value in marks or self.vocabulary.values if value.text != "1"]
        return [texts[-1], texts[0]] if texts else []

    def _today_lesson(self, columns: list[Column]) -> dict[str, str] | None:
        """Today's, else the next one, else the last: where the bar leads."""
        following = [column for column in columns if column.date >= self.today] or columns[-1:]
        if not following:
            return None
        column = following[0]
        return {"url": reverse("diary:lesson", args=[column.pk]), "day": day_label(column.date)}

    def _data(self, columns: list[Column], students: list[int]) -> str:
        """`#grid-data` (docs/journal-entries.md): of the cells that the table shows."""
        shown, here = {column.pk: column for column in columns}, set(students)
        whose = {student.pk: student for student in self.students}
        cells: dict[int, dict[int, Any]] = {}
        texts: dict[str, str] = {}
        for (lesson, student), cell in self.cells.by_place.items():
            column = shown.get(lesson)
            if column is None or student not in here:
                continue
            if column.is_seen_whole or whose[student].is_there(column.date, led_only=True):
                cells.setdefault(lesson, {})[student] = cell.packed()
                texts.update({mark.text: mark.tone for mark in cell.marks})
        return _as_script(
            {
                "kinds": [
                    {"id": kind.pk, "code": kind.text, "name": kind.local_name, "test": kind.is_test}
                    for kind in self.vocabulary.kinds
                ],
                "values": self._values(texts),
                "absences": [
                    {"code": code, "letter": str(letter), "name": str(ABSENCE_WORDS[code])}
                    for code, letter in ABSENCE_LETTERS.items()
                ],
                "cells": cells,
            }
        )

    def _values(self, texts: dict[str, str]) -> list[dict[str, Any]]:
        values: list[dict[str, Any]] = [
            {"text": value.text, "tone": value.tone, "name": value.local_name}
            for value in self.vocabulary.values
        ]
        known = {value["text"] for value in values}
        old = [{"text": text, "tone": tone, "old": True} for text, tone in texts.items() if text not in known]
        return values + old


def planned_test() -> Subquery:
    """Of a lesson: the kind of the test that is planned, or was held, at it."""
    tests = Work.objects.filter(lesson=OuterRef("pk"), kind__is_test=True).order_by("number", "pk")
    return Subquery(tests.values("kind")[:1])


def rules_of(organisation: Any) -> JournalRules:
    """`JournalRules.of` an organisation that was read with its rules."""
    found: JournalRules | None = getattr(organisation, "journal_rules", None)
    return found or JournalRules(organisation_id=organisation.pk)


def weekday(day: datetime.date) -> str:
    """«ср»"""
    return date_format(day, "D").lower()


def term_title(term: Any) -> str:
    """«2-я четверть»"""
    return capfirst(term_label(term))


def _months(columns: Iterable[Column]) -> list[dict[str, Any]]:
    months: list[dict[str, Any]] = []
    for column in columns:
        key = (column.date.year, column.date.month)
        if not months or months[-1]["key"] != key:
            # «f» is the month by itself: «Декабрь», not «декабря».
            months.append({"key": key, "name": capfirst(date_format(column.date, "F")), "span": 0})
        months[-1]["span"] += 1
    return months


_ESCAPES = str.maketrans({"<": "\\u003C", ">": "\\u003E", "&": "\\u0026"})


def _as_script(data: dict[str, Any]) -> str:
    """JSON that may stand inside a `<script>`."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
