"""A course's programme against its lessons: where the rest falls, what was planned, what was taught."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import F, QuerySet

from diary.models import LessonProgramme, Topic, TopicTaught
from diary.programme.laying import Laid, TopicHours, hours_left, lay
from schedule.models import Lesson
from schedule.pattern import CannotPublish, lessons_meant
from schools.deadlocks import again_after_deadlock
from schools.models import Course

DAY = datetime.timedelta(days=1)


class Slot(NamedTuple):
    """A lesson that may take an hour; without `lesson` it is not published yet, the timetable means it."""

    date: datetime.date
    lesson: int | None = None


class Fact(NamedTuple):
    """A lesson that took a topic."""

    topic: int
    lesson: int
    date: datetime.date


def to_lay(topics: Sequence[Any]) -> list[TopicHours]:
    """`topics` come from `with_taught`."""
    return [TopicHours(topic.pk, topic.hours, topic.taught, topic.left_out) for topic in topics]


@dataclass
class Outlook:
    """A course's programme as it stands on a day. Six statements and those of the calendar."""

    course: Course
    on: datetime.date
    topics: list[Topic] = field(init=False)
    facts: dict[int, list[Fact]] = field(init=False)
    rest: Laid[Slot] = field(init=False)

    def __post_init__(self) -> None:
        self.topics = list(Topic.objects.filter(course=self.course).with_taught())
        self.facts = facts_of(self.course)
        self.rest = lay(hours_left(to_lay(self.topics)), slots_from(self.course, self.on))

    def expected(self) -> dict[int, list[datetime.date]]:
        """The days on which the rest of each topic falls as things stand."""
        days: dict[int, list[datetime.date]] = defaultdict(list)
        for hour, slot in self.rest.hours:
            days[hour.topic].append(slot.date)
        return days


def facts_of(course: Course) -> dict[int, list[Fact]]:
    """By topic, in the order of lessons."""
    taught = TopicTaught.objects.filter(course=course).exclude(lesson__state=Lesson.State.CANCELLED)
    in_order = taught.order_by("lesson__date", "lesson__starts", "lesson")
    facts: dict[int, list[Fact]] = defaultdict(list)
    for row in in_order.values_list("topic", "lesson", "lesson__date"):
        facts[row[0]].append(Fact(*row))
    return facts


def open_lessons(course: Course) -> QuerySet[Lesson]:
    """Lessons that may take a topic yet: not cancelled, none taken, the term open."""
    lessons = Lesson.objects.filter(course=course, topic_taught=None, term__closure=None)
    return lessons.exclude(state=Lesson.State.CANCELLED).in_order()


def slots_from(course: Course, since: datetime.date) -> list[Slot]:
    """The course's lessons to come, and behind the last published one what the timetable means until
    the year's end."""
    rows = open_lessons(course).filter(date__gte=since).values_list("date", "pk")
    last = Lesson.objects.filter(course=course).order_by("-date").values_list("date", flat=True).first()
    return [Slot(*row) for row in rows] + _meant(course, max(since, last + DAY if last else since))


def _meant(course: Course, since: datetime.date) -> list[Slot]:
    """A timetable that cannot be published now tells nothing of later lessons."""
    if since > course.year.until:
        return []
    try:
        meant = lessons_meant(course.organisation, since, course.year.until, course=course)
    except CannotPublish:
        return []
    return [Slot(day) for day in sorted(slot.date for slot in meant)]


def lay_plan(programme: LessonProgramme, on: datetime.date, *, from_today: bool = False) -> None:
    """Write down when each hour is to be given, from what was taught and what is to come on the day.

    A programme of which nothing was taught is laid from the year's first lesson, so that what should
    have been given is seen; once its teacher moved it (`from_today`), from that day. The caller holds
    `programme`.
    """
    course = programme.course
    topics = list(Topic.objects.filter(course=course).with_taught())
    facts = facts_of(course)
    since = on if facts or from_today else _begun_with(topics) or course.year.since
    ahead: dict[int, list[datetime.date]] = defaultdict(list)
    left = hours_left(to_lay(topics))
    for hour, slot in lay(left, slots_from(course, since)).hours:
        ahead[hour.topic].append(slot.date)
    still = Counter(hour.topic for hour in left)
    changed = []
    for topic in topics:
        given = 0 if topic.left_out else topic.hours - still[topic.pk]
        plan = [*_kept(topic, facts[topic.pk], given, since), *ahead[topic.pk]]
        if plan != topic.plan:
            topic.plan = plan
            changed.append(topic)
    Topic.objects.bulk_update(changed, ["plan"])


def _begun_with(topics: list[Topic]) -> datetime.date | None:
    """The first planned day, which moving the plan may have put on a later one than the year's first."""
    return min((day for topic in topics for day in topic.plan), default=None)


def _kept(topic: Topic, facts: list[Fact], given: int, since: datetime.date) -> list[datetime.date]:
    """The planned days of the hours that were given stay as they were, but none of them lies ahead."""
    days = []
    for number in range(given):
        fact = facts[min(number, len(facts) - 1)].date
        planned = topic.plan[number] if number < len(topic.plan) else fact
        days.append(planned if planned < since else fact)
    return days


@again_after_deadlock
@transaction.atomic
def move_plan(course: Course, on: datetime.date) -> None:
    """The rest of the plan goes onto the lessons that are left. The approval stays: the calendar moved it."""
    programme = LessonProgramme.objects.select_for_update().get(course=course)
    programme.course = course
    lay_plan(programme, on, from_today=True)
    LessonProgramme.objects.filter(pk=programme.pk).update(version=F("version") + 1)
