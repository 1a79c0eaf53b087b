"""The journal as it stands on paper: plain values, for the PDF and the workbook alike.

The pages are those that schools keep (rules.md, "The journal as a document"): contents, attendance and
marks by subject, what was taught and set, data on the students, summary sheets of results and attendance.
"""

import datetime
from dataclasses import dataclass, field


@dataclass
class PrintedLesson:
    """`cells` are the students' marks and letters in the order of the course's list."""

    date: datetime.date
    kind: str  # the letter of a planned test
    topic: str
    homework: str
    substitute: str  # who really taught, where it was not the planned teacher
    cells: list[str]


@dataclass
class PrintedCourse:
    subject: str
    audience: str
    teachers: str
    students: list[str]
    lessons: list[PrintedLesson]
    results: list[tuple[str, list[str]]]  # «2 четв.», by student


@dataclass
class AttendanceLine:
    """Missed by one student: school days wholly, and lessons, by reason."""

    student: str
    days: int = 0
    lessons: dict[str, int] = field(default_factory=dict)


@dataclass
class StudentLine:
    name: str
    birth_date: datetime.date | None
    came: datetime.date | None  # within the period
    left: datetime.date | None


@dataclass
class PrintedJournal:
    """Of one course, or of a class with all its courses; the lists of a class are empty for a course."""

    school: str
    title: str
    since: datetime.date
    until: datetime.date
    courses: list[PrintedCourse]
    students: list[StudentLine] = field(default_factory=list)
    summary: list[tuple[str, list[str]]] = field(default_factory=list)  # heading of a column, by student
    attendance: list[AttendanceLine] = field(default_factory=list)
