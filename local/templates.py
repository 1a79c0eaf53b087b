"""Does every template compile? `python -m local.templates` tries; a page nobody opened yet counts too."""

import os
import sys
from pathlib import Path

import django
from django.template import TemplateDoesNotExist, TemplateSyntaxError, engines
from django.template.backends.base import BaseEngine

from local.places import ROOT


def errors() -> list[str]:
    return [error for engine in engines.all() for error in _errors_of(engine)]


def _errors_of(engine: BaseEngine) -> list[str]:
    found = []
    for directory in engine.template_dirs:
        if not Path(directory).is_relative_to(ROOT) or ".venv" in Path(directory).parts:
            continue
        for path in sorted(each for each in Path(directory).rglob("*") if each.is_file()):
            name = path.relative_to(directory).as_posix()
            try:
                engine.get_template(name)
            except (TemplateSyntaxError, TemplateDoesNotExist, UnicodeDecodeError) as error:
                found.append(f"{path.relative_to(ROOT)}: {error}")
    return found


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "asurso.settings")
    django.setup()
    found = errors()
    print(*found, sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
