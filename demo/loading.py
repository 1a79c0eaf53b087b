"""The demo region, whole: the same for the same number of schools, seed and today."""

import datetime
from dataclasses import dataclass
from random import Random

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from demo import cast, owing
from demo.calendars import YearPlan
from demo.changes import Changes
from demo.closures import ask_for_corrections, close_terms
from demo.copying import prepare_history
from demo.curriculum import MATHS, RUSSIAN
from demo.emptying import empty_database
from demo.excusing import excuse
from demo.families import People, main_family
from demo.journal import Journal
from demo.papers import add_papers
from demo.populating import Guests, Populating, SchoolMade
from demo.programmes import Programmes
from demo.progress import Progress, Silent
from demo.results import keep_results, set_rules
from demo.schools import CODES, SchoolPlan, plan_schools
from schedule.publishing import publish
from schools.history import acting
from schools.models import AcademicYear, Appointment, Employment, Organisation, Person, Region
from schools.regions import load_region

SCHOOLS, SEED = 3, 63
REGION = "Самарская область"
STEPS_A_SCHOOL = 4
# The demo parent's, and how well each learns (a mean mark).
CHILDREN = {"student": 4.5, "student15": 3.9, "youngest": 4.3}


MORNING = datetime.time(10)  # of a day that was asked for: its first lessons are written down


class NotADemo(Exception):
    """The database holds people who were not invented."""


@dataclass(frozen=True)
class Request:
    """What a demo region depends on: journals are kept up to `clock` on `today`, local time; `small`
    makes schools of five small classes, for tests."""

    schools: int = SCHOOLS
    seed: int = SEED
    today: datetime.date = datetime.date.min
    clock: datetime.time = MORNING
    small: bool = False


def load_demo(request: Request, progress: Progress | None = None) -> None:
    """Empty the demo database and load it anew; nothing is left half done. Raises NotADemo."""
    refuse_real_people()
    progress = progress or Silent()
    progress.begin("emptying the database")
    if Region.objects.filter(demo_since__isnull=False).exists():
        empty_database()
    with transaction.atomic(), acting(means="demo"):
        prepare_history()
        Loading(request, progress).load()


def refuse_real_people() -> None:
    """A demo's database may hold a real school, too: one that was imported beside it."""
    is_demo = Region.objects.filter(demo_since__isnull=False).exists()
    if Organisation.objects.exclude(code__startswith=CODES).exists():
        raise NotADemo
    if not is_demo and (Organisation.objects.exists() or Person.objects.exists()):
        raise NotADemo


class Loading:
    def __init__(self, request: Request, progress: Progress) -> None:
        self.request, self.progress, self.today = request, progress, request.today
        self.rng = Random(request.seed)
        self.cast: dict[str, Person] = {}

    def load(self) -> None:
        load_region(name=REGION)
        Region.objects.update(demo_since=timezone.now())
        self.year = AcademicYear.of(self.today)
        self.people = People(self.rng, self.today, self.year.since)
        plans = plan_schools(self.request.schools, small=self.request.small)
        guests = self._invite(plans)
        for number, (plan, guest) in enumerate(zip(plans, guests, strict=True), start=1):
            self._load_school(plan, guest, number)
        self._wait_for_works()
        self._appoint_outside_schools()
        self._issue_logins()

    def _wait_for_works(self) -> None:
        for name in ("teacher", "classteacher"):
            owing.owe(self.cast[name], self.today, Random(self.request.seed))
            owing.keep_phrases(self.cast[name])
        owing.give_reasons(self.cast["classteacher"], self.today)
        excuse(self.cast["student"], self.cast["parent"], self.cast["classteacher"], self.today)

    def _load_school(self, plan: SchoolPlan, guests: Guests, number: int) -> None:
        name = plan.short_name
        self._begin(f"{name}: people and timetable")
        made = Populating(plan, self.year, self.people, guests, self.rng).populate()
        set_rules(made.organisation, number)
        self._begin(f"{name}: lessons")
        since, until = YearPlan.of(self.year).readable(self.today)
        publish(made.organisation, since, until, today=since)
        self._begin(f"{name}: journal")
        journal = self._keep_journal(made)
        self._begin(f"{name}: lesson programmes")
        Programmes(journal, until, detailed=[self.cast["teacher"], self.cast["classteacher"]]).keep()
        if made.head_teacher == self.cast["headteacher"]:
            # Of the others the terms stay open: what is over, and not closed yet, can be seen there.
            close_terms(made, self.today)
            ask_for_corrections(made, self.cast["teacher"], self.cast["student"], self.today)

    def _begin(self, what: str) -> None:
        self.progress.begin(what)
        self.progress.advance()

    def _keep_journal(self, made: SchoolMade) -> Journal:
        """Changes first: the journal names who really taught."""
        children = [self.cast[name] for name in CHILDREN]
        kept = [self.cast["teacher"], self.cast["classteacher"]]
        Changes(made, self.today, self.rng, kept=kept, watched=children).make()
        abilities = {self.cast[name]: ability for name, ability in CHILDREN.items()}
        # Dice of its own: what the hour lets be written changes nobody in the schools that follow.
        dice = Random(self.rng.randrange(2**32))
        journal = Journal(made, self.year, self.today, self.request.clock, dice, abilities)
        for child in children:
            journal.attendance.was_ill(child, days_ago=9, length=3)
        journal.keep()
        keep_results(journal, dice)
        add_papers(made.organisation, today=self.today)
        owing.name_tests(made.organisation, self.today)
        return journal

    def _invite(self, plans: list[SchoolPlan]) -> list[Guests]:
        """The cast's places: all at the first school, the youngest child at the second, if there is one."""
        family, people = main_family(self.people)
        self.cast |= people
        for name, age in (("teacher", 41), ("classteacher", 47), ("headteacher", 54), ("schooladmin", 36)):
            self.cast[name] = self._of_cast(name, age)
        guests = [Guests() for _ in plans]
        guests[0].students = [
            (people["student"], cast.STUDENT_GRADE),
            (people["student15"], cast.STUDENT15_GRADE),
        ]
        guests[min(1, len(guests) - 1)].students.append((people["youngest"], cast.YOUNGEST_GRADE))
        guests[0].families = [family]
        guests[0].offices = {name: self.cast[name] for name in ("headteacher", "schooladmin")}
        grade = cast.STUDENT_GRADE
        guests[0].teachers = {
            (MATHS, grade): self.cast["teacher"],
            (RUSSIAN, grade): self.cast["classteacher"],
        }
        guests[0].has_unusual_names = True
        return guests

    def _of_cast(self, name: str, age: int) -> Person:
        return self.people.from_login(cast.BY_USERNAME[name], self.people.born_at_age(age))

    def _appoint_outside_schools(self) -> None:
        first = Organisation.objects.select_related("locality__municipality__territory").earliest("pk")
        offices = (
            ("territory", 45, Appointment.Role.TERRITORY_STAFF, first.locality.municipality.territory),
            ("region", 50, Appointment.Role.REGION_OPERATOR, None),
        )
        for name, age, role, territory in offices:
            self.cast[name] = person = self._of_cast(name, age)
            person.save()
            Appointment.objects.create(person=person, role=role, territory=territory, since=self.year.since)
        self._employ_the_head_teacher_elsewhere()

    def _employ_the_head_teacher_elsewhere(self) -> None:
        """Somebody has to be at two schools, so that the switch in the header can be tried."""
        another = Organisation.objects.latest("pk")
        Employment.objects.get_or_create(
            person=self.cast["headteacher"],
            organisation=another,
            defaults={"position": "методист", "since": self.year.since},
        )

    def _issue_logins(self) -> None:
        """One slow hash serves all: everybody may know the password."""
        password = make_password(cast.PASSWORD)
        users = User.objects.bulk_create(
            User(username=login.username, password=password, origin=User.Origin.DEMO) for login in cast.LOGINS
        )
        for user in users:
            person = self.cast[user.username]
            person.account = user
            person.save(update_fields=["account"])
