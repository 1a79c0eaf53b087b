"""A hot table inside a page: `{% hot "diary/days.html" days=days %}` is drawn by Jinja2."""

from typing import Any

from django import template
from django.template import engines
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag
def hot(name: str, **values: Any) -> SafeString:
    # Jinja2 has escaped what it drew, but hands it over as plain text.
    return mark_safe(engines["jinja2"].get_template(name).render(values))  # noqa: S308
