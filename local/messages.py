"""The Russian catalogue of messages: `python -m local.messages [collect|check|compile]`.

collect  rewrites locale/ru/LC_MESSAGES/django.po from the sources, translations kept (make messages)
check    lists what is missing, empty, uncertain, left over or broken (make check)
compile  makes the .mo file that Django reads
"""

import argparse
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from local.extraction import collect, hidden
from local.places import ROOT
from local.problem import Problem, plainly

PO = ROOT / "locale" / "ru" / "LC_MESSAGES" / "django.po"
# No dates and no names of programs: two branches that add messages should merge by themselves.
HEADER = r"""# Russian messages of the portal. `make messages` collects them, `make check` checks them.
msgid ""
msgstr ""
"Language: ru\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=UTF-8\n"
"Content-Transfer-Encoding: 8bit\n"
"Plural-Forms: nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && "
"n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);\n"

"""
PLACEHOLDER = re.compile(r"%\(\w+\)[a-zA-Z]?|%[sd]|\{\w*\}")


def read(path: Path) -> Catalog:
    if not path.exists():
        return Catalog(locale="ru")
    with path.open("rb") as file:
        return read_po(file, locale="ru")


def merge(found: Catalog, known: Catalog) -> Catalog:
    """The found messages with their known translations. Never a guess: a changed text is a new one."""
    for message in texts(found):
        if (before := known.get(message.id, message.context)) and before.id == message.id:
            message.string = before.string
            message.user_comments = before.user_comments
    return found


def texts(catalog: Catalog) -> Iterator[Message]:
    """Every message but the header."""
    return (message for message in catalog if message.id)


def as_text(catalog: Catalog) -> str:
    """The .po file: sorted, without line numbers, the header always the same."""
    written = io.BytesIO()
    write_po(written, catalog, width=100, omit_header=True, sort_output=True, include_lineno=False)
    return HEADER + written.getvalue().decode()


def problems(found: Catalog, known: Catalog) -> Iterator[str]:
    """What keeps the catalogue from being complete, a line each."""
    for message in texts(found):
        before = known.get(message.id, message.context)
        if before is None or before.id != message.id:
            yield f"missing: {name(message)} ({message.locations[0][0]})"
        else:
            yield from _problems_of(before)
    for message in texts(known):
        now = found.get(message.id, message.context)
        if now is None or now.id != message.id:
            yield f"no longer used: {name(message)}"


def _problems_of(message: Message) -> Iterator[str]:
    if message.fuzzy:
        yield f"uncertain (fuzzy): {name(message)}"
    if not all(forms(message)):
        yield f"not translated: {name(message)}"
    elif any(placeholders(form) != placeholders(forms_of_source(message)[-1]) for form in forms(message)):
        yield f"other placeholders than the source's: {name(message)}"


def forms(message: Message) -> tuple[str, ...]:
    """The translation's forms; one empty form where there is none."""
    return tuple(message.string) if isinstance(message.string, tuple | list) else (message.string or "",)


def forms_of_source(message: Message) -> tuple[str, ...]:
    """The text, or its singular and plural: every Russian form must name what the plural names."""
    return tuple(message.id) if isinstance(message.id, tuple | list) else (message.id,)


def placeholders(text: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(text))


def name(message: Message) -> str:
    context = f" [{message.context}]" if message.context else ""
    return f"{forms_of_source(message)[0]!r}{context}"


def compile_catalogue(po: Path = PO) -> Path:
    """Write the .mo file beside the .po file."""
    mo = po.with_suffix(".mo")
    written = io.BytesIO()
    write_mo(written, read(po))
    if not mo.exists() or mo.read_bytes() != written.getvalue():
        mo.parent.mkdir(parents=True, exist_ok=True)
        mo.write_bytes(written.getvalue())
    return mo


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("action", nargs="?", choices=("collect", "check", "compile"), default="collect")
    action = parser.parse_args().action
    if action == "compile":
        compile_catalogue()
        return
    found, known = collect(ROOT), read(PO)
    if action == "collect":
        PO.parent.mkdir(parents=True, exist_ok=True)
        PO.write_text(as_text(merge(found, known)))
        known = read(PO)
        compile_catalogue()
    wrong = [*hidden(ROOT), *problems(found, known)]
    print(*wrong, sep="\n", end="\n" if wrong else "")
    if wrong and action == "check":
        raise Problem(
            f"{len(wrong)} messages to mend in {PO.relative_to(ROOT)}: make messages, then translate"
        )
    print(f"{len(found)} messages, {len(wrong)} to mend.", file=sys.stderr)


if __name__ == "__main__":
    with plainly():
        main()
