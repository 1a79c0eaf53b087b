"""How a correction is told: the cell, what was there, what is or shall be."""

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from diary.letters import ABSENCE_LETTERS, absence_words
from diary.models import Absence, Correction, ScaleValue
from schedule.weeks import day_label, term_label


def label() -> str:
    """What stands beside everything that a correction wrote."""
    return _("correction")


def where(correction: Correction) -> str:
    """«Алгебра, 7 «А» · 16 октября · контрольная»"""
    if correction.subject == Correction.Subject.RESULT:
        result = _("term result")
        return f"{correction.course} · {result}, {term_label(correction.term)}"
    kind = correction.work.kind if correction.work else correction.kind
    day = correction.lesson.date if correction.lesson else correction.work.date  # type: ignore[union-attr]
    what = _("attendance") if correction.subject == Correction.Subject.ABSENCE else ""
    mark_for = kind.local_name if kind else ""
    return " · ".join(filter(None, [str(correction.course), day_label(day), mark_for, what]))


def before(correction: Correction) -> dict[str, str]:
    """For `diary/_cell_value.html`: what stood there when it was asked for."""
    return cell_value(correction.subject, correction.was, None)


def after(correction: Correction) -> dict[str, str]:
    """What it shall become."""
    if correction.subject == Correction.Subject.ABSENCE:
        return cell_value(correction.subject, f"{correction.code}:{correction.minutes or ''}", None)
    return cell_value(correction.subject, correction.value.text if correction.value else "", correction.value)


def cell_value(subject: str, said: str, value: ScaleValue | None) -> dict[str, str]:
    """`said` as in `Correction.was`."""
    if subject == Correction.Subject.ABSENCE:
        return _absence(said)
    if not said:
        nothing = _("no result") if subject == Correction.Subject.RESULT else _("no mark")
        return {"text": "", "tone": "", "words": nothing}
    return {"text": said, "tone": value.tone if value else "plain", "words": said}


def _absence(said: str) -> dict[str, str]:
    code, _colon, minutes = said.partition(":")
    if not code:
        return {"code": "", "letter": "", "words": _("present")}
    words = absence_words(code, int(minutes) if minutes else None)
    return {"code": code, "letter": str(ABSENCE_LETTERS[Absence.Code(code)]), "words": words}


def state_words(correction: Correction) -> str:
    if correction.is_waiting:
        return _("waits for an answer")
    decided = {"day": day_label(timezone.localdate(correction.decided_at)), "who": ""}
    if correction.decided_by:
        decided["who"] = correction.decided_by.short_name
    words = _("approved on %(day)s by %(who)s") if correction.approved else _("refused on %(day)s by %(who)s")
    return words % decided


def cause_words(cause: str) -> str:
    return capfirst(str(Correction.Cause(cause).label))
