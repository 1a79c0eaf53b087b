"""The sheet «Курсы»: who teaches what to whom."""

from decimal import Decimal

from django.utils.translation import gettext

from schedule.workbook.cells import same_group, same_name
from schedule.workbook.changes import Status
from schedule.workbook.draft import Draft, audience, class_key, teacher_word
from schedule.workbook.reading import Line
from schools.models import Course, Group, Person, SchoolClass, Subject, TeachingAssignment


def plan_courses(draft: Draft) -> None:
    for line in draft.lines["courses"]:
        subject, whom = find_subject(draft, line), find_audience(draft, line)
        teachers = _teachers(draft, line)
        if subject is None or whom is None:
            draft.doubt_course(subject, whom)
            continue
        key = id(subject), id(whom)
        placed = draft.placed["courses"]
        if key in placed:
            expected = gettext("the same stands in row %(row)d already") % {"row": placed[key]}
            draft.error(line, "subject", expected)
            continue
        placed[key] = line.row
        course = _plan_course(draft, line, subject, whom)
        if line["teachers"] is not None:
            _plan_teachers(draft, line, course, teachers)
    if draft.lines["courses"]:
        _check_groups(draft)


def _check_groups(draft: Draft) -> None:
    """A group that nothing is taught to is as a rule a misspelt one."""
    taught = {whom for _subject, whom in draft.courses}
    for group, line in draft.new_groups:
        if id(group) not in taught:
            expected = gettext("the sheet «Курсы» has nothing for the group «%(group)s»")
            draft.warn(line, "groups", expected % {"group": group.name})


def find_subject(draft: Draft, line: Line) -> Subject | None:
    if line.lacks("subject"):
        return None
    subject = draft.subjects.get(same_name(line["subject"]))
    if subject is None and not draft.is_doubtful("subject"):
        draft.error(line, "subject", gettext("expected a subject of the sheet «Предметы»"))
    return subject


def find_audience(draft: Draft, line: Line) -> SchoolClass | Group | None:
    if line.lacks("audience"):
        return None
    found = draft.find_audience(line["audience"])
    kind = "class" if class_key(line["audience"]) else "group"
    if found is None and not draft.is_doubtful(kind, same_group(line["audience"])):
        expected = gettext("expected a class of the sheet «Классы» or a group of the sheet «Ученики»")
        draft.error(line, "audience", expected)
    return found


def _plan_course(draft: Draft, line: Line, subject: Subject, whom: SchoolClass | Group) -> Course:
    key = id(subject), id(whom)
    hours = line["hours"] or Decimal(1)  # a missing number is reported; the course is still there
    course = draft.courses.get(key)
    if course is not None:
        draft.changes.alter(line, course, hours_per_week=hours)
        return course
    course = Course(organisation=draft.organisation, year=draft.year, subject=subject, hours_per_week=hours)
    if isinstance(whom, Group):
        course.group = whom
    else:
        course.school_class = whom
    draft.courses[key] = course
    draft.changes.add(line, course)
    return course


def _teachers(draft: Draft, line: Line) -> dict[str, Person | None]:
    """Everybody the cell names, reported where nobody is known: whatever the rest of the line is."""
    return {name: draft.find_teacher(line, "teachers", name) for name in line["teachers"] or ()}


def _plan_teachers(draft: Draft, line: Line, course: Course, teachers: dict[str, Person | None]) -> None:
    """The cell names all teachers of the course: an assignment it does not name ends."""
    wanted: dict[int, Person] = {}
    for name, teacher in teachers.items():
        if teacher is not None:
            wanted[id(teacher)] = teacher
        elif teacher_word(name) in draft.pending:
            draft.pending[id(course)] = draft.pending[teacher_word(name)]
        else:
            draft.doubtful.add(id(course))
    held = draft.assignments[id(course)]
    if id(course) not in draft.pending:
        for key, tie in list(held.items()):
            if key not in wanted:
                draft.end(line, tie)
                del held[key]
    for key, teacher in wanted.items():
        if key not in held:
            since = draft.first_day(TeachingAssignment)
            held[key] = TeachingAssignment(course=course, teacher=teacher, since=since)
            draft.changes.add(line, held[key], Status.CHANGED)


def teachers_of(draft: Draft, course: Course) -> list[Person]:
    return [tie.teacher for tie in draft.assignments[id(course)].values()]


def shift_of(draft: Draft, course: Course) -> int:
    """The shift of the class; of a group's classes the earliest."""
    whom = audience(course)
    if isinstance(whom, Group):
        return min((row.shift for row in draft.group_classes[id(whom)].values()), default=1)
    return int(whom.shift)
