"""The texts to translate, found in Python, in Django's and in Jinja2's templates.

Babel and Django do the reading, so that nobody needs the gettext programs; Django's makemessages
would need them, and misses Jinja2's {% trans %}.
"""

import ast
import io
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from babel.messages.catalog import Catalog
from babel.messages.extract import extract, extract_python
from django.utils.translation.template import templatize
from jinja2.ext import babel_extract

KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
COMMENT_TAGS = ("Translators",)
JINJA_OPTIONS = {"trimmed": "true", "newstyle_gettext": "true", "silent": "false"}
# Developers' tools speak English; a migration repeats what the models say.
NOT_OURS = {"tests", "local", "migrations", "static", "staticfiles", "locale", "var", "deploy", "docs"}


def collect(root: Path) -> Catalog:
    """A catalogue without translations of every text below `root`."""
    catalog = Catalog(locale="ru")
    for path in sorted(sources(root)):
        for _line, message, comments, context in messages(path):
            # Babel takes None for "no line", though its annotation does not say so.
            place = [(path.relative_to(root).as_posix(), None)]
            catalog.add(message, None, place, auto_comments=comments, context=context)  # type: ignore[arg-type]
    return catalog


def sources(root: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(root):
        folders[:] = [each for each in folders if each not in NOT_OURS and not each.startswith(".")]
        within = Path(folder).relative_to(root).parts
        for file in files:
            if file.endswith(".py") or "templates" in within or "jinja2" in within:
                yield Path(folder, file)


def hidden(root: Path) -> Iterator[str]:
    """Texts that cannot be found, a line each: Babel sees no calls inside f-strings, not in every
    Python that we run on."""
    for path in sorted(sources(root)):
        if path.suffix != ".py":
            continue
        for string in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(string, ast.JoinedStr) and any(map(_is_marked, ast.walk(string))):
                place = f"{path.relative_to(root).as_posix()}:{string.lineno}"
                yield f"inside an f-string, where it is not found: {place}"


def _is_marked(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KEYWORDS


def messages(path: Path) -> Iterable[tuple[int, Any, list[str], str | None]]:
    """(line, text or (singular, plural), comments, context) for each text of one file."""
    method: Any = extract_python
    options: dict[str, str] = {}
    if "jinja2" in path.parts:
        method, options = babel_extract, JINJA_OPTIONS
    elif "templates" in path.parts:
        method = extract_django
    with path.open("rb") as file:
        yield from extract(method, file, KEYWORDS, COMMENT_TAGS, options)


def extract_django(file: BinaryIO, keywords: Any, comment_tags: Any, options: Any) -> Iterator[Any]:
    """Django turns a template into something like Python, which Babel then reads.

    The indentation goes: to Python's tokenizer that of HTML is wrong.
    """
    like_python = templatize(file.read().decode())
    flat = re.sub(r"^[ \t]+", "", like_python, flags=re.MULTILINE)
    yield from extract_python(io.BytesIO(flat.encode()), keywords, comment_tags, options)
