"""Keys, versions and days as forms and addresses bring them: text, perhaps of a forger."""

import datetime

from django.utils.dateparse import parse_date

LONGEST = 18  # digits: what fits into a key of the database


def number(text: str | None) -> int:
    """Digits as a number; 0, which no key and no version has, for anything else."""
    if text and text.isascii() and text.isdecimal() and len(text) <= LONGEST:
        return int(text)
    return 0


def iso_day(text: str | None) -> datetime.date | None:
    """A date as 2026-12-16; None for anything else, 2026-02-30 included."""
    try:
        return parse_date(text or "")
    except ValueError:
        return None
