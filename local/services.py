"""PostgreSQL and Valkey together.

`python -m local.services` starts both in ./var and leaves them running, `… stop` ends them.
The commands of the Makefile start what they need and stop what they started.
"""

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local import postgres
from local.lock import exclusive
from local.places import VAR
from local.postgres import Postgres
from local.problem import Problem, plainly
from local.processes import raise_when_ended
from local.progress import step
from local.valkey import Valkey

KEEP = "services.keep"


class Services:
    """The servers that the environment does not name already."""

    def __init__(self, home: Path, *, durable: bool = True) -> None:
        self.home = home
        self.postgres = None if os.environ.get("DATABASE_URL") else Postgres(home, durable=durable)
        self.valkey = None if os.environ.get("REDIS_URL") else Valkey(home)

    def start(self) -> None:
        """Start what does not run; two who start at once wait for each other."""
        with exclusive(self.home / "services.lock"):
            if self.postgres:
                with step("Starting PostgreSQL"):
                    self.postgres.start()
            if self.valkey:
                self.valkey.start()

    def stop(self) -> None:
        with exclusive(self.home / "services.lock"):
            if self.valkey:
                self.valkey.stop()
            if self.postgres:
                with step("Stopping PostgreSQL"):
                    self.postgres.stop()
            (self.home / KEEP).unlink(missing_ok=True)

    def are_running(self) -> bool:
        return all(server.is_running() for server in (self.postgres, self.valkey) if server)

    def look(self) -> None:
        """Raise a Problem when a server that we started has ended."""
        for server in (self.postgres, self.valkey):
            if server and server.process and server.process.poll() is not None:
                raise Problem(
                    f"{type(server).__name__} ended unexpectedly: see {server.log}, and start again"
                )

    def keep(self) -> None:
        """Started to stay: `make run` leaves them running when it ends."""
        (self.home / KEEP).touch()

    def are_kept(self) -> bool:
        return (self.home / KEEP).exists()

    def environment(self) -> dict[str, str]:
        """The variables that lead the portal to these servers."""
        found = {"ASURSO_DEVELOPMENT": "1"}
        if self.postgres:
            found |= {
                "DATABASE_URL": self.postgres.url(postgres.APPLICATION),
                "DATABASE_OWNER_URL": self.postgres.url(postgres.OWNER),
                "DATABASE_APPLICATION_ROLE": postgres.APPLICATION,
                # for psql and `manage.py dbshell`
                "PGHOST": str(self.postgres.socket),
                "PGPORT": str(postgres.PORT),
                "PATH": f"{os.environ.get('PATH', '')}:{self.postgres.installation / 'bin'}",
            }
        if self.valkey:
            found |= {"REDIS_URL": self.valkey.url(), "CELERY_BROKER_URL": self.valkey.broker_url()}
        return found


@contextmanager
def at_hand(home: Path = VAR) -> Iterator[dict[str, str]]:
    """The services for one command: those already running stay, what was started is stopped.

    Gives the whole environment for a child process.
    """
    raise_when_ended()
    services = Services(home)
    running = services.are_running()
    services.start()
    try:
        yield {**os.environ, **services.environment()}
    finally:
        if not running:
            services.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("action", nargs="?", choices=("start", "stop", "status"), default="start")
    action = parser.parse_args().action
    services = Services(VAR)
    if action == "stop":
        services.stop()
        return
    if action == "start":
        services.start()
        services.keep()
    if not services.are_running():
        raise Problem("the services do not run: python -m local.services")
    for name, value in services.environment().items():
        if name != "PATH":
            print(f"{name}={value}")


if __name__ == "__main__":
    with plainly():
        main()
