"""A programme from a spreadsheet: shown first, written as a whole when it is confirmed.

Between the two the rows travel with the teacher's own page, signed; nothing is kept in between.
"""

import dataclasses
import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.db import transaction

from diary.models import Topic
from diary.programme.contents import ChangedMeanwhile, changed, hold
from diary.programme.spreadsheet import TopicRow
from schedule.workbook.cells import same_name
from schools.deadlocks import again_after_deadlock
from schools.models import Course

SALT = "programme-import"
CONFIRMED_WITHIN = datetime.timedelta(hours=12)
WRITTEN = ("section", "title", "hours", "homework", "note", "is_test")


class NoDraft(Exception):
    """What came back is not what was shown, or it was shown long ago."""


class TopicsWouldGo(Exception):
    """The file names fewer topics than there are, and nobody said that the others may go."""


@dataclass(frozen=True)
class Matched:
    """Each row with the topic that it says anew, if any; topics that the file does not name: `kept`
    because lessons took them, the others `removed`."""

    rows: list[tuple[TopicRow, Topic | None]]
    kept: list[Topic]
    removed: list[Topic]


def match(topics: Sequence[Any], rows: Iterable[TopicRow]) -> Matched:
    """`topics` come from `with_taught`. A row is the topic of the same section and title, else of the
    same title; of several the first."""
    waiting: dict[Any, list[Topic]] = defaultdict(list)
    for topic in topics:
        waiting[_name(topic)].append(topic)
        waiting[same_name(topic.title)].append(topic)
    taken: set[int] = set()
    matched: dict[int, Topic] = {}
    rows = list(rows)
    for key in (_name, lambda row: same_name(row.title)):
        for place, row in enumerate(rows):
            found = next((topic for topic in waiting[key(row)] if topic.pk not in taken), None)
            if place not in matched and found:
                matched[place] = found
                taken.add(found.pk)
    rest = [topic for topic in topics if topic.pk not in taken]
    return Matched(
        [(row, matched.get(place)) for place, row in enumerate(rows)],
        kept=[topic for topic in rest if topic.taught],
        removed=[topic for topic in rest if not topic.taught],
    )


def _name(row: Any) -> tuple[str, str]:
    return same_name(row.section), same_name(row.title)


def signed(rows: Iterable[TopicRow], *, course: int, version: int, person: int) -> str:
    """The rows as the page carries them: of this course as it is now, for this person alone."""
    draft = {"for": [course, version, person], "rows": [dataclasses.astuple(row) for row in rows]}
    return signing.dumps(draft, salt=SALT, compress=True)


def unsigned(text: str, *, course: int, person: int) -> tuple[list[TopicRow], int]:
    """The rows and the version of the programme that they were shown with. Raises NoDraft."""
    try:
        draft = signing.loads(text, salt=SALT, max_age=CONFIRMED_WITHIN)
    except signing.BadSignature as error:
        raise NoDraft from error
    shown_course, version, shown_person = draft["for"]
    if (shown_course, shown_person) != (course, person):
        raise NoDraft
    return [TopicRow(*row) for row in draft["rows"]], version


@again_after_deadlock
@transaction.atomic
def write_import(
    course: Course, rows: Sequence[TopicRow], *, shown_version: int, may_remove: bool, on: datetime.date
) -> None:
    """The programme becomes what the file says; topics that lessons took stay, the first of all where
    the file does not name them. Raises ChangedMeanwhile, and TopicsWouldGo unless `may_remove`."""
    programme = hold(course)
    if programme.version != shown_version:
        raise ChangedMeanwhile
    matched = match(list(course.topics.with_taught()), rows)
    if matched.removed and not may_remove:
        raise TopicsWouldGo
    # A lesson may have taken one since it was read.
    removed = Topic.objects.filter(pk__in=[topic.pk for topic in matched.removed], lessons=None)
    Topic.objects.filter(pk__in=list(removed.values_list("pk", flat=True))).delete()
    kept = course.topics.exclude(pk__in=[topic.pk for _row, topic in matched.rows if topic]).order_by("order")
    topics = [*kept, *(_said_anew(course, row, topic) for row, topic in matched.rows)]
    for number, topic in enumerate(topics, start=1):
        topic.order = number
    Topic.objects.bulk_create([topic for topic in topics if topic.pk is None])
    Topic.objects.bulk_update([topic for topic in topics if topic.pk], [*WRITTEN, "order", "plan", "version"])
    changed(programme, on)


def _said_anew(course: Course, row: TopicRow, topic: Topic | None) -> Topic:
    topic = topic or Topic(course=course, version=0)
    if topic.pk is None or not is_same(row, topic):
        topic.version += 1
        for name in WRITTEN:
            setattr(topic, name, getattr(row, name))
    topic.plan = topic.plan[: topic.hours]
    return topic


def is_same(row: TopicRow, topic: Topic) -> bool:
    """Whether the topic says what the row does; a spreadsheet's spaces are all of one kind."""
    return all(_plain(getattr(topic, name)) == _plain(getattr(row, name)) for name in WRITTEN)


def _plain(value: Any) -> Any:
    return value.replace("\u00a0", " ") if isinstance(value, str) else value
