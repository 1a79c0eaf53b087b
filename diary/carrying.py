"""An absence carried to the rest of the day in one action (demand row 6).

Teachers write the lessons that they teach and no others (product map §3), so carrying writes nothing at
anybody else's lesson. It is a proposal: the roll of every later lesson of that day, of the class and of
its groups, opens with the student away, as an absence only once that lesson's teacher calls the roll. A
teacher who finds the student there says so, and with that the proposal ends. Families, figures and the
class teacher see what was called, never what is proposed.

As long as the first lesson's absence stands, its reason comes along: when the class teacher has named an
illness by then, the next rolls open with it. "No valid reason" does not, that is the class teacher's word
on one lesson.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from diary.models import Absence, CarriedAbsence
from schedule.models import Lesson
from schools.models import Person


@dataclass(frozen=True)
class Proposed:
    """For a later lesson: the code, and since which lesson of the day the student is away."""

    code: str
    since: int

    @property
    def words(self) -> str:
        return _("away since lesson %(number)d") % {"number": self.since}


@dataclass
class Carried:
    """What is proposed for a lesson, by student, and whose absence from it is carried on."""

    here: dict[int, Proposed] = field(default_factory=dict)
    onwards: set[int] = field(default_factory=set)


def carried_on_the_day() -> ArraySubquery:
    """For a queryset of lessons: what is carried to each, or from it. `read` makes something of it."""
    absences = Absence.objects.filter(
        student=OuterRef("student"), lesson=OuterRef("lesson"), code__in=Absence.AWAY
    )
    rows = (
        CarriedAbsence.objects.filter(
            Q(back_at=None) | Q(back_at__starts__gt=OuterRef("starts")),
            lesson__organisation=OuterRef("organisation"),
            lesson__date=OuterRef("date"),
            lesson__starts__lte=OuterRef("starts"),
        )
        .exclude(lesson__state=Lesson.State.CANCELLED)
        .annotate(code=Subquery(absences.values("code")))
        .exclude(code=None)
        .order_by("-lesson__starts")
    )
    return ArraySubquery(
        rows.values(row=JSONObject(student="student", lesson="lesson", number="lesson__number", code="code"))
    )


def read(lesson: int, rows: Iterable[Any]) -> Carried:
    """Of the lesson with the key, from what `carried_on_the_day` found."""
    carried = Carried()
    for row in rows:
        if row["lesson"] == lesson:
            carried.onwards.add(row["student"])
        else:
            is_invalid = row["code"] == Absence.Code.INVALID
            code = Absence.Code.UNSTATED if is_invalid else row["code"]
            carried.here[row["student"]] = Proposed(code, row["number"])
    return carried


def carry_on(lesson: Lesson, student: Person, *, by: Person) -> None:
    """Propose the absence to the later lessons of the day. The caller may write the lesson."""
    row, made = CarriedAbsence.objects.get_or_create(student=student, lesson=lesson, defaults={"by": by})
    if not made and row.back_at_id:
        row.back_at, row.by = None, by
        row.save(update_fields=["back_at", "by"])


def carry_no_further(lesson: Lesson, student: Person) -> None:
    """The student will be back at the next lesson."""
    CarriedAbsence.objects.filter(student=student, lesson=lesson).delete()


def found_here(lesson: Lesson, students: Collection[int]) -> None:
    """The teacher of a later lesson called the roll, and these are there: nobody proposes more."""
    CarriedAbsence.objects.filter(
        student__in=students, lesson__date=lesson.date, lesson__starts__lt=lesson.starts, back_at=None
    ).update(back_at=lesson)
