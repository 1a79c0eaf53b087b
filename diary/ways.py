"""Where a member of staff goes on to from the home page and from the day's lessons: rows of links, in the
order in which they are wanted."""

import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diary.access import schools_headed_by
from diary.completeness.remarks import waiting_for
from diary.models import Correction
from diary.teacher_day import classes_led
from schools.models import Organisation

Way = dict[str, str]  # label, url, icon, note: templates/components/link_rows.html


def ways_of_teacher(user: Any, led: list[Any], today: datetime.date) -> list[Way]:
    """Below the day's lessons; `led` are the `classes_led`."""
    ways = [way for school_class in led for way in _ways_of_class(school_class)]
    asked = waiting_for(user, today)
    remarks = ngettext("%(count)d waits for your answer", "%(count)d wait for your answer", asked)
    return [
        *ways,
        _way(_("Lesson programmes"), reverse("diary:programmes"), "journal"),
        _way(_("My phrases"), reverse("diary:phrases"), "pencil", _("For comments, praise and remarks")),
        _way(_("Corrections of closed terms"), reverse("diary:corrections"), "pencil"),
        _way(
            _("Remarks on keeping the journal"),
            reverse("diary:keeping-remarks"),
            "check",
            remarks % {"count": asked} if asked else "",
        ),
    ]


def ways_of_office(user: Any, today: datetime.date) -> list[Way]:
    """On the home page of head teachers, administrators, ТУ/ДО and the region."""
    roles, ways = user.roles, []
    for led in classes_led(user, today):
        ways += _ways_of_class(led)
    if roles.is_school_administrator or roles.is_territory_staff or roles.is_region_operator:
        ways.append(_registrations(user))
    if roles.is_head_teacher:
        ways += _ways_of_head_teacher(user, today)
    if roles.is_head_teacher or roles.is_school_administrator or roles.is_employed:
        changes = _("Substitutions and changes of the week")
        if roles.is_head_teacher:
            changes = _("Substitutions and changes of the week, and from each lesson its journal")
        ways.append(_way(_("Timetables of classes"), reverse("schedule:classes"), "timetable", changes))
    if roles.keeps_journals:
        ways.append(_way(_("My lessons"), reverse("diary:teacher-today"), "teacher"))
    if roles.is_school_administrator or roles.is_region_operator or user.is_superuser:
        note = _("People, classes, ties")
        ways.append(_way(_("Administration"), reverse("admin:index"), "institution", note))
    return ways


def _way(label: str, url: str, icon: str, note: str = "") -> Way:
    return {"label": label, "url": url, "icon": icon, "note": note}


def _ways_of_class(led: Any) -> list[Way]:
    """`led` comes from `classes_led`."""
    waiting = ngettext(
        "%(count)d note of a family waits for your answer",
        "%(count)d notes of families wait for your answer",
        led.notes_waiting,
    ) % {"count": led.notes_waiting}
    absences = waiting if led.notes_waiting else _("Reasons for days and for periods")
    timetable = _("Timetable, and from it the journals of the class")
    sheet = _("The summary sheet of the class, and behaviour")
    standing = _("By average, by quality, by attendance")
    ways = (
        (_("My class, %(class)s"), "schedule:class-timetable", "people", timetable),
        (_("Absences of %(class)s"), "diary:class-absences", "timetable", absences),
        (_("Results of %(class)s"), "diary:class-results", "chart", sheet),
        (_("Standing of %(class)s"), "diary:class-standing", "chart", standing),
        (_("Reports of %(class)s"), "diary:class-reports", "print", _("For every student, in one PDF")),
        (_("Tests of %(class)s"), "diary:class-tests", "timetable", _("What is planned, day by day")),
        (
            _("Print of the journal of %(class)s"),
            "diary:class-journal-print",
            "print",
            _("All subjects, as PDF or XLSX"),
        ),
    )
    return [
        _way(label % {"class": led.label}, reverse(name, args=[led.pk]), icon, note)
        for label, name, icon, note in ways
    ]


def _ways_of_head_teacher(user: Any, today: datetime.date) -> list[Way]:
    count = Correction.objects.answered_by(user).waiting().count()
    waiting = ngettext("%(count)d waits for an answer", "%(count)d wait for an answer", count)
    return [
        _way(
            _("Journals’ completeness"),
            reverse("diary:completeness-start"),
            "check",
            _("What is missing in the journals, teacher by teacher"),
        ),
        _way(_("Terms"), reverse("diary:terms"), "check", _("What is missing, and closing")),
        _way(
            _("Corrections of closed terms"),
            reverse("diary:corrections"),
            "pencil",
            waiting % {"count": count} if count else _("None waits for an answer"),
        ),
        _way(
            _("Lesson programmes"),
            reverse("diary:programmes"),
            "journal",
            _("What waits for approval, and which classes are behind"),
        ),
        *(_rules_of(school) for school in schools_headed_by(user, today)),
    ]


def _rules_of(school: Organisation) -> Way:
    note = _("Weights, rounding, when families see marks: %(school)s") % {"school": school.short_name}
    return _way(_("Rules of the journal"), reverse("diary:rules", args=[school.pk]), "settings", note)


def _registrations(user: Any) -> Way:
    count = user.registrations_to_decide()
    waiting = ngettext("%(count)d waits for an answer", "%(count)d wait for an answer", count)
    if count >= user.MANY:
        waiting = _("%(count)d or more wait for an answer")
    note = waiting % {"count": count} if count else _("None waits for an answer")
    return _way(_("Registrations"), reverse("accounts:registrations"), "people", note)
