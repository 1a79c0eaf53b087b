"""What a correction does to the term result: nothing by itself, but it may suggest another one."""

from decimal import Decimal

from diary.averages import averages_of, suggested_points
from diary.models import Correction, JournalRules, Result, ScaleValue


def suggestion_now(cell: Correction) -> tuple[Decimal | None, ScaleValue | None]:
    """The student's average of the cell's course and term, and the result it makes by the school's rule."""
    average = averages_of(cell.course, cell.term, [cell.student_id])[cell.student_id]
    if average is None:
        return None, None
    points = suggested_points(average, JournalRules.of(cell.course.organisation_id).rounds_up_from)
    values = ScaleValue.objects.for_course(cell.course_id)
    return average, next((value for value in values if value.points == points), None)


def result_in_doubt(cell: Correction) -> tuple[Result, Decimal, ScaleValue] | None:
    """The decided result where the average suggests another one than when it was decided, with the two."""
    result = (
        Result.objects.filter(
            kind=Result.Kind.TERM, course=cell.course_id, student=cell.student_id, term=cell.term_id
        )
        .select_related("value")
        .first()
    )
    if result is None or result.value.points is None:
        return None
    average, suggestion = suggestion_now(cell)
    if average is None or suggestion is None or suggestion.pk in (result.value_id, result.suggestion_id):
        return None
    return result, average, suggestion
