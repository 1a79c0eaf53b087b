"""What a lesson is offered from its course's programme, and the fact that it took a topic.

The topic's text in the journal stays the teacher's: the programme fills it in where nothing else was
typed.
"""

import datetime
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from diary.marking import ChangedMeanwhile, Refused
from diary.models import TopicTaught
from diary.programme.beside import CourseBeside, TopicBeside
from diary.programme.laying import Hour, TopicHours, hours_done, hours_left, lay, place_of
from diary.programme.plan import Fact, Slot
from diary.programme.progress import Progress
from schedule.models import Lesson
from schedule.weeks import day_label
from schedule.workbook.cells import same_name

FIELD, SHOWN = "programme_topic", "shown-programme"
CHOICES_BEFORE, CHOICES_AFTER = 3, 12
FOLLOWING = 3


class Offer:
    """For one lesson, on a day; without a programme it is false and offers nothing. It asks the database
    nothing that `beside` did not tell."""

    def __init__(self, lesson: Lesson, beside: CourseBeside, *, on: datetime.date, reader: Any) -> None:
        self.lesson, self.beside, self.topics, self.on = lesson, beside, beside.topics, on
        self.is_substitute = lesson.teacher_id == reader.person.pk != lesson.planned_teacher_id

    def __bool__(self) -> bool:
        return bool(self.topics)

    # --- What is stored --------------------------------------------------------------------------

    @cached_property
    def facts(self) -> list[Fact]:
        """In the order of lessons."""
        return [
            Fact(line.topic, line.pk, line.date)
            for line in self.beside.lessons
            if line.topic and not line.is_cancelled
        ]

    @cached_property
    def stored(self) -> int | None:
        """The topic that this lesson took."""
        return next((fact.topic for fact in self.facts if fact.lesson == self.lesson.pk), None)

    @cached_property
    def laid(self) -> list[tuple[Hour, Slot]]:
        """The rest of the programme on the lessons from today on, and on this one whenever it is."""
        slots = [
            Slot(line.date, line.pk)
            for line in self.beside.lessons
            if line.is_open and (line.date >= self.on or line.pk == self.lesson.pk)
        ]
        return lay(hours_left(self._hours(self.facts)), slots).hours

    def _hours(self, facts: Sequence[Fact]) -> list[TopicHours]:
        taught = Counter(fact.topic for fact in facts)
        return [TopicHours(topic.pk, topic.hours, taught[topic.pk], topic.left_out) for topic in self.topics]

    # --- What is offered -------------------------------------------------------------------------

    @cached_property
    def next_hour(self) -> Hour | None:
        """The hour that this lesson took, or is to take."""
        if self.stored:
            taken = [fact.lesson for fact in self.facts if fact.topic == self.stored]
            return Hour(self.stored, taken.index(self.lesson.pk) + 1)
        return next((hour for hour, slot in self.laid if slot.lesson == self.lesson.pk), None)

    @cached_property
    def offered(self) -> TopicBeside | None:
        """The topic to take with one press; none once one is taken."""
        if self.stored or self.next_hour is None:
            return None
        return self._topic(self.next_hour.topic)

    def _topic(self, pk: int) -> TopicBeside:
        return next(topic for topic in self.topics if topic.pk == pk)

    @property
    def progress(self) -> Progress:
        """As of the morning of the lesson's day."""
        before = self._hours([fact for fact in self.facts if fact.date < self.lesson.date])
        planned = sum(day < self.lesson.date for topic in self.topics for day in topic.plan)
        hours = sum(topic.planned for topic in before)
        return Progress(len(self.topics), hours, planned, hours_done(before))

    # --- For the template ------------------------------------------------------------------------

    def context(self, chosen: str) -> dict[str, Any] | None:
        """`chosen` is the key of the topic that the form shows; None without a programme."""
        if not self:
            return None
        progress = self.progress
        return {
            "label": self._label(),
            "field": FIELD,
            "choices": [self._choice(topic, chosen) for topic in self._near()],
            "offered": self.offered and self.offered.pk,
            "offered_title": self.offered and self.offered.title,
            "behind": capfirst(progress.words) if progress.behind > 0 else "",
            "plan_url": ""
            if self.is_substitute
            else reverse("diary:programme", args=[self.lesson.course_id]),
            "following": [self._line(hour, slot) for hour, slot in self._following()],
        }

    def _label(self) -> str:
        if self.next_hour is None:
            return _("By the programme")
        number, total = place_of(self.next_hour, self._hours(self.facts))
        return _("By the programme, lesson %(number)d of %(total)d") % {"number": number, "total": total}

    def _near(self) -> list[TopicBeside]:
        """The topics around the one that the lesson took or is to take: a list that a hand can use."""
        here = self.next_hour.topic if self.next_hour else self.facts[-1].topic if self.facts else None
        place = next((place for place, topic in enumerate(self.topics) if topic.pk == here), 0)
        return self.topics[max(0, place - CHOICES_BEFORE) : place + CHOICES_AFTER]

    def _choice(self, topic: TopicBeside, chosen: str) -> dict[str, Any]:
        return {
            "pk": topic.pk,
            "label": f"{topic.order}. {topic.title}",
            "title": topic.title,
            "homework": topic.homework,
            "selected": str(topic.pk) == chosen,
        }

    def _following(self) -> list[tuple[Hour, Slot]]:
        after = [
            (hour, slot)
            for hour, slot in self.laid
            if slot.lesson != self.lesson.pk and slot.date >= self.lesson.date
        ]
        return after[:FOLLOWING]

    def _line(self, hour: Hour, slot: Slot) -> dict[str, Any]:
        topic = self._topic(hour.topic)
        return {"day": day_label(slot.date), "title": topic.title, "is_test": topic.is_test}

    # --- What was chosen -------------------------------------------------------------------------

    def text(self, typed: str, *, chosen: str, was_chosen: str) -> str:
        """The text of the journal: of the topic chosen anew, unless the teacher's own words stand there."""
        if not chosen or chosen == was_chosen:
            return typed
        before = next((topic.title for topic in self.topics if str(topic.pk) == was_chosen), "")
        return self._chosen(chosen).title if typed in ("", before) else typed

    def write(self, text: str, *, chosen: str, shown: str) -> None:
        """Record the topic that was chosen, or none; words that are the offered topic's choose it. The
        caller holds the lesson. Raises Refused, ChangedMeanwhile."""
        if not self:
            return
        if not (chosen or shown) and self.offered and same_name(text) == same_name(self.offered.title):
            chosen = str(self.offered.pk)
        if chosen == shown:
            return
        stored = TopicTaught.objects.filter(lesson=self.lesson).select_related("topic").first()
        now = str(stored.topic_id) if stored else ""
        if now not in (shown, chosen):
            theirs = stored.topic.title if stored else _("nothing")
            raise ChangedMeanwhile(
                _("Meanwhile the lesson took “%(theirs)s” of the programme. Choose once more.")
                % {"theirs": theirs}
            )
        if not chosen:
            TopicTaught.objects.filter(lesson=self.lesson).delete()
        else:
            topic = {"topic_id": self._chosen(chosen).pk, "course": self.lesson.course}
            TopicTaught.objects.update_or_create(lesson=self.lesson, defaults=topic)

    def _chosen(self, chosen: str) -> TopicBeside:
        for topic in self.topics:
            if str(topic.pk) == chosen:
                return topic
        raise Refused(_("Choose one of the list."))
