"""The summary sheet of a class (сводная ведомость): students down, subjects across, one column of results;
and the behaviour mark, which the class teacher puts there."""

import datetime
from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from diary.averages import mean
from diary.courses import members_of, students_of_class
from diary.marking import ChangedMeanwhile, Refused, parse_value
from diary.models import BehaviourMark, JournalRules, Mark, Result, ScaleValue
from diary.results.columns import Column, Kind, columns_of
from diary.results.entries import hold_column
from diary.results.suggestions import EXEMPT, NOT_CERTIFIED, decimal_text
from schools.models import Course, Person, SchoolClass

Variant = JournalRules.Behaviour
# The variants of the behaviour mark are on these scales; what they have for marks alone is left out.
SCALES = {Variant.PASSED: "passed", Variant.WORDS: "behaviour", Variant.FIVE_POINT: "five-point"}


class ClassSheet:
    """Of one class with one column, as it stands on `today`. A fixed number of statements."""

    def __init__(self, school_class: SchoolClass, *, today: datetime.date) -> None:
        """`school_class` comes with its year."""
        self.school_class, self.today = school_class, today

    @cached_property
    def columns(self) -> list[Column]:
        of_class = self.school_class
        also = Result.objects.filter(
            Q(course__school_class=of_class) | Q(course__group__classes=of_class),
            kind__in=[Kind.EXAM, Kind.FINAL],
        ).values_list("kind", flat=True)
        return columns_of(
            of_class.organisation_id,
            of_class.year_id,
            [of_class.grade],
            today=self.today,
            also=also.distinct(),
        )

    @cached_property
    def courses(self) -> list[Course]:
        """Those in which marks or results are given: no others belong on the sheet."""
        of_class = Q(school_class=self.school_class) | Q(group__classes=self.school_class)
        given = Q(Exists(Mark.objects.filter(work__course=OuterRef("pk"))))
        given |= Q(Exists(Result.objects.filter(course=OuterRef("pk"))))
        found = Course.objects.filter(of_class, given).distinct().select_related("subject")
        return list(found.order_by("subject__name", "pk"))

    @cached_property
    def day(self) -> datetime.date:
        """Whose results are shown: today's class, or that of the last day of a year that is over."""
        year = self.school_class.year
        return min(max(self.today, year.since), year.until)

    @cached_property
    def students(self) -> list[Person]:
        return students_of_class(self.school_class, self.day)

    @cached_property
    def learners(self) -> dict[str, set[int]]:
        """By the subject's name: the groups of English are one column."""
        members = members_of(self.courses, self.day, classes=[self.school_class.pk])
        learners: dict[str, set[int]] = defaultdict(set)
        for course in self.courses:
            learners[course.subject.name] |= {student.pk for student, _since in members[course.pk]}
        return learners

    @cached_property
    def rules(self) -> JournalRules:
        return JournalRules.of(self.school_class.organisation_id)

    def results(self, column: Column) -> dict[tuple[str, int], Result]:
        """By subject and student: whatever class or group it was decided in."""
        found = Result.objects.filter(
            student__in=[student.pk for student in self.students],
            year=self.school_class.year_id,
            kind=column.kind,
        )
        if column.term:
            found = found.filter(term__kind=column.term.kind, term__number=column.term.number)
        here = {course.pk for course in self.courses}
        results: dict[tuple[str, int], Result] = {}
        for result in found.select_related("value", "course__subject").order_by("at", "pk"):
            place = (result.course.subject.name, result.student_id)
            if place not in results or result.course_id in here:
                results[place] = result
        return results

    # --- Behaviour -------------------------------------------------------------------------------

    def has_behaviour(self, column: Column) -> bool:
        return self.rules.behaviour != Variant.NONE and column.kind in (Kind.TERM, Kind.YEAR)

    @cached_property
    def behaviour_values(self) -> dict[str, ScaleValue]:
        if self.rules.behaviour == Variant.NONE:
            return {}
        values = ScaleValue.objects.filter(scale__code=SCALES[Variant(self.rules.behaviour)])
        values = values.exclude(text__in=[EXEMPT, NOT_CERTIFIED])
        return {value.text: value for value in values.order_by("order")}

    def behaviour(self, column: Column) -> dict[int, BehaviourMark]:
        found = BehaviourMark.objects.filter(school_class=self.school_class, term=column.term)
        return {mark.student_id: mark for mark in found.select_related("value")}


class ClassPage:
    """What the page shows. `refused` holds what was typed for behaviour and not written, and why."""

    def __init__(
        self,
        sheet: ClassSheet,
        column: Column,
        *,
        is_led: bool,
        refused: Mapping[int, tuple[str, str]] | None = None,
    ) -> None:
        self.sheet, self.column, self.is_led = sheet, column, is_led
        self.refused = refused or {}

    @property
    def may_write(self) -> bool:
        return self.is_led and self.sheet.has_behaviour(self.column) and not self.column.obstacle

    def context(self) -> dict[str, Any]:
        sheet, column = self.sheet, self.column
        results = sheet.results(column)
        behaviour = sheet.behaviour(column) if sheet.has_behaviour(column) else {}
        return {
            "title": _("Results of %(class)s") % {"class": sheet.school_class.label},
            "subtitle": column.label,
            "columns": [self._tab(each) for each in sheet.columns],
            "subjects": [
                {
                    "name": name,
                    "average": decimal_text(_mean_of(results, [(name, pk) for pk in students])),
                }
                for name, students in sheet.learners.items()
            ],
            "rows": [
                self._row(number, student, results, behaviour.get(student.pk))
                for number, student in enumerate(sheet.students, start=1)
            ],
            "has_behaviour": sheet.has_behaviour(column),
            "values": list(sheet.behaviour_values),
            "may_write": self.may_write,
            "behaviour_url": reverse("diary:behaviour", args=[sheet.school_class.pk, column.key]),
            "reports_url": reverse("diary:class-reports", args=[sheet.school_class.pk]),
            "notice": column.obstacle,
            "errors": [
                {"anchor": f"behaviour-{student.pk}", "text": f"{student.roll_name}: {message}"}
                for student in sheet.students
                for _typed, message in filter(None, [self.refused.get(student.pk)])
            ],
        }

    def _tab(self, column: Column) -> dict[str, Any]:
        return {
            "label": column.short_label,
            "title": column.label,
            "url": reverse("diary:class-results-of", args=[self.sheet.school_class.pk, column.key]),
            "current": column.key == self.column.key,
        }

    def _row(
        self,
        number: int,
        student: Person,
        results: dict[tuple[str, int], Result],
        behaviour: BehaviourMark | None,
    ) -> dict[str, Any]:
        refusal = self.refused.get(student.pk)
        stored = behaviour.value.text if behaviour else ""
        return {
            "number": number,
            "pk": student.pk,
            "name": student.roll_name,
            "cells": [
                self._cell(results.get((name, student.pk)), student.pk in learners)
                for name, learners in self.sheet.learners.items()
            ],
            "average": decimal_text(_mean_of(results, [(name, student.pk) for name in self.sheet.learners])),
            "behaviour": refusal[0] if refusal else stored,
            "shown": f"{behaviour.version if behaviour else 0}:{stored}",
            "error": refusal[1] if refusal else "",
        }

    def _cell(self, result: Result | None, learns: bool) -> dict[str, Any]:
        if result is None:
            return {"text": "", "tone": "", "learns": learns, "corrected": False}
        return {
            "text": result.value.text,
            "tone": result.value.tone,
            "learns": True,
            "corrected": result.correction_id is not None,
        }


def _mean_of(results: Mapping[tuple[str, int], Result], places: list[tuple[str, int]]) -> Any:
    found = [results[place].value.points for place in places if place in results]
    return mean(points for points in found if points is not None)


@transaction.atomic
def save_behaviour(
    sheet: ClassSheet, column: Column, typed: Mapping[str, str], *, by: Person, at: datetime.datetime
) -> dict[int, tuple[str, str]]:
    """Write the column; returns (what was typed, why it was refused) by student. Raises NoLongerOpen."""
    hold_column(column, sheet.school_class.organisation_id, sheet.school_class.year_id)
    stored, refused = sheet.behaviour(column), {}
    for student in sheet.students:
        name = f"behaviour-{student.pk}"
        text = typed.get(name, "").replace("\x00", "").strip()
        shown = typed.get(f"shown-{student.pk}", "")
        if name not in typed or text == shown.partition(":")[2]:
            continue
        try:
            _write_behaviour(sheet, column, student, stored.get(student.pk), text, shown, by, at)
        except Refused as refusal:
            refused[student.pk] = (text, str(refusal))
    return refused


def _write_behaviour(
    sheet: ClassSheet,
    column: Column,
    student: Person,
    stored: BehaviourMark | None,
    text: str,
    shown: str,
    by: Person,
    at: datetime.datetime,
) -> None:
    meanwhile = ChangedMeanwhile(_("Somebody else changed this mark meanwhile."))
    if text == (stored.value.text if stored else ""):
        return
    if shown.partition(":")[0] != str(stored.version if stored else 0):
        raise meanwhile
    whose = {"school_class": sheet.school_class, "student": student, "term": column.term}
    mark = BehaviourMark.objects.filter(version=stored.version if stored else 0, **whose)
    if not text:
        mark.delete()
        return
    value = parse_value(text, {key.lower(): each for key, each in sheet.behaviour_values.items()})
    if stored:
        written = bool(mark.update(value=value, by=by, at=at, version=F("version") + 1))
    else:
        _mark, written = BehaviourMark.objects.get_or_create(
            **whose, defaults={"value": value, "by": by, "at": at}
        )
    if not written:
        raise meanwhile
