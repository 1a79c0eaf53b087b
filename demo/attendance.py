"""Who was at school: illnesses of some days, missed days and lessons, lateness."""

import datetime
from random import Random

from demo.curriculum import SPORT
from diary.models import Absence
from schools.models import Person

Code = Absence.Code
FALLS_ILL, MISSES_A_DAY, MISSES_A_LESSON, COMES_LATE = 0.007, 0.003, 0.0015, 0.015
EXEMPT_FROM_SPORT = 0.025
REASON_UNKNOWN_YET = 2  # school days
DAY = datetime.timedelta(days=1)


class Attendance:
    """Drawn once for each student of a school; `days` are the school days up to today."""

    def __init__(self, students: list[Person], days: list[datetime.date], rng: Random) -> None:
        self.rng, self.days = rng, days
        self.away: dict[int, dict[datetime.date, str]] = {}
        self.exempt: set[int] = set()
        for student in students:
            self.away[student.pk] = self._days_away()
            if rng.random() < EXEMPT_FROM_SPORT:
                self.exempt.add(student.pk)

    def was_ill(self, student: Person, days_ago: int, length: int) -> None:
        """For the children whom the demo's visitors see first, if they are of this school."""
        if student.pk not in self.away:
            return
        for day in self.days[-days_ago:][:length]:
            self.away[student.pk][day] = Code.ILL

    def _days_away(self) -> dict[datetime.date, str]:
        rng, away = self.rng, dict[datetime.date, str]()
        delicate = rng.choice((0.5, 1, 1, 2.5))
        back = datetime.date.min
        for day in self.days:
            if day < back:
                away[day] = Code.ILL
            elif rng.random() < FALLS_ILL * delicate:
                back = day + rng.randrange(3, 10) * DAY
                away[day] = Code.ILL
            elif rng.random() < MISSES_A_DAY:
                away[day] = rng.choice((Code.VALID, Code.VALID, Code.UNSTATED))
        # The class teacher gives the reason when the note comes.
        return {
            day: Code.UNSTATED if day in self.days[-REASON_UNKNOWN_YET:] else code
            for day, code in away.items()
        }

    def at_lesson(
        self, student: int, day: datetime.date, number: int, subject: str
    ) -> tuple[str, int | None] | None:
        """(code, minutes late); None for being there in time."""
        if code := self.away[student].get(day):
            return code, None
        if subject == SPORT and student in self.exempt:
            return Code.EXEMPT, None
        chance = self.rng.random()
        if chance < MISSES_A_LESSON:
            return self.rng.choice((Code.UNSTATED, Code.INVALID, Code.VALID)), None
        if chance < MISSES_A_LESSON + (COMES_LATE if number == 1 else COMES_LATE / 10):
            return Code.LATE, self.rng.randrange(3, 21)
        return None
