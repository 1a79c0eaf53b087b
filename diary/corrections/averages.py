"""What a correction does to the term result: nothing by itself, but it may suggest another one."""

import datetime

from diary.averages import counted_marks
from diary.courses import members_of
from diary.models import Correction, JournalRules, Result, ScaleValue
from diary.results.presence import presence_of
from diary.results.suggestions import Scale, Suggestion, for_term


def suggestion_now(cell: Correction, today: datetime.date) -> Suggestion:
    """What the marks and absences of the cell's course, term and student suggest by now."""
    course, term, student = cell.course, cell.term, cell.student_id
    marks = counted_marks([course], term, [student])[course.pk].get(student, [])
    came = {member.student.pk: member.since for member in members_of([course], term.until)[course.pk]}
    since = {student: came.get(student, term.since)}
    presence = presence_of(course, term, since, today=today)[student]
    scale = Scale(ScaleValue.objects.for_course(course.pk))
    return for_term(marks, presence, scale, JournalRules.of(course.organisation_id))


def result_in_doubt(cell: Correction, today: datetime.date) -> tuple[Result, Suggestion] | None:
    """The decided result, where another one is suggested than when it was decided."""
    result = (
        Result.objects.filter(
            kind=Result.Kind.TERM, course=cell.course_id, student=cell.student_id, term=cell.term_id
        )
        .select_related("value")
        .first()
    )
    if result is None:
        return None
    suggestion = suggestion_now(cell, today)
    if suggestion.value is None or suggestion.value.pk in (result.value_id, result.suggestion_id):
        return None
    return result, suggestion
