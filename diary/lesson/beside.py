"""What the lesson page shows beside the journal's own rows: owed and planned works, absences carried over
the day, the reader's phrases. It is asked with the lesson, in the same statement."""

import datetime
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from diary import carrying
from diary.letters import ABSENCE_LETTERS, ABSENCE_WORDS
from diary.models import Absence, Mark, Phrase, Point, Work
from diary.notes import covering
from schedule.models import LessonQuerySet
from schedule.weeks import day_label
from schools.models import Person
from schools.models.periods import in_force


def with_what_is_beside(lessons: LessonQuerySet, reader: Person, *, on: datetime.date) -> LessonQuerySet:
    """`Beside.of` reads what is annotated here; `on` is today."""
    led = reader.classes_led.in_service(on).filter(school_class=OuterRef("course__school_class"))
    parallel = reader.teaching_assignments.filter(in_force(on), course__subject=OuterRef("course__subject"))
    points = Point.objects.open().filter(work__lesson=OuterRef("pk")).order_by("due_on", "pk")
    planned = Work.objects.filter(Q(kind__is_test=True) | ~Q(title=""), lesson=OuterRef("pk"), marks=None)
    phrases = Phrase.objects.filter(person=reader).order_by("kind", "text")
    point = JSONObject(pk="pk", student="student", work="work", kind="work__kind", due="due_on")
    work = JSONObject(pk="pk", title="title", kind="kind", is_test="kind__is_test")
    return lessons.annotate(
        beside_points=ArraySubquery(points.values(row=point)),
        beside_planned=ArraySubquery(planned.order_by("kind", "number").values(row=work)),
        beside_phrases=ArraySubquery(phrases.values(row=JSONObject(kind="kind", text="text"))),
        beside_carried=carrying.carried_on_the_day(),
        beside_noted=covering.noted_at_lesson(),
        is_led=Exists(led),
        has_parallel=Exists(parallel.exclude(course=OuterRef("course"))),
    )


@dataclass(frozen=True)
class Owed:
    """An open point: its own key, its work's, the kind's."""

    pk: int
    work: int
    kind: int
    due_on: datetime.date

    @property
    def due(self) -> str:
        """«20.12», as on the chip."""
        return f"{self.due_on:%d.%m}"

    @property
    def url(self) -> str:
        return reverse("diary:point", args=[self.pk])


@dataclass
class Beside:
    points: dict[int, list[Owed]] = field(default_factory=dict)  # by student, the first due first
    planned: list[dict[str, Any]] = field(default_factory=list)  # {pk, title, kind, is_test}
    phrases: dict[str, list[str]] = field(default_factory=dict)  # by kind
    carried: carrying.Carried = field(default_factory=carrying.Carried)
    noted: dict[int, covering.Noted] = field(default_factory=dict)  # by student
    is_led: bool = False  # the class of the lesson, by the reader
    has_parallel: bool = False  # the reader teaches the subject to others as well

    @classmethod
    def of(cls, lesson: Any) -> "Beside":
        """Of a lesson from `with_what_is_beside`; without it nothing is beside."""
        beside = cls(
            planned=getattr(lesson, "beside_planned", []),
            is_led=getattr(lesson, "is_led", False),
            has_parallel=getattr(lesson, "has_parallel", False),
        )
        for row in getattr(lesson, "beside_points", []):
            due = datetime.date.fromisoformat(row["due"])
            owed = Owed(row["pk"], row["work"], row["kind"], due)
            beside.points.setdefault(row["student"], []).append(owed)
        for row in getattr(lesson, "beside_phrases", []):
            beside.phrases.setdefault(row["kind"], []).append(row["text"])
        beside.carried = carrying.read(lesson.pk, getattr(lesson, "beside_carried", []))
        beside.noted = covering.read(lesson.number, getattr(lesson, "beside_noted", []))
        return beside

    def planned_kind(self) -> int | None:
        """What the lesson's marks are for where a test is planned."""
        return next((work["kind"] for work in self.planned if work["is_test"]), None)

    def owed_by(self, student: int) -> Owed | None:
        return next(iter(self.points.get(student, [])), None)


def side_context(page: Any) -> dict[str, Any]:
    """For the template: planned and owed works of the lesson, phrases, letters of the kinds."""
    beside, names = page.beside, {kind.pk: kind.local_name for kind in page.kinds}
    students = {row.student.pk: row.student.roll_name for row in page.rows}
    return {
        "kinds": [{"code": kind.code, "name": kind.local_name} for kind in page.kinds],
        "phrases": [{"kind": kind, "texts": texts} for kind, texts in beside.phrases.items()],
        "phrase_kinds": set(beside.phrases),
        "planned": [
            {"title": work["title"] or names.get(work["kind"], ""), "url": _work_url(work["pk"])}
            for work in beside.planned
        ],
        "owed": [
            {"name": students[student], "kind": names.get(owed.kind, ""), "owed": owed}
            for student, points in beside.points.items()
            for owed in points
            if student in students
        ],
    }


def _work_url(pk: int) -> str:
    return reverse("diary:work", args=[pk])


def row_beside(page: Any, student: int, code: str) -> dict[str, Any]:
    """For the template: what stands beside a student's row. `code` is the absence that is shown."""
    beside, lesson = page.beside, page.lesson
    proposed, noted = beside.carried.here.get(student), beside.noted.get(student)
    name = f"carry-{student}"
    ticked = student in beside.carried.onwards if page.typed is None else name in page.typed
    return {
        "choices": absence_choices(with_invalid=beside.is_led or code == Absence.Code.INVALID),
        "since": proposed.words if proposed and lesson.roll_called_at is None else "",
        "noted": noted.words if noted and code not in Absence.AWAY else "",
        "carry_name": name,
        "carry": ticked,
        "points": beside.points.get(student, []),
    }


@lru_cache(maxsize=8)
def _choices(with_invalid: bool, language: str | None) -> list[dict[str, str]]:
    present = {"value": "", "letter": pgettext("roll call", "here"), "label": _("present")}
    absent = [
        {"value": str(code), "letter": str(letter), "label": str(ABSENCE_WORDS[code])}
        for code, letter in ABSENCE_LETTERS.items()
        if with_invalid or code != Absence.Code.INVALID
    ]
    return [present, *absent]


def absence_choices(*, with_invalid: bool) -> list[dict[str, str]]:
    """Of the roll call. That a reason is not valid the class teacher says (product map §3)."""
    return _choices(with_invalid, get_language())


def carried_token(students: set[int]) -> str:
    """Whose absences the form shows as carried on."""
    return ",".join(str(student) for student in sorted(students))


def publication_words(mark: Mark, now: datetime.datetime) -> str:
    """When families will see a mark that they do not see yet; empty for a public one."""
    if mark.published_at <= now:
        return ""
    at = mark.published_at.astimezone(now.tzinfo)
    day = "" if at.date() == now.date() else f"{day_label(at.date())}, "
    return _("families see it from %(time)s") % {"time": f"{day}{at:%-H:%M}"}
