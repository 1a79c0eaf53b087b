"""What did not go as planned: teachers fall ill, lessons are substituted, cancelled, moved."""

import datetime
from collections import defaultdict
from random import Random

from django.utils import timezone

from demo.curriculum import TALK
from demo.plans import PRIMARY
from demo.populating import SchoolMade
from schedule.models import Bell, Lesson
from schools.models import Person

ILL, TRAINING, NO_HEATING = "болезнь учителя", "курсы повышения квалификации", "нет отопления в кабинете"
DAY = datetime.timedelta(days=1)
NEAR = 5  # school days before and after today in which every page should have something to show
OFFICE_CLOSES = datetime.time(15, 10)
Time = tuple[datetime.date, int, int]  # date, shift, number


def time_of(lesson: Lesson) -> Time:
    return lesson.date, lesson.shift, lesson.number


class Changes:
    """Made by the head teacher, a day ahead; `kept` are teachers who never fall ill."""

    def __init__(
        self, made: SchoolMade, today: datetime.date, rng: Random, kept: list[Person], watched: list[Person]
    ) -> None:
        self.made, self.today, self.rng, self.kept = made, today, rng, kept
        self.plans = {row.course.pk: row.plan for row in made.courses}
        self.watched = list(
            dict.fromkeys(seat.school_class for seat in made.seats if seat.student in watched)
        )
        lessons = Lesson.objects.filter(organisation=made.organisation).select_related("teacher", "room")
        self.lessons = list(lessons.order_by("date", "shift", "number", "course"))
        self.bells = {
            (bell.shift, bell.number): bell
            for bell in Bell.objects.filter(organisation=made.organisation, weekday=None)
        }
        self.busy = {(lesson.teacher_id, *time_of(lesson)) for lesson in self.lessons}
        self.by_day: dict[datetime.date, list[Lesson]] = defaultdict(list)
        for lesson in self.lessons:
            self.by_day[lesson.date].append(lesson)
        self.touched: set[int] = set()

    def make(self) -> None:
        days = sorted(self.by_day)
        past = [day for day in days if day <= self.today]
        near = past[-NEAR:] + [day for day in days if day > self.today][:NEAR]
        for school_class in self.watched:
            self._change_class(school_class, near)
        for day in (*past[:-NEAR:5], *near[::2]):
            self._somebody_is_away(day)

    def _change_class(self, school_class: object, near: list[datetime.date]) -> None:
        """The watched child's days have one of each: no lesson, a substitution, a move."""
        middle = min(NEAR, len(near) - 1)  # the next school day, or the last one in July
        last = self._last_lesson(school_class, near[middle])
        if last:
            self._cancel(last, NO_HEATING)
        for day in dict.fromkeys((near[max(0, middle - 1)], near[middle])):
            for lesson in self._of_class(school_class, day)[1:3]:
                self._substitute(lesson, TRAINING)
        pairs = [(since, until) for since in near for until in near if since < until]
        pairs.sort(key=lambda pair: sum(abs((day - near[middle]).days) for day in pair))
        for since, until in pairs:
            if self._move_last(school_class, since, until):
                break

    def _of_class(self, school_class: object, day: datetime.date) -> list[Lesson]:
        return [
            lesson for lesson in self.by_day[day] if self.plans[lesson.course_id].school_class is school_class
        ]

    def _last_lesson(self, school_class: object, day: datetime.date) -> Lesson | None:
        whole = [
            lesson
            for lesson in self._of_class(school_class, day)
            if not self.plans[lesson.course_id].group and lesson.pk not in self.touched
        ]
        return whole[-1] if whole else None

    def _move_last(self, school_class: object, since: datetime.date, until: datetime.date) -> bool:
        """To the end of another day, where class and teacher are free; False when they are not."""
        lesson = self._last_lesson(school_class, since)
        there = self._of_class(school_class, until)
        if not lesson or not there:
            return False
        bell = self.bells.get((lesson.shift, there[-1].number + 1))
        if not bell or lesson.term_id != there[-1].term_id:
            return False
        target = (lesson.teacher_id, until, lesson.shift, bell.number)
        if target in self.busy:
            return False
        lesson.move(until, bell, by=self.made.head_teacher, reason=TRAINING, at=self._eve(lesson))
        self.touched.add(lesson.pk)
        self.busy.add(target)
        return True

    def _somebody_is_away(self, day: datetime.date) -> None:
        at_school = {
            lesson.teacher_id: lesson.teacher
            for lesson in self.by_day[day]
            if lesson.teacher not in self.kept
            and lesson.teacher in self.made.teachers
            and self.made.teachers[lesson.teacher].area is not PRIMARY
        }
        if not at_school:
            return
        away = self.rng.choice(list(at_school.values()))
        for lesson in self.by_day[day]:
            if lesson.teacher_id == away.pk and lesson.pk not in self.touched:
                self._substitute(lesson, ILL)

    def _substitute(self, lesson: Lesson, reason: str) -> None:
        """A free colleague of the same subject, else a cancelled lesson, else any free colleague."""
        if lesson.pk in self.touched or self.plans[lesson.course_id].subject == TALK:
            return
        area = self.plans[lesson.course_id].teacher.area
        free = [
            (person, plan)
            for person, plan in self.made.teachers.items()
            if (person.pk, *time_of(lesson)) not in self.busy and person.pk != lesson.teacher_id
        ]
        colleagues = [person for person, plan in free if plan.area is area]
        if not colleagues and self.rng.random() < 0.3:
            self._cancel(lesson, reason)
            return
        if not free:
            return
        colleague = self.rng.choice(colleagues or [person for person, _plan in free])
        lesson.substitute(colleague, by=self.made.head_teacher, reason=reason, at=self._eve(lesson))
        self.busy.add((colleague.pk, *time_of(lesson)))
        self.touched.add(lesson.pk)

    def _cancel(self, lesson: Lesson, reason: str) -> None:
        lesson.cancel(by=self.made.head_teacher, reason=reason, at=self._eve(lesson))
        self.touched.add(lesson.pk)

    def _eve(self, lesson: Lesson) -> datetime.datetime:
        eve = min(lesson.date, self.today) - DAY
        return timezone.make_aware(datetime.datetime.combine(eve, OFFICE_CLOSES))
