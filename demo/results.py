"""What schools decided about marks, and the results of the terms that are over."""

import datetime
from collections import defaultdict
from decimal import Decimal
from random import Random
from typing import Any

from demo.attendance import Code
from demo.copying import copy_rows
from demo.journal import Journal, moment
from demo.populating import CourseMade
from diary.averages import Counted
from diary.models import BehaviourMark, JournalRules, Result, ScaleValue, WorkKind
from diary.results import suggestions
from diary.results.presence import Presence
from diary.results.suggestions import Scale
from schools.models import ClassTeacher, Enrolment, Organisation, Term

RAISED = 0.02  # of results, one above what was suggested
GENEROUS = 0.004  # two above, with a reason
REASONS = ("Победа на олимпиаде", "Зачтена работа, выполненная дома", "Пересдал тему после болезни")
COUNTED_ALL_THE_SAME = "Один урок в неделю: отметок меньше, чем обычно"
LIVELY = 0.1  # of students, whose behaviour is satisfactory
EXEMPLARY, SATISFACTORY = "прим.", "удовл."
# By the number of the school: rules, and weights of its own.
RULES: dict[int, dict[str, Any]] = {
    1: {"behaviour": JournalRules.Behaviour.WORDS, "fewest_marks": 2},
    2: {"rounds_up_from": Decimal("0.60"), "overdue_points": JournalRules.WhenOverdue.LOWEST},
    3: {"fewest_marks": 2, "marks_published_at": datetime.time(18)},
}
WEIGHTS = {2: {"К": 4, "С": 3}}


def set_rules(organisation: Organisation, number: int) -> None:
    """Before the first mark: works are of the school's own kinds."""
    JournalRules.objects.create(organisation=organisation, **RULES.get(number, {}))
    for kind in WorkKind.objects.of(organisation.pk):
        if weight := WEIGHTS.get(number, {}).get(kind.code):
            kind.pk, kind.organisation, kind.weight, kind._state.adding = None, organisation, weight, True
            kind.save()


def keep_results(journal: Journal, rng: Random) -> None:
    """Of the terms that were over before today, as far as the journal goes back."""
    kept_since = min((slots[0].date for slots in journal.slots.values() if slots), default=journal.today)
    terms = Term.objects.filter(
        organisation=journal.made.organisation, since__gte=kept_since - datetime.timedelta(days=7)
    )
    for term in terms.filter(until__lt=journal.today).order_by("since", "first_grade"):
        _TermResults(journal, term, rng).keep()


class _TermResults:
    def __init__(self, journal: Journal, term: Term, rng: Random) -> None:
        self.journal, self.term, self.rng = journal, term, rng
        self.rules = JournalRules.of(journal.made.organisation.pk)
        self.values = {
            value.pk: value
            for value in ScaleValue.objects.select_related("scale").order_by("scale", "order", "pk")
        }
        self.weights = dict(WorkKind.objects.values_list("pk", "weight"))
        self.at = moment(term.until, datetime.time(15, 30))

    def keep(self) -> None:
        self.marks, self.presence = self._marks(), self._absences()
        rows: list[dict[str, Any]] = []
        for made in self.journal.made.courses:
            if self.term.is_for(made.plan.school_class.grade) and self.marks[made.course.pk]:
                rows += self._of_course(made)
        copy_rows(Result, rows)
        if self.rules.behaviour == JournalRules.Behaviour.WORDS:
            copy_rows(BehaviourMark, self._behaviour())

    def _marks(self) -> dict[int, dict[int, list[Counted]]]:
        """By course and student."""
        marks: dict[int, dict[int, list[Counted]]] = defaultdict(lambda: defaultdict(list))
        works = {work["id"]: work for work in self.journal.written.works}
        for row in self.journal.written.marks:
            work, value = works[row["work_id"]], self.values[row["value_id"]]
            if self.term.since <= work["date"] <= self.term.until:
                counted = Counted(
                    row["student_id"],
                    row["id"],
                    work["course_id"],
                    work["date"],
                    value.text,
                    value.tone,
                    value.points,
                    self.weights[work["kind_id"]],
                    kind="",
                    kind_en="",
                    title="",
                    where="",
                )
                marks[counted.course][counted.student].append(counted)
        return marks

    def _absences(self) -> dict[tuple[int, int], list[str]]:
        """By course and student, the codes of the lessons missed."""
        courses = {
            slot.pk: slot.course_id
            for slots in self.journal.slots.values()
            for slot in slots
            if self.term.since <= slot.date <= self.term.until
        }
        codes: dict[tuple[int, int], list[str]] = defaultdict(list)
        for row in self.journal.written.absences:
            if row["lesson_id"] in courses and row["code"] != Code.LATE:
                codes[courses[row["lesson_id"]], row["student_id"]].append(row["code"])
        return codes

    def _of_course(self, made: CourseMade) -> list[dict[str, Any]]:
        marked = next(iter(self.marks[made.course.pk].values()))[0]
        on_scale = self.values_of_scale("зч" if marked.points is None else "5")
        lessons = sum(
            self.term.since <= slot.date <= self.term.until for slot in self.journal.slots[made.course.pk]
        )
        return [self._row(made, student.pk, Scale(on_scale), lessons) for student in made.students]

    def values_of_scale(self, text: str) -> list[ScaleValue]:
        scale = next(value.scale.code for value in self.values.values() if value.text == text)
        return [value for value in self.values.values() if value.scale.code == scale]

    def _row(self, made: CourseMade, student: int, scale: Scale, lessons: int) -> dict[str, Any]:
        codes = self.presence[made.course.pk, student]
        exempt = codes.count(Code.EXEMPT)
        presence = Presence(lessons, len(codes) - exempt, exempt)
        marks = self.marks[made.course.pk][student]
        suggested = suggestions.for_term(marks, presence, scale, self.rules)
        value, reason = self._decision(suggested, scale, missed=presence.missed_most)
        return {
            "course_id": made.course.pk,
            "student_id": student,
            "year_id": self.journal.year.pk,
            "kind": Result.Kind.TERM,
            "term_id": self.term.pk,
            "value_id": value.pk,
            "suggestion_id": suggested.value.pk if suggested.value else None,
            "average": suggested.average,
            "reason": reason,
            "by_id": made.teacher.pk,
            "at": self.at,
            "version": 1,
        }

    def _decision(self, suggested: suggestions.Suggestion, scale: Scale, *, missed: bool) -> tuple[Any, str]:
        """As suggested, as a rule; few marks are no reason to certify nobody."""
        value, dice = suggested.value, self.rng.random()
        if value is None or value.points is None:
            counts = suggested.average is not None and not missed
            if counts and value and value.text == suggestions.NOT_CERTIFIED:
                rounded = scale.nearest(suggested.average, self.rules.rounds_up_from)  # type: ignore[arg-type]
                return rounded, COUNTED_ALL_THE_SAME
            return value or scale.get(suggestions.NOT_CERTIFIED), ""
        up = 2 if dice < GENEROUS else 1 if dice < RAISED else 0
        raised = scale.by_points.get(value.points + up)
        if raised is None or not up:
            return value, ""
        return raised, self.rng.choice(REASONS) if up > 1 else ""

    def _behaviour(self) -> list[dict[str, Any]]:
        organisation = self.journal.made.organisation
        led = ClassTeacher.objects.filter(school_class__organisation=organisation)
        leaders = dict(led.values_list("school_class", "person"))
        enrolled = Enrolment.objects.filter(
            school_class__in=leaders,
            school_class__grade__range=(self.term.first_grade, self.term.last_grade),
        )
        texts = {value.text: value.pk for value in self.values_of_scale(EXEMPLARY)}
        return [
            {
                "school_class_id": school_class,
                "student_id": student,
                "term_id": self.term.pk,
                "value_id": texts[SATISFACTORY if self.rng.random() < LIVELY else EXEMPLARY],
                "by_id": leaders[school_class],
                "at": self.at,
                "version": 1,
            }
            for school_class, student in enrolled.order_by("pk").values_list("school_class", "student")
        ]
