"""The school as the database has it and as the workbook would make it: what all checks work on."""

import datetime
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext

from schedule.models import Bell, Room, TimetableEntry
from schedule.workbook.cells import CellError, read_class, read_snils, same_group, same_name
from schedule.workbook.changes import Changes, Status
from schedule.workbook.people import Registry, initials_key
from schedule.workbook.problems import Problems
from schedule.workbook.reading import Line
from schools.models import (
    AcademicYear,
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
)

ClassKey = tuple[int, str]
BellKey = tuple[int, int | None, int]
DAY = datetime.timedelta(days=1)


@dataclass
class Draft:
    """Dictionaries by natural keys; those of ties by `id()` of the objects they tie, because new
    objects have no number yet. Each row of the database is one object here."""

    lines: dict[str, list[Line]]
    problems: Problems
    organisation: Organisation
    year: AcademicYear
    today: datetime.date
    changes: Changes = field(default_factory=Changes)
    people: Registry = field(default_factory=Registry)
    subjects: dict[str, Subject] = field(default_factory=dict)
    rooms: dict[str, Room] = field(default_factory=dict)
    bells: dict[BellKey, Bell] = field(default_factory=dict)
    classes: dict[ClassKey, SchoolClass] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    group_classes: dict[int, dict[int, SchoolClass]] = field(default_factory=lambda: defaultdict(dict))
    courses: dict[tuple[int, int], Course] = field(default_factory=dict)  # by subject and audience
    employments: dict[int, Employment] = field(default_factory=dict)
    class_teachers: dict[int, ClassTeacher] = field(default_factory=dict)
    enrolments: dict[int, Enrolment] = field(default_factory=dict)
    memberships: dict[int, dict[int, GroupMembership]] = field(default_factory=lambda: defaultdict(dict))
    guardianships: dict[tuple[int, int], Guardianship] = field(default_factory=dict)
    # The last day of ties that hold no more, by model and the numbers of the people they tied.
    ended: dict[tuple[Any, ...], datetime.date] = field(default_factory=dict)
    assignments: dict[int, dict[int, TeachingAssignment]] = field(default_factory=lambda: defaultdict(dict))
    entries: list[TimetableEntry] = field(default_factory=list)
    # What stands on lines that could not be used: others who name it are not to blame. Where the
    # name itself cannot be read, anything unknown of its kind may be meant (`doubt`).
    doubtful: set[Any] = field(default_factory=set)
    # What stands on lines whose tie is not there, and why: others who name it are told, not blamed.
    pending: dict[Any, str] = field(default_factory=dict)
    # Rows of the file by sheet and key, and by the person they describe.
    placed: dict[str, dict[Any, int]] = field(default_factory=lambda: defaultdict(dict))
    described: dict[int, tuple[Line, dict[str, Any]]] = field(default_factory=dict)
    students: set[int] = field(default_factory=set)
    new_groups: list[tuple[Group, Line]] = field(default_factory=list)
    children: dict[Any, list[Person]] = field(default_factory=lambda: defaultdict(list))
    teachers: dict[Any, list[Person]] = field(default_factory=lambda: defaultdict(list))
    proposals: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    _fresh: set[Any] = field(default_factory=set)

    @property
    def day(self) -> datetime.date:
        """The day from which changes hold: today, or the first day of a year yet to come."""
        return min(max(self.today, self.year.since), self.year.until)

    def first_day(self, model: Any) -> datetime.date:
        """The first ties of a kind that there ever were hold from the beginning of the year, later
        ones from today."""
        return self.year.since if model in self._fresh else self.day

    def load(self) -> None:
        """Read what the database has of the school, in about fifteen statements."""
        if self.organisation.pk is None:
            self._fresh = {Employment, ClassTeacher, Enrolment, GroupMembership, Guardianship}
            self._fresh |= {TeachingAssignment, TimetableEntry}
            return
        self.people.load(self.organisation, self.today)
        own: dict[str, Any] = {"organisation": self.organisation}
        of_year: dict[str, Any] = {**own, "year": self.year} if self.year.pk else {"pk__in": []}
        self.subjects = {same_name(row.name): row for row in Subject.objects.filter(**own)}
        self.rooms = {same_name(row.name): row for row in Room.objects.filter(**own)}
        self.bells = {(row.shift, row.weekday, row.number): row for row in Bell.objects.filter(**own)}
        self.classes = {(row.grade, row.letter): row for row in SchoolClass.objects.filter(**of_year)}
        self.groups = {same_group(row.name): row for row in Group.objects.filter(**of_year)}
        self._load_teaching(of_year)
        self._load_ties(of_year)

    def _load_teaching(self, of_year: dict[str, Any]) -> None:
        subjects = {row.pk: row for row in self.subjects.values()}
        rooms: dict[int | None, Room] = {row.pk: row for row in self.rooms.values()}
        classes = {row.pk: row for row in self.classes.values()}
        groups = {row.pk: row for row in self.groups.values()}
        through = Group.classes.through.objects.filter(group__in=list(groups))
        for group, school_class in through.values_list("group", "schoolclass"):
            if school_class in classes:
                self.group_classes[id(groups[group])][school_class] = classes[school_class]
        courses = {}
        for course in Course.objects.filter(**of_year):
            course.subject = subjects[course.subject_id]
            if course.school_class_id:
                course.school_class = classes[course.school_class_id]
            else:
                course.group = groups[course.group_id or 0]
            courses[course.pk] = course
            self.courses[id(course.subject), id(audience(course))] = course
        assignments = self._lasting(TeachingAssignment.objects.filter(course__in=list(courses)))
        for assignment in assignments:
            course = courses[assignment.course_id]
            assignment.teacher = self._person(assignment.teacher_id)
            of_course = self.assignments[id(course)]
            of_course.setdefault(id(self._person(assignment.teacher_id)), assignment)
        for entry in self._lasting(TimetableEntry.objects.filter(course__in=list(courses))):
            entry.course = courses[entry.course_id]
            entry.teacher = self._person(entry.teacher_id)
            entry.room = rooms.get(entry.room_id)
            self.entries.append(entry)

    def _load_ties(self, of_year: dict[str, Any]) -> None:
        own_classes = {row.pk: row for row in self.classes.values()}
        groups = {row.pk: row for row in self.groups.values()}
        here = Q(school_class__organisation=self.organisation)
        employments = Employment.objects.filter(organisation=self.organisation)
        for employment in self._lasting(employments, "person_id"):
            employment.person = self._person(employment.person_id)
            self.employments.setdefault(id(employment.person), employment)
        for leader in self._lasting(ClassTeacher.objects.filter(school_class__in=list(own_classes))):
            self.class_teachers.setdefault(id(own_classes[leader.school_class_id]), leader)
        enrolments = Enrolment.objects.filter(here).select_related("school_class")
        # What ended with a year before this one is no leaving: most classes end like that.
        recent = enrolments.filter(_until(self.year.since))
        for enrolment in self._lasting(recent, "student_id"):
            enrolment.school_class = own_classes.get(enrolment.school_class_id, enrolment.school_class)
            self.enrolments.setdefault(id(self._person(enrolment.student_id)), enrolment)
        for membership in self._lasting(GroupMembership.objects.filter(group__in=list(groups))):
            of_student = self.memberships[id(self._person(membership.student_id))]
            of_student.setdefault(id(groups[membership.group_id]), membership)
        children = Enrolment.objects.filter(here).values("student")
        guardianships = Guardianship.objects.filter(child__in=children)
        for tie in self._lasting(guardianships, "guardian_id", "child_id"):
            pair = id(self._person(tie.guardian_id)), id(self._person(tie.child_id))
            self.guardianships.setdefault(pair, tie)
        if not Enrolment.objects.filter(school_class__in=list(own_classes)).exists():
            self._fresh.add(Enrolment)

    def _lasting(self, ties: Any, *people: str) -> list[Any]:
        """Ties that hold on the day of the change or will. Remembers a kind that never had any, and
        when those between `people` ended that hold no more."""
        found = list(ties.order_by("since"))
        if not found:
            self._fresh.add(ties.model)
        lasting = [tie for tie in found if tie.until is None or tie.until >= self.day]
        if people:
            keys = {id(tie): (ties.model, *(getattr(tie, name) for name in people)) for tie in found}
            held = {keys[id(tie)] for tie in lasting}
            over = [tie for tie in found if tie.until and keys[id(tie)] not in held]
            for tie in sorted(over, key=lambda tie: tie.until):
                self.ended[keys[id(tie)]] = tie.until
        return lasting

    def _person(self, pk: int) -> Person:
        person = self.people.by_pk.get(pk)
        if person is None:
            # A tie to somebody who left for another school: held for comparison, never shown.
            person = self.people.by_pk[pk] = Person(pk=pk)
        return person

    # --- Words that lines use ---------------------------------------------------------------------

    def find_audience(self, text: str) -> SchoolClass | Group | None:
        """The class of this name, or else the group."""
        return self.classes.get(class_key(text) or (0, "")) or self.groups.get(same_group(text))

    def bell(self, weekday: int | None, shift: int, number: int) -> Bell | None:
        """The weekday's own, otherwise that of every day."""
        return self.bells.get((shift, weekday, number)) or self.bells.get((shift, None, number))

    def index_teachers(self) -> None:
        """Everybody employed, by full name, by surname with initials, by SNILS."""
        for employment in self.employments.values():
            _index(self.teachers, employment.person, with_initials=True)

    def index_students(self) -> None:
        """Everybody enrolled or on the sheet, by name, by name and birth date, by SNILS."""
        known = {id(person): person for people in self.people.by_name.values() for person in people}
        for person in known.values():
            if id(person) in self.enrolments or id(person) in self.students:
                _index(self.children, person)

    def find_teacher(self, line: Line, column: str, text: str) -> Person | None:
        """The teacher whom the cell names. None: reported, or not this line's fault."""
        word = teacher_word(text)
        found = self.teachers.get(word, [])
        if len(found) == 1:
            return found[0]
        if found:
            self.error(line, column, gettext("two teachers have this name: expected a SNILS"))
        elif word in self.pending:
            self.warn(line, column, self.pending[word])
        elif word not in self.doubtful and not self.may_mean("teachers", text):
            self.error(line, column, gettext("expected a teacher of the sheet «Учителя»"))
        return None

    # --- What happens to lines --------------------------------------------------------------------

    def end(self, line: Line | None, tie: Any, sheet: str = "") -> None:
        """The tie holds until the day before the change; one that never held is removed."""
        if tie.since >= self.day:
            self.changes.remove(tie)
        else:
            self.changes.alter(None, tie, until=self.day - DAY)
        if line:
            self.changes.note(line, Status.CHANGED)
        self.changes.ended[sheet or (line.sheet.name if line else "")] += 1

    def doubt(self, kind: str) -> None:
        self.doubtful.add((kind, None))

    def doubt_course(self, subject: Subject | None, whom: SchoolClass | Group | None) -> None:
        """A line of «Курсы» that lacks one of the two, or both: a lesson of the other may be its."""
        self.doubtful |= {("course of", id(known)) for known in (subject, whom) if known}
        if subject is None and whom is None:
            self.doubt("course of")

    def is_doubtful(self, kind: str, name: Any = None) -> bool:
        return (kind, None) in self.doubtful or (kind, name) in self.doubtful

    def may_mean(self, sheet: str, text: str) -> bool:
        """Whether the SNILS or name may stand on a line of the sheet that has an unreadable one."""
        return self.is_doubtful(f"{sheet}: snils" if text[:1].isdigit() else f"{sheet}: name")

    def error(self, line: Line, name: str, expected: str) -> None:
        self.problems.add(line.problem(name, expected))

    def warn(self, line: Line, name: str, expected: str) -> None:
        self.problems.add(line.problem(name, expected, warning=True))


def _until(day: datetime.date) -> Q:
    """Ties that hold on the day or later."""
    return Q(until__isnull=True) | Q(until__gte=day)


def audience(course: Course) -> Any:
    return course.school_class or course.group


def class_key(text: str) -> ClassKey | None:
    """The class that a word such as «5Б» names, if it has that form."""
    try:
        return read_class(text)
    except CellError:
        return None


def teacher_word(text: str) -> str:
    """What `Draft.teachers` knows the cell's words by: SNILS digits, full name, or initials."""
    if text[:1].isdigit():
        try:
            return read_snils(text)
        except CellError:
            return text
    return initials_key(text) if "." in text else same_name(text)


def _index(index: dict[Any, list[Person]], person: Person, *, with_initials: bool = False) -> None:
    name = same_name(person.full_name)
    words = {name, (name, person.birth_date), person.snils} - {""}
    for word in words | ({initials_key(name)} if with_initials else set()):
        index[word].append(person)
