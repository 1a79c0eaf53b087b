"""What a page would cost if it were nothing but its queries and a minimal template."""

from typing import Any

import jinja2
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

_statements: dict[str, list[str]] = {}

_template = jinja2.Environment(autoescape=True).from_string(
    "<!doctype html><title>{{ name }}</title>"
    "{% for rows in tables %}<table>{% for row in rows %}"
    "<tr>{% for value in row %}<td>{{ value }}</td>{% endfor %}</tr>"
    "{% endfor %}</table>{% endfor %}"
)


def address(name: str) -> str:
    return reverse("floor", args=[name.replace(" ", "-")])


def learn(name: str, statements: list[str]) -> None:
    _statements[name.replace(" ", "-")] = statements


def floor(request: HttpRequest, name: str) -> HttpResponse:
    return HttpResponse(_template.render(name=name, tables=[_rows(sql) for sql in _statements.get(name, [])]))


def _rows(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()
