"""Kill the web server and PostgreSQL in the middle of a stream of saves, and count what is left.

`.venv/bin/python -m tests.faults.kill_during_saves --kills 6`

Several teachers' browsers send entries of the grid over HTTP to a real gunicorn, each in order, each until
it is acknowledged, under its key (docs/journal-entries.md). Meanwhile the web server and PostgreSQL, which
are this script's own, get `kill -9` in turn and are started again. In the end the journal must hold exactly
what was acknowledged: nothing lost, nothing applied twice. Ends with 1 when it does not.
"""

import argparse
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from local.places import ROOT
from local.problem import Problem, plainly
from local.services import Services

WRITERS, STUDENTS = 4, 24  # each writer has columns of its own
MOST_MARKS = 3  # in a cell, before it is emptied
PATIENCE_SECONDS = 120.0
READY_SECONDS = 60.0


# --- The servers -----------------------------------------------------------------------------------


@contextmanager
def own_services() -> Iterator[Services]:
    """PostgreSQL that writes through to the disk, and Valkey, in a directory of their own."""
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "CELERY_BROKER_URL"):
        os.environ.pop(name, None)
    home = Path(tempfile.mkdtemp(prefix="asurso-faults-"))
    home.chmod(0o711)  # PostgreSQL's own user passes through when we are root
    services = Services(home)
    try:
        services.start()
        os.environ.update(services.environment())
        yield services
    finally:
        services.stop()
        shutil.rmtree(home, ignore_errors=True)


class Web:
    """gunicorn as `make run` starts it, on a port of its own."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "gunicorn", "asurso.wsgi", "--bind", f"127.0.0.1:{self.port}"]
        command += ["--workers", "2", "--no-control-socket", "--log-level", "critical"]
        # What it says of a database that is gone is expected, and long.
        self.process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL, start_new_session=True)
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            with suppress(OSError, http.client.HTTPException):
                if self.ask("GET", "/healthz").status == 200:
                    return
            time.sleep(0.1)
        raise RuntimeError("The web server does not start.")

    def kill(self) -> None:
        """All of it at once: master and workers."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def ask(self, method: str, address: str, body: str = "", **headers: str) -> "Reply":
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, address, body.encode(), headers)
            response = connection.getresponse()
            return Reply(response.status, response.read(), response.headers.get_all("Set-Cookie") or [])
        finally:
            connection.close()


@dataclass
class Reply:
    status: int
    body: bytes
    cookies: list[str]


# --- The writers -----------------------------------------------------------------------------------


@dataclass
class Journal:
    """The made course: its page, its lessons and students, and a session of its teacher."""

    address: str
    person: int
    lessons: list[int]
    students: list[int]
    session: str
    csrf: str = ""
    cookie: str = ""

    def open(self, web: Web) -> None:
        """As a browser does: the page brings the token."""
        reply = web.ask("GET", self.address, Cookie=f"sessionid={self.session}")
        assert reply.status == 200, f"{self.address} answered {reply.status}"
        self.csrf = reply.body.decode().split('data-csrf="')[1].split('"')[0]
        token = next(cookie for cookie in reply.cookies if cookie.startswith("csrftoken="))
        self.cookie = f"sessionid={self.session}; {token.split(';')[0]}"


@dataclass
class Cell:
    lesson: int
    student: int
    token: str = ""
    marks: list[dict[str, Any]] = field(default_factory=list)


class Writer(threading.Thread):
    """A browser with its queue: one entry at a time, again and again until it is acknowledged."""

    def __init__(self, web: Web, journal: Journal, number: int, ended: threading.Event) -> None:
        super().__init__(name=f"writer {number}")
        self.web, self.journal, self.ended, self.random = web, journal, ended, Random(number)
        mine = journal.lessons[number::WRITERS]
        self.cells = [Cell(lesson, student) for lesson in mine for student in journal.students]
        self.given: list[str] = []  # comments of acknowledged new marks, each once
        self.acknowledged: list[str] = []
        self.sent_again = 0
        self.trouble = ""

    def run(self) -> None:
        try:
            while not self.ended.is_set():
                self._turn(self.random.choice(self.cells))
        except Exception as error:  # noqa: BLE001 - told in the end by the main thread
            self.trouble = repr(error)

    def _turn(self, cell: Cell) -> None:
        """Another mark into the cell, or, when it is full, none at all."""
        key = str(uuid.uuid4())
        given = [{"id": None, "value": self.random.choice("2345"), "kind": None, "comment": key}]
        wanted = [] if len(cell.marks) >= MOST_MARKS else [*cell.marks, *given]
        entry = {"key": key, "person": self.journal.person, "lesson": cell.lesson, "student": cell.student}
        entry |= {"shown": cell.token, "marks": wanted, "absence": {"code": ""}, "point": None}
        answer = self._send(json.dumps(entry))
        self.acknowledged.append(key)
        if wanted:
            self.given.append(key)
        cell.token = answer["cell"]["token"]
        cell.marks = [
            {name: mark[name] for name in ("id", "value", "kind", "comment")}
            for mark in answer["cell"]["marks"]
        ]

    def _send(self, body: str) -> dict[str, Any]:
        deadline = time.monotonic() + PATIENCE_SECONDS
        headers = {"Cookie": self.journal.cookie, "X-CSRFToken": self.journal.csrf}
        while time.monotonic() < deadline:
            with suppress(OSError, http.client.HTTPException):
                reply = self.web.ask("POST", f"{self.journal.address}entries/", body, **headers)
                if reply.status == 200:
                    answer: dict[str, Any] = json.loads(reply.body)
                    return answer
                if reply.status < 500:
                    raise RuntimeError(f"{reply.status}: {reply.body.decode()[:300]}")
            self.sent_again += 1
            time.sleep(0.2)
        raise RuntimeError("No answer for two minutes.")


# --- The data --------------------------------------------------------------------------------------


def make_journal() -> Journal:
    """A school of one class, whose teacher is signed in."""
    import datetime  # noqa: PLC0415

    from django.test import Client  # noqa: PLC0415 - after the set-up
    from django.utils import timezone  # noqa: PLC0415

    from schools.doors import Door, Proof  # noqa: PLC0415
    from schools.models import AcademicYear  # noqa: PLC0415
    from tests import factories as make  # noqa: PLC0415

    today = timezone.localdate()
    year, since = AcademicYear.of(today), today - datetime.timedelta(days=40)
    school_class = make.SchoolClassFactory(year=year)
    school = school_class.organisation
    teacher = make.PersonFactory(account=make.UserFactory())
    make.EmploymentFactory(person=teacher, organisation=school, since=since)
    course = make.CourseFactory(school_class=school_class)
    make.AssignmentFactory(course=course, teacher=teacher, since=since)
    term = make.TermFactory(organisation=school, year=year, since=since, until=today + datetime.timedelta(1))
    enrolments = make.EnrolmentFactory.create_batch(STUDENTS, school_class=school_class, since=since)
    lessons = [
        make.LessonFactory(course=course, term=term, planned_teacher=teacher, date=today - day)
        for day in map(datetime.timedelta, range(2 * WRITERS))
    ]
    client = Client()
    client.force_login(teacher.account, backend="accounts.backends.PersonBackend")
    session = client.session
    Proof(Door.DEMO).keep_in(session)
    session.save()
    return Journal(
        address=f"/journals/{course.pk}/",
        person=teacher.pk,
        lessons=[lesson.pk for lesson in lessons],
        students=[enrolment.student_id for enrolment in enrolments],
        session=str(session.session_key),
    )


def differences(writers: list[Writer]) -> list[str]:
    """What the database holds otherwise than it was acknowledged."""
    from django.db import connection  # noqa: PLC0415

    connection.close()  # it was cut off
    return [*_lost_answers(writers), *_wrong_cells(writers), *_wrong_history(writers)]


def _lost_answers(writers: list[Writer]) -> Iterator[str]:
    from diary.models import SavedEntry  # noqa: PLC0415

    kept = {str(key) for key in SavedEntry.objects.values_list("key", flat=True)}
    sent = {key for writer in writers for key in writer.acknowledged}
    yield from (f"acknowledged and not kept: {key}" for key in sent - kept)
    yield from (f"kept and not acknowledged: {key}" for key in kept - sent)


def _wrong_cells(writers: list[Writer]) -> Iterator[str]:
    from diary.models import Mark  # noqa: PLC0415

    stored: dict[tuple[int, int], list[tuple[int, str, str]]] = {}
    marks: Any = Mark.objects.values_list("work__lesson", "student", "pk", "value__text", "comment")
    for lesson, student, pk, text, comment in marks:
        stored.setdefault((lesson, student), []).append((pk, text, comment))
    for writer in writers:
        for cell in writer.cells:
            acknowledged = [(mark["id"], mark["value"], mark["comment"]) for mark in cell.marks]
            found = stored.get((cell.lesson, cell.student), [])
            if sorted(found) != sorted(acknowledged):
                yield f"cell {cell.lesson}/{cell.student}: {acknowledged} was acknowledged, {found} is stored"


def _wrong_history(writers: list[Writer]) -> Iterator[str]:
    """Each acknowledged new mark was put exactly once, whatever became of it later."""
    from collections import Counter  # noqa: PLC0415

    from django.apps import apps  # noqa: PLC0415

    events = apps.get_model("diary", "MarkEvent").objects.filter(pgh_label="insert")
    put = Counter(events.values_list("comment", flat=True))
    given = Counter(key for writer in writers for key in writer.given)
    yield from (f"{key}: put {put[key]} times" for key in put | given if put[key] != given[key])


# --- The run ---------------------------------------------------------------------------------------


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=6, help="of the web server and of PostgreSQL in turn")
    kills = parser.parse_args().kills
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "asurso.settings")
    with own_services() as services:
        subprocess.run([sys.executable, "manage.py", "upgrade", "--verbosity", "0"], cwd=ROOT, check=True)
        import django  # noqa: PLC0415 - its settings want the servers' addresses

        django.setup()
        journal = make_journal()
        web = Web()
        try:
            writers = write_through(kills, web, services, journal)
        finally:
            web.kill()
        return report(writers, differences(writers), kills)


def write_through(kills: int, web: Web, services: Services, journal: Journal) -> list[Writer]:
    journal.open(web)
    ended, random = threading.Event(), Random(1)
    writers = [Writer(web, journal, number, ended) for number in range(WRITERS)]
    for writer in writers:
        writer.start()
    for number in range(kills):
        time.sleep(random.uniform(1.0, 2.5))
        if number % 2 == 0:
            web.kill()
            web.start()
        else:
            kill_postgres(services)
    time.sleep(1.0)
    ended.set()
    for writer in writers:
        writer.join()
    return writers


def kill_postgres(services: Services) -> None:
    """The postmaster; its children notice and go, and until they have, no other one starts."""
    postgres = services.postgres
    assert postgres is not None
    assert postgres.process is not None
    postgres.process.kill()
    postgres.process.wait()
    deadline = time.monotonic() + READY_SECONDS
    while True:
        postgres.process = None
        time.sleep(1.0)
        try:
            postgres.start()
        except Problem:
            if time.monotonic() > deadline:
                raise
        else:
            return


def report(writers: list[Writer], differences: list[str], kills: int) -> int:
    trouble = [f"{writer.name}: {writer.trouble}" for writer in writers if writer.trouble]
    acknowledged = sum(len(writer.acknowledged) for writer in writers)
    again = sum(writer.sent_again for writer in writers)
    print(f"{kills} kills, {acknowledged} entries acknowledged, sent again {again} times")
    for line in (*trouble, *differences[:20]):
        print(f"  {line}")
    if trouble or differences:
        print(f"FAILED: {len(differences)} differences.")
        return 1
    print("Nothing acknowledged was lost, nothing was applied twice.")
    return 0


if __name__ == "__main__":
    with plainly():
        sys.exit(main())
