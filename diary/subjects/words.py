"""How the pages of subjects say things."""

import datetime
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from diary.averages import Counted
from diary.results.explained import history_url
from diary.results.suggestions import decimal_text
from diary.week import weight_text
from schedule.weeks import DAY, WEEK, day_label


def mark_chip(mark: Counted) -> dict[str, Any]:
    """For `diary/_mark_chips.html`. What a mark was for is told to who listens and to who hovers."""
    about = " · ".join(filter(None, [mark.local_kind, day_label(mark.date), mark.title, mark.where]))
    return {
        "text": mark.text,
        "tone": mark.tone,
        "weight": weight_text(mark.weight) if mark.points is not None else "",
        "about": about,
        "is_corrected": mark.correction is not None,
        "url": history_url(mark),
    }


def tenths(number: Decimal | None) -> str:
    """«4,0»: what is told of a class."""
    return "" if number is None else number_format(number, 1)


def trend_words(own: Sequence[Decimal | None], others: Sequence[Decimal | None]) -> str:
    """What the picture shows, for who does not see it."""
    known = [found for found in own if found is not None]
    if not known:
        return ""
    words = _("The average by week: %(numbers)s.") % {"numbers": "; ".join(map(decimal_text, known))}
    told = [found for found in others if found is not None]
    if told:
        words += " " + _("The class: %(numbers)s.") % {"numbers": "; ".join(map(tenths, told))}
    return words


def trend_rows(
    weeks: Sequence[datetime.date], own: Sequence[Decimal | None], others: Sequence[Decimal | None]
) -> list[dict[str, str]]:
    """The numbers beside the picture, the newest week first."""
    rows = [
        {"week": _week_label(week), "own": decimal_text(mine), "others": tenths(theirs)}
        for week, mine, theirs in zip(weeks, own, others, strict=True)
        if mine is not None
    ]
    return rows[::-1]


def _week_label(monday: datetime.date) -> str:
    return f"{day_label(monday)} – {day_label(monday + WEEK - DAY)}"
