"""The sheets «Школа» and «Четверти и каникулы»."""

import datetime
from typing import Any

from django.utils.translation import gettext

from schedule.workbook.cells import fits_ogrn, same_name
from schedule.workbook.draft import Draft
from schedule.workbook.problems import Problem, Problems
from schedule.workbook.reading import Line
from schedule.workbook.sheets import DAY_OFF, HOLIDAY, MOVED_DAY, SCHOOL
from schools.models import AcademicYear, Holiday, Locality, MovedDay, Municipality, Organisation, Term
from schools.models.organisations import FIRST_GRADE, LAST_GRADE

_SHORT_KINDS = {"городской округ": ("г.о.", "город", "г."), "муниципальный район": ("м.р.", "район")}


def find_school(
    lines: list[Line], problems: Problems, today: datetime.date
) -> tuple[Organisation, AcademicYear]:
    """The organisation and the year the workbook is about; unsaved ones when they are new.

    Without a readable line the rest is checked as if the school were new: every other problem is
    still found, and nothing is written.
    """
    if not lines:
        expected = gettext("expected a row with the school: nothing can be imported without it")
        problems.add(Problem(SCHOOL.title, None, "", "", expected))
    for line in lines[1:]:
        problems.add(line.problem("code", gettext("expected one school only")))
    code = lines[0]["code"] if lines else None
    begins = lines[0]["year"] if lines else None
    organisation = Organisation.objects.filter(code=code).select_related("locality__municipality").first()
    return organisation or Organisation(code=code or ""), _year(begins, today)


def _year(begins: datetime.date | None, today: datetime.date) -> AcademicYear:
    first = begins or datetime.date(today.year if today.month >= 9 else today.year - 1, 9, 1)
    until = datetime.date(first.year + 1, 8, 31)
    known = AcademicYear.objects.filter(since__lte=until, until__gte=first).order_by("since").first()
    return known or AcademicYear(since=first, until=until)


def plan_school(draft: Draft) -> None:
    if draft.year.pk is None:
        draft.changes.add(None, draft.year)
    for line in draft.lines["school"][:1]:
        locality = _locality(draft, line)
        if line["code"] and not fits_ogrn(line["code"]):
            draft.warn(line, "code", gettext("the last digit does not fit the others: check the number"))
        values = {name: line[name] for name in ("name", "short_name", "kind") if line[name]}
        if locality:
            values["locality"] = locality
        school = draft.organisation
        if school.pk is None:
            for name, value in values.items():
                setattr(school, name, value)
            draft.changes.add(line, school)
        else:
            draft.changes.alter(line, school, **values)


def _locality(draft: Draft, line: Line) -> Locality | None:
    if line.lacks("municipality", "locality"):
        return None
    known = _municipalities()
    municipality = known.get(same_name(line["municipality"]))
    if municipality is None:
        expected = gettext("expected a municipality of the region, such as on the sheet «Справочник»")
        if not known:
            expected = gettext("the region has no municipalities yet: run manage.py load_region")
        draft.error(line, "municipality", expected)
        return None
    for locality in Locality.objects.filter(municipality=municipality):
        if same_name(locality.name) == same_name(line["locality"]):
            return locality
    locality = Locality(municipality=municipality, name=line["locality"])
    draft.changes.add(None, locality)
    return locality


def _municipalities() -> dict[str, Municipality]:
    """By every way to write one: «Кинель», «Кинель (городской округ)», «г.о. Кинель»…

    A name alone counts only where one municipality has it.
    """
    found: dict[str, Municipality] = {}
    alone: dict[str, list[Municipality]] = {}
    for municipality in Municipality.objects.all():
        found[same_name(str(municipality))] = municipality
        for kind in (municipality.kind, *_SHORT_KINDS.get(municipality.kind, ())):
            for spelling in (
                f"{kind} {municipality.name}",
                f"{municipality.name} {kind}",
                f"{kind}{municipality.name}",
            ):
                found[same_name(spelling)] = municipality
        alone.setdefault(same_name(municipality.name), []).append(municipality)
    return found | {name: rows[0] for name, rows in alone.items() if len(rows) == 1}


# --- Terms, holidays, moved days ------------------------------------------------------------------


def plan_calendar(draft: Draft) -> None:
    lines = [line for line in draft.lines["calendar"] if _is_sound(draft, line)]
    _plan_terms(draft, [line for line in lines if line["what"] in Term.Kind.values])
    _plan_holidays(draft, [line for line in lines if line["what"] in (HOLIDAY, DAY_OFF)])
    _plan_moved_days(draft, [line for line in lines if line["what"] == MOVED_DAY])


def _is_sound(draft: Draft, line: Line) -> bool:
    """The line's cells fit each other and the academic year."""
    if line.lacks("what", "since"):
        return False
    is_term = line["what"] in Term.Kind.values
    needed = {"number": is_term, "until": is_term, "as_weekday": line["what"] == MOVED_DAY}
    for name, is_needed in needed.items():
        if is_needed and line[name] is None and not line.lacks(name):
            draft.error(line, name, gettext("expected something here: the cell is empty"))
            line.broken.add(name)
    since, until = line["since"], line["until"] or line["since"]
    if until < since or (is_term and until == since and not line.lacks("until")):
        draft.error(line, "until", gettext("expected a last day after the first one"))
        line.broken.add("until")
    is_year_known = not any(school.lacks("year") for school in draft.lines["school"])
    for name, day in (("since", since), ("until", line["until"])):
        if day and is_year_known and not draft.year.since <= day <= draft.year.until:
            expected = gettext("expected a day of the academic year, %(since)s to %(until)s") % {
                "since": f"{draft.year.since:%d.%m.%Y}",
                "until": f"{draft.year.until:%d.%m.%Y}",
            }
            draft.error(line, name, expected)
            line.broken.add(name)
    first, last = _grades(line)
    if first > last:
        draft.error(line, "last_grade", gettext("expected a grade not below the first one"))
        line.broken.add("last_grade")
    return not line.broken


def _grades(line: Line) -> tuple[int, int]:
    return line["first_grade"] or FIRST_GRADE, line["last_grade"] or LAST_GRADE


def _stored(draft: Draft, model: Any, **conditions: Any) -> list[Any]:
    if draft.organisation.pk is None or draft.year.pk is None:
        return []
    return list(model.objects.filter(organisation=draft.organisation, **conditions).order_by("pk"))


def _plan_terms(draft: Draft, lines: list[Line]) -> None:
    stored = _stored(draft, Term, year=draft.year)
    closed = set(
        Term.objects.filter(closure__isnull=False, pk__in=[t.pk for t in stored]).values_list("pk", flat=True)
    )
    known = {(term.kind, term.number, term.first_grade): term for term in stored}
    placed: dict[int, Line] = {}
    for line in lines:
        first, last = _grades(line)
        key = (line["what"], line["number"], first)
        term = known.get(key)
        if term is not None and id(term) in placed:
            draft.error(line, "number", _twice(placed[id(term)]))
            continue
        dates = {"since": line["since"], "until": line["until"], "last_grade": last}
        if term is None:
            term = known[key] = Term(
                organisation=draft.organisation,
                year=draft.year,
                kind=key[0],
                number=key[1],
                first_grade=first,
                **dates,
            )
            draft.changes.add(line, term)
        elif draft.changes.alter(line, term, **dates) and term.pk in closed:
            draft.error(line, "since", gettext("this term is closed: its dates stay as they are"))
        placed[id(term)] = line
    _check_overlaps(draft, list(known.values()), placed)


def _check_overlaps(draft: Draft, terms: list[Term], placed: dict[int, Line]) -> None:
    ordered = sorted(terms, key=lambda term: (term.since, term.until))
    for index, later in enumerate(ordered):
        for earlier in ordered[:index]:
            same_grades = earlier.first_grade <= later.last_grade and later.first_grade <= earlier.last_grade
            if not (same_grades and later.since <= earlier.until):
                continue
            line = placed.get(id(later)) or placed.get(id(earlier))
            if line:
                expected = gettext(
                    "these dates overlap those of another term of the same grades, %(term)s"
                ) % {"term": f"{earlier.since:%d.%m.%Y}–{earlier.until:%d.%m.%Y}"}
                draft.error(line, "since" if id(later) in placed else "until", expected)


def _twice(line: Line) -> str:
    return gettext("the same stands in row %(row)d already") % {"row": line.row}


def _plan_holidays(draft: Draft, lines: list[Line]) -> None:
    """A holiday is known by its dates and grades; or else, moved, by its name."""
    stored = _stored(draft, Holiday, since__lte=draft.year.until, until__gte=draft.year.since)
    known = {_span(holiday): holiday for holiday in stored}
    placed: dict[Any, Line] = {}
    rest = []
    for line in lines:
        values = _holiday(line)
        span = (values["since"], values["until"], values["first_grade"], values["last_grade"])
        if span in placed:
            draft.error(line, "since", _twice(placed[span]))
            continue
        placed[span] = line
        if span in known:
            draft.changes.alter(line, known[span], name=values["name"])
        else:
            rest.append((line, values))
    free = [holiday for span, holiday in known.items() if span not in placed]
    for line, values in rest:
        namesakes = [holiday for holiday in free if _is_named(holiday, values)]
        rivals = [other for _line, other in rest if _named(other) == _named(values)]
        if line["name"] and len(namesakes) == 1 and len(rivals) == 1:
            draft.changes.alter(line, namesakes[0], **values)
        else:
            draft.changes.add(line, Holiday(organisation=draft.organisation, **values))


def _span(holiday: Holiday) -> tuple[Any, ...]:
    return holiday.since, holiday.until, holiday.first_grade, holiday.last_grade


def _holiday(line: Line) -> dict[str, Any]:
    first, last = _grades(line)
    usual = "Каникулы" if line["what"] == HOLIDAY else "Выходной"
    return {
        "name": line["name"] or usual,
        "since": line["since"],
        "until": line["until"] or line["since"],
        "first_grade": first,
        "last_grade": last,
    }


def _named(values: dict[str, Any]) -> tuple[Any, ...]:
    return same_name(values["name"]), values["first_grade"], values["last_grade"]


def _is_named(holiday: Holiday, values: dict[str, Any]) -> bool:
    return (same_name(holiday.name), holiday.first_grade, holiday.last_grade) == _named(values)


def _plan_moved_days(draft: Draft, lines: list[Line]) -> None:
    known = {day.date: day for day in _stored(draft, MovedDay)}
    placed: dict[Any, Line] = {}
    for line in lines:
        date = line["since"]
        if line["until"] not in (None, date):
            draft.error(line, "until", gettext("expected one day, or nothing"))
        elif date in placed:
            draft.error(line, "since", _twice(placed[date]))
        elif date in known:
            draft.changes.alter(line, known[date], as_weekday=line["as_weekday"])
        else:
            moved = MovedDay(organisation=draft.organisation, date=date, as_weekday=line["as_weekday"])
            draft.changes.add(line, moved)
        placed.setdefault(date, line)
