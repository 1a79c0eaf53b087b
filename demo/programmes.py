"""Lesson programmes of a school: most approved and in step, some behind, some still to be made."""

import datetime
from collections import defaultdict
from itertools import groupby
from random import Random
from typing import Any

from django.utils import timezone

from demo.assignments import homework
from demo.copying import copy_rows, take_keys
from demo.journal import CourseJournal, Journal
from demo.populating import CourseMade
from demo.topics import main_topic, topic
from diary.models import LessonProgramme, Topic, TopicTaught
from schedule.pattern import lessons_meant
from schools.models import Person

State = LessonProgramme.State
DAY = datetime.timedelta(days=1)
# The states of programmes, none meaning that the teacher made none yet, and how many have each.
STATES = {State.APPROVED: 76, State.SENT: 8, State.DRAFT: 8, State.RETURNED: 4, None: 4}
BEHIND = 0.12
RETURNED_WITH = ("Добавьте контрольные работы", "Часов больше, чем в учебном плане", "Укажите разделы")
TEST_NOTE = "контрольная работа"


class Programmes:
    """Of one school, from the lessons that its journal filled in. `detailed` are teachers whose
    programmes have a topic for every lesson, and whose classes are a lesson behind."""

    def __init__(self, journal: Journal, published_until: datetime.date, detailed: list[Person]) -> None:
        self.journal, self.made, self.detailed = journal, journal.made, detailed
        # Dice of their own: programmes change nobody in the schools that follow.
        self.rng = Random(self.made.organisation.code)
        self.coming: dict[int, list[datetime.date]] = defaultdict(list)
        for slot in sorted(
            lessons_meant(self.made.organisation, published_until + DAY, journal.year.until),
            key=lambda slot: (slot.date, slot.shift, slot.number),
        ):
            self.coming[slot.course].append(slot.date)
        self.programmes: list[dict[str, Any]] = []
        self.topics: list[dict[str, Any]] = []
        self.taught: list[dict[str, Any]] = []

    def keep(self) -> None:
        for made in self.made.courses:
            state = self.rng.choices(list(STATES), list(STATES.values()))[0]
            if made.teacher in self.detailed:
                state = State.APPROVED
            if state and self.journal.slots[made.course.pk]:
                self._add_programme(made, state)
        self._save()

    def _add_programme(self, made: CourseMade, state: State) -> None:
        is_decided = state in LessonProgramme.DECIDED
        moment = datetime.datetime.combine(self.journal.year.since, datetime.time(15))
        self.programmes.append(
            {
                "course_id": made.course.pk,
                "state": str(state),
                "decided_by_id": self.made.head_teacher.pk if is_decided else None,
                "decided_at": timezone.make_aware(moment) if is_decided else None,
                "words": self.rng.choice(RETURNED_WITH) if state == State.RETURNED else "",
                "version": 1,
            }
        )
        CourseProgramme(self, made).add()

    def _save(self) -> None:
        for row, key in zip(self.topics, take_keys(Topic, len(self.topics)), strict=True):
            row["id"] = key
        for row in self.taught:
            row["topic_id"] = self.topics[row["topic_id"]]["id"]
        copy_rows(LessonProgramme, self.programmes)
        copy_rows(Topic, self.topics)
        copy_rows(TopicTaught, self.taught)


class CourseProgramme:
    """Of one course: numbers of lessons, of the whole year, become topics."""

    def __init__(self, programmes: Programmes, made: CourseMade) -> None:
        self.all, self.made, self.plan = programmes, made, made.plan
        self.course = CourseJournal(programmes.journal, made, dice=Random(made.course.pk))
        self.rng = programmes.rng
        self.is_detailed = made.teacher in programmes.detailed
        days = [slot.date for slot in self.course.slots] + programmes.coming[made.course.pk]
        self.days = self._shifted(days)
        self.numbers = range(self.course.before + len(days))
        self.unwritten = self._unwritten()

    def _unwritten(self) -> set[int]:
        """Numbers of lessons that are over and were not filled in: in a detailed programme their topics
        were joined with others."""
        journal, before = self.all.journal, self.course.before
        over = {before + place for place, slot in enumerate(self.course.slots) if journal.is_over(slot)}
        written = {number for _lesson, number in journal.written.numbers[self.made.course.pk]}
        return over - written if self.is_detailed else set()

    def _shifted(self, days: list[datetime.date]) -> list[datetime.date]:
        """Behind is a class whose plan had lessons that were not given."""
        behind = self.rng.choice((1, 1, 2)) if self.rng.random() < BEHIND else 0
        if self.is_detailed:
            behind = 1
        return [days[0]] * behind + days[: len(days) - behind]

    def add(self) -> None:
        places: dict[int, int] = {}  # of lessons' numbers among the topics
        for order, (_key, members) in enumerate(groupby(self.numbers, key=self._key), start=1):
            numbers = list(members)
            places |= dict.fromkeys(numbers, len(self.all.topics))
            self.all.topics.append(self._topic(order, numbers))
        for lesson, number in self.all.journal.written.numbers[self.made.course.pk]:
            row = {"lesson_id": lesson, "course_id": self.made.course.pk, "topic_id": places[number]}
            self.all.taught.append(row)

    def _key(self, number: int) -> Any:
        is_given_before = number < self.course.before
        main = main_topic(self.plan.subject, self.plan.school_class.grade, number, self.plan.hours)
        return is_given_before, number if self.is_detailed else main

    def _topic(self, order: int, numbers: list[int]) -> dict[str, Any]:
        subject, grade, first = self.plan.subject, self.plan.school_class.grade, numbers[0]
        main = main_topic(subject, grade, first, self.plan.hours)
        title = topic(subject, grade, first, self.plan.hours) if self.is_detailed else main
        is_test = self.is_detailed and self.course.is_test(first)
        is_left_out = first < self.course.before or first in self.unwritten
        found = homework(subject, grade, first / len(self.numbers), self.rng)
        days = [] if is_left_out else [self.days[number - self.course.before] for number in numbers]
        return {
            "course_id": self.made.course.pk,
            "order": order,
            "section": main if self.is_detailed else "",
            "title": title,
            "hours": len(numbers),
            "homework": found[0] if found and self.is_detailed else "",
            "note": TEST_NOTE if is_test else "",
            "is_test": is_test,
            "left_out": is_left_out,
            "plan": "{" + ",".join(map(str, days)) + "}",
            "version": 1,
        }
