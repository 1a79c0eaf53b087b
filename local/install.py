"""Make .venv and install what requirements-dev.lock says, when that has changed.

Runs on the system's Python, so it uses nothing that would have to be installed first.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from local.lock import exclusive
from local.places import ROOT, VAR
from local.problem import Problem, plainly
from local.progress import step

VENV = ROOT / ".venv"
LOCK = ROOT / "requirements-dev.lock"
STAMP = VENV / "installed"


def main() -> None:
    wanted = fingerprint()
    if is_installed(wanted):
        return
    with exclusive(VAR / "install.lock"):
        if is_installed(wanted):  # another make was faster
            return
        if not works(VENV):
            create()
        install()
        STAMP.write_text(wanted)


def fingerprint() -> str:
    """Of the place and the lock file: the programs of a moved environment work on its old place."""
    return f"{VENV} {hashlib.sha256(LOCK.read_bytes()).hexdigest()}"


def is_installed(wanted: str) -> bool:
    return STAMP.is_file() and STAMP.read_text() == wanted and works(VENV)


def works(venv: Path) -> bool:
    """Is it whole, and at the place it was made for? Not after a move, nor when Python was replaced."""
    stamp = venv / STAMP.name
    if stamp.is_file() and not stamp.read_text().startswith(f"{venv} "):
        return False
    question = "import importlib.util as u, sys; print(bool(u.find_spec('pip')), sys.prefix)"
    try:
        asked = subprocess.run([venv / "bin" / "python", "-c", question], capture_output=True, text=True)
    except OSError:
        return False
    return asked.stdout == f"True {venv}\n"


def create() -> None:
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        raise Problem(
            "Python's venv module is missing: install it (Debian, Ubuntu: apt-get install python3-venv) "
            "and run make again"
        )
    _remove_old()
    with step("Making .venv"):
        run([sys.executable, "-m", "venv", str(VENV)], "cannot make .venv")


def _remove_old() -> None:
    try:
        if VENV.exists():
            shutil.rmtree(VENV)
    except OSError as error:
        raise Problem(f"cannot replace {VENV}: {error.strerror}; remove it yourself") from error


def install() -> None:
    if not os.access(VENV, os.W_OK):
        raise Problem(f"{VENV} belongs to another user: run make as that user, or remove it")
    with step("Installing the dependencies (some hundred megabytes, once)"):
        run(
            [
                str(VENV / "bin" / "python"),
                "-m",
                "pip",
                "install",
                "--quiet",
                "--require-hashes",
                "-r",
                str(LOCK),
            ],
            "cannot install the dependencies",
        )


def run(command: list[str], trouble: str) -> None:
    """Run quietly; what the program said is shown when it fails."""
    environment = {**os.environ, "PIP_ROOT_USER_ACTION": "ignore", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    done = subprocess.run(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if done.returncode:
        print(done.stdout, file=sys.stderr)
        raise Problem(f"{trouble}: the lines above say why")


if __name__ == "__main__":
    with plainly():
        main()
