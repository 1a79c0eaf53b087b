"""One school of the plan into the database: classes, people, courses, timetable."""

import datetime
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import count
from random import Random

from demo.calendars import make_bells, make_calendar
from demo.cast import STUDENT_GRADE
from demo.curriculum import HOURS, PASS_OR_FAIL, SHORT_NAMES, SPORT
from demo.families import Family, People, Seat, seat_families, seat_unusual_names
from demo.plans import ClassPlan, CoursePlan, StaffPlan, TeacherPlan, plan_staff
from demo.schools import SchoolPlan, group_name, make_organisation
from demo.timetabling import make_timetable
from diary.models import CourseGrading, Scale
from schedule.models import Room, TimetableEntry
from schools.models import (
    AcademicYear,
    Appointment,
    ClassTeacher,
    Course,
    Employment,
    Enrolment,
    Group,
    GroupMembership,
    Guardianship,
    Organisation,
    Person,
    SchoolClass,
    Subject,
    TeachingAssignment,
    class_label,
)

MEN_AMONG_TEACHERS = 0.15
GYM_SEATS, ROOM_SEATS = 60, 30


@dataclass
class Guests:
    """People of the cast who take a place in this school instead of invented ones."""

    students: list[tuple[Person, int]] = field(default_factory=list)  # (person, grade)
    families: list[Family] = field(default_factory=list)
    offices: dict[str, Person] = field(default_factory=dict)  # "headteacher", "schooladmin"
    # (subject, grade): who teaches it in the first class of the grade
    teachers: dict[tuple[str, int], Person] = field(default_factory=dict)
    has_unusual_names: bool = False


@dataclass
class CourseMade:
    """A course in the database with what the journal needs to know of it."""

    course: Course
    plan: CoursePlan
    students: list[Person]
    teacher: Person


@dataclass
class SchoolMade:
    organisation: Organisation
    plan: SchoolPlan
    courses: list[CourseMade]
    seats: list[Seat]
    head_teacher: Person
    teachers: dict[Person, TeacherPlan]


class Populating:
    def __init__(
        self, plan: SchoolPlan, year: AcademicYear, people: People, guests: Guests, rng: Random
    ) -> None:
        self.plan, self.year, self.people, self.guests, self.rng = plan, year, people, guests, rng
        self.since = year.since
        self.organisation = make_organisation(plan)

    def populate(self) -> SchoolMade:
        make_calendar(self.organisation, self.year)
        make_bells(self.organisation, short_mondays=self.plan.number % 3 == 1)
        classes = self.plan.classes(self.rng)
        staff = plan_staff(classes, self.rng, led_first=STUDENT_GRADE)
        self._make_classes(classes)
        seats = self._seat_students(classes)
        teachers = self._employ(staff)
        courses = self._make_courses(staff, seats, teachers)
        self._make_timetable(staff, courses)
        return SchoolMade(
            organisation=self.organisation,
            plan=self.plan,
            courses=courses,
            seats=seats,
            head_teacher=self.head_teacher,
            teachers={person: plan for plan, person in self.teachers.items()},
        )

    def _make_classes(self, plans: list[ClassPlan]) -> None:
        classes = SchoolClass.objects.bulk_create(
            SchoolClass(
                organisation=self.organisation,
                year=self.year,
                grade=plan.grade,
                letter=plan.letter,
                shift=plan.shift,
            )
            for plan in plans
        )
        self.classes = dict(zip(plans, classes, strict=True))

    def _seat_students(self, plans: list[ClassPlan]) -> list[Seat]:
        seats = [Seat(plan) for plan in plans for _ in range(plan.size)]
        for person, grade in self.guests.students:
            next(
                seat for seat in seats if seat.school_class.grade == grade and not seat.student
            ).student = person
        unusual = seat_unusual_names(seats, self.people) if self.guests.has_unusual_names else []
        families = [*self.guests.families, *unusual, *seat_families(seats, self.people)]
        self._save_families(families)
        Enrolment.objects.bulk_create(
            Enrolment(student=seat.student, school_class=self.classes[seat.school_class], since=self.since)
            for seat in seats
        )
        return seats

    def _save_families(self, families: list[Family]) -> None:
        persons = [
            person
            for family in families
            for person in (*(adult for adult, _kind in family.adults), *family.children)
        ]
        Person.objects.bulk_create(person for person in persons if person.pk is None)
        Guardianship.objects.bulk_create(
            Guardianship(guardian=adult, child=child, kind=kind, since=self._born(child))
            for family in families
            for adult, kind in family.adults
            for child in family.children
        )

    def _born(self, child: Person) -> datetime.date:
        return child.birth_date or self.since

    def _employ(self, staff: StaffPlan) -> dict[TeacherPlan, Person]:
        """Teachers, the head teacher and the administrator, each in the school for some years."""
        teachers = {plan: self._teacher(staff, plan) for plan in staff.teachers}
        self.head_teacher = self._officer("headteacher", 40, 62)
        administrator = self._officer("schooladmin", 25, 55)
        posts = [(person, plan.area.position) for plan, person in teachers.items()]
        posts += [
            (self.people.adult("f", youngest=45, oldest=63), "директор"),
            (self.head_teacher, "заместитель директора по учебной работе"),
            (administrator, "администратор информационной системы"),
        ]
        Person.objects.bulk_create(person for person, _position in posts if person.pk is None)
        Employment.objects.bulk_create(
            Employment(
                person=person,
                organisation=self.organisation,
                position=position,
                since=self.since.replace(year=self.since.year - self.rng.randrange(12)),
            )
            for person, position in posts
        )
        Appointment.objects.bulk_create(
            Appointment(person=person, role=role, organisation=self.organisation, since=self.since)
            for person, role in (
                (self.head_teacher, Appointment.Role.HEAD_TEACHER),
                (administrator, Appointment.Role.SCHOOL_ADMINISTRATOR),
            )
        )
        self.teachers = teachers
        return teachers

    def _teacher(self, staff: StaffPlan, plan: TeacherPlan) -> Person:
        for (subject, grade), person in self.guests.teachers.items():
            taught = next(
                course
                for course in staff.courses
                if course.subject == subject and course.school_class.grade == grade
            )
            if taught.teacher is plan:
                return person
        sex = "m" if self.rng.random() < self._share_of_men(plan) else "f"
        return self.people.adult(sex, youngest=23, oldest=64)

    def _share_of_men(self, plan: TeacherPlan) -> float:
        if plan.area.position == "учитель начальных классов":
            return 0.02
        return 0.5 if SPORT in plan.area.subjects else MEN_AMONG_TEACHERS

    def _officer(self, name: str, youngest: int, oldest: int) -> Person:
        return self.guests.offices.get(name) or self.people.adult("f", youngest=youngest, oldest=oldest)

    def _make_courses(
        self, staff: StaffPlan, seats: list[Seat], teachers: dict[TeacherPlan, Person]
    ) -> list[CourseMade]:
        subjects = self._make_subjects()
        halves = self._make_groups(staff, seats)
        made = []
        for plan in staff.courses:
            group, students = halves[plan.school_class, plan.subject, plan.group]
            course = Course(
                organisation=self.organisation,
                year=self.year,
                subject=subjects[plan.subject],
                school_class=None if group else self.classes[plan.school_class],
                group=group,
                hours_per_week=plan.hours,
            )
            made.append(CourseMade(course, plan, students, teachers[plan.teacher]))
        Course.objects.bulk_create(row.course for row in made)
        TeachingAssignment.objects.bulk_create(
            TeachingAssignment(course=row.course, teacher=row.teacher, since=self.since) for row in made
        )
        passed = Scale.objects.get(code="passed")
        CourseGrading.objects.bulk_create(
            CourseGrading(course=row.course, scale=passed) for row in made if row.plan.subject in PASS_OR_FAIL
        )
        ClassTeacher.objects.bulk_create(
            ClassTeacher(school_class=self.classes[plan], person=teachers[plan.leader], since=self.since)
            for plan in staff.classes
            if plan.leader
        )
        return made

    def _make_subjects(self) -> dict[str, Subject]:
        names = dict.fromkeys(name for grade in self.plan.letters for name in HOURS[grade])
        subjects = Subject.objects.bulk_create(
            Subject(organisation=self.organisation, name=name, short_name=SHORT_NAMES.get(name, ""))
            for name in names
        )
        return dict(zip(names, subjects, strict=True))

    def _make_groups(
        self, staff: StaffPlan, seats: list[Seat]
    ) -> dict[tuple[ClassPlan, str, int], tuple[Group | None, list[Person]]]:
        """Of every course: its group, if it is taught to one, and its students in the order of the list."""
        members: dict[ClassPlan, list[Person]] = defaultdict(list)
        for seat in seats:
            if seat.student:
                members[seat.school_class].append(seat.student)
        found: dict[tuple[ClassPlan, str, int], tuple[Group | None, list[Person]]] = {}
        for course in staff.courses:
            plan = course.school_class
            listed = sorted(members[plan], key=lambda student: (student.full_name, student.pk))
            group = None
            if course.group:
                label = class_label(plan.grade, plan.letter)
                name = group_name(label, SHORT_NAMES.get(course.subject, course.subject), course.group)
                group = Group.objects.create(organisation=self.organisation, year=self.year, name=name)
                group.classes.add(self.classes[plan])
                middle = (len(listed) + 1) // 2
                listed = listed[:middle] if course.group == 1 else listed[middle:]
            found[plan, course.subject, course.group] = group, listed
        GroupMembership.objects.bulk_create(
            GroupMembership(student=student, group=group, since=self.since)
            for group, students in found.values()
            if group
            for student in students
        )
        return found

    def _make_timetable(self, staff: StaffPlan, courses: list[CourseMade]) -> None:
        """Every teacher has a room of the own, so rooms never clash; sport is in the gym, which holds two."""
        rooms = self._make_rooms(staff)
        made = {row.plan: row for row in courses}
        entries = [
            TimetableEntry(
                organisation=self.organisation,
                course=made[course].course,
                teacher=made[course].teacher,
                room=rooms[course.teacher],
                weekday=slot.weekday,
                shift=slot.shift,
                number=slot.number,
                since=self.since,
                until=self.year.until,
            )
            for course, slot in make_timetable(staff, self.rng)
        ]
        TimetableEntry.objects.bulk_create(entries)

    def _make_rooms(self, staff: StaffPlan) -> dict[TeacherPlan, Room]:
        numbers = (floor * 100 + door for floor in count(1) for door in range(1, 19))
        gym = Room(organisation=self.organisation, name="Спортзал", seats=GYM_SEATS, shared=True)
        own = {
            plan: Room(organisation=self.organisation, name=str(next(numbers)), seats=ROOM_SEATS)
            for plan in staff.teachers
            if SPORT not in plan.area.subjects
        }
        Room.objects.bulk_create([gym, *own.values()])
        return {plan: own.get(plan, gym) for plan in staff.teachers}
