"""The letters of absences (rules.md, "Marks, absences, terms") in the reader's language."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from diary.models import Absence

ABSENCE_LETTERS = {
    Absence.Code.UNSTATED: pgettext_lazy("absence letter", "a"),
    Absence.Code.ILL: pgettext_lazy("absence letter", "i"),
    Absence.Code.VALID: pgettext_lazy("absence letter", "v"),
    Absence.Code.INVALID: pgettext_lazy("absence letter", "nv"),
    Absence.Code.LATE: pgettext_lazy("absence letter", "l"),
    Absence.Code.EXEMPT: pgettext_lazy("absence letter", "ex"),
}

ABSENCE_WORDS = {
    Absence.Code.UNSTATED: gettext_lazy("reason not stated"),
    Absence.Code.ILL: gettext_lazy("illness"),
    Absence.Code.VALID: gettext_lazy("valid reason"),
    Absence.Code.INVALID: gettext_lazy("no valid reason"),
    Absence.Code.LATE: gettext_lazy("late"),
    Absence.Code.EXEMPT: gettext_lazy("exempt"),
}


def absence_words(code: str, minutes: int | None) -> str:
    """«причина не указана», «опоздание, 7 минут»"""
    if code == Absence.Code.LATE and minutes:
        return _("late, %(minutes)d min") % {"minutes": minutes}
    return str(ABSENCE_WORDS[Absence.Code(code)])
