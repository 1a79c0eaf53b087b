"""The stand-in for ESIA as a process that knows the portal of a test, and files of its people."""

import datetime
import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.utils import timezone

from esia_mock.cast import built_in
from local import esia
from local.places import ROOT
from schools.models import Organisation, Person
from tests import factories as make
from tests.esia_mock.conftest import Mock, free_port, wait_until_it_answers


@contextmanager
def stand_in(home: Path, portal: str) -> Iterator[Mock]:
    """`portal`: the origin that the browser comes back to."""
    port = free_port()
    environment = esia.environment(home, port=port, portal_port=1)
    system = json.loads(environment["ESIA_MOCK_CLIENTS"])[0]
    system |= {"redirect_uris": [f"{portal}{esia.CALLBACK}"], "post_logout_urls": [f"{portal}/"]}
    everything = {**os.environ, "ASURSO_DEVELOPMENT": "1", **environment}
    everything |= {"ESIA_MOCK_CLIENTS": json.dumps([system])}
    process = subprocess.Popen(esia.command(port), cwd=ROOT, env=everything)
    running = Mock(environment["ESIA_URL"], home, environment, process)
    try:
        wait_until_it_answers(running)
        yield running
    finally:
        process.terminate()
        process.wait(10)


def point_at(mock: Mock, settings: Any) -> None:
    for name in ("URL", "ISSUER", "CLIENT_ID", "CLIENT_KEY", "CLIENT_CERTIFICATE"):
        setattr(settings, f"ESIA_{name}", mock.environment[f"ESIA_{name}"])
    settings.ESIA_TOKEN_CERTIFICATES = [mock.environment["ESIA_TOKEN_CERTIFICATES"]]


def files(school: Organisation, password_hash: str) -> dict[str, Person]:
    """Files of some of the stand-in's people, with accounts; the stranger has none. The clock is the
    true one, which the stand-in's is too."""
    today = timezone.localdate()
    rows = built_in(today)
    found = {key: _file(rows[key], password_hash) for key in ("parent", "student", "teacher", "cancelled")}
    since = today - datetime.timedelta(days=30)
    school_class = make.SchoolClassFactory(organisation=school)
    make.EnrolmentFactory(student=found["student"], school_class=school_class, since=since)
    make.GuardianshipFactory(guardian=found["parent"], child=found["student"], since=since)
    make.EmploymentFactory(person=found["teacher"], organisation=school, since=since)
    return found


def _file(row: dict[str, Any], password_hash: str) -> Person:
    fields = {name: row[name] for name in ("surname", "first_name", "patronymic", "birth_date", "snils")}
    found: Person = make.PersonFactory(**fields, account=make.UserFactory(password=password_hash))
    return found
