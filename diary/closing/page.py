"""What the pages of terms show a head teacher, as plain values for their templates."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from diary.access import schools_headed_by
from diary.closing import missing
from diary.closing.closures import (
    AlreadyClosed,
    CorrectionsWait,
    NotOver,
    ResultsMissing,
    TermsOpen,
    last_of_each_grade,
    year_obstacle,
)
from diary.models import Result
from schedule.weeks import day_label, term_label
from schools.models import Course, Organisation, Person, TeachingAssignment, Term, YearClosure
from schools.models.periods import in_force


def terms_headed(user: Any, on: datetime.date) -> QuerySet[Term]:
    """The terms that the account's person may close some day."""
    found = Term.objects.filter(organisation__in=schools_headed_by(user, on).values("pk"))
    return found.select_related("organisation", "year", "closure__by")


# Before these last days of a term nobody expects its results.
RESULTS_ARE_DUE = datetime.timedelta(days=14)


def _due_by(terms: list[Any], now: datetime.datetime) -> list[int]:
    """Of which terms the results are due."""
    return [term.pk for term in terms if now.date() >= term.until - RESULTS_ARE_DUE]


# --- All terms -----------------------------------------------------------------------------------
def schools_with_terms(user: Any, now: datetime.datetime) -> list[dict[str, Any]]:
    """Of the year of `now`, and of earlier ones what is still open. A constant number of statements."""
    of_today = Q(year__since__lte=now.date(), year__until__gte=now.date())
    left_open = Q(closure=None, until__lt=now.date())
    found: Any = terms_headed(user, now.date()).filter(of_today | left_open)
    terms = list(found.order_by("organisation", "year__since", "first_grade", "last_grade", "since", "pk"))
    notes = _notes([term for term in terms if _is_due(term, now)], now)
    closures = _year_closures(terms)
    schools = []
    for _key, rows in groupby(terms, lambda term: (term.organisation_id, term.year_id)):
        of_year = list(rows)
        schools.append(
            {
                "name": of_year[0].organisation.short_name,
                "year": _year_label(of_year[0].year),
                "spans": _spans(of_year, notes, now),
                "closing": _year_line(of_year, closures),
            }
        )
    return schools


def _is_due(term: Any, now: datetime.datetime) -> bool:
    return term.since <= now.date() and not hasattr(term, "closure")


def _notes(terms: list[Any], now: datetime.datetime) -> dict[int, list[str]]:
    """By term what is missing, in words."""
    keys = [term.pk for term in terms]
    lacking: dict[int, int] = defaultdict(int)
    for row in missing.results(_due_by(terms, now), today=now.date()):
        lacking[row.term] += row.lacking
    unfilled, owed = missing.unfilled_counts(keys, now), missing.owed_counts(keys)
    notes = {}
    for pk in keys:
        lessons = unfilled.get(pk, {"roll": 0, "topic": 0})
        notes[pk] = _counted(
            (lacking[pk], ngettext("%(count)d result", "%(count)d results", lacking[pk])),
            (lessons["roll"], ngettext("%(count)d roll call", "%(count)d roll calls", lessons["roll"])),
            (lessons["topic"], ngettext("%(count)d topic", "%(count)d topics", lessons["topic"])),
            (owed.get(pk, 0), ngettext("%(count)d owed mark", "%(count)d owed marks", owed.get(pk, 0))),
        )
    return notes


def _counted(*parts: tuple[int, str]) -> list[str]:
    return [words % {"count": count} for count, words in parts if count]


def _spans(terms: list[Any], notes: dict[int, list[str]], now: datetime.datetime) -> list[dict[str, Any]]:
    return [
        {
            "title": _("Grades %(first)d–%(last)d") % {"first": first, "last": last},
            "terms": [_term_line(term, notes.get(term.pk, []), now) for term in rows],
        }
        for (first, last), rows in groupby(terms, lambda term: (term.first_grade, term.last_grade))
    ]


def _term_line(term: Any, lacking: list[str], now: datetime.datetime) -> dict[str, Any]:
    state, detail = state_of(term, now)
    if lacking:
        detail = _("%(state)s · missing: %(what)s") % {"state": detail, "what": ", ".join(lacking)}
    return {
        "url": reverse("diary:term", args=[term.pk]),
        "label": capfirst(term_label(term)),
        "note": f"{_dates(term)} · {detail}",
        "icon": {"closed": "check", "over": "warning"}.get(state, "timetable"),
    }


def state_of(term: Any, now: datetime.datetime) -> tuple[str, str]:
    """(closed, over, running or coming; the same in words)"""
    if hasattr(term, "closure"):
        closed = {"day": day_label(timezone.localdate(term.closure.at)), "who": term.closure.by.short_name}
        return "closed", _("closed on %(day)s by %(who)s") % closed
    if term.until <= now.date():
        return "over", _("over, not closed yet")
    if term.since <= now.date():
        return "running", _("running")
    return "coming", _("not begun")


def _dates(term: Term) -> str:
    return f"{day_label(term.since)} – {day_label(term.until)}"


def _year_label(year: Any) -> str:
    return f"{year.since.year}/{year.until.year}"


def _year_closures(terms: list[Any]) -> dict[tuple[int, int], YearClosure]:
    found = YearClosure.objects.filter(
        organisation__in={term.organisation_id for term in terms}, year__in={term.year_id for term in terms}
    )
    return {(row.organisation_id, row.year_id): row for row in found.select_related("by")}


def _year_line(terms: list[Any], closures: dict[tuple[int, int], YearClosure]) -> dict[str, str] | None:
    """The way to close the year, once all its terms are; or who closed it."""
    organisation, year = terms[0].organisation_id, terms[0].year_id
    closure = closures.get((organisation, year))
    if closure:
        said = {"day": day_label(timezone.localdate(closure.at)), "who": closure.by.short_name}
        return {"words": _("The year was closed on %(day)s by %(who)s.") % said, "url": ""}
    if all(hasattr(term, "closure") for term in terms):
        return {"words": "", "url": reverse("diary:year-closure", args=[organisation, year])}
    return None


# --- One term ------------------------------------------------------------------------------------
def term_page(term: Any, now: datetime.datetime) -> dict[str, Any]:
    """What is missing, by teacher and course, each with the way to it."""
    state, words = state_of(term, now)
    context = {
        "heading": _heading(term),
        "state": state,
        "state_words": capfirst(words),
        "closure_url": reverse("diary:term-closure", args=[term.pk]) if state == "over" else "",
        "ends_on": day_label(term.until),
    }
    if state in ("over", "running"):
        context |= _missing(term, now)
    return context


def _heading(term: Any) -> dict[str, str]:
    grades = _("grades %(first)d–%(last)d") % {"first": term.first_grade, "last": term.last_grade}
    return {
        "title": f"{capfirst(term_label(term))}, {grades}",
        "subtitle": f"{term.organisation.short_name} · {_dates(term)}",
    }


def _missing(term: Any, now: datetime.datetime) -> dict[str, Any]:
    due = _due_by([term], now)
    lacking, unmarked = missing.results(due, today=now.date()), missing.unmarked(due)
    lessons, points = missing.unfilled_lessons(term.pk, now), missing.owed_points(term.pk)
    courses = _Courses(
        [
            *(row.course for row in lacking),
            *(course for _term, course in unmarked),
            *(row["course"] for row in lessons),
            *(row["work__course"] for row in points),
        ],
        now.date(),
    )
    return {
        "results": courses.by_teacher(
            {row.course: _results_line(row, f"term-{row.term}") for row in lacking}
        ),
        "results_count": sum(row.lacking for row in lacking),
        "lessons": courses.by_teacher(_lesson_lines(lessons)),
        "points": courses.by_teacher(_point_lines(points)),
        "unmarked": courses.by_teacher({course: {"items": [], "more": 0} for _term, course in unmarked}),
    }


def _results_line(row: missing.MissingResult, column: str) -> dict[str, Any]:
    """`column` is its key on the page of results. A few students are named, more are counted."""
    url = reverse("diary:results-of", args=[row.course, column])
    if row.lacking > missing.NAMED_A_COURSE:
        words = ngettext("%(count)d result", "%(count)d results", row.lacking) % {"count": row.lacking}
        return {"items": [], "more": 0, "url": url, "note": words}
    items = [{"label": name, "note": "", "url": f"{url}#result-{pk}"} for pk, name in row.students]
    return {"items": items, "more": 0, "url": url, "note": ""}


def _lesson_lines(rows: list[dict[str, Any]]) -> dict[int, dict[str, Any]]:
    lines: dict[int, dict[str, Any]] = {}
    for row in rows:
        line = lines.setdefault(row["course"], {"items": [], "more": row["total"]})
        lacks = [
            _("roll call") if row["lacks_roll"] else "",
            _("topic") if row["lacks_topic"] else "",
        ]
        line["items"].append(
            {
                "label": day_label(row["date"]),
                "note": ", ".join(filter(None, lacks)),
                "url": reverse("diary:lesson", args=[row["pk"]]),
            }
        )
        line["more"] -= 1
    return lines


def _point_lines(rows: list[dict[str, Any]]) -> dict[int, dict[str, Any]]:
    lines: dict[int, dict[str, Any]] = {}
    for row in rows:
        line = lines.setdefault(row["work__course"], {"items": [], "more": row["total"]})
        lesson = reverse("diary:lesson", args=[row["work__lesson"]])
        line["items"].append(
            {
                "label": f"{row['student__surname']} {row['student__first_name']}",
                "note": _("by %(day)s") % {"day": day_label(row["due_on"])},
                "url": f"{lesson}#student-{row['student']}",
            }
        )
        line["more"] -= 1
    return lines


class _Courses:
    """Courses with their names and the teachers of a day: two statements."""

    def __init__(self, keys: Iterable[int], on: datetime.date) -> None:
        wanted = set(keys)
        found = Course.objects.filter(pk__in=wanted)
        self.named = found.select_related("subject", "school_class", "group").in_bulk()
        self.teachers: dict[int, list[Person]] = defaultdict(list)
        ties = TeachingAssignment.objects.filter(in_force(on), course__in=wanted)
        for tie in ties.select_related("teacher").order_by("teacher__sort_key"):
            self.teachers[tie.course_id].append(tie.teacher)

    def by_teacher(self, lines: dict[int, dict[str, Any]]) -> list[dict[str, Any]]:
        """Lines of courses, grouped by who teaches them, in the order of names."""
        grouped: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
        for pk, line in lines.items():
            people = self.teachers[pk]
            key = people[0].sort_key if people else "", ", ".join(person.short_name for person in people)
            grouped[key].append({"course": str(self.named[pk]), **line})
        return [
            {
                "teacher": names or _("Nobody teaches it today"),
                "courses": sorted(grouped[key, names], key=lambda line: line["course"]),
            }
            for key, names in sorted(grouped)
        ]


# --- Closing -------------------------------------------------------------------------------------
_REFUSALS: dict[type[Exception] | None, Any] = {
    None: "",
    NotOver: gettext_lazy("The term lasts until %(day)s: it can be closed from that day on."),
    ResultsMissing: gettext_lazy("Results are missing: the term cannot be closed yet."),
}
_YEAR_REFUSALS: dict[type[Exception] | None, Any] = {
    None: "",
    AlreadyClosed: "",
    TermsOpen: gettext_lazy("A term of the year is still open: close all terms first."),
    ResultsMissing: gettext_lazy("Year results are missing."),
    CorrectionsWait: gettext_lazy("Corrections wait for an answer: answer them first."),
}


def closure_page(term: Any, refusal: type[Exception] | None) -> dict[str, Any]:
    return {
        "heading": _heading(term),
        "refusal": _REFUSALS[refusal] % {"day": day_label(term.until)},
        "back_url": reverse("diary:term", args=[term.pk]),
        "submit": _("Close the term"),
        "consequences": [
            _("Marks, absences, topics and results of the term can no longer be changed."),
            _("A mistake, a resit or an appeal enters it by a correction that a head teacher approves."),
            _("The weights of works stay as they are today, whatever the school decides later."),
            _("A closed term is not opened again."),
        ],
    }


def year_page(organisation: Organisation, year: Any, terms: list[Any], on: datetime.date) -> dict[str, Any]:
    """The page that asks before a year is closed; `refusal` says why it cannot be yet."""
    obstacle = year_obstacle(terms, on)
    lacking = (
        missing.results(last_of_each_grade(terms), today=on, kind=Result.Kind.YEAR)
        if obstacle is ResultsMissing
        else []
    )
    courses = _Courses([row.course for row in lacking], on)
    return {
        "heading": {
            "title": _("Year %(year)s") % {"year": _year_label(year)},
            "subtitle": organisation.short_name,
        },
        "refusal": _YEAR_REFUSALS[obstacle],
        "is_closed": obstacle is AlreadyClosed,
        "results": courses.by_teacher({row.course: _results_line(row, "year") for row in lacking}),
        "back_url": reverse("diary:terms"),
        "submit": _("Close the year"),
        "consequences": [
            _("Year, examination and final results can no longer be changed."),
            _("Class teachers no longer give absences their reasons."),
            _("Nothing of the year is corrected any more."),
            _("A closed year is not opened again."),
        ],
    }
