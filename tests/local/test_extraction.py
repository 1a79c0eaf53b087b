"""Which texts are found, and where."""

from pathlib import Path

import pytest

from local.extraction import collect, hidden


def found_in(root: Path, name: str, text: str) -> set[object]:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return {
        (message.context, message.id) if message.context else message.id
        for message in collect(root)
        if message.id
    }


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('_("Mark")', "Mark"),
        ('gettext_lazy("Mark")', "Mark"),
        ('ngettext("%(n)s day", "%(n)s days", n)', ("%(n)s day", "%(n)s days")),
        ('pgettext("school", "Form")', ("school", "Form")),
        ('npgettext("a", "%(n)s b", "%(n)s c", n)', ("a", ("%(n)s b", "%(n)s c"))),
        ('_("two "\n  "parts")', "two parts"),
    ],
)
def test_python(tmp_path: Path, source: str, expected: object) -> None:
    assert found_in(tmp_path, "diary/views.py", source) == {expected}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('{% translate "Mark" %}', "Mark"),
        ('<p title="{% translate "Mark" %}">', "Mark"),
        ('{% translate "Form" context "school" %}', ("school", "Form")),
        ('{% include "a.html" with b=_("Mark") %}', "Mark"),
        ('{{ _("Mark") }}', "Mark"),
        ("{% blocktranslate %}Hello, {{ name }}{% endblocktranslate %}", "Hello, %(name)s"),
        ("{% blocktranslate trimmed %}\n   two\n  lines\n{% endblocktranslate %}", "two lines"),
        (
            "{% blocktranslate count n=n %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}",
            ("%(n)s day", "%(n)s days"),
        ),
        ('{% translate "100%" %}', "100%%"),
        ("<div>\n    <p>\n  it's \"odd\" (\n {% translate 'Mark' %}</p>\n</div>", "Mark"),
    ],
)
def test_django_template(tmp_path: Path, source: str, expected: object) -> None:
    assert found_in(tmp_path, "templates/diary/page.html", source) == {expected}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('{{ _("Mark") }}', "Mark"),
        ("{% trans %}Hello, {{ name }}{% endtrans %}", "Hello, %(name)s"),
        ("{% trans %}\n  two\n  lines{% endtrans %}", "two lines"),
        ("{% trans n=n %}{{ n }} day{% pluralize %}{{ n }} days{% endtrans %}", ("%(n)s day", "%(n)s days")),
    ],
)
def test_jinja_template(tmp_path: Path, source: str, expected: object) -> None:
    assert found_in(tmp_path, "diary/jinja2/diary/table.html", source) == {expected}


def test_a_text_inside_an_f_string_is_named(tmp_path: Path) -> None:
    source = 'code = 1\nline = f"{_(\'Mark\')} {code}"\nother = f"{code}" + _("Mark")\n'
    (tmp_path / "views.py").write_text(source)
    assert [line.rpartition(" ")[2] for line in hidden(tmp_path)] == ["views.py:2"]


@pytest.mark.parametrize(
    "name", ["tests/test_a.py", "local/a.py", "diary/migrations/0001.py", ".venv/a.py", "a.txt"]
)
def test_what_is_not_shown_to_people_is_not_collected(tmp_path: Path, name: str) -> None:
    assert found_in(tmp_path, name, '_("Mark")') == set()
