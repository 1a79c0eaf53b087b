"""What does not fit the bar: rows of links (templates/components/link_rows.html), by role."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

Row = dict[str, str]


def links_of(user: Any) -> list[Row]:
    """Those of a class teacher and of a family first: they come most often."""
    roles = user.roles
    links: list[Row] = []
    if roles.leads_class:
        note = _("When a student has lost the password")
        links.append(_row(_("Logins of the class"), "accounts:class-logins", "key", note))
    if roles.is_student or roles.is_guardian:
        links += _of_family()
        if roles.is_employed:  # left out of their bar
            links.append(_row(_("Timetable"), "schedule:classes", "timetable"))
    if roles.is_guardian:
        note = _("When a child has lost the password")
        links.append(_row(_("Logins of the children"), "accounts:child-logins", "key", note))
    links += _of_office(user)
    note = _("Password, second factor, contacts, sign-ins")
    links.append(_row(_("Security"), "accounts:security", "key", note))
    links.append(_row(_("Help"), "help", "help"))
    return links


def _of_family() -> Iterator[Row]:
    note = _("Missed lessons, and notes on absences")
    yield _row(_("Attendance"), "diary:attendance", "timetable", note)
    yield _row(_("Debts"), "diary:debts", "clock")
    yield _row(_("Place in the class"), "diary:standing", "people")
    note = _("Progress, attendance, results: to print")
    yield _row(_("Reports"), "diary:reports", "chart", note)
    note = _("Lessons and homework in the calendar that you use")
    yield _row(_("Calendar on your phone"), "diary:calendar", "timetable", note)


def _of_office(user: Any) -> Iterator[Row]:
    roles = user.roles
    if roles.is_school_administrator or roles.is_territory_staff or roles.is_region_operator:
        yield _row(_("Registrations"), "accounts:registrations", "people")
    if roles.is_school_administrator or roles.is_region_operator or user.is_superuser:
        yield _row(_("Administration"), "admin:index", "institution", _("People, classes, ties"))


def _row(label: str, url_name: str, icon: str, note: str = "") -> Row:
    return {"label": label, "url": reverse(url_name), "icon": icon, "note": note}
