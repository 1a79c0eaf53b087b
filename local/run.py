"""`make run`: the whole portal with its demo region on this computer."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress

import psycopg2
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from local import esia
from local.lock import exclusive
from local.messages import compile_catalogue
from local.places import ROOT, VAR
from local.problem import Problem, plainly
from local.processes import Ended, Processes, Watch, end_leftovers, raise_when_ended, remember, say
from local.progress import step
from local.services import Services

LOGINS = (
    "teacher", "classteacher", "headteacher", "parent", "student", "student15",
    "schooladmin", "territory", "region",
)  # fmt: skip
PASSWORD = "demo-asurso"  # noqa: S105 - everybody may know it
# Lines as they come; nothing about the collected static files, which only production has; and
# nothing about a worker of root's: tasks are read as JSON alone, and this computer is root's anyway.
QUIET = {
    "PYTHONUNBUFFERED": "1",
    "PYTHONWARNINGS": "ignore:No directory at:UserWarning,ignore:You're running the worker with superuser",
}
RECORD = VAR / "processes.json"


def main() -> None:
    port = chosen_port("PORT", 8000)
    esia_port = None if esia.is_given() else chosen_port("ESIA_MOCK_PORT", port + 1)
    with exclusive(
        VAR / "run.lock", busy=f"make run runs already in {ROOT}: end it first, with Ctrl-C there"
    ):
        raise_when_ended()
        watch = Watch()
        if end_leftovers(RECORD):
            say("Ended what an interrupted run had left behind.")
        refuse_used_port("PORT", port)
        if esia_port:
            refuse_used_port("ESIA_MOCK_PORT", esia_port)
        services = Services(VAR)
        try:
            services.start()
            environment = {**os.environ, **services.environment(), **QUIET}
            if esia_port:
                environment |= esia.environment(VAR, port=esia_port, portal_port=port)
            prepare(environment, watch)
            serve(port, esia_port, environment, watch, services)
        finally:
            if not services.are_kept():
                services.stop()


def chosen_port(name: str, default: int) -> int:
    value = os.environ.get(name) or str(default)
    if not value.isdecimal() or not 0 < int(value) < 65536:
        raise Problem(f"{name}={value} is no port number: choose one between 1024 and 65535")
    return int(value)


def refuse_used_port(name: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise Problem(
                f"port {port} cannot be used ({error.strerror}): choose another, {name}={port + 2} make run"
            ) from error


def prepare(environment: dict[str, str], watch: Watch) -> None:
    """Bring messages and database up to date; an empty database gets the demo region."""
    connect(environment["DATABASE_URL"]).close()
    refuse_silent_broker(environment["REDIS_URL"])
    compile_catalogue()
    with step("Bringing the database up to date"):
        call([sys.executable, "manage.py", "upgrade", "--verbosity", "0"], environment, watch)
    if has_no_schools(environment["DATABASE_URL"]):
        say("The database is empty: loading the demo region, which takes about a minute.")
        call([sys.executable, "manage.py", "demo"], environment, watch)
    elif "ESIA_MOCK_PEOPLE" in environment:
        call([sys.executable, "manage.py", "esia_people"], environment, watch)


def connect(url: str) -> "psycopg2.extensions.connection":
    try:
        return psycopg2.connect(url)
    except psycopg2.Error as error:
        raise Problem(f"cannot use the database of DATABASE_URL: {str(error).splitlines()[0]}") from error


def refuse_silent_broker(url: str) -> None:
    try:
        redis.Redis.from_url(url, retry=Retry(NoBackoff(), 0), socket_connect_timeout=5).ping()
    except (redis.RedisError, ValueError) as error:
        raise Problem(f"cannot use the server of REDIS_URL: {error}") from error


def has_no_schools(url: str) -> bool:
    return not has_rows(url, "schools_organisation")


def holds_demo(url: str) -> bool:
    return has_rows(url, "schools_region WHERE demo_since IS NOT NULL")


def has_rows(url: str, table: str) -> bool:
    connection = connect(url)
    with connection, connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS (SELECT FROM {table})")  # noqa: S608 - one of the two above
        (found,) = cursor.fetchone() or (False,)
    connection.close()
    return bool(found)


def call(command: list[str], environment: dict[str, str], watch: Watch) -> None:
    """Run to its end; when it fails, it has said why."""
    # Of its own session: Ctrl-C is for us to answer, without the program's traceback.
    with subprocess.Popen(command, env=environment, cwd=ROOT, start_new_session=True) as running:
        remember(RECORD, [running.pid])
        try:
            while running.poll() is None:
                watch.look()
                with suppress(subprocess.TimeoutExpired):
                    running.wait(0.2)
        finally:
            running.kill()
    if running.returncode:
        raise Problem(f"{' '.join(command[1:])} failed: the lines above say why")


def serve(
    port: int, esia_port: int | None, environment: dict[str, str], watch: Watch, services: Services
) -> None:
    processes = Processes(commands(port, esia_port), environment, RECORD)
    announce = announce_once(port, esia_port, is_demo=holds_demo(environment["DATABASE_URL"]))

    def when_quiet() -> None:
        watch.look()
        services.look()
        announce()

    processes.run(when_quiet=when_quiet)


def commands(port: int, esia_port: int | None) -> dict[str, list[str]]:
    python = [sys.executable, "-m"]
    celery = [*python, "celery", "--app", "asurso", "--quiet"]
    return {
        "web": [
            *python, "gunicorn", "asurso.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "3",
            "--no-control-socket", "--log-level", "warning",
        ],
        # Two: letters and codes do not wait while logins are made for a whole school.
        "worker": [*celery, "worker", "--concurrency", "2", "--loglevel", "WARNING"],
        "beat": [*celery, "beat", "--schedule", str(VAR / "celerybeat"), "--loglevel", "WARNING"],
        **({"esia": esia.command(esia_port)} if esia_port else {}),
    }  # fmt: skip


def announce_once(port: int, esia_port: int | None, *, is_demo: bool) -> Callable[[], None]:
    """Print the addresses when all of them answer, not before: who reads them opens them at once."""
    ports = [each for each in (port, esia_port) if each]
    announced = False

    def announce() -> None:
        nonlocal announced
        if not announced and all(map(answers, ports)):
            announced = True
            say(f"\n  АСУ РСО: http://localhost:{port}\n")
            if esia_port:
                say(f"  Stand-in for Gosuslugi (ESIA): http://localhost:{esia_port}\n")
            if is_demo:
                say(f"  Logins: {', '.join(LOGINS)}\n  Password: {PASSWORD}")
            else:
                say("  Logins: issue them, as README.md says under “A school of your own”.")
            say(f"  Letters and SMS: http://localhost:{port}/outbox/\n  Ctrl-C ends it.\n")

    return announce


def answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.2)
        return probe.connect_ex(("127.0.0.1", port)) == 0


if __name__ == "__main__":
    with plainly():
        try:
            main()
        except Ended as ended:
            sys.exit(ended.exit_code)
