"""What is missing before a term or a year can be closed (product map §4.4).

Results that are missing keep it open. Lessons without roll call or topic, marks still owed and courses
without a single mark are told beside them, and stop nobody: they may be as they should be.

Every question costs one statement for a whole school, however many terms are asked about.
"""

import datetime
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, F, OuterRef, Q, Window
from django.db.models.functions import RowNumber

from diary.models import Mark, Point, Result
from schedule.models import Lesson
from schools.models.organisations import FIRST_GRADE

NAMED_A_COURSE = 8  # of what a course lacks, at most so many are named one by one


class MissingResult(NamedTuple):
    term: int
    course: int
    lacking: int  # how many of the course's students without a result
    students: list[tuple[int, str]]  # (key, name) of the first of them


# A course needs results in a term in which it was taught and a mark was given; grade 1 has none
# (rules.md, "Marks, absences, terms"). Of the students that have been in the class or group from its last
# day to this: on the page of results nobody else can be given one.
_EXPECTED = """
    WITH asked AS (SELECT * FROM schools_term WHERE id = ANY (%(terms)s)),
    taught AS (
        SELECT DISTINCT asked.id AS term_id, asked.since, asked.until,
               course.id AS course_id, course.school_class_id, course.group_id
        FROM asked
        JOIN schedule_lesson AS lesson ON lesson.term_id = asked.id AND lesson.state <> 'cancelled'
        JOIN schools_course AS course ON course.id = lesson.course_id
        WHERE NOT EXISTS (
            SELECT FROM schools_schoolclass AS class
            WHERE class.grade = %(first_grade)s
              AND (class.id = course.school_class_id OR class.id IN (
                SELECT schoolclass_id FROM schools_group_classes WHERE group_id = course.group_id)))
    ),
    marked AS (
        SELECT taught.*, EXISTS (
            SELECT FROM diary_work AS work JOIN diary_mark AS mark ON mark.work_id = work.id
            WHERE work.course_id = taught.course_id AND work.date BETWEEN taught.since AND taught.until
        ) OR EXISTS (
            SELECT FROM diary_result AS result
            WHERE result.course_id = taught.course_id AND result.term_id = taught.term_id
        ) AS has_marks
        FROM taught
    )
"""
_MISSING = f"""
    {_EXPECTED},
    expected AS (
        SELECT marked.term_id, marked.course_id, enrolment.student_id
        FROM marked
        JOIN schools_enrolment AS enrolment ON enrolment.school_class_id = marked.school_class_id
        WHERE has_marks AND enrolment.since <= marked.until
          AND coalesce(enrolment.until, 'infinity') >= greatest(marked.until, %(today)s)
        UNION ALL
        SELECT marked.term_id, marked.course_id, membership.student_id
        FROM marked
        JOIN schools_groupmembership AS membership ON membership.group_id = marked.group_id
        WHERE has_marks AND membership.since <= marked.until
          AND coalesce(membership.until, 'infinity') >= greatest(marked.until, %(today)s)
          AND EXISTS (
            SELECT FROM schools_enrolment AS enrolment
            JOIN schools_group_classes AS part ON part.schoolclass_id = enrolment.school_class_id
            WHERE part.group_id = marked.group_id AND enrolment.student_id = membership.student_id
              AND enrolment.since <= marked.until
              AND coalesce(enrolment.until, 'infinity') >= greatest(marked.until, %(today)s))
    )
    SELECT term_id, course_id, count(*),
           (array_agg(person.id ORDER BY person.sort_key, person.id))[:{NAMED_A_COURSE}],
           (array_agg(person.surname || ' ' || person.first_name
                      ORDER BY person.sort_key, person.id))[:{NAMED_A_COURSE}]
    FROM expected JOIN schools_person AS person ON person.id = expected.student_id
    WHERE NOT EXISTS (
        SELECT FROM diary_result AS result
        WHERE result.course_id = expected.course_id AND result.student_id = expected.student_id
          AND result.kind = %(kind)s
          AND (result.term_id = expected.term_id OR result.term_id IS NULL))
    GROUP BY term_id, course_id
    ORDER BY term_id, course_id
"""  # noqa: S608 - of constants
_UNMARKED = f"{_EXPECTED} SELECT term_id, course_id FROM marked WHERE NOT has_marks"  # noqa: S608


def results(
    terms: Iterable[int], *, today: datetime.date, kind: Result.Kind = Result.Kind.TERM
) -> list[MissingResult]:
    """Courses of the terms whose students lack a result of the `kind`: the term's, or the year's."""
    rows = _ask(_MISSING, terms, kind=str(kind), today=today)
    return [
        MissingResult(term, course, count, list(zip(keys, names, strict=True)))
        for term, course, count, keys, names in rows
    ]


def unmarked(terms: Iterable[int]) -> list[tuple[int, int]]:
    """(term, course) where not a single mark was given: no results are expected there."""
    return [(term, course) for term, course in _ask(_UNMARKED, terms)]


def _ask(sql: str, terms: Iterable[int], **values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"terms": list(terms), "first_grade": FIRST_GRADE, **values})
        return cursor.fetchall()


def _unfilled(terms: Iterable[int], now: datetime.datetime) -> Any:
    """Lessons that are over and lack the roll call or the topic."""
    over = Q(date__lt=now.date()) | Q(date=now.date(), ends__lte=now.time())
    lacking = Q(roll_called_at=None) | Q(topic="")
    given = Lesson.objects.filter(over, lacking, term__in=list(terms))
    return given.exclude(state=Lesson.State.CANCELLED)


def unfilled_counts(terms: Iterable[int], now: datetime.datetime) -> dict[int, dict[str, int]]:
    """By term: how many lessons lack the roll call, and how many the topic."""
    counted = (
        _unfilled(terms, now)
        .values("term")
        .annotate(roll=Count("pk", filter=Q(roll_called_at=None)), topic=Count("pk", filter=Q(topic="")))
    )
    return {row["term"]: row for row in counted.order_by()}


def unfilled_lessons(term: int, now: datetime.datetime) -> list[dict[str, Any]]:
    """Of each course the first few, with the `total` of the course; `lacks_roll`, `lacks_topic`."""
    of_course: Any = {"partition_by": F("course")}
    rows = (
        _unfilled([term], now)
        .annotate(
            place=Window(RowNumber(), order_by=["date", "number", "pk"], **of_course),
            total=Window(Count("pk"), **of_course),
            lacks_roll=_is(roll_called_at=None),
            lacks_topic=_is(topic=""),
        )
        .filter(place__lte=NAMED_A_COURSE)
        .order_by("course", "place")
    )
    return list(rows.values("pk", "course", "date", "total", "lacks_roll", "lacks_topic"))


def _is(**condition: Any) -> ExpressionWrapper:
    return ExpressionWrapper(Q(**condition), BooleanField())


def _owed(terms: Iterable[int]) -> Any:
    """Points («точка») that no mark has settled, with the `term` of their lesson."""
    settled = Mark.objects.filter(work=OuterRef("work"), student=OuterRef("student"))
    return Point.objects.filter(~Exists(settled), work__lesson__term__in=list(terms))


def owed_counts(terms: Iterable[int]) -> dict[int, int]:
    counted = _owed(terms).values("work__lesson__term").annotate(count=Count("pk")).order_by()
    return {row["work__lesson__term"]: row["count"] for row in counted}


def owed_points(term: int) -> list[dict[str, Any]]:
    """Of each course the first few, with the `total` of the course."""
    of_course: Any = {"partition_by": F("work__course")}
    rows = (
        _owed([term])
        .annotate(
            place=Window(RowNumber(), order_by=["work__date", "student__sort_key", "pk"], **of_course),
            total=Window(Count("pk"), **of_course),
        )
        .filter(place__lte=NAMED_A_COURSE)
        .order_by("work__course", "place")
    )
    return list(
        rows.values(
            "total",
            "student",
            "student__surname",
            "student__first_name",
            "work__course",
            "work__lesson",
            "due_on",
        )
    )
