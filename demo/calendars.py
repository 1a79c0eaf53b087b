"""The school's calendar of one academic year: terms, holidays, the moved day, bells."""

import datetime
from dataclasses import dataclass

from schedule.models import Bell
from schools.models import AcademicYear, Holiday, MovedDay, Organisation, Term
from schools.models.organisations import FIRST_GRADE, LAST_GRADE

DAY = datetime.timedelta(days=1)
WEEK = 7 * DAY
SATURDAY, SUNDAY = 6, 7
# The day's timetable must end by 19:00, with half an hour to air the rooms between the shifts.
FIRST_SHIFT = ("8:00", "8:50", "9:50", "10:50", "11:40", "12:30", "13:20")
MONDAYS_FIRST_SHIFT = ("8:00", "8:40", "9:30", "10:30", "11:30", "12:20", "13:10")
SECOND_SHIFT = ("14:30", "15:20", "16:20", "17:10", "18:00")
MINUTES, MONDAYS_FIRST_MINUTES = 40, 30


@dataclass(frozen=True)
class YearPlan:
    """The days that divide a school year; every holiday lies between the terms it parts."""

    first: datetime.date
    autumn: datetime.date  # the Monday of each week of holidays
    winter: datetime.date
    after_winter: datetime.date
    spring: datetime.date
    last: datetime.date

    @classmethod
    def of(cls, year: AcademicYear) -> "YearPlan":
        next_year = year.since.year + 1
        return cls(
            first=year.since,
            autumn=_monday_from(datetime.date(year.since.year, 10, 25)),
            winter=datetime.date(year.since.year, 12, 31),
            after_winter=_schoolday_from(datetime.date(next_year, 1, 9)),
            spring=_monday_from(datetime.date(next_year, 3, 24)),
            last=datetime.date(next_year, 5, 26),
        )

    def quarters(self) -> list[tuple[datetime.date, datetime.date]]:
        return [
            (self.first, self.autumn - 3 * DAY),
            (self.autumn + WEEK, self.winter - DAY),
            (self.after_winter, self.spring - 3 * DAY),
            (self.spring + WEEK, self.last),
        ]

    def half_years(self) -> list[tuple[datetime.date, datetime.date]]:
        return [(self.first, self.winter - DAY), (self.after_winter, self.last)]

    def readable(self, today: datetime.date) -> tuple[datetime.date, datetime.date]:
        """From the quarter before today's up to the end of today's, at least three weeks ahead."""
        quarters = self.quarters()
        begun = max((n for n, (since, _until) in enumerate(quarters) if since <= today), default=0)
        until = max(quarters[begun][1], today + 3 * WEEK)
        return quarters[max(begun - 1, 0)][0], min(until, self.last)


def _monday_from(day: datetime.date) -> datetime.date:
    return day + (-day.weekday() % 7) * DAY


def _schoolday_from(day: datetime.date) -> datetime.date:
    """A term does not begin on a Friday or at the weekend."""
    return day if day.weekday() < 4 else _monday_from(day)


def make_calendar(organisation: Organisation, year: AcademicYear) -> None:
    plan = YearPlan.of(year)
    _make_terms(organisation, year, plan)
    _make_holidays(organisation, plan)
    _move_a_day(organisation, plan)


def _make_terms(organisation: Organisation, year: AcademicYear, plan: YearPlan) -> None:
    kinds = (
        (Term.Kind.QUARTER, plan.quarters(), FIRST_GRADE, 9),
        (Term.Kind.HALF_YEAR, plan.half_years(), 10, LAST_GRADE),
    )
    Term.objects.bulk_create(
        Term(
            organisation=organisation,
            year=year,
            kind=kind,
            number=number,
            since=since,
            until=until,
            first_grade=first,
            last_grade=last,
        )
        for kind, spans, first, last in kinds
        for number, (since, until) in enumerate(spans, start=1)
    )


def _make_holidays(organisation: Organisation, plan: YearPlan) -> None:
    first, second = plan.first.year, plan.last.year
    february = _monday_from(datetime.date(second, 2, 10))
    rows = [
        ("Осенние каникулы", plan.autumn - 2 * DAY, plan.autumn + WEEK - DAY, LAST_GRADE),
        ("Зимние каникулы", plan.winter, plan.after_winter - DAY, LAST_GRADE),
        ("Дополнительные каникулы", february, february + WEEK - DAY, FIRST_GRADE),
        ("Весенние каникулы", plan.spring - 2 * DAY, plan.spring + WEEK - DAY, LAST_GRADE),
        ("Летние каникулы", plan.last + DAY, datetime.date(second, 8, 31), LAST_GRADE),
        *(
            (name, day, day, LAST_GRADE)
            for name, day in (
                ("День народного единства", datetime.date(first, 11, 4)),
                ("День защитника Отечества", datetime.date(second, 2, 23)),
                ("Международный женский день", datetime.date(second, 3, 8)),
                ("Праздник Весны и Труда", datetime.date(second, 5, 1)),
                ("День Победы", datetime.date(second, 5, 9)),
            )
        ),
    ]
    Holiday.objects.bulk_create(
        Holiday(organisation=organisation, name=name, since=since, until=until, last_grade=grade)
        for name, since, until, grade in rows
    )


def _move_a_day(organisation: Organisation, plan: YearPlan) -> None:
    """One public holiday's lessons of each half of the year are given on a Saturday nearby."""
    for lost in (datetime.date(plan.first.year, 11, 4), datetime.date(plan.last.year, 2, 23)):
        weekday = lost.isoweekday() if lost.isoweekday() < SATURDAY else 1
        saturday = _monday_from(lost) + 12 * DAY
        MovedDay.objects.create(organisation=organisation, date=saturday, as_weekday=weekday)


def make_bells(organisation: Organisation, *, short_mondays: bool) -> None:
    """`short_mondays`: the Monday talk lasts half an hour, so the day's other bells ring earlier."""
    bells = [
        *_bells(organisation, FIRST_SHIFT, shift=1),
        *_bells(organisation, SECOND_SHIFT, shift=2),
    ]
    if short_mondays:
        bells += _bells(organisation, MONDAYS_FIRST_SHIFT, shift=1, weekday=1)
    Bell.objects.bulk_create(bells)


def _bells(
    organisation: Organisation, times: tuple[str, ...], *, shift: int, weekday: int | None = None
) -> list[Bell]:
    bells = []
    for number, time in enumerate(times, start=1):
        minutes = MONDAYS_FIRST_MINUTES if weekday and number == 1 else MINUTES
        starts = datetime.datetime.strptime(time, "%H:%M")
        bells.append(
            Bell(
                organisation=organisation,
                shift=shift,
                weekday=weekday,
                number=number,
                starts=starts.time(),
                ends=(starts + datetime.timedelta(minutes=minutes)).time(),
            )
        )
    return bells
