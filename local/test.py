"""`make test`: the whole suite against PostgreSQL and Valkey of its own, in a directory of its own."""

import fcntl
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local import browser
from local.places import ROOT
from local.problem import plainly
from local.processes import Ended, raise_when_ended
from local.progress import step
from local.services import Services

PREFIX = "asurso-test-"
MOST_WORKERS = 8  # each takes two of the sixteen databases that Valkey has


def main() -> int:
    raise_when_ended()
    browser.provide()
    clear_abandoned()
    with temporary_services() as environment:
        subprocess.run([sys.executable, "-m", "local.messages", "compile"], cwd=ROOT, check=True)
        arguments = shlex.split(os.environ.get("ARGS", "")) or side_by_side()
        return subprocess.run(
            [sys.executable, "-m", "pytest", *arguments], cwd=ROOT, env=environment
        ).returncode


def side_by_side() -> list[str]:
    """The whole suite on all processors; a file's tests stay together, for its fixtures are loaded once."""
    workers = min(len(os.sched_getaffinity(0)), MOST_WORKERS)
    return ["-n", str(workers), "--dist", "loadfile"] if workers > 1 else []


@contextmanager
def temporary_services() -> Iterator[dict[str, str]]:
    """Servers that keep nothing; gives the environment in which tests work as the tables' owner."""
    home = Path(tempfile.mkdtemp(prefix=PREFIX))
    home.chmod(0o711)  # PostgreSQL's own user passes through when we are root
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        services = Services(home, durable=False)
        try:
            with step("Starting PostgreSQL and Valkey for the tests"):
                services.start()
            yield for_tests(services)
        finally:
            services.stop()
            shutil.rmtree(home, ignore_errors=True)


def for_tests(services: Services) -> dict[str, str]:
    """Tests create a database, so they are the owner; the application's role is there to be tried."""
    environment = {**os.environ, **services.environment()}
    if owner := environment.get("DATABASE_OWNER_URL"):
        environment["DATABASE_URL"] = owner
    return environment


def clear_abandoned() -> None:
    """Stop what a killed `make test` left: its directory is there, but nobody holds its lock."""
    for home in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        if home.stat().st_uid == os.getuid() and not _is_held(home / "lock"):
            Services(home, durable=False).stop()
            shutil.rmtree(home, ignore_errors=True)


def _is_held(path: Path) -> bool:
    try:
        with path.open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:  # it is being made this very moment, or being removed
        return True
    return False


if __name__ == "__main__":
    with plainly():
        try:
            sys.exit(main())
        except Ended as ended:
            sys.exit(ended.exit_code or 130)
