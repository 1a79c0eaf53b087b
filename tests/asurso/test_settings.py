"""Production is the default and says what it misses."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection, transaction

from asurso.esia import issuer_of, origin_of
from asurso.starting import plainly
from local import esia

ROOT = Path(__file__).parents[2]
PRODUCTION = {
    "PATH": os.environ["PATH"],
    "SECRET_KEY": "a-long-and-random-secret-of-production-0123456789-0123456789",
    "ENCRYPTION_KEYS": "bmV3LWtleS1uZXcta2V5LW5ldy1rZXktbmV3LWtleS0=",
    "HASH_KEYS": "another-secret-of-production-0123456789",
    "HISTORY_SEAL_KEYS": "a-third-secret-of-production-0123456789",
    "ALLOWED_HOSTS": "school.example",
    "DATABASE_URL": "postgres://asurso@nowhere.invalid/asurso",
    "DATABASE_OWNER_URL": "postgres://asurso_owner@nowhere.invalid/asurso",
    "REDIS_URL": "redis://nowhere.invalid:6379/0",
    "EMAIL_URL": "smtp+tls://portal:secret@nowhere.invalid:587",
    "DEFAULT_FROM_EMAIL": "portal@school.example",
    "SMS_URL": "https://nowhere.invalid/send",
    "SMS_TOKEN": "a-token",
    "PRIVATE_FILES_ROOT": "/srv/files",
}


def start(**environment: str) -> subprocess.CompletedProcess[str]:
    """`manage.py check --deploy` as production would run it; no database is asked."""
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    return subprocess.run(command, cwd=ROOT, env=PRODUCTION | environment, capture_output=True, text=True)


def test_a_complete_production_passes_the_deployment_check() -> None:
    done = start()
    assert done.returncode == 0, done.stderr


REQUIRED = [
    *("SECRET_KEY", "ENCRYPTION_KEYS", "HASH_KEYS", "HISTORY_SEAL_KEYS", "ALLOWED_HOSTS"),
    *("EMAIL_URL", "DEFAULT_FROM_EMAIL", "SMS_URL", "PRIVATE_FILES_ROOT"),
]


@pytest.mark.parametrize("name", REQUIRED)
def test_what_is_missing_is_named(name: str) -> None:
    done = start(**{name: ""})
    assert done.returncode != 0
    assert f"Set {name}" in done.stderr


PROGRAMS = {
    "a command": ["manage.py", "import_school", "a.xlsx"],
    "the development server": ["manage.py", "runserver", "--noreload"],
    "its reloader": ["manage.py", "runserver"],
    "gunicorn": ["-c", "import asurso.wsgi"],
    "the worker": ["-m", "celery", "--app", "asurso", "worker"],
}


@pytest.mark.parametrize("program", PROGRAMS)
def test_what_is_missing_is_told_in_one_line_and_ends_every_program(program: str) -> None:
    environment = PRODUCTION | {"SECRET_KEY": ""}
    command = [sys.executable, *PROGRAMS[program]]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == (3 if program == "gunicorn" else 1)
    assert done.stderr.startswith("asurso: Set SECRET_KEY")
    assert done.stderr.count("\n") == 1


def test_a_database_that_does_not_answer_is_told_in_one_line() -> None:
    command = [sys.executable, "manage.py", "load_region"]
    done = subprocess.run(command, cwd=ROOT, env=PRODUCTION, capture_output=True, text=True, timeout=60)
    assert done.stderr.startswith("asurso: The database of DATABASE_URL does not answer")
    assert done.stderr.count("\n") == 1


@pytest.mark.django_db
def test_a_database_that_is_not_migrated_is_told_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit), plainly(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT FROM a_table_of_tomorrow")
    assert "run manage.py upgrade" in capsys.readouterr().err


DEVELOPMENT_KEYS = {
    "SECRET_KEY": "development-only-not-a-secret",
    "HASH_KEYS": "development-only-not-a-secret",
    "HISTORY_SEAL_KEYS": "development-only-not-a-secret",
    "ENCRYPTION_KEYS": "ZGV2ZWxvcG1lbnQtb25seS1ub3QtYS1zZWNyZXQhISE=",
}


@pytest.mark.parametrize("name", DEVELOPMENT_KEYS)
def test_the_keys_of_development_are_refused(name: str) -> None:
    assert f"Set {name}: see" in start(**{name: DEVELOPMENT_KEYS[name]}).stderr


@pytest.mark.parametrize("name", ["HASH_KEYS", "ENCRYPTION_KEYS"])
def test_they_are_refused_among_others_too(name: str) -> None:
    keys = f"{PRODUCTION[name]}, {DEVELOPMENT_KEYS[name]}"
    assert f"Set {name}: see" in start(**{name: keys}).stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "a"),
        ("SECRET_KEY", "a" * 31),
        ("HASH_KEYS", "a"),
        ("HASH_KEYS", PRODUCTION["HASH_KEYS"] + ",a"),
    ],
)
def test_a_short_secret_is_refused(name: str, value: str) -> None:
    assert f"Set {name}: at least 32 random characters" in start(**{name: value}).stderr


@pytest.mark.parametrize("hosts", ["*", "school.example, *"])
def test_a_portal_for_any_host_is_refused(hosts: str) -> None:
    assert "Set ALLOWED_HOSTS: the portal's own host names" in start(ALLOWED_HOSTS=hosts).stderr


def test_the_relaxed_door_of_the_demo_is_refused() -> None:
    assert "ADMIT_DEMO_LOGINS is for development only" in start(ADMIT_DEMO_LOGINS="1").stderr


def test_staff_are_not_let_in_by_a_login_alone() -> None:
    assert "staff need more" in start(SCHOOL_LOGIN_OPENS="guardian,staff").stderr


def test_debug_is_refused() -> None:
    assert "DEBUG is for development only" in start(DEBUG="1").stderr


@pytest.mark.parametrize("keys", ["build", "bmV3LWtleS1uZXcta2V5LW5ldy1rZXktbmV3LWtleS0=, short"])
def test_a_broken_key_is_found_at_the_start(keys: str) -> None:
    assert "Set ENCRYPTION_KEYS" in start(ENCRYPTION_KEYS=keys).stderr


@pytest.mark.parametrize(
    "url", ["http://localhost:8001", "http://esia.gosuslugi.ru", "https://gosuslugi.ru.evil.example"]
)
def test_a_stand_in_for_esia_is_refused(url: str) -> None:
    assert "Set ESIA_URL" in start(ESIA_URL=url).stderr


@pytest.mark.parametrize("name", ["ESIA_CLIENT_CERTIFICATE", "ESIA_TOKEN_CERTIFICATES"])
def test_the_certificates_of_development_are_refused(name: str, tmp_path: Path) -> None:
    esia.make_key(tmp_path / "made")
    said = start(ESIA_URL="https://esia.gosuslugi.ru", **{name: str(tmp_path / "made.crt")}).stderr
    assert "made.crt is a certificate of development" in said


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "Set ESIA_CLIENT_ID"),
        ({"ESIA_CLIENT_ID": "S"}, "Set ESIA_CLIENT_KEY"),
        ({"ESIA_PROTOCOL": "v3"}, "Set ESIA_PROTOCOL"),
        ({"ESIA_TOKEN_ALGORITHMS": "RS256,none"}, "Set ESIA_TOKEN_ALGORITHMS"),
        ({"ESIA_TOKEN_ALGORITHMS": "HS256"}, "Set ESIA_TOKEN_ALGORITHMS"),
    ],
)
def test_an_esia_that_is_switched_on_needs_all_of_it(changes: dict[str, str], said: str) -> None:
    assert said in start(ESIA_URL="https://esia.gosuslugi.ru", **changes).stderr


def test_a_form_may_lead_to_esia_and_nowhere_else() -> None:
    assert origin_of("https://esia.gosuslugi.ru") == ["https://esia.gosuslugi.ru"]
    assert origin_of("") == []
    assert issuer_of("https://esia.gosuslugi.ru") == "http://esia.gosuslugi.ru/"
