"""The special version for low vision (GOST R 52872-2019): which one a reader chose.

One cookie, `<colours>-<size>`, holds the choice: it says nothing of a person, serves who is not signed in,
and needs no statement. What a version looks like is written in static/css/vision.css alone.
"""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

COOKIE = "vision"
# The letters in CSS pixels. The standard asks for type that can be enlarged to twice its size and more.
SIZES = {"28": _("Large"), "34": _("Larger"), "40": _("Largest")}
# Black on white, white on black, dark blue on light blue: the schemes the standard names.
SCHEMES = {
    "white": pgettext_lazy("background", "White"),
    "black": pgettext_lazy("background", "Black"),
    "blue": pgettext_lazy("background", "Blue"),
}


@dataclass(frozen=True)
class Vision:
    """The special version as chosen. `str()` is the cookie that brings it back."""

    scheme: str = "white"
    size: str = "28"

    def __str__(self) -> str:
        return f"{self.scheme}-{self.size}"

    def sizes(self) -> list[dict[str, Any]]:
        return [self._choice(Vision(self.scheme, size), label) for size, label in SIZES.items()]

    def schemes(self) -> list[dict[str, Any]]:
        return [self._choice(Vision(scheme, self.size), label) for scheme, label in SCHEMES.items()]

    def _choice(self, other: "Vision", label: Any) -> dict[str, Any]:
        return {"value": str(other), "label": label, "chosen": other == self}


def vision_from(text: str) -> Vision | None:
    """The version that a cookie or a form names; None for the ordinary one and for nonsense."""
    scheme, _dash, size = text.partition("-")
    return Vision(scheme, size) if scheme in SCHEMES and size in SIZES else None


def vision_of(request: HttpRequest) -> Vision | None:
    return vision_from(request.COOKIES.get(COOKIE, ""))
