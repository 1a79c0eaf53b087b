"""What exactly is missing in one course's journal: each finding leads to the cell."""

import datetime
from dataclasses import dataclass, field

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from diary.completeness.figures import (
    MARK_IS_LATE,
    ROLL_IS_LATE,
    WITHOUT_HOMEWORK,
    WITHOUT_ROLL,
    WITHOUT_TOPIC,
    is_half_over,
    lessons_over,
    programmes_amiss,
)
from diary.models import JournalRules, Mark
from schedule.models import Lesson
from schedule.weeks import day_title
from schools.models import Course, Person, Term


@dataclass
class Finding:
    """`lesson` is none for what is found in the whole term."""

    label: str
    url: str
    note: str = ""
    lesson: int | None = None


@dataclass
class Findings:
    """Findings of one sort; `request` is what the teacher is asked, in words of the head teacher."""

    title: str
    request: str
    found: list[Finding] = field(default_factory=list)


def findings(course: Course, term: Term, *, today: datetime.date) -> list[Findings]:
    """The sorts of which there are any. A constant number of statements."""
    lessons = lessons_over(term, today).filter(course=course).in_order()
    sorts = [
        Findings(
            _("Roll not called"),
            _("The roll is not called. Please call it."),
            _of_lessons(lessons.filter(WITHOUT_ROLL), "class-title"),
        ),
        Findings(
            _("No topic"),
            _("The topic is not written down. Please add it."),
            _of_lessons(lessons.filter(WITHOUT_TOPIC), "id_topic"),
        ),
        Findings(
            _("No homework"),
            _("No homework is written down. Please check."),
            _of_lessons(lessons.filter(WITHOUT_HOMEWORK), "id_homework_text"),
        ),
        Findings(
            _("Roll called on a later day"),
            _("The roll was called on a later day. Please check it."),
            _of_lessons(lessons.filter(ROLL_IS_LATE), "class-title"),
        ),
        Findings(
            _("Marks given late"),
            _("Marks were given more than a week after the lesson. Please check them."),
            _late_marks(course, term),
        ),
        Findings(
            _("Students with too few marks"),
            _("Some students have too few marks for a result. Please plan how they get them."),
            _few_marks(course, term, today),
        ),
        Findings(
            _("Lesson programme"),
            _("Please look through the lesson programme: send it for approval, or move the plan."),
            _programme(course, today),
        ),
    ]
    return [sort for sort in sorts if sort.found]


def _of_lessons(lessons: QuerySet[Lesson], anchor: str) -> list[Finding]:
    return [_finding(*row, anchor=anchor) for row in lessons.values_list("pk", "date", "number")]


def _finding(pk: int, date: datetime.date, number: int, *, anchor: str, note: str = "") -> Finding:
    label = _("%(day)s, lesson %(number)d") % {"day": day_title(date), "number": number}
    return Finding(label, f"{reverse('diary:lesson', args=[pk])}#{anchor}", note, lesson=pk)


def _late_marks(course: Course, term: Term) -> list[Finding]:
    late = Mark.objects.filter(MARK_IS_LATE, work__course=course, work__lesson__term=term)
    rows = late.order_by("work__date", "student__sort_key").values_list(
        "work__lesson",
        "work__date",
        "work__lesson__number",
        "student",
        "student__surname",
        "student__first_name",
        "published_at__date",
    )
    return [
        _finding(
            lesson,
            date,
            number,
            anchor=f"student-{student}",
            note=_("%(student)s, %(days)d days later")
            % {"student": f"{surname} {first_name}", "days": (given_on - date).days},
        )
        for lesson, date, number, student, surname, first_name, given_on in rows
    ]


def _few_marks(course: Course, term: Term, today: datetime.date) -> list[Finding]:
    """Among the students of today: the page leads to the course's journal at their row."""
    if not is_half_over(term, today) or course.is_taught_without_marks():
        return []
    fewest = JournalRules.of(course.organisation_id).fewest_marks
    marks = Mark.objects.filter(work__course=course, work__lesson__term=term).order_by()
    given = dict(marks.values_list("student").annotate(Count("pk")))
    return [
        Finding(
            student.roll_name,
            f"{reverse('diary:journal-of-term', args=[course.pk, term.pk])}#student-{student.pk}",
            _("marks: %(count)d, at least %(fewest)d are needed")
            % {"count": given.get(student.pk, 0), "fewest": fewest},
        )
        for student in students_of(course, today)
        if given.get(student.pk, 0) < fewest
    ]


def _programme(course: Course, today: datetime.date) -> list[Finding]:
    amiss = programmes_amiss([course.pk], today)
    url = reverse("diary:programme", args=[course.pk])
    return [Finding(capfirst(words), url) for words in amiss.values()]


def students_of(course: Course, day: datetime.date) -> QuerySet[Person]:
    """As of a lesson on that day."""
    return Lesson(course=course, date=day).students()
