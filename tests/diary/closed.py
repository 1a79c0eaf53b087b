"""A term of the cast that is over, and its closing: for tests of terms and corrections."""

import datetime
from typing import Any

from diary.models import Correction, Result, ScaleValue
from schedule.models import Lesson
from schools.models import TermClosure
from tests import factories as make
from tests.conftest import NOW

OCTOBER: dict[str, Any] = {"since": datetime.date(2026, 9, 1), "until": datetime.date(2026, 10, 23)}


def lesson_of_autumn(cast: Any, **fields: Any) -> Lesson:
    """In the first quarter, filled in by its teacher."""
    options = {
        "course": cast.algebra,
        "planned_teacher": cast.teacher,
        "date": datetime.date(2026, 10, 16),
        "topic": "Степень числа",
        "roll_called_by": cast.teacher,
        "roll_called_at": NOW,
        **fields,
    }
    if "term" not in options:
        options["term"] = make.TermFactory(organisation=cast.school, number=1, **OCTOBER)
    return make.LessonFactory(**options)


def give_result(cast: Any, student: Any, lesson: Lesson, text: str = "4", **fields: Any) -> Result:
    value = ScaleValue.objects.get(scale__code="five-point", text=text)
    options = {"kind": "term", "term": lesson.term, "suggestion": value, **fields}
    return Result.objects.create(
        course=lesson.course,
        student=student,
        year=lesson.course.year,
        value=value,
        by=cast.teacher,
        at=NOW,
        **options,
    )


def close(cast: Any, lesson: Lesson) -> None:
    TermClosure.objects.create(term=lesson.term, at=NOW, by=cast.head_teacher)


def asked(cast: Any, at: Any, **fields: Any) -> Correction:
    """A request that waits: of the student's attendance unless `fields` say otherwise."""
    options = {
        "subject": "absence",
        "lesson": at,
        "code": "ill",
        "cause": "mistake",
        "reason": "Ёлка 🎄 перепутала",
        "asked_by": cast.teacher,
        "asked_at": NOW,
        "student": cast.student,
        **fields,
    }
    return Correction.objects.create(course=at.course, term=at.term, **options)
