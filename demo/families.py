"""Families: adults and children whose names agree, brothers and sisters in several classes."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from random import Random

from demo import cast
from demo.names import (
    DOUBLE_SURNAMES,
    LONG_NAMES,
    draw_adult,
    draw_child,
    draw_surname,
    patronymic,
    surname_for,
)
from demo.plans import ClassPlan
from schools.models import Guardianship, Person
from schools.models.documents import document_hashes

DAYS_A_YEAR = 365.25
CHILDREN_IN_FAMILIES = (1, 1, 1, 1, 1, 1, 2, 2, 2, 3)
SINGLE_MOTHER, SINGLE_FATHER, GUARDIAN = 0.17, 0.02, 0.03
OTHER_SURNAME = 0.08  # of mothers who kept theirs
MOTHER, FATHER = Guardianship.Kind.MOTHER, Guardianship.Kind.FATHER


@dataclass(eq=False)
class Seat:
    """A place in a class and, once taken, who sits there."""

    school_class: ClassPlan
    student: Person | None = None


@dataclass
class Family:
    surname: str  # masculine form
    father_name: str
    adults: list[tuple[Person, str]] = field(default_factory=list)  # (person, kind of guardianship)
    children: list[Person] = field(default_factory=list)
    is_local: bool = False


class People:
    """Makes files of people; every SNILS is used once.

    Numbers below 001-001-998 have no control digits: none of these is a real person's by intent.
    """

    NUMBERS = 1_000_000

    def __init__(self, rng: Random, today: datetime.date, year_begins: datetime.date) -> None:
        self.rng, self.today, self.year_begins = rng, today, year_begins
        self.made = 0

    def make(
        self, surname: str, first_name: str, patronymic: str, sex: str, birth_date: datetime.date
    ) -> Person:
        snils = self._snils()
        return Person(
            surname=surname,
            first_name=first_name,
            patronymic=patronymic,
            sex=sex,
            birth_date=birth_date,
            snils=snils,
            snils_hash=document_hashes(snils)[0] if snils else None,
        )

    def from_login(self, login: cast.Login, birth_date: datetime.date) -> Person:
        return self.make(login.surname, login.first_name, login.patronymic, login.sex, birth_date)

    def adult(self, sex: str, *, youngest: int, oldest: int) -> Person:
        local = self.rng.random() < 0.06
        surname = surname_for(draw_surname(self.rng, local=local), sex)
        return self.adult_named(surname, sex, self._days_ago(youngest, oldest), local=local)

    def adult_named(self, surname: str, sex: str, born: datetime.date, *, local: bool = False) -> Person:
        first_name = draw_adult(self.rng, sex, local=local)
        father = draw_adult(self.rng, "m", local=local)
        return self.make(surname, first_name, patronymic(father, sex), sex, born)

    def born_at_age(self, years: int) -> datetime.date:
        """`years` old on the demo's today, and for two thirds of a year to come."""
        return self.today - datetime.timedelta(days=int(DAYS_A_YEAR * years) + 120 + self.rng.randrange(30))

    def born_for_grade(self, grade: int) -> datetime.date:
        """First-graders are 6½ to 7¾ on 1 September."""
        days = int(DAYS_A_YEAR * (grade + 5.6)) + self.rng.randrange(400)
        return self.year_begins - datetime.timedelta(days=days)

    def _days_ago(self, youngest: int, oldest: int) -> datetime.date:
        days = self.rng.randrange(int(youngest * DAYS_A_YEAR), int(oldest * DAYS_A_YEAR))
        return self.today - datetime.timedelta(days=days)

    def _snils(self) -> str:
        self.made += 1
        if self.made >= self.NUMBERS:
            return ""
        return f"{self.made * 7919 % self.NUMBERS:09d}{self.rng.randrange(100):02d}"


def seat_families(seats: list[Seat], people: People) -> list[Family]:
    """Fill every empty seat; brothers and sisters sit at least two grades apart, twins aside."""
    rng = people.rng
    waiting = [seat for seat in seats if seat.student is None]
    rng.shuffle(waiting)
    families = []
    while waiting:
        taken = _seats_of_one_family(waiting, rng.choice(CHILDREN_IN_FAMILIES))
        family = _draw_family(rng)
        for seat in taken:
            seat.student = _child(family, seat.school_class.grade, people)
        _add_adults(family, people)
        families.append(family)
    return families


def _seats_of_one_family(waiting: list[Seat], wanted: int) -> list[Seat]:
    """Takes them out of `waiting`; only a short way is looked for brothers and sisters."""
    taken = [waiting.pop()]
    for place in range(len(waiting) - 1, max(-1, len(waiting) - 40), -1):
        if len(taken) == wanted:
            break
        grade = waiting[place].school_class.grade
        if all(abs(grade - seat.school_class.grade) >= 2 for seat in taken):
            taken.append(waiting.pop(place))
    return taken


def _draw_family(rng: Random) -> Family:
    local = rng.random() < 0.07
    surname = draw_surname(rng, local=local)
    if rng.random() < 0.006:
        surname = rng.choice(DOUBLE_SURNAMES)
    return Family(surname, draw_adult(rng, "m", local=local), is_local=local)


def _child(family: Family, grade: int, people: People) -> Person:
    sex = people.rng.choice("mf")
    named = {child.first_name for child in family.children}
    name = next(name for name in _child_names(people.rng, sex, local=family.is_local) if name not in named)
    child = people.make(
        surname_for(family.surname, sex),
        name,
        patronymic(family.father_name, sex),
        sex,
        people.born_for_grade(grade),
    )
    family.children.append(child)
    return child


def _child_names(rng: Random, sex: str, *, local: bool) -> Iterator[str]:
    while True:
        yield draw_child(rng, sex, local=local)


def _add_adults(family: Family, people: People) -> None:
    """The mother was 19 to 33 when the first of these children was born."""
    rng = people.rng
    eldest = min(child.birth_date for child in family.children if child.birth_date)
    mother_born = eldest - datetime.timedelta(days=rng.randrange(19 * 365, 33 * 365))
    father_born = mother_born - datetime.timedelta(days=rng.randrange(-365, 6 * 365))
    chance = rng.random()
    if chance < GUARDIAN:
        born = mother_born - datetime.timedelta(days=rng.randrange(20 * 365, 26 * 365))
        grandmother = people.adult_named(surname_for(family.surname, "f"), "f", born, local=family.is_local)
        family.adults.append((grandmother, Guardianship.Kind.GUARDIAN))
        return
    if chance > GUARDIAN + SINGLE_FATHER:
        surname = family.surname
        if rng.random() < OTHER_SURNAME:
            surname = draw_surname(rng, local=family.is_local)
        mother = people.adult_named(surname_for(surname, "f"), "f", mother_born, local=family.is_local)
        family.adults.append((mother, MOTHER))
    if not GUARDIAN + SINGLE_FATHER < chance < GUARDIAN + SINGLE_FATHER + SINGLE_MOTHER:
        father = people.adult_named(family.surname, "m", father_born, local=family.is_local)
        father.first_name = family.father_name
        family.adults.append((father, FATHER))


def seat_unusual_names(seats: list[Seat], people: People) -> list[Family]:
    """Names that break narrow tables and forms: very long ones, one without a patronymic."""
    free = (seat for seat in seats if seat.student is None and seat.school_class.grade >= 5)
    names = [
        *((surname, first, sex, "Всеволод") for surname, first, sex in LONG_NAMES),
        ("Нгуен", "Минь Ань", "f", ""),
        ("Ёлкин", "Ярослав", "m", "Фёдор"),
    ]
    families = []
    for (surname, first_name, sex, father), seat in zip(names, islice(free, 0, None, 7), strict=False):
        family = Family(surname, father)
        seat.student = people.make(
            surname_for(surname, sex),
            first_name,
            patronymic(father, sex) if father else "",
            sex,
            people.born_for_grade(seat.school_class.grade),
        )
        family.children.append(seat.student)
        born = people.born_for_grade(seat.school_class.grade + 26)
        mother = people.adult_named(surname_for(surname, "f"), "f", born)
        if not father:
            mother.patronymic = ""
        family.adults.append((mother, MOTHER))
        families.append(family)
    return families


def main_family(people: People) -> tuple[Family, dict[str, Person]]:
    """The demo parent's: three children, the youngest of them in another school."""
    parent, father = cast.BY_USERNAME["parent"], cast.FATHER
    mother = people.from_login(parent, people.born_at_age(38))
    ages = {
        "student": (cast.BY_USERNAME["student"], cast.STUDENT_AGE),
        "student15": (cast.BY_USERNAME["student15"], cast.STUDENT15_AGE),
        "youngest": (cast.YOUNGEST, cast.YOUNGEST_AGE),
    }
    children = {
        name: people.from_login(login, people.born_at_age(age)) for name, (login, age) in ages.items()
    }
    family = Family(father.surname, father.first_name, children=list(children.values()))
    family.adults = [(mother, MOTHER), (people.from_login(father, people.born_at_age(40)), FATHER)]
    return family, {"parent": mother, **children}
