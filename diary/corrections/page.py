"""What the pages of corrections show, as plain values for their templates."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from diary.corrections.asking import AskedAlready, TermIsOpen, YearIsClosed, obstacle_of, waiting_for
from diary.corrections.averages import result_in_doubt
from diary.corrections.cells import address_of, as_was, may_ask, stored
from diary.corrections.words import after, before, cause_words, cell_value, state_words, where
from diary.history.reading import cell_history, result_history
from diary.history.views import shown
from diary.letters import absence_words
from diary.marking import values_for
from diary.models import Absence, Correction, Mark, Work
from schedule.weeks import day_label, day_title, term_label

OBSTACLES: dict[type[Exception] | None, Any] = {
    None: "",
    TermIsOpen: gettext_lazy("The term is open: change it where it stands, without a correction."),
    YearIsClosed: gettext_lazy("The year is closed: nothing of it is corrected any more."),
    AskedAlready: gettext_lazy("A correction of it waits for an answer."),
}


# --- Asking --------------------------------------------------------------------------------------
def asking_page(cell: Correction, form: Any) -> dict[str, Any]:
    """The form, or why none can be asked for."""
    obstacle = obstacle_of(cell)
    waiting = waiting_for(cell) if obstacle is AskedAlready else None
    row = stored(cell)
    return {
        "cell": _cell(cell),
        "now": cell_value(cell.subject, as_was(row), getattr(row, "value", None)),
        "form": None if obstacle else form,
        "obstacle": OBSTACLES[obstacle],
        "waiting_url": reverse("diary:correction", args=[waiting.pk]) if waiting else "",
        "back_url": _back_url(cell),
    }


def _cell(cell: Correction) -> dict[str, str]:
    lesson = cell.lesson
    place = day_title(lesson.date) if lesson else capfirst(term_label(cell.term))
    kind = cell.work.kind.local_name if cell.work else ""
    subjects = {
        Correction.Subject.MARK: kind or _("one more mark"),
        Correction.Subject.ABSENCE: _("attendance"),
        Correction.Subject.RESULT: _("term result"),
    }
    what = subjects.get(Correction.Subject(cell.subject), "") if cell.subject else ""
    return {
        "student": cell.student.roll_name,
        "course": str(cell.course),
        "place": " · ".join(filter(None, [place, what])),
    }


def _back_url(cell: Correction) -> str:
    if cell.lesson_id:
        return f"{reverse('diary:lesson', args=[cell.lesson_id])}#student-{cell.student_id}"
    return reverse("diary:corrections")


def choices_page(cell: Correction) -> dict[str, Any]:
    """What of a lesson's cell can be corrected: each of its works, one more mark, the attendance."""
    lesson: Any = cell.lesson
    here = {"lesson": cell.lesson_id, "student": cell.student_id}
    marks = {
        mark.work_id: mark
        for mark in Mark.objects.filter(work__lesson=lesson, student=cell.student).select_related("value")
    }
    works = Work.objects.filter(lesson=lesson).select_related("kind")
    links = [
        {
            "label": _("%(kind)s: %(mark)s")
            % {"kind": capfirst(work.kind.local_name), "mark": _mark_words(marks.get(work.pk))},
            "url": address_of(**here, work=work.pk),
            "icon": "pencil",
        }
        for work in works.order_by("kind__order", "number")
    ]
    if values_for(lesson):
        links.append({"label": _("One more mark"), "url": address_of(**here, subject="mark"), "icon": "plus"})
    absence = Absence.objects.filter(lesson=lesson, student=cell.student).first()
    words = absence_words(absence.code, absence.minutes) if absence else _("present")
    links.append(
        {
            "label": _("Attendance: %(words)s") % {"words": words},
            "url": address_of(**here, subject="absence"),
            "icon": "people",
        }
    )
    obstacle = obstacle_of(cell)
    return {
        "cell": _cell(cell),
        "links": [] if obstacle else links,
        "obstacle": OBSTACLES[obstacle],
        "back_url": _back_url(cell),
    }


def _mark_words(mark: Mark | None) -> str:
    return mark.value.text if mark else _("no mark")


# --- Lists ---------------------------------------------------------------------------------------
def line(correction: Correction) -> dict[str, Any]:
    """A row of a list."""
    return {
        "url": reverse("diary:correction", args=[correction.pk]),
        "student": correction.student.roll_name,
        "where": where(correction),
        "before": before(correction),
        "after": after(correction),
        "asked": _("%(who)s, %(day)s")
        % {"who": correction.asked_by.short_name, "day": day_label(timezone.localdate(correction.asked_at))},
        "state": state_words(correction),
        "is_waiting": correction.is_waiting,
        "approved": bool(correction.approved),
    }


# --- One correction ------------------------------------------------------------------------------
def correction_page(correction: Correction, user: Any) -> dict[str, Any]:
    row = stored(correction) if correction.is_waiting else None
    is_stale = correction.is_waiting and as_was(row) != correction.was
    return {
        "correction": {
            **line(correction),
            "pk": correction.pk,
            "cause": cause_words(correction.cause),
            "reason": correction.reason,
            "answer": correction.answer,
            "lesson_url": _back_url(correction) if correction.lesson_id else "",
        },
        "stored_now": cell_value(correction.subject, as_was(row), getattr(row, "value", None))
        if is_stale
        else None,
        "history": _history(correction),
        "may_decide": correction.is_waiting and correction.can_be_decided_by(user),
        "is_own": correction.is_waiting
        and correction.asked_by_id == user.person.pk
        and user.roles.is_head_teacher,
        "hint": _hint(correction) if correction.approved else None,
        "may_ask": may_ask(user, correction.course, timezone.localdate()),
    }


def _history(correction: Correction) -> list[dict[str, Any]]:
    """Of the whole cell of the grid, or of the student's results; the newest first."""
    if correction.lesson:
        lines = cell_history(correction.lesson, correction.student)
    elif correction.subject == Correction.Subject.RESULT:
        lines = result_history(correction.course_id, correction.student)
    else:
        lines = []
    return [shown(line) for line in lines]


def _hint(correction: Correction) -> dict[str, str] | None:
    """A result changes by a correction of its own; here is said that one may be due."""
    doubt = result_in_doubt(correction, timezone.localdate())
    if doubt is None or correction.subject == Correction.Subject.RESULT:
        return None
    result, suggestion = doubt
    said = {"suggested": str(suggestion.value), "result": result.value.text}
    return {
        "text": _("The term result would be %(suggested)s now; %(result)s stands.") % said,
        "why": suggestion.why,
        "url": address_of(result=result.pk),
    }
