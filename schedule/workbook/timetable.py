"""The sheet «Расписание»: the weekly pattern, and whether it can be lived."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext

from schedule.models import Bell, Room, TimetableEntry
from schedule.pattern import Ring
from schedule.workbook.cells import same_name
from schedule.workbook.changes import Status
from schedule.workbook.courses import find_audience, find_subject, shift_of, teachers_of
from schedule.workbook.draft import Draft, audience
from schedule.workbook.reading import Line
from schools.models import Course, Group, Person

EVERY_WEEK = (1, 2)


@dataclass
class Place:
    """A lesson of the weekly pattern as it will be: from the file (`line`) or, unchanged, from the
    database (`entry`). Without a teacher (reported, or waiting) it is only checked."""

    course: Course
    teacher: Person | None
    room: Room | None
    weekday: int
    shift: int
    number: int
    weeks: tuple[int, int]
    line: Line | None = None
    entry: TimetableEntry | None = None

    @property
    def slot(self) -> tuple[int, int, int]:
        return self.weekday, self.shift, self.number

    @property
    def key(self) -> tuple[Any, ...]:
        return id(self.course), *self.slot, self.weeks

    def meets(self, other: "Place") -> bool:
        """Both in one week of the cycle."""
        return self.weeks[0] <= other.weeks[1] and other.weeks[0] <= self.weeks[1]


def plan_timetable(draft: Draft) -> None:
    places = [place for line in draft.lines["timetable"] if (place := _place(draft, line))]
    stored = [_stored(entry) for entry in draft.entries]
    _check_shifts(draft, _of(stored, _told(places), are_told=False))
    _check_bells(draft, places)
    _check_conflicts(draft, places, _of(stored, _told(places), are_told=False))
    taught = [place for place in places if place.teacher]
    _check_hours(draft, taught, _told(taught))
    _plan_entries(draft, taught, _of(stored, _told(taught), are_told=True))


def _told(places: list[Place]) -> set[int]:
    """Whose week the sheet has."""
    return {id(audience(place.course)) for place in places}


def _of(places: list[Place], told: set[int], *, are_told: bool) -> list[Place]:
    return [place for place in places if (id(audience(place.course)) in told) == are_told]


def _place(draft: Draft, line: Line) -> Place | None:
    subject, whom = find_subject(draft, line), find_audience(draft, line)
    room = _room(draft, line)
    course = draft.courses.get((id(subject), id(whom)))
    if course is None and line["teacher"]:
        draft.find_teacher(line, "teacher", line["teacher"])
    if subject is None or whom is None:
        return None
    if course is None and any(draft.is_doubtful("course of", id(part)) for part in (subject, whom)):
        return None
    if course is None:
        expected = gettext("expected a subject that the sheet «Курсы» has for this class or group")
        draft.error(line, "subject", expected)
        return None
    teacher = _teacher(draft, line, course)
    if line.lacks("weekday", "number", "weeks"):
        return None
    weeks = line["weeks"] or EVERY_WEEK
    shift = shift_of(draft, course)
    return Place(course, teacher, room, line["weekday"], shift, line["number"], weeks, line=line)


def _stored(entry: TimetableEntry) -> Place:
    weeks = (entry.first_week, entry.last_week)
    room = entry.room
    return Place(
        entry.course, entry.teacher, room, entry.weekday, entry.shift, entry.number, weeks, entry=entry
    )


def _room(draft: Draft, line: Line) -> Room | None:
    if line["room"] is None:
        return None
    room = draft.rooms.get(same_name(line["room"]))
    if room is None and not draft.is_doubtful("room"):
        draft.error(line, "room", gettext("expected a room of the sheet «Кабинеты»"))
    return room


def _teacher(draft: Draft, line: Line, course: Course) -> Person | None:
    """The teacher named, or else the only one of the course."""
    if line.lacks("teacher"):
        return None
    teachers = teachers_of(draft, course)
    if line["teacher"]:
        teacher = draft.find_teacher(line, "teacher", line["teacher"])
        if teacher is None or any(teacher is known for known in teachers) or id(course) in draft.doubtful:
            return teacher
    elif len(teachers) == 1 and id(course) not in draft.pending:
        return teachers[0]
    elif id(course) in draft.pending:
        draft.changes.note(line, Status.PENDING)
        draft.warn(line, "teacher", draft.pending[id(course)])
        return None
    elif id(course) in draft.doubtful:
        return None
    names = "; ".join(teacher.full_name for teacher in teachers)
    if names:
        draft.error(line, "teacher", gettext("expected one of: %(words)s") % {"words": names})
    else:
        draft.error(line, "teacher", gettext("the course has no teacher: name one on the sheet «Курсы»"))
    return None


def _check_shifts(draft: Draft, staying: list[Place]) -> None:
    """A class that moves to another shift takes its lessons along only where the sheet has them."""
    moved = [audience(place.course) for place in staying if place.shift != shift_of(draft, place.course)]
    for line in draft.lines["classes"]:
        school_class = draft.classes.get(line["label"])
        for whom in moved:
            of_group = draft.group_classes[id(whom)].values() if isinstance(whom, Group) else ()
            if line["shift"] and any(row is school_class for row in (whom, *of_group)):
                expected = gettext("another shift: expected the new timetable of «%(whom)s» as well")
                draft.error(line, "shift", expected % {"whom": whom})


def _check_bells(draft: Draft, places: list[Place]) -> None:
    for place in places:
        if draft.bell(*place.slot) or ("bell", place.number) in draft.doubtful:
            continue
        bell = Ring(place.shift, place.weekday, place.number)
        if place.line:
            draft.error(place.line, "number", gettext("there is no bell for: %(bell)s") % {"bell": bell})


# --- Nobody in two places -------------------------------------------------------------------------


def _check_conflicts(draft: Draft, places: list[Place], staying: list[Place]) -> None:
    """By the clock: the last lessons of shift 1 and the first ones of shift 2 may overlap."""
    by_weekday: dict[int, list[tuple[Place, Bell | None]]] = defaultdict(list)
    for place in (*staying, *places):
        bell = None if ("bell", place.number) in draft.doubtful else draft.bell(*place.slot)
        for other, others_bell in by_weekday[place.weekday]:
            at_once = place.slot == other.slot or (bell and others_bell and bell.overlaps(others_bell))
            if at_once and place.line and place.meets(other):
                _check_pair(draft, place.line, place, other)
        by_weekday[place.weekday].append((place, bell))


def _check_pair(draft: Draft, line: Line, place: Place, other: Place) -> None:
    where = _where(other)
    if place.course is other.course:
        draft.error(
            line, "subject", gettext("this lesson stands there already: %(where)s") % {"where": where}
        )
        return
    if place.teacher is not None and place.teacher is other.teacher:
        column = "teacher" if line["teacher"] else "subject"
        draft.error(
            line, column, gettext("the teacher has another lesson then: %(where)s") % {"where": where}
        )
    if place.room is not None and place.room is other.room and not place.room.shared:
        draft.error(line, "room", gettext("the room is taken then: %(where)s") % {"where": where})
    if _share_students(draft, place.course, other.course):
        expected = gettext("the same students have another lesson then: %(where)s") % {"where": where}
        draft.error(line, "audience", expected)


def _where(place: Place) -> str:
    if place.line:
        return gettext("row %(row)d") % {"row": place.line.row}
    return f"{place.course.subject}, {audience(place.course)}"


def _share_students(draft: Draft, course: Course, other: Course) -> bool:
    """One class or group, a class and its own group, or two groups with a common member."""
    first, second = audience(course), audience(other)
    if first is second:
        return True
    if isinstance(first, Group) and isinstance(second, Group):
        members = draft.memberships.values()
        return any(id(first) in groups and id(second) in groups for groups in members)
    if isinstance(first, Group) or isinstance(second, Group):
        group, school_class = (first, second) if isinstance(first, Group) else (second, first)
        return any(row is school_class for row in draft.group_classes[id(group)].values())
    return False


def _check_hours(draft: Draft, places: list[Place], told: set[int]) -> None:
    """Hours a week as planned and as in the timetable: a difference is worth a word, once every
    line of the timetable is understood."""
    if len(places) < len(draft.lines["timetable"]):
        return
    hours: dict[int, Decimal] = defaultdict(Decimal)
    for place in places:
        hours[id(place.course)] += Decimal(place.weeks[1] - place.weeks[0] + 1) / 2
    for line in draft.lines["courses"]:
        subject = draft.subjects.get(same_name(line["subject"] or ""))
        whom = draft.find_audience(line["audience"] or "")
        course = draft.courses.get((id(subject), id(whom)))
        if course is None or line["hours"] is None or id(whom) not in told:
            continue
        planned = hours[id(course)]
        if planned != line["hours"] and id(course) not in draft.pending:
            expected = gettext("the timetable has %(hours)s hours a week for it") % {
                "hours": planned.normalize()
            }
            draft.warn(line, "hours", expected)


# --- What changes ---------------------------------------------------------------------------------


def _plan_entries(draft: Draft, places: list[Place], stored: list[Place]) -> None:
    """For the classes and groups of the sheet: what stands stays, the rest ends or begins."""
    known = {place.key: place for place in stored}
    for place in places:
        before = known.pop(place.key, None)
        if before is not None and before.teacher is place.teacher and before.room is place.room:
            continue
        status = Status.NEW
        if before is not None and before.entry is not None:
            draft.end(place.line, before.entry, "timetable")
            status = Status.CHANGED
        draft.changes.add(place.line, _entry(draft, place), status)
    for place in known.values():
        draft.end(None, place.entry, "timetable")


def _entry(draft: Draft, place: Place) -> TimetableEntry:
    """It ends with the year, so that the next year's timetable finds its teachers free."""
    return TimetableEntry(
        organisation=draft.organisation,
        course=place.course,
        teacher=place.teacher,
        room=place.room,
        weekday=place.weekday,
        shift=place.shift,
        number=place.number,
        first_week=place.weeks[0],
        last_week=place.weeks[1],
        since=draft.first_day(TimetableEntry),
        until=draft.year.until,
    )
