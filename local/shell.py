"""Run a command with the environment of the local servers: `python -m local.shell ./manage.py check`.

Starts PostgreSQL and Valkey when they do not run and leaves them running. The option --owner
makes the command work as the role that owns the tables (makemigrations, tests, dbshell).
"""

import os
import sys

from local.places import VAR
from local.postgres import OWNER
from local.problem import Problem, plainly
from local.services import Services


def main(arguments: list[str]) -> None:
    as_owner = arguments[:1] == ["--owner"]
    command = arguments[1:] if as_owner else arguments
    if not command:
        raise Problem("which command? For example: python -m local.shell ./manage.py check")
    services = Services(VAR)
    if not services.are_running():
        services.start()
        services.keep()
    environment = {**os.environ, **services.environment()}
    if as_owner:
        environment |= {"DATABASE_URL": environment["DATABASE_OWNER_URL"], "PGUSER": OWNER}
    # The interpreter's own directory first: `pytest` and `python` are then this environment's.
    environment["PATH"] = f"{os.path.dirname(sys.executable)}:{environment['PATH']}"
    os.execvpe(command[0], command, environment)  # noqa: S606 - to run it is the purpose


if __name__ == "__main__":
    with plainly():
        main(sys.argv[1:])
