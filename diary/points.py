"""Owed works: the point («точка») that a teacher puts where a mark is waited for (product map §4.3).

A point hangs on a work of a lesson and has a day by which the work is due; a mark for that work settles
it, and the row stays. Once the day is over, the school's rule applies: it stays open, or becomes a 2
(rules.md, "Marks, absences, terms"; `JournalRules.overdue_points`).

Whoever calls holds the right to write the lesson (`LessonPage.may_edit`).
"""

import datetime

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from diary import marking
from diary.marking import ChangedMeanwhile, Refused
from diary.models import JournalRules, Mark, Point, Scale, ScaleValue, Work, WorkKind
from schedule.models import Lesson
from schedule.order import hold_lessons
from schedule.weeks import day_label
from schools.closures import hold_those_open
from schools.deadlocks import again_after_deadlock
from schools.history import acting
from schools.models import Enrolment, GroupMembership, Person
from schools.models.periods import in_force

BATCH = 500
# Kept beside the mark in the language that schools keep their journals in.
OVERDUE_COMMENT = "точка не закрыта"


class NotOfALesson(ValueError):
    """Points hang on works of lessons: a work without one has no term to be owed in."""


def _lesson_of(work: Work) -> Lesson:
    if work.lesson is None:
        raise NotOfALesson
    return work.lesson


def next_lesson_day(lesson: Lesson) -> datetime.date:
    """By when a work of the lesson is owed as a rule: the course's next lesson of the term, or its end."""
    following = Lesson.objects.filter(course=lesson.course_id, term=lesson.term_id, date__gt=lesson.date)
    coming = following.exclude(state=Lesson.State.CANCELLED).order_by("date").values_list("date", flat=True)
    return coming.first() or lesson.term.until


@transaction.atomic
def owe(
    where: Lesson | Work,
    student: Person,
    *,
    due_on: datetime.date,
    kind: WorkKind | None = None,
    by: Person,
    on: datetime.date,
) -> Point:
    """The student owes the work, or, of a lesson, its next work of the `kind`. `on` is today.

    A day that is over, one after the term, or a work that has its mark or its point is refused with
    words for the teacher (`Refused`).
    """
    if isinstance(where, Lesson):
        twin = _same_owed(where, student, kind, due_on)
        if twin:  # the same form sent twice
            return twin
    work = where if isinstance(where, Work) else _work_to_owe(where, student, kind)
    _check_day(due_on, _lesson_of(work), on=on)
    if Mark.objects.filter(work=work, student=student).exists():
        raise Refused(_("There is a mark for this work already."))
    try:
        with transaction.atomic():
            return Point.objects.create(work=work, student=student, due_on=due_on, by=by)
    except IntegrityError:
        if Point.objects.filter(work=work, student=student).exists():
            raise Refused(_("This work is owed already.")) from None
        raise


def _same_owed(lesson: Lesson, student: Person, kind: WorkKind | None, due_on: datetime.date) -> Point | None:
    """Under the lesson's lock: of two forms sent at once the second finds what the first one wrote."""
    Lesson.objects.select_for_update(no_key=True).get(pk=lesson.pk)
    same = Point.objects.open().filter(work__lesson=lesson, student=student, due_on=due_on)
    return same.filter(work__kind=kind).first() if kind else None


def _work_to_owe(lesson: Lesson, student: Person, kind: WorkKind | None) -> Work:
    value = marking.values_for(lesson)[:1]
    if not value:
        raise Refused(_("No marks are given in grade 1."))
    kind = kind or WorkKind.objects.of(lesson.organisation_id)[0]
    return marking.next_work(lesson, student, kind=kind, scale=value[0].scale, past_points=True)


def _check_day(due_on: datetime.date, lesson: Lesson, *, on: datetime.date) -> None:
    """Within the lesson's term: after it, the mark could be given by a correction alone."""
    if due_on < on:
        raise Refused(_("This day is over: choose a later one."))
    if due_on > lesson.term.until:
        last = day_label(lesson.term.until)
        raise Refused(_("The term ends on %(day)s: choose that day or an earlier one.") % {"day": last})


def put_off(point: Point, *, due_on: datetime.date, on: datetime.date, shown_version: int) -> None:
    """Another day for an owed work. Raises Refused, ChangedMeanwhile."""
    _check_day(due_on, _lesson_of(point.work), on=on)
    changed = Point.objects.filter(pk=point.pk, version=shown_version).update(
        due_on=due_on, version=F("version") + 1
    )
    if not changed:
        raise ChangedMeanwhile(_("Somebody else changed this point meanwhile."))


@transaction.atomic
def take_back(point: Point, *, shown_version: int) -> None:
    """The work is not waited for any more. The row goes, its history stays. Raises ChangedMeanwhile."""
    deleted, _rows = Point.objects.filter(pk=point.pk, version=shown_version).delete()
    if not deleted:
        raise ChangedMeanwhile(_("Somebody else changed this point meanwhile."))
    marking.forget_work(point.work_id)


def apply_rule(now: datetime.datetime) -> int:
    """Make a 2 of each overdue point where the school's rule says so; returns how many.

    Run by night, and as often as one likes: a point that has its mark is settled. Not in closed terms,
    and not of students who have left the course. `now` is aware, in the region's time zone. A constant
    number of statements a batch.
    """
    with acting(means="overdue_points"):
        count, last = 0, 0
        while batch := _overdue_batch(now.date(), after=last):
            count += _make_twos(batch, now)
            last = batch[-1]
    return count


def becomes_two(point: Point, rules: JournalRules) -> bool:
    """Whether the school's rule makes a 2 of the point once its day is over. It speaks of a 2: on other
    scales a point stays. The work's scale is asked for."""
    is_lowest = rules.overdue_points == JournalRules.WhenOverdue.LOWEST
    return is_lowest and point.work.scale.code == Scale.FIVE_POINT


def _overdue_batch(today: datetime.date, *, after: int) -> list[int]:
    found = _to_decide(today).filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)
    return list(found[:BATCH])


def _to_decide(today: datetime.date) -> QuerySet[Point]:
    """Overdue in open terms of schools with the rule (as `becomes_two`), of students still on the course."""
    enrolled = Enrolment.objects.filter(in_force(today), student=OuterRef("student"))
    on_course = Exists(enrolled.filter(school_class=OuterRef("work__course__school_class"))) | Exists(
        GroupMembership.objects.filter(
            in_force(today), student=OuterRef("student"), group=OuterRef("work__course__group")
        )
    )
    rule = Q(
        work__course__organisation__journal_rules__overdue_points=JournalRules.WhenOverdue.LOWEST,
        work__scale__code=Scale.FIVE_POINT,
        work__lesson__term__closure=None,
    )
    return Point.objects.overdue(today).filter(rule, on_course)


@again_after_deadlock
@transaction.atomic
def _make_twos(keys: list[int], now: datetime.datetime) -> int:
    """Points locked, terms held open: what was settled, put off or closed since is left alone. Lessons
    are held before, and marks made in the order of chains (`schedule.order`)."""
    lessons = hold_lessons(Work.objects.filter(points__in=keys).values("lesson"))
    path = "work__course__organisation__journal_rules"
    points = list(
        _to_decide(now.date())
        .filter(pk__in=keys, work__lesson__in=lessons)
        .order_by("work__course_id", "work__lesson__term_id", "pk")
        .select_related("work__lesson", path)
        .select_for_update(of=("self",))
    )
    open_terms = hold_those_open(_lesson_of(point.work).term_id for point in points)
    two = ScaleValue.objects.get(scale__code=Scale.FIVE_POINT, text="2")
    marks = [
        Mark(
            work=point.work,
            student_id=point.student_id,
            year_id=point.work.course.year_id,
            value=two,
            comment=OVERDUE_COMMENT,
            published_at=point.work.course.organisation.journal_rules.publication(now),
        )
        for point in points
        if _lesson_of(point.work).term_id in open_terms
    ]
    # A mark that the teacher gives in this very moment stays.
    Mark.objects.bulk_create(marks, ignore_conflicts=True)
    return len(marks)
