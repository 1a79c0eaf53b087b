"""The weekly timetable becomes dated lessons, and again, without undoing what people did."""

import datetime
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schedule.models import Lesson, LessonChange, TimetableEntry
from schedule.pattern import MissingBell, MixedGroups, Ring
from schedule.publishing import Published, publish
from schools.models import Holiday, MovedDay, Organisation, Term, TermClosure
from tests import factories as make
from tests.queries import statements

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 11, 2)  # a Monday, the first day of the second quarter
END = datetime.date(2026, 12, 30)
DAY = datetime.timedelta(days=1)


def november(day: int) -> datetime.date:
    return datetime.date(2026, 11, day)


@pytest.fixture
def term() -> Term:
    return make.TermFactory()


@pytest.fixture
def school(term: Term) -> Organisation:
    for number in (1, 2):
        make.BellFactory(
            organisation=term.organisation,
            number=number,
            starts=datetime.time(7 + number),
            ends=datetime.time(7 + number, 40),
        )
    return term.organisation


@pytest.fixture
def entry(school: Organisation) -> TimetableEntry:
    """Mondays, first lesson."""
    return make.TimetableEntryFactory(course__school_class__organisation=school)


def published(school: Organisation, until: datetime.date = END, today: datetime.date = TODAY) -> Published:
    return publish(school, TODAY, until, today=today)


def dates(**conditions: Any) -> list[datetime.date]:
    return list(Lesson.objects.filter(**conditions).order_by("date").values_list("date", flat=True))


def test_every_monday_of_the_term_has_its_lesson(school, entry):
    result = publish(school, datetime.date(2026, 9, 1), datetime.date(2027, 8, 31), today=TODAY)
    assert result == Published(created=9, updated=0, removed=0, kept=0)
    assert dates() == [TODAY + 7 * week * DAY for week in range(9)]
    lesson = Lesson.objects.earliest("date")
    assert (lesson.starts, lesson.teacher, lesson.planned_teacher) == (
        datetime.time(8),
        entry.teacher,
        entry.teacher,
    )


def test_publishing_again_changes_nothing(school, entry):
    published(school)
    before = list(Lesson.objects.order_by("pk").values())
    assert published(school) == Published(created=0, updated=0, removed=0, kept=9)
    assert list(Lesson.objects.order_by("pk").values()) == before


def test_holidays_of_the_grade_have_no_lessons(school, entry):
    Holiday.objects.create(organisation=school, name="Карантин", since=november(9), until=november(17))
    Holiday.objects.create(
        organisation=school,
        name="Первоклассникам",
        since=november(23),
        until=november(23),
        first_grade=1,
        last_grade=6,
    )
    published(school, november(30))
    assert dates() == [november(2), november(23), november(30)]


def test_a_moved_day_is_taught_by_the_other_weekdays_timetable(school, entry):
    MovedDay.objects.create(organisation=school, date=november(7), as_weekday=1)  # Saturday as Monday
    MovedDay.objects.create(organisation=school, date=november(9), as_weekday=3)  # Monday as Wednesday
    published(school, november(16))
    assert dates() == [november(2), november(7), november(16)]


def test_odd_and_even_weeks_are_counted_from_the_first_week_of_the_year(school, entry):
    # 1 September 2026 is a Tuesday: the first week is that of 31 August, that of 2 November the tenth
    TimetableEntry.objects.update(first_week=2)
    other = make.TimetableEntryFactory(course=entry.course, teacher=entry.teacher, last_week=1)
    published(school, november(23))
    assert dates(entry=entry) == [november(2), november(16)]
    assert dates(entry=other) == [november(9), november(23)]


def test_an_entry_holds_from_its_first_to_its_last_day(school, entry):
    TimetableEntry.objects.update(since=november(9), until=november(16))
    published(school)
    assert dates() == [november(9), november(16)]


def test_the_weekdays_bell_beats_that_of_every_day(school, entry):
    make.BellFactory(organisation=school, weekday=1, starts=datetime.time(8, 30), ends=datetime.time(9, 10))
    tuesday = make.TimetableEntryFactory(course=entry.course, teacher=entry.teacher, weekday=2)
    published(school)
    starts = dict(Lesson.objects.values_list("entry", "starts"))
    assert starts == {entry.pk: datetime.time(8, 30), tuesday.pk: datetime.time(8)}


def test_missing_bells_are_named_all_at_once(school, entry):
    make.TimetableEntryFactory(course=entry.course, number=7)
    make.TimetableEntryFactory(course=entry.course, weekday=5, shift=2)
    with pytest.raises(MissingBell) as missing:
        published(school)
    assert missing.value.rings == [Ring(1, 1, 7), Ring(2, 5, 1)]
    assert not Lesson.objects.exists()


def test_a_group_follows_the_terms_of_its_classes_grades(school, entry):
    Term.objects.update(last_grade=9)
    tenth = make.SchoolClassFactory(organisation=school, grade=10)
    group = make.GroupFactory(organisation=school, classes=[tenth, entry.course.school_class])
    course = make.CourseFactory(school_class=None, group=group)
    both = make.TimetableEntryFactory(course=course, weekday=2)
    published(school)
    assert dates(entry=both) == []  # grade 10 has no term
    make.TermFactory(organisation=school, first_grade=10, since=november(10))
    published(school, november(17))
    assert dates(entry=both) == [november(10), november(17)]


def test_a_change_of_the_timetable_moves_what_is_untouched(school, entry):
    published(school)
    room = make.RoomFactory(organisation=school)
    teacher = make.PersonFactory()
    TimetableEntry.objects.update(room=room, teacher=teacher)
    assert published(school, today=november(10)) == Published(created=0, updated=7, removed=0, kept=2)
    assert dates(teacher=teacher, planned_teacher=teacher, room=room)[0] == november(16)
    TimetableEntry.objects.update(weekday=3)
    result = published(school, today=november(10))
    assert result == Published(created=8, updated=0, removed=7, kept=2)  # 11 November is a Wednesday
    assert dates()[:3] == [november(2), november(9), november(11)]


def test_lessons_of_an_entry_that_is_gone_are_removed(school, entry):
    published(school)
    entry.delete()
    assert published(school, today=november(10)) == Published(created=0, updated=0, removed=7, kept=2)


def _call_roll(lesson: Lesson) -> None:
    lesson.roll_called_by, lesson.roll_called_at = lesson.teacher, timezone.now()
    lesson.save()


def _write_topic(lesson: Lesson) -> None:
    lesson.topic = "Дроби"
    lesson.save()


def _substitute(lesson: Lesson) -> None:
    colleague = make.EmploymentFactory(organisation=lesson.organisation).person
    lesson.substitute(colleague, by=None)


TOUCHES = {
    "a work": lambda lesson: make.WorkFactory(lesson=lesson),
    "an absence": lambda lesson: make.AbsenceFactory(lesson=lesson),
    "homework": lambda lesson: make.HomeworkFactory(lesson=lesson),
    "roll": _call_roll,
    "topic": _write_topic,
    "cancelled": lambda lesson: lesson.cancel(by=None),
    "substituted": _substitute,
}


@pytest.mark.parametrize("touch", TOUCHES)
def test_what_happened_to_a_lesson_holds_it(school, entry, touch):
    published(school)
    lesson = Lesson.objects.get(date=november(16))
    TOUCHES[touch](lesson)
    before = Lesson.objects.filter(pk=lesson.pk).values().get()
    TimetableEntry.objects.update(teacher=make.PersonFactory())
    assert published(school).updated == 8
    assert Lesson.objects.filter(pk=lesson.pk).values().get() == before
    TimetableEntry.objects.update(until=TODAY)
    assert published(school).removed == 7
    assert dates() == [november(2), november(16)]


def test_a_lesson_moved_by_hand_is_not_made_again_where_it_was(school, entry):
    published(school)
    bell = school.bell_set.get(number=2)
    Lesson.objects.get(date=november(16)).move(november(18), bell, by=None)
    assert published(school) == Published(created=0, updated=0, removed=0, kept=9)
    assert november(18) in dates()
    assert november(16) not in dates()


def test_a_lesson_moved_to_the_other_shift_is_not_made_again_either(school, entry):
    published(school)
    second_shift = make.BellFactory(organisation=school, shift=2)
    Lesson.objects.get(date=november(16)).move(november(18), second_shift, by=None)
    assert published(school).created == 0
    assert LessonChange.objects.values_list("was_shift", "was_ends").get() == (1, datetime.time(8, 40))


def test_a_group_across_kinds_of_term_is_refused_by_name(school, entry):
    Term.objects.update(last_grade=9)
    make.TermFactory(organisation=school, kind=Term.Kind.HALF_YEAR, number=1, first_grade=10)
    classes = [make.SchoolClassFactory(organisation=school, grade=grade) for grade in (9, 10)]
    group = make.GroupFactory(organisation=school, name="Хор", classes=classes)
    make.TimetableEntryFactory(course__school_class=None, course__group=group)
    with pytest.raises(MixedGroups, match="Хор"):
        published(school)


def test_past_weeks_are_filled_once_but_not_taught_anew(school, entry):
    late = november(20)
    assert published(school, today=late).created == 9
    TimetableEntry.objects.update(weekday=2)
    published(school, today=late)
    assert dates()[:4] == [november(2), november(9), november(16), november(24)]


def test_a_closed_term_stays_as_it_is(school, entry, term):
    published(school)
    TermClosure.objects.create(term=term, at=timezone.now(), by=entry.teacher)
    TimetableEntry.objects.update(weekday=2)
    assert published(school) == Published(created=0, updated=0, removed=0, kept=9)


def test_another_school_is_left_alone(school, entry):
    published(school)
    other = make.TermFactory().organisation
    assert published(other) == Published(created=0, updated=0, removed=0, kept=0)
    assert len(dates()) == 9


def test_the_number_of_statements_does_not_grow(school, entry):
    few = statements(lambda: published(school, november(8)))
    for number in range(12):
        course = make.CourseFactory(school_class__organisation=school)
        make.TimetableEntryFactory(course=course, weekday=1 + number % 5)
    TimetableEntry.objects.filter(pk=entry.pk).update(weekday=3)
    many = statements(lambda: published(school))
    assert len(many) == len(few) + 3  # what went out of date is locked, looked at, removed


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    patterns=st.lists(
        st.tuples(st.integers(1, 7), st.sampled_from([(1, 1), (2, 2), (1, 2)])), min_size=1, max_size=6
    ),
    off=st.lists(st.tuples(st.integers(0, 58), st.integers(0, 9)), max_size=3, unique=True),
    moved=st.dictionaries(st.integers(0, 58), st.integers(1, 7), max_size=3),
)
def test_lessons_are_what_a_calendar_on_paper_says(db, patterns, off, moved):
    school = make.TermFactory().organisation
    make.BellFactory(organisation=school)
    entries = {}
    for weekday, (first, last) in patterns:
        course = make.CourseFactory(school_class__organisation=school)
        row = make.TimetableEntryFactory(course=course, weekday=weekday, first_week=first, last_week=last)
        entries[row.pk] = (weekday, first, last)
    free = set()
    for start, length in off:
        since, until = TODAY + start * DAY, TODAY + (start + length) * DAY
        Holiday.objects.create(organisation=school, name="Каникулы", since=since, until=until)
        free |= {since + n * DAY for n in range(length + 1)}
    for day, weekday in moved.items():
        MovedDay.objects.create(organisation=school, date=TODAY + day * DAY, as_weekday=weekday)
    expected = set()
    for n in range(59):
        day, week = TODAY + n * DAY, 1 + (n // 7 + 1) % 2  # that of 2 November is an even week
        taught = moved.get(n, day.isoweekday())
        expected |= {
            (pk, day)
            for pk, (weekday, first, last) in entries.items()
            if day not in free and weekday == taught and first <= week <= last
        }
    assert published(school).created == len(expected)
    assert set(Lesson.objects.filter(organisation=school).values_list("entry", "date")) == expected
    assert published(school).kept == len(expected)
