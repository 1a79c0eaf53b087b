"""Print the first logins of a school's people."""

import datetime
import re
import sys
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext

from accounts.issuing.logins import FirstLogin, issue_logins
from schools.models import Organisation, Person, SchoolClass
from schools.models.periods import in_force

QUIET_SECONDS = 2


class Command(BaseCommand):
    help = "Makes accounts for people who have none and prints their logins and first passwords, once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--organisation", required=True, metavar="CODE", help="the school's OGRN")
        parser.add_argument("--class", action="append", default=[], dest="classes", metavar="5Б")
        parser.add_argument("--teachers", action="store_true", help="everybody employed by the school")
        parser.add_argument("--guardians", action="store_true", help="the guardians of the classes, too")

    def handle(
        self,
        *args: Any,
        organisation: str,
        classes: list[str],
        teachers: bool,
        guardians: bool,
        **options: Any,
    ) -> None:
        school = Organisation.objects.filter(code=organisation).first()
        if school is None:
            raise CommandError(
                gettext("There is no organisation with the code %(code)s.") % {"code": organisation}
            )
        if not (classes or teachers):
            raise CommandError(gettext("Name a class (--class 5Б) or --teachers."))
        today = timezone.localdate()
        chosen = [(self._class(school, name, today), guardians) for name in classes]
        lists: list[tuple[str, Any]] = []
        if teachers:
            lists.append((gettext("Teachers"), _employees(school, today)))
        for school_class, with_guardians in chosen:
            lists.append((school_class.label, _students(school_class, today)))
            if with_guardians:
                title = gettext("Parents of %(class)s") % {"class": school_class.label}
                lists.append((title, _guardians(school_class, today)))
        self._issue(school, lists)

    def _class(self, school: Organisation, name: str, today: datetime.date) -> SchoolClass:
        """The class of the running year, or of the next one."""
        classes = SchoolClass.objects.filter(organisation=school, year__until__gte=today)
        first = classes.aggregate(first=Min("year__since"))["first"]
        known = {_plain(f"{row.grade}{row.letter}"): row for row in classes.filter(year__since=first)}
        if _plain(name) not in known:
            words = {"class": name, "classes": ", ".join(sorted(known))}
            raise CommandError(gettext("There is no class %(class)s here, but: %(classes)s.") % words)
        return known[_plain(name)]

    def _issue(self, school: Organisation, lists: list[tuple[str, Any]]) -> None:
        people = {title: list(of_list) for title, of_list in lists}
        self.started = time.monotonic()
        everybody = [person for of_list in people.values() for person in of_list]
        where = dict.fromkeys((person.pk for person in everybody), school.pk)
        issued = issue_logins(everybody, organisations=where, progress=self._progress)
        by_person = {login.person.pk: login for login in issued}
        for title, of_list in people.items():
            # A guardian of two classes, or a teacher's own child, stands on the first list alone.
            self._table(title, [by_person.pop(p.pk) for p in of_list if p.pk in by_person])
        if issued:
            self.stdout.write(
                gettext("Logins: %(number)d. The passwords are shown this once.") % {"number": len(issued)}
            )
        else:
            self.stdout.write(gettext("Everybody has a login already."))

    def _table(self, title: str, logins: list[FirstLogin]) -> None:
        if not logins:
            return
        self.stdout.write(self.style.MIGRATE_HEADING(title))
        width = max(len(login.login) for login in logins)
        for login in logins:
            self.stdout.write(f"{login.login:<{width}}  {login.password}  {login.person.full_name}")
        self.stdout.write("")

    def _progress(self, done: int, of: int) -> None:
        if sys.stderr.isatty() and time.monotonic() - self.started > QUIET_SECONDS:
            text = gettext("Logins made: %(done)d of %(number)d") % {"done": done, "number": of}
            self.stderr.write(f"\r{text}", ending="\n" if done == of else "")


def _plain(name: str) -> str:
    """«5 «Б»», «5-б» → `5Б`"""
    return re.sub(r"[\W_]", "", name).upper()


def _employees(school: Organisation, today: datetime.date) -> Any:
    people = Person.objects.filter(in_force(today, "employments"), employments__organisation=school)
    return people.order_by("sort_key", "pk").distinct()


def _students(school_class: SchoolClass, today: datetime.date) -> Any:
    """Enrolled today, or on the first day of a year that has not begun."""
    day = max(today, school_class.year.since)
    people = Person.objects.filter(in_force(day, "enrolments"), enrolments__school_class=school_class)
    return people.order_by("sort_key", "pk")


def _guardians(school_class: SchoolClass, today: datetime.date) -> Any:
    day = max(today, school_class.year.since)
    people = Person.objects.filter(
        in_force(day, "guardianships"),
        guardianships__child__in=_students(school_class, today).values("pk"),
        guardianships__may_see=True,
    )
    return people.order_by("sort_key", "pk").distinct()
