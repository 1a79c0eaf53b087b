"""PostgreSQL and Valkey start, survive what is done to them, and stop."""

import os
import pwd
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg2
import pytest

from local import postgres, server_user
from local.postgres import Postgres
from local.problem import Problem
from local.valkey import Valkey
from tests.local.conftest import open_directory


@pytest.fixture(scope="module")
def untouched() -> Iterator[Postgres]:
    """One server for the tests that only look at it."""
    with open_directory() as home:
        server = Postgres(home, durable=False)
        server.start()
        yield server
        server.stop()


@pytest.fixture
def cluster(home: Path) -> Iterator[Postgres]:
    server = Postgres(home)
    server.start()
    yield server
    server.stop()


def ask(server: Postgres, statement: str, role: str = postgres.OWNER) -> list[tuple[object, ...]]:
    connection = psycopg2.connect(server.url(role))
    with connection, connection.cursor() as cursor:
        cursor.execute(statement)
        rows = cursor.fetchall() if cursor.description else []
    connection.close()
    return rows


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_cyrillic_has_upper_case(untouched: Postgres) -> None:
    assert ask(untouched, "SELECT upper('ёж')") == [("ЁЖ",)]


def test_application_cannot_make_tables(untouched: Postgres) -> None:
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        ask(untouched, "CREATE TABLE a (b int)", postgres.APPLICATION)


def test_socket_is_closed_to_others(untouched: Postgres) -> None:
    assert untouched.socket.stat().st_mode & 0o077 == 0


def test_data_survives_a_hard_kill(cluster: Postgres) -> None:
    ask(cluster, "CREATE TABLE kept AS SELECT 7 AS number")
    assert cluster.process
    os.kill(cluster.process.pid, signal.SIGKILL)
    cluster.process.wait()
    again = Postgres(cluster.home)
    again.start()
    assert ask(again, "SELECT number FROM kept") == [(7,)]
    again.stop()


def test_orphan_is_taken_over_and_stopped(cluster: Postgres) -> None:
    later = Postgres(cluster.home)
    later.start()
    assert later.process is None
    later.stop()
    assert not cluster.is_running()


def test_cluster_of_another_version_is_refused(home: Path) -> None:
    server = Postgres(home, durable=False)
    server.data.mkdir()
    (server.data / "PG_VERSION").write_text("19\n")
    with pytest.raises(Problem, match="made by PostgreSQL 19 and this is 18"):
        server.start()


def test_interrupted_creation_is_begun_anew(home: Path) -> None:
    (home / "postgres.new").mkdir()
    (home / "postgres.new" / "PG_VERSION").write_text("18\n")
    server = Postgres(home, durable=False)
    server.start()
    assert server.is_running()
    server.stop()


def test_long_path_gets_a_short_socket(home: Path) -> None:
    long = home / ("a" * 60) / ("b" * 60)
    long.mkdir(parents=True)
    for directory in (long, long.parent):
        directory.chmod(0o711)
    server = Valkey(long)
    server.start()
    assert Valkey(long).is_running()
    server.stop()
    assert len(os.fsencode(server.socket)) < 100
    server.socket.parent.rmdir()


@pytest.mark.usefixtures("only_as_root")
def test_root_moves_what_the_server_cannot_reach(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "REACHABLE", home)
    monkeypatch.setattr(server_user, "can_reach", lambda user, path: False)
    server = Postgres(home / "closed", durable=False)
    server.start()
    assert not server.data.is_relative_to(home / "closed")
    assert server.installation.is_relative_to(home)
    assert pwd.getpwuid(server.data.stat().st_uid).pw_name != "root"
    server.stop()


def test_valkey_starts_again_after_a_hard_kill(home: Path) -> None:
    server = Valkey(home)
    server.start()
    assert server.process
    os.kill(server.process.pid, signal.SIGKILL)
    server.process.wait()
    again = Valkey(home)
    again.start()
    assert again.is_running()
    again.stop()
    assert not again.is_running()


def test_stopping_what_does_not_run_is_no_mistake(home: Path) -> None:
    Valkey(home).stop()
    Postgres(home).stop()
