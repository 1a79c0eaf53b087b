"""Reports as a PDF, A4, a student a page and on, set by Typst."""

import datetime
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from diary.reports.record import Report

TEMPLATE = Path(__file__).with_name("report.typ")
# The same letters on every server.
_FONTS = typst.Fonts(include_system_fonts=False)


def reports_pdf(reports: list[Report], *, title: str, on: datetime.date) -> bytes:
    """In the active language, made on that day. Texts are data for the template (`sys.inputs`), never its
    source."""
    data = {
        "language": get_language() or settings.LANGUAGE_CODE,
        "title": title,
        "day": f"{on:%d.%m.%Y}",
        "words": _words(),
        "reports": [{**asdict(report), "corrected": report.has_corrections} for report in reports],
    }
    inputs = {"data": json.dumps(data, ensure_ascii=False)}
    pdf: Any = typst.compile(TEMPLATE, format="pdf", font_paths=_FONTS, sys_inputs=inputs)
    return bytes(pdf)


def _words() -> dict[str, str]:
    return {
        "student": _("Student"),
        "class": _("Class"),
        "period": _("Period"),
        "made": _("Made on"),
        "page": _("page"),
        "class-teacher": _("Class teacher"),
        "parent": _("Parent"),
        "corrected": _("* is written by a correction after the term was closed."),
    }
