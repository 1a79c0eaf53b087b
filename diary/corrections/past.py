"""What a corrected cell has held: read from the events that the database writes."""

from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format

from diary.corrections.words import cell_value
from diary.models import Absence, Correction, Mark, Result, Work
from schools.models import Person


def history_of(cell: Correction) -> list[dict[str, Any]]:
    """Oldest first: when, who, what stood there then, and whether a correction wrote it. Two statements."""
    events = list(_events(cell).order_by("pgh_id"))
    people = Person.objects.in_bulk({(event.pgh_context or {}).get("person") for event in events})
    return [_entry(cell, event, people) for event in events]


def _events(cell: Correction) -> Any:
    if cell.subject == Correction.Subject.ABSENCE:
        return _of(Absence).filter(lesson=cell.lesson_id, student=cell.student_id)
    if cell.subject == Correction.Subject.RESULT:
        found = _of(Result).filter(course=cell.course_id, student=cell.student_id, term=cell.term_id)
        return found.select_related("value")
    works = Q(work=cell.work_id) if cell.work_id else Q(work__in=Work.objects.filter(lesson=cell.lesson_id))
    return _of(Mark).filter(works, student=cell.student_id).select_related("value")


def _of(model: Any) -> Any:
    return model.pgh_event_model.objects.all()


def _entry(cell: Correction, event: Any, people: dict[int, Person]) -> dict[str, Any]:
    context = event.pgh_context or {}
    person = people.get(context.get("person", 0))
    is_absence, said = cell.subject == Correction.Subject.ABSENCE, ""
    if event.pgh_label != "delete":
        said = f"{event.code}:{event.minutes or ''}" if is_absence else event.value.text
    return {
        "at": date_format(timezone.localtime(event.pgh_created_at), "j\u00a0E Y, H:i"),
        "who": person.short_name if person else "",
        "value": cell_value(cell.subject, said, None if is_absence else event.value),
        "is_correction": "correction" in context,
    }
