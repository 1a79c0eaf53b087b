"""`make check`: everything that can be said about the code without running its tests.

All steps run; what failed is told at the end.
"""

import os
import subprocess
import sys
from pathlib import Path

from local.extraction import NOT_OURS
from local.places import ROOT
from local.problem import Problem, plainly
from local.progress import step
from local.services import at_hand

BIN = Path(sys.executable).parent


def steps() -> dict[str, list[str]]:
    python, djade = sys.executable, [str(BIN / "djade"), "--target-version", "5.2", "--check"]
    return {
        "lint": [str(BIN / "ruff"), "check", "--quiet", "."],
        "format": [str(BIN / "ruff"), "format", "--check", "--quiet", "."],
        "format of templates": [*djade, *django_templates()],
        "types": [python, "-m", "mypy", "."],
        "project": [python, "manage.py", "check", "--fail-level", "WARNING"],
        "missing migrations": [python, "manage.py", "makemigrations", "--check", "--dry-run"],
        "templates": [python, "-m", "local.templates"],
        "messages": [python, "-m", "local.messages", "check"],
    }


def django_templates() -> list[str]:
    """Every HTML template of ours; Jinja2's have a syntax of their own."""
    found = []
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [each for each in folders if each not in NOT_OURS and not each.startswith(".")]
        if "templates" in Path(folder).relative_to(ROOT).parts:
            found += [os.path.join(folder, file) for file in files if file.endswith(".html")]
    return sorted(found)


def main() -> None:
    with at_hand() as environment:
        subprocess.run(
            [sys.executable, "-m", "local.messages", "compile"], cwd=ROOT, env=environment, check=True
        )
        failed = [name for name, command in steps().items() if not passes(name, command, environment)]
    if failed:
        raise Problem(f"make check found something: {', '.join(failed)}")


def passes(name: str, command: list[str], environment: dict[str, str]) -> bool:
    """Run one step; what it says is shown only when it fails."""
    with step(name):
        done = subprocess.run(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
    passed = done.returncode == 0
    print(f"{'ok    ' if passed else 'FAILED'} {name}", flush=True)
    if not passed:
        print(done.stdout, flush=True)
    return passed


if __name__ == "__main__":
    with plainly():
        main()
