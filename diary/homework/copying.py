"""A homework set in parallel classes as well, in one action."""

import datetime
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from diary.homework.writing import NoLongerOpen, hold_lesson
from diary.models import Homework, HomeworkFile, HomeworkLink
from diary.programme.beside import NEAR
from schedule.models import Lesson
from schedule.weeks import WEEK, day_label
from schools.models import Course, Person


@dataclass
class Target:
    """Another course of the teacher, and where in it the homework would stand: given at the lesson of
    the same topic, or else at the next one; due at the one after. `existing`: what is set there."""

    course: Course
    lesson: Lesson
    due: Lesson | None
    existing: list[Homework] = field(default_factory=list)

    @property
    def refusal(self) -> str:
        return _("The term is closed.") if hasattr(self.lesson.term, "closure") else ""

    @property
    def due_on(self) -> datetime.date:
        return self.due.date if self.due else self.lesson.date + WEEK

    @property
    def token(self) -> str:
        """What was shown to be set there: somebody may set something meanwhile."""
        return f"{self.lesson.pk}:{','.join(str(homework.pk) for homework in self.existing)}"

    @property
    def when(self) -> str:
        return _("given on %(given)s, for %(due)s") % {
            "given": day_label(self.lesson.date),
            "due": day_label(self.due_on),
        }


def targets(homework: Homework, *, by: Person, on: datetime.date) -> list[Target]:
    """The courses of the same subject and grade level that the person may write. Four statements."""
    given = homework.lesson
    grades, day = homework.course.grades(), given.date
    lessons = (
        Lesson.objects.taught_by(by, on)
        .filter(course__subject=homework.course.subject_id, course__year=homework.course.year_id)
        .filter(date__range=(day - NEAR, day + NEAR))
        .exclude(course=homework.course_id)
        .exclude(state=Lesson.State.CANCELLED)
    )
    of_class = lessons.filter(course__school_class__grade__in=grades)
    of_group = lessons.filter(course__group__classes__grade__in=grades)
    found = Lesson.objects.filter(pk__in=(of_class | of_group).values("pk"))
    by_course: dict[Course, list[Lesson]] = defaultdict(list)
    for lesson in found.with_names().select_related("term__closure").in_order():
        by_course[lesson.course].append(lesson)
    possible = [_target(course, ordered, given) for course, ordered in by_course.items()]
    found_targets = [target for target in possible if target]
    _read_existing(found_targets)
    return sorted(found_targets, key=lambda target: target.course.audience)


def _target(course: Course, lessons: list[Lesson], given: Lesson) -> Target | None:
    same_topic = [lesson for lesson in lessons if given.topic and lesson.topic == given.topic]
    ahead = [lesson for lesson in lessons if lesson.date >= given.date]
    chosen = min(same_topic, key=lambda lesson: abs(lesson.date - given.date), default=None)
    chosen = chosen or (ahead[0] if ahead else None)
    if chosen is None:
        return None
    due = next((lesson for lesson in lessons if lesson.date > chosen.date), None)
    return Target(course, chosen, due)


def _read_existing(found: list[Target]) -> None:
    by_lesson = {target.lesson.pk: target for target in found}
    for homework in Homework.objects.filter(lesson__in=by_lesson).order_by("pk"):
        by_lesson[homework.lesson_id].existing.append(homework)


def may_copy(homework: Homework) -> bool:
    """What is for some students only is between them and the teacher: no other class is told of it."""
    return Homework.objects.for_everybody().filter(pk=homework.pk).exists()


def copy(
    homework: Homework, shown: Mapping[int, str], *, by: Person, on: datetime.date
) -> list[dict[str, Any]]:
    """Set it in the courses that `shown` names by key, with the token that the page showed; each by
    itself. Returns what became of each: {course, done, text}."""
    return [
        _copy_to(homework, target, shown[target.course.pk], by=by)
        for target in targets(homework, by=by, on=on)
        if target.course.pk in shown
    ]


def _copy_to(homework: Homework, target: Target, shown: str, *, by: Person) -> dict[str, Any]:
    if target.refusal:
        return _outcome(target, target.refusal, done=False)
    if any(there.text == homework.text and there.due_on == target.due_on for there in target.existing):
        return _outcome(target, _("It is set there already, %(when)s.") % {"when": target.when}, done=True)
    if shown != target.token:
        told = _("Meanwhile something was set there: look at it, and tick the class again.")
        return _outcome(target, told, done=False)
    try:
        with transaction.atomic():
            hold_lesson(target.lesson)
            _set_copy(homework, target, by=by)
    except NoLongerOpen:
        return _outcome(target, _("The lesson was cancelled, or its term was closed."), done=False)
    return _outcome(target, _("Set: %(when)s.") % {"when": target.when}, done=True)


def _set_copy(homework: Homework, target: Target, *, by: Person) -> None:
    """For everybody on that course, with the same stored files."""
    copied = Homework.objects.create(
        course=target.course,
        lesson=target.lesson,
        due_lesson=target.due,
        due_on=target.due_on,
        text=homework.text,
        minutes=homework.minutes,
    )
    for file in homework.files.order_by("pk"):
        HomeworkFile.objects.create(
            homework=copied,
            name=file.name,
            file=file.file.name,
            size=file.size,
            content_type=file.content_type,
            sha256=file.sha256,
            by=by,
        )
    for link in homework.links.order_by("pk"):
        HomeworkLink.objects.create(homework=copied, url=link.url, title=link.title)


def _outcome(target: Target, text: str, *, done: bool) -> dict[str, Any]:
    return {"course": target.course.audience, "done": done, "text": text}
