"""Jinja2 for the hot tables, a week's days, a lesson's roll, a journal's grid: see docs/performance.md."""

from typing import Any

from django.templatetags.static import static
from django.utils import translation
from jinja2 import Environment


def environment(**options: Any) -> Environment:
    options |= {"autoescape": True, "trim_blocks": True, "lstrip_blocks": True}
    made = Environment(extensions=["jinja2.ext.i18n"], **options)  # noqa: S701 (in the options)
    made.install_gettext_translations(translation, newstyle=True)  # type: ignore[attr-defined]
    made.globals["static"] = static
    return made
