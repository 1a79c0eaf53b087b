"""What stands around a lesson: the course's other lessons and its topics, read together, for the lesson
page may cost no statement more than it must (performance.md)."""

import datetime
from typing import Any, NamedTuple

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BigIntegerField,
    BooleanField,
    CharField,
    DateField,
    IntegerField,
    Q,
    TimeField,
    Value,
)
from django.db.models.functions import Cast

from diary.models import Topic
from schedule.models import Lesson

NEAR = datetime.timedelta(days=45)


class LessonBeside(NamedTuple):
    """A lesson of the course; `topic` is the programme's that it took, `closure` that of its term."""

    pk: int
    date: datetime.date
    starts: datetime.time
    number: int
    state: str
    closure: int | None
    topic: int | None

    @property
    def is_cancelled(self) -> bool:
        return self.state == Lesson.State.CANCELLED

    @property
    def is_open(self) -> bool:
        """It may take a topic yet."""
        return not (self.is_cancelled or self.topic or self.closure)


class TopicBeside(NamedTuple):
    """A topic of the course's programme."""

    pk: int
    order: int
    title: str
    hours: int
    homework: str
    is_test: bool
    left_out: bool
    plan: list[datetime.date]


class CourseBeside(NamedTuple):
    """Lessons around the given one, around today, and all that took a topic; topics; both in order."""

    lessons: list[LessonBeside]
    topics: list[TopicBeside]

    @classmethod
    def of(cls, lesson: Lesson, *, on: datetime.date, topics: bool) -> "CourseBeside":
        """One statement; `topics` says whether they are wanted."""
        near = Q(date__range=(lesson.date - NEAR, lesson.date + NEAR))
        wanted = near | Q(date__gte=on, date__lte=max(on, lesson.date) + NEAR) | Q(topic_taught__isnull=False)
        rows: Any = Lesson.objects.filter(wanted if topics else near, course=lesson.course_id).values_list(
            *_LESSON
        )
        if topics:
            rows = rows.union(Topic.objects.filter(course=lesson.course_id).values_list(*_TOPIC), all=True)
        found = cls([], [])
        for is_topic, pk, number, text, date, starts, closure, topic, *rest in rows:
            if is_topic:
                found.topics.append(TopicBeside(pk, number, text, *rest))
            else:
                found.lessons.append(LessonBeside(pk, date, starts, number, text, closure, topic))
        found.lessons.sort(key=lambda line: (line.date, line.starts, line.number, line.pk))
        found.topics.sort(key=lambda topic: topic.order)
        return found


def _no(field: Any) -> Value:
    return Value(None, output_field=field)


_LESSON: tuple[Any, ...] = (
    Value(False, output_field=BooleanField()),
    "pk",
    "number",
    Cast("state", CharField()),
    "date",
    "starts",
    "term__closure",
    "topic_taught__topic",
    _no(IntegerField()),
    Value("", output_field=CharField()),
    Value(False, output_field=BooleanField()),
    Value(False, output_field=BooleanField()),
    _no(ArrayField(DateField())),
)
_TOPIC: tuple[Any, ...] = (
    Value(True, output_field=BooleanField()),
    "pk",
    "order",
    Cast("title", CharField()),
    _no(DateField()),
    _no(TimeField()),
    _no(BigIntegerField()),
    _no(BigIntegerField()),
    "hours",
    "homework",
    "is_test",
    "left_out",
    "plan",
)
