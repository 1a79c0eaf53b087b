"""The three reports of product map §5.6, put together from what was read."""

import datetime
from collections.abc import Iterable, Iterator

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from diary.attendance.page import missed_words
from diary.models import Absence, Result
from diary.reports.reading import Learner, Missed, Period, Progress, Results, results_of
from diary.reports.record import Report, Table
from diary.reports.spans import Span
from diary.results.columns import Column, columns_of
from diary.results.suggestions import decimal_text
from schools.models import Information, SchoolClass, Term


class Kind(models.TextChoices):
    PROGRESS = "progress", gettext_lazy("Progress and attendance")
    TERM = "term", gettext_lazy("Results of a term")
    YEAR = "year", gettext_lazy("The year’s table")

    @property
    def needs(self) -> frozenset[Information]:
        """Any of these kinds of information; without them there is nothing to report."""
        if self == Kind.PROGRESS:
            return frozenset({Information.MARKS, Information.ATTENDANCE})
        return frozenset({Information.RESULTS})

    def is_for(self, information: Iterable[str]) -> bool:
        return not self.needs.isdisjoint(information)


def reports_of(
    kind: Kind, learners: list[Learner], school_class: SchoolClass, span: Span, *, now: datetime.datetime
) -> list[Report]:
    """One for each learner; `span` is the period, for the year's table the whole year. At most six
    statements, and one for each term of the period."""
    period = Period(learners, span.since, span.until, year=school_class.year_id, now=now)
    tables = {Kind.PROGRESS: _progress, Kind.TERM: _term, Kind.YEAR: _year}[kind](period, school_class, span)
    return [
        Report(
            title=str(kind.label),
            period=span.label_with_days,
            student=learner.student.full_name,
            class_label=school_class.label,
            school=span.school,
            tables=list(own),
        )
        for learner, own in zip(learners, tables, strict=True)
    ]


# --- Progress and attendance -----------------------------------------------------------------------------


def _progress(period: Period, school_class: SchoolClass, span: Span) -> Iterator[Iterable[Table]]:
    for learner, progress in zip(period.learners, period.progress(span.terms), strict=True):
        yield _progress_tables(learner, progress)


def _progress_tables(learner: Learner, progress: Progress) -> Iterator[Table]:
    marks = Information.MARKS in learner.information
    attendance = Information.ATTENDANCE in learner.information
    headings, rows = [_("Subject")], [[subject] for subject in progress.subjects]
    if marks:
        headings += [_("Marks"), _("Average")]
    if attendance:
        headings.append(pgettext("narrow column", "Missed"))
    for row in rows:
        row += _figures(row[0], progress, marks=marks, attendance=attendance)
    yield Table(_("By subject"), headings, rows, marks=1 if marks else None)
    if attendance:
        yield _attendance(progress.missed)


def _figures(subject: str, progress: Progress, *, marks: bool, attendance: bool) -> list[str]:
    figures = []
    if marks:
        given = progress.marks.get(subject, [])
        figures = [" ".join(mark.text for mark in given), decimal_text(progress.average(subject))]
    if attendance:
        figures.append(str(progress.missed.by_subject.get(subject, "")))
    return figures


def _attendance(missed: Missed) -> Table:
    reasons = [
        [capfirst(missed_words(code)), str(count)]
        for code in (*Absence.AWAY, Absence.Code.LATE)
        if (count := missed.by_reason.get(code, 0))
    ]
    return Table(
        _("Lessons missed, by reason"),
        [_("Reason"), _("Lessons")],
        [
            *reasons,
            [_("All lessons missed"), str(missed.lessons)],
            [_("Whole days among them"), str(missed.days)],
            [_("Came late"), str(missed.late)],
        ],
    )


# --- Results -----------------------------------------------------------------------------------------------


def _term(period: Period, school_class: SchoolClass, span: Span) -> Iterator[Iterable[Table]]:
    """With the average and the missed lessons that the result rests upon, where the reader may know them."""
    decided = results_of(period.learners, year=period.year)
    for learner, progress, results in zip(period.learners, period.progress(span.terms), decided, strict=True):
        yield [_term_table(learner, progress, results, span.terms[0])]


def _term_table(learner: Learner, progress: Progress, results: Results, term: Term) -> Table:
    place = (str(Result.Kind.TERM), term.kind, term.number)
    subjects = _with_results(progress.subjects, results, [place])
    columns = {_("Result"): [results.get((subject, place), "") for subject in subjects]}
    if Information.MARKS in learner.information:
        columns[_("Average")] = [decimal_text(progress.average(subject)) for subject in subjects]
    if Information.ATTENDANCE in learner.information:
        columns[pgettext("narrow column", "Missed")] = [
            str(progress.missed.by_subject.get(subject, "")) for subject in subjects
        ]
    return Table(_("By subject"), [_("Subject"), *columns], _rows(subjects, columns.values()))


def _year(period: Period, school_class: SchoolClass, span: Span) -> Iterator[Iterable[Table]]:
    decided = results_of(period.learners, year=period.year)
    kinds = {kind for results in decided for _subject, (kind, _term, _number) in results}
    columns = columns_of(
        school_class.organisation_id,
        school_class.year_id,
        [school_class.grade],
        today=period.now.date(),
        also=kinds - {Result.Kind.TERM},
    )
    for learner, results in zip(period.learners, decided, strict=True):
        subjects = _with_results(period.subjects_of(learner), results, map(_place, columns))
        cells = [[results.get((subject, _place(column)), "") for subject in subjects] for column in columns]
        headings = [_("Subject"), *(column.short_label for column in columns)]
        yield [Table(_("By subject"), headings, _rows(subjects, cells))]


def _place(column: Column) -> tuple[str, str | None, int | None]:
    term = column.term
    return str(column.kind), term.kind if term else None, term.number if term else None


def _with_results(
    subjects: list[str], results: Results, places: Iterable[tuple[str, str | None, int | None]]
) -> list[str]:
    """Those learned now, and what was decided in others."""
    shown = set(places)
    return sorted({*subjects, *(subject for subject, place in results if place in shown)})


def _rows(subjects: list[str], columns: Iterable[list[str]]) -> list[list[str]]:
    return [list(row) for row in zip(subjects, *columns, strict=True)]
