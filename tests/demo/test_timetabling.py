"""Weekly timetables without clashes, for schools of every size."""

from collections import Counter
from random import Random

import pytest

from demo.curriculum import HOURS, TALK
from demo.plans import plan_staff
from demo.schools import SchoolPlan, plan_schools
from demo.timetabling import make_timetable

SCHOOLS = plan_schools(3) + plan_schools(1, small=True)


@pytest.mark.parametrize("school", SCHOOLS, ids=lambda school: school.short_name)
@pytest.mark.parametrize("seed", range(3))
def test_timetable_is_full_and_nobody_is_in_two_places(school: SchoolPlan, seed: int) -> None:
    rng = Random(seed)
    classes = school.classes(rng)
    timetable = make_timetable(plan_staff(classes, rng, led_first=6), rng)

    teachers = Counter((id(course.teacher), slot) for course, slot in timetable)
    assert max(teachers.values()) == 1
    for school_class in classes:
        own = [(course, slot) for course, slot in timetable if course.school_class is school_class]
        assert len({slot for _course, slot in own}) == sum(HOURS[school_class.grade].values())
        places = Counter((slot, course.group) for course, slot in own)
        assert max(places.values()) == 1
        talks = [slot for course, slot in own if course.subject == TALK]
        assert [(slot.weekday, slot.number) for slot in talks] == [(1, 1)]


@pytest.mark.parametrize("school", SCHOOLS, ids=lambda school: school.short_name)
def test_days_have_no_gaps_and_keep_within_the_rules(school: SchoolPlan) -> None:
    rng = Random(1)
    classes = school.classes(rng)
    timetable = make_timetable(plan_staff(classes, rng, led_first=6), rng)

    for school_class in classes:
        for weekday in range(1, 6):
            numbers = {
                slot.number
                for course, slot in timetable
                if course.school_class is school_class and slot.weekday == weekday
            }
            assert numbers == set(range(1, len(numbers) + 1))
            assert len(numbers) <= (5 if school_class.is_primary else 7)
        assert school_class.shift == 1 or school_class.grade not in (1, 5, 9, 11)


@pytest.mark.parametrize("school", SCHOOLS, ids=lambda school: school.short_name)
def test_loads_are_bearable_and_nobody_leads_two_classes(school: SchoolPlan) -> None:
    rng = Random(1)
    classes = school.classes(rng)
    staff = plan_staff(classes, rng, led_first=6)

    assert max(teacher.load for teacher in staff.teachers) <= 27
    assert len({id(school_class.leader) for school_class in classes}) == len(classes)
