"""What the course's teacher does with a programme. Whoever writes holds its row; two take turns."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import F, Max

from diary.models import LessonProgramme, Topic
from diary.models.programme import MOST_TOPICS
from diary.programme.plan import lay_plan
from schools.deadlocks import again_after_deadlock
from schools.models import Course, Person

WORDS_OF_TOPIC = ("section", "title", "hours", "homework", "note", "is_test", "left_out")
# A change of these is not another programme: the approval stays.
OWN_WORDS = ("homework", "note")


class ChangedMeanwhile(Exception):
    """Somebody else wrote the topic or the programme after the page was opened."""


class AlreadyTaught(Exception):
    """Lessons took the topic: it stays in the programme."""


class TooManyTopics(Exception):
    """No programme is that long."""


class HasTopics(Exception):
    """The course has a programme: another one is not copied over it."""


def hold(course: Course) -> LessonProgramme:
    """The course's programme, begun where there is none, locked until the transaction ends."""
    LessonProgramme.objects.get_or_create(course=course)
    programme = LessonProgramme.objects.select_for_update().get(course=course)
    programme.course = course
    return programme


def withdraw_approval(programme: LessonProgramme) -> None:
    programme.state = LessonProgramme.State.DRAFT
    programme.decided_by = programme.decided_at = None
    programme.words = ""


def changed(programme: LessonProgramme, on: datetime.date, *, approval_stays: bool = False) -> None:
    """After a change of topics: the next version, and until the first of them is taught a plan laid anew."""
    if not approval_stays:
        withdraw_approval(programme)
    programme.version += 1
    programme.save(update_fields=["state", "decided_by", "decided_at", "words", "version"])
    if not programme.course.topics.filter(lessons__isnull=False).exists():
        lay_plan(programme, on)


def version_of(course: Course) -> int:
    """Of the course's programme, which begins with 1."""
    return LessonProgramme.objects.filter(course=course).values_list("version", flat=True).first() or 1


def is_approved(course: Course) -> bool:
    approved = LessonProgramme.State.APPROVED
    return LessonProgramme.objects.filter(course=course, state=approved).exists()


@again_after_deadlock
@transaction.atomic
def add_topic(
    course: Course, words: dict[str, Any], *, place: int | None, shown_version: int, on: datetime.date
) -> Topic:
    """Put a topic at a place (from 1), at the end without one. The same form sent twice adds it once: it
    still shows the version of the programme from before; 0 is none. Raises TooManyTopics."""
    programme = hold(course)
    if shown_version not in (0, programme.version):
        twin = course.topics.filter(**words).order_by("pk").last()
        if twin:
            return twin
    last = course.topics.aggregate(last=Max("order"))["last"] or 0
    if last >= MOST_TOPICS:
        raise TooManyTopics
    topic = Topic.objects.create(course=course, order=last + 1, **words)
    _put(topic, place or last + 1)
    changed(programme, on)
    return topic


@again_after_deadlock
@transaction.atomic
def change_topic(
    topic: Topic, words: dict[str, Any], *, place: int, shown_version: int, on: datetime.date
) -> None:
    """Write `words` over the topic that the form showed, and put it at its place. Raises ChangedMeanwhile."""
    programme = hold(topic.course)
    stored = Topic.objects.select_for_update().filter(pk=topic.pk).first()
    if stored is None or stored.version != shown_version:
        raise ChangedMeanwhile
    different = [name for name in WORDS_OF_TOPIC if getattr(stored, name) != words[name]]
    if different:
        for name in different:
            setattr(stored, name, words[name])
        stored.plan = [] if stored.left_out else stored.plan[: stored.hours]
        stored.version += 1
        stored.save(update_fields=[*different, "plan", "version"])
    moved = _put(stored, place)
    if different or moved:
        changed(programme, on, approval_stays=not moved and set(different) <= set(OWN_WORDS))


@again_after_deadlock
@transaction.atomic
def place_topic(topic: Topic, place: int, *, on: datetime.date) -> None:
    """Move the topic to a place (from 1) among the others."""
    programme = hold(topic.course)
    topic.refresh_from_db(fields=["order"])
    if _put(topic, place):
        changed(programme, on)


@again_after_deadlock
@transaction.atomic
def delete_topic(topic: Topic, *, on: datetime.date) -> None:
    """Take the topic away; those behind it close up. Raises AlreadyTaught."""
    programme = hold(topic.course)
    if topic.lessons.exists():
        raise AlreadyTaught
    topic.refresh_from_db(fields=["order"])
    Topic.objects.filter(pk=topic.pk).delete()
    Topic.objects.filter(course=topic.course, order__gt=topic.order).update(order=F("order") - 1)
    changed(programme, on)


@again_after_deadlock
@transaction.atomic
def begin_with(course: Course, place: int, *, on: datetime.date) -> None:
    """Topics before `place` that no lesson took were given before the programme came: they get none."""
    programme = hold(course)
    before = course.topics.filter(order__lt=place, left_out=False, lessons=None)
    Topic.objects.filter(pk__in=before.values("pk")).update(left_out=True, plan=[], version=F("version") + 1)
    changed(programme, on, approval_stays=True)
    lay_plan(programme, on, from_today=True)


@again_after_deadlock
@transaction.atomic
def copy_programme(source: Course, target: Course, *, on: datetime.date) -> int:
    """All topics of another course, for a course that has none; returns how many. Raises HasTopics."""
    programme = hold(target)
    if target.topics.exists():
        raise HasTopics
    names = ("order", *(name for name in WORDS_OF_TOPIC if name != "left_out"))
    rows = list(source.topics.order_by("order").values(*names))
    Topic.objects.bulk_create(Topic(course=target, **row) for row in rows)
    changed(programme, on)
    return len(rows)


@again_after_deadlock
@transaction.atomic
def copy_to(source: Course, targets: Sequence[Course], *, on: datetime.date) -> None:
    """The same programme for several courses, or for none of them. Raises HasTopics."""
    for target in sorted(targets, key=lambda course: course.pk):
        copy_programme(source, target, on=on)


@again_after_deadlock
@transaction.atomic
def decide(
    course: Course,
    state: LessonProgramme.State,
    *,
    by: Person,
    at: datetime.datetime,
    shown_version: int,
    words: str = "",
) -> None:
    """The teacher sends the programme, the head teacher approves or returns what the page showed.
    Raises ChangedMeanwhile."""
    programme = hold(course)
    if programme.version != shown_version:
        raise ChangedMeanwhile
    is_decided = state in LessonProgramme.DECIDED
    programme.state, programme.words = state, words
    programme.decided_by, programme.decided_at = (by, at) if is_decided else (None, None)
    programme.save(update_fields=["state", "decided_by", "decided_at", "words"])


def _put(topic: Topic, place: int) -> bool:
    """Whether the topic moved. The programme is held; the constraint waits for the transaction's end."""
    others = list(Topic.objects.filter(course=topic.course_id).exclude(pk=topic.pk).order_by("order"))
    place = min(max(place, 1), len(others) + 1)
    others.insert(place - 1, topic)
    return in_order(others)


def in_order(topics: Sequence[Topic]) -> bool:
    """Number topics as they stand; whether any of them moved."""
    moved = [(topic, number) for number, topic in enumerate(topics, start=1) if topic.order != number]
    for topic, number in moved:
        topic.order = number
    Topic.objects.bulk_update([topic for topic, _number in moved], ["order"])
    return bool(moved)
