"""Events of the journal as they were written: who, by what means, when; and how late after the lesson."""

import datetime
from typing import Any

from django.db.models import DateTimeField, OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from diary.models import Absence, Homework, Mark, Point, Remark, Result, Work

_MODELS: list[Any] = [Mark, Work, Absence, Remark, Point, Homework, Result]
MarkEvent, WorkEvent, AbsenceEvent, RemarkEvent, PointEvent, HomeworkEvent, ResultEvent = (
    model.pgh_event_model for model in _MODELS
)
# Which page a request came from, by the beginning of its address.
_PAGES = {
    "/journals/": gettext_lazy("in the journal"),
    "/lessons/": gettext_lazy("on the lesson page"),
}


def person_of(event: Any) -> int | None:
    """The key of who acted, as the application said."""
    person = (event.pgh_context or {}).get("person")
    return int(person) if person else None


def means_of(event: Any) -> str:
    """«на странице урока», «программой import_school», «в базе данных, мимо портала»"""
    context = event.pgh_context or {}
    means, path = context.get("means"), context.get("path") or ""
    if not means:
        return _("in the database, past the portal")
    if means != "web":
        return _("by the program %(program)s") % {"program": means}
    pages = (words for start, words in _PAGES.items() if path.startswith(start))
    return str(next(pages, _("in the portal")))


def is_by_a_program(event: Any) -> bool:
    """Nobody entered it: it was made by a machine, at a time that tells nothing."""
    return bool((event.pgh_context or {}).get("means")) and person_of(event) is None


def days_late(day: datetime.date, at: datetime.datetime | None) -> int:
    """How many days after the lesson's day it was written; 0 on the day, before it, or unknown."""
    return max(0, (timezone.localtime(at).date() - day).days) if at else 0


def late_text(days: int) -> str:
    """«внесено через 3 дня»; empty for 0."""
    if not days:
        return ""
    return ngettext("entered %(days)d day late", "entered %(days)d days late", days) % {"days": days}


def entered_at(events: Any) -> Subquery:
    """For rows of a journal's table: when somebody entered the row; none for what programs made."""
    made = events.objects.filter(pgh_obj=OuterRef("pk"), pgh_label="insert", pgh_context__person__gt=0)
    return Subquery(made.values("pgh_created_at")[:1], output_field=DateTimeField())
