"""Whose file a line means: people of the school, new ones, and those of other schools."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from schedule.workbook.cells import same_name
from schools.models import Appointment, Employment, Enrolment, Guardianship, Organisation, Person
from schools.models.documents import document_hashes

NameKey = tuple[str, datetime.date | None]


@dataclass(frozen=True)
class Pending:
    """A file outside the school: only its number is known here, and nothing of it is read."""

    pk: int


class Ambiguous(Exception):
    """Two files fit the name and birth date."""


class OtherSnils(Exception):
    """A file of this name and birth date has another SNILS."""


class OtherPerson(Exception):
    """The school's file with this SNILS is about somebody else: a digit is wrong."""


def _last(day: datetime.date) -> Q:
    """Ties that hold on the day or will."""
    return Q(until__isnull=True) | Q(until__gte=day)


def _ties(organisation: Organisation, day: datetime.date, *, here: bool) -> Q:
    """Whether a person (of the outer query) has a tie here, or anywhere else, from `day` on."""

    def place(path: str) -> Q:
        return Q(**{path: organisation}) if here else ~Q(**{path: organisation})

    enrolled = Enrolment.objects.filter(_last(day), place("school_class__organisation"))
    guards = Guardianship.objects.filter(_last(day), Exists(enrolled.filter(student=OuterRef("child"))))
    works = Employment.objects.filter(_last(day), place("organisation"))
    offices = Appointment.objects.filter(_last(day), place("organisation"))
    return (
        Q(Exists(enrolled.filter(student=OuterRef("pk"))))
        | Q(Exists(guards.filter(guardian=OuterRef("pk"))))
        | Q(Exists(works.filter(person=OuterRef("pk"))))
        | Q(Exists(offices.filter(person=OuterRef("pk"))))
    )


def people_of(organisation: Organisation, day: datetime.date) -> QuerySet[Person]:
    """Everybody with a tie to the school, of whatever time, with `is_here` and `is_elsewhere`."""
    ever = (
        Q(pk__in=Enrolment.objects.filter(school_class__organisation=organisation).values("student"))
        | Q(
            pk__in=Guardianship.objects.filter(
                child__enrolments__school_class__organisation=organisation
            ).values("guardian")
        )
        | Q(pk__in=Employment.objects.filter(organisation=organisation).values("person"))
        | Q(pk__in=Appointment.objects.filter(organisation=organisation).values("person"))
    )
    return (
        Person.objects.current()
        .filter(ever)
        .annotate(
            is_here=_ties(organisation, day, here=True), is_elsewhere=_ties(organisation, day, here=False)
        )
    )


@dataclass
class Registry:
    """The school's people, those the file adds, and the numbers of outside files by SNILS."""

    by_pk: dict[int, Person] = field(default_factory=dict)
    shared: set[int] = field(default_factory=set)  # ids of objects whose file other schools use, too
    by_hash: dict[str, Person] = field(default_factory=dict)
    by_name: dict[NameKey, list[Person]] = field(default_factory=lambda: defaultdict(list))
    outside: dict[str, Pending] = field(default_factory=dict)
    left: dict[NameKey, Pending] = field(default_factory=dict)  # went from here to another school
    hashes: dict[str, list[str]] = field(default_factory=dict)

    def load(self, organisation: Organisation, day: datetime.date) -> None:
        for person in people_of(organisation, day):
            flags: Any = person
            if flags.is_elsewhere and not flags.is_here:
                self.left[name_key(person)] = Pending(person.pk)
                continue
            self.by_pk[person.pk] = person
            if flags.is_elsewhere:
                self.shared.add(id(person))
            self.register(person)

    def look_outside(self, numbers: Iterable[str]) -> None:
        """Which of the file's SNILS belong to files that are not the school's (numbers only)."""
        self.recognise(numbers)
        wanted = [value for values in self.hashes.values() for value in values]
        rows = Person.objects.current().filter(snils_hash__in=wanted).values_list("snils_hash", "pk")
        self.outside = {value: Pending(pk) for value, pk in rows if value and pk not in self.by_pk}

    def recognise(self, numbers: Iterable[str]) -> None:
        """The numbers by which rows of the file may mean one person."""
        self.hashes = {number: document_hashes(number) for number in numbers}

    def register(self, person: Person) -> None:
        key = name_key(person)
        if not any(known is person for known in self.by_name[key]):
            self.by_name[key].append(person)
        for value in self._hashes_of(person):
            self.by_hash[value] = person

    def _hashes_of(self, person: Person) -> list[str]:
        if person.snils_hash:
            return [person.snils_hash]
        return self.hashes.get(person.snils, []) if person.snils else []

    def find(self, key: NameKey, snils: str | None) -> Person | Pending | None:
        """The file that a SNILS, or else a name and birth date, stands for; None: a new one.

        Raises Ambiguous, OtherSnils and OtherPerson.
        """
        if snils:
            for value in self.hashes.get(snils, []):
                if value in self.by_hash:
                    if _is_somebody_else(name_key(self.by_hash[value]), key):
                        raise OtherPerson
                    return self.by_hash[value]
                if value in self.outside:
                    return self.outside[value]
        if key[1] is None:
            return None
        namesakes = self.by_name.get(key, [])
        fitting = [person for person in namesakes if not snils or not person.snils]
        if len(fitting) > 1:
            raise Ambiguous
        if fitting:
            return fitting[0]
        if namesakes:
            raise OtherSnils
        return self.left.get(key)

    def almost(self, key: NameKey, first_name: str) -> Person | None:
        """Somebody of the database whom a new row may mean: the same name with another birth date, or
        the same birth date and first name with another surname."""
        name, birth_date = key
        for (known_name, known_date), people in self.by_name.items():
            if (known_name == name) == (known_date == birth_date):
                continue
            for person in people:
                is_same = known_name == name or same_name(person.first_name) == same_name(first_name)
                if is_same and person.pk and person.birth_date:
                    return person
        return None


def name_key(person: Person) -> NameKey:
    return same_name(person.full_name), person.birth_date


def _is_somebody_else(known: NameKey, told: NameKey) -> bool:
    """Names are changed and birth dates mended, but not both in one row. Where a birth date is
    missing, two words of the name have to remain."""
    before, after = set(known[0].split(" ")), set(told[0].split(" "))
    if before <= after or after <= before:  # the same, or a patronymic comes or goes
        return False
    if known[1] and told[1]:
        return known[1] != told[1]
    return len(before & after) < min(2, len(before) - 1, len(after) - 1)


def initials_key(full_name: str) -> str:
    """«Кузнецова Елена Викторовна», «Кузнецова Е. В.», «Кузнецова Е.В.» → `КУЗНЕЦОВА Е В`."""
    surname, *others = same_name(full_name.replace(".", " ")).split(" ")
    return " ".join([surname, *(name[0] for name in others if name)])
