"""Slips with first logins: an A4 sheet to cut up, one piece for each person."""

import datetime
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

import segno
import typst
from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

TEMPLATE = Path(__file__).with_suffix(".typ")
# All masks are read alike; trying out which looks best takes most of a QR code's time.
_QR_MASK = 3
# The same letters on every server.
_FONTS = typst.Fonts(include_system_fonts=False)


class First(StrEnum):
    """What the person does first; the door differs (product map §2.5)."""

    CHILD = "child"
    LINK = "link"
    STAFF = "staff"


@dataclass(frozen=True)
class Slip:
    """`place` is the class, whose parent one is, or the position. The password stays out of `repr`."""

    school: str
    place: str
    name: str
    login: str
    password: str = field(repr=False)
    until: datetime.datetime
    first: First = First.CHILD


def slips_pdf(slips: Iterable[Slip], *, address: str) -> bytes:
    """A PDF in the active language; `address` is the portal's, and what the QR code holds.

    Nothing of it is pasted into the template's source: names are data (`sys.inputs`).
    """
    pdf: Any = typst.compile(TEMPLATE, format="pdf", font_paths=_FONTS, sys_inputs=_inputs(slips, address))
    return bytes(pdf)


def _inputs(slips: Iterable[Slip], address: str) -> dict[str, str]:
    words = _words()
    first = _what_to_do_first()
    data = {
        "address": address.removesuffix("/").partition("://")[2] or address,
        "language": get_language() or settings.LANGUAGE_CODE,
        "qr": _qr_code(address),
        "words": words,
        "slips": [
            {
                "school": slip.school,
                "place": slip.place,
                "name": slip.name,
                "login": slip.login,
                "password": slip.password,
                "first": first[slip.first],
                "until": words["until"] % {"day": _day(slip.until)},
            }
            for slip in slips
        ],
    }
    return {"data": json.dumps(data)}


def _words() -> dict[str, str]:
    return {
        "title": _("Logins for the portal"),
        "login": _("Login"),
        "password": _("First password"),
        "until": _("The password holds until %(day)s."),
    }


def _what_to_do_first() -> dict[First, str]:
    return {
        First.CHILD: _(
            "Open the address, choose “Sign in with the school’s login”, enter both lines and think of "
            "a password of your own. Show this slip to nobody."
        ),
        First.LINK: _(
            "Sign in through Gosuslugi. If the portal does not find you, it asks for these two lines once."
        ),
        First.STAFF: _(
            "Open the address, choose “Sign in with the school’s login”, enter both lines, think of a "
            "password of your own and set up the second factor."
        ),
    }


def _day(moment: datetime.datetime) -> str:
    return date_format(timezone.localtime(moment), "j E Y")


def _qr_code(address: str) -> str:
    out = io.BytesIO()
    segno.make(address, error="m", micro=False, mask=_QR_MASK).save(out, kind="svg", border=0, xmldecl=False)
    return out.getvalue().decode()
