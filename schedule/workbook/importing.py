"""A school's workbook is read, checked and applied: everything or nothing."""

import datetime
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext

from schedule.pattern import CannotPublish
from schedule.publishing import Published, publish
from schedule.workbook.changes import Status, numbered
from schedule.workbook.courses import plan_courses
from schedule.workbook.draft import Draft
from schedule.workbook.lists import plan_bells, plan_classes, plan_rooms, plan_subjects
from schedule.workbook.members import plan_class_teachers, plan_guardians, plan_students, plan_teachers
from schedule.workbook.problems import Problem, Problems, Rejected
from schedule.workbook.reading import read_workbook
from schedule.workbook.school import find_school, plan_calendar, plan_school
from schedule.workbook.sheets import SCHOOL, SHEETS, TIMETABLE
from schedule.workbook.timetable import plan_timetable
from schools.history import acting
from schools.models import Enrolment, GroupMembership, Organisation, Person, Term, TieProposal

STEPS: tuple[Callable[[Draft], None], ...] = (
    plan_school,
    plan_calendar,
    plan_subjects,
    plan_rooms,
    plan_bells,
    plan_classes,
    plan_teachers,
    plan_class_teachers,
    plan_students,
    plan_guardians,
    plan_courses,
    plan_timetable,
)


def _silent(step: str) -> None:
    """Nobody watches."""


@dataclass
class Report:
    """What the import did, or would do: lines by sheet title and status, in the sheets' order."""

    organisation: Organisation
    is_new: bool
    lines: dict[str, Counter[Status]]
    ended: Counter[str]
    warnings: list[Problem]
    published: Published | None = None
    changed_anything: bool = field(default=False)


def import_workbook(
    path: Path,
    *,
    check: bool = False,
    by: Person | None = None,
    today: datetime.date | None = None,
    progress: Callable[[str], None] = _silent,
) -> Report:
    """Bring one school to what the workbook says, and publish the lessons of the current term.

    Changes hold from `today`, in a school without such ties from the year's first day. With `check`
    all of it is taken back: what is told is what would be done. Raises Refused (no workbook) and
    Rejected (with every problem found).
    """
    today = today or timezone.localdate()
    problems = Problems()
    progress(gettext("Reading the workbook"))
    lines = read_workbook(path, problems)
    progress(gettext("Checking"))
    # One snapshot for reading what is there and for writing: what is checked is what is changed.
    with transaction.atomic(), acting(means="import_school", person=by):
        organisation, year = find_school(lines["school"], problems, today)
        if organisation.pk:
            Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
        draft = Draft(lines, problems, organisation, year, today)
        report = _plan(draft)
        if problems.errors:
            raise Rejected(problems.found)
        progress(gettext("Trying it out") if check else gettext("Writing"))
        _apply(draft)
        progress(gettext("Publishing lessons"))
        report.published = _publish(draft, by)
        transaction.set_rollback(check)
    return report


def _plan(draft: Draft) -> Report:
    is_new = draft.organisation.pk is None
    draft.load()
    if draft.organisation.code:
        draft.people.look_outside(_all_snils(draft))
    else:  # nobody knows which school's people are outside
        draft.people.recognise(_all_snils(draft))
    for step in STEPS:
        step(draft)
    _plan_proposals(draft)
    titles = {sheet.name: sheet.title for sheet in SHEETS}
    tally = draft.changes.tally(draft.lines)
    return Report(
        organisation=draft.organisation,
        is_new=is_new,
        lines={titles[name]: counts for name, counts in tally.items() if counts},
        ended=Counter({titles[name]: count for name, count in draft.changes.ended.items()}),
        warnings=draft.problems.warnings,
        changed_anything=bool(draft.changes),
    )


def _all_snils(draft: Draft) -> set[str]:
    return {line["snils"] for lines in draft.lines.values() for line in lines if line["snils"]}


def _plan_proposals(draft: Draft) -> None:
    """A proposal made before, decided or not, is not made again."""
    if not draft.proposals:
        return
    made: list[tuple[int, dict[str, Any]]] = []
    if draft.organisation.pk:
        stored = TieProposal.objects.filter(organisation=draft.organisation)
        made = list(stored.values_list("person", "proposed"))
    for person, proposed in draft.proposals:
        # Two new rows of the file have no numbers yet: they are told apart as objects.
        if (person, numbered(proposed)) in made or (person, proposed) in made:
            continue
        made.append((person, proposed))
        proposal = TieProposal(person_id=person, organisation=draft.organisation, proposed=proposed)
        draft.changes.add(None, proposal)


def _apply(draft: Draft) -> None:
    try:
        with transaction.atomic():
            draft.changes.save()
            moved = [tie for tie, names in draft.changes.altered[Enrolment].values() if "until" in names]
            GroupMembership.objects.end_with_enrolments([tie.student_id for tie in moved])
            connection.check_constraints()  # those that wait for the end of the transaction, too
    except IntegrityError as error:
        # Everything known was checked; what remains is a tie made elsewhere, or in this moment.
        expected = gettext("the database refused a change: somebody changed the same data; try again")
        raise Rejected([Problem(SCHOOL.title, None, "", "", expected)]) from error


def _publish(draft: Draft, by: Person | None) -> Published | None:
    terms = _current_terms(draft)
    if not terms:
        return None
    since, until = min(term.since for term in terms), max(term.until for term in terms)
    try:
        return publish(draft.organisation, since, until, by=by, today=draft.today)
    except CannotPublish as why:
        raise Rejected([Problem(TIMETABLE.title, None, "", "", str(why))]) from why


def _current_terms(draft: Draft) -> list[Term]:
    """Those of today; between terms and before the year, those that begin next."""
    terms = list(Term.objects.filter(organisation=draft.organisation, year=draft.year).order_by("since"))
    current = [term for term in terms if term.since <= draft.today <= term.until]
    coming = [term for term in terms if term.since > draft.today]
    return current or [term for term in coming if term.since == coming[0].since]
