"""The stand-in never starts in production, and says what it misses."""

import os
import subprocess
import sys

import pytest

from local.places import ROOT
from tests.esia_mock.conftest import Mock


def start(environment: dict[str, str]) -> str:
    """What is said while the server's application is made."""
    command = [sys.executable, "-c", "import esia_mock.wsgi"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert (done.returncode == 0) == (not done.stderr)
    return done.stderr


def test_it_starts_in_development(mock: Mock) -> None:
    assert start(mock.environment) == ""


@pytest.mark.parametrize("value", ["", "0", "no"])
def test_production_is_refused(mock: Mock, value: str) -> None:
    said = start({**mock.environment, "ASURSO_DEVELOPMENT": value})
    assert "ImproperlyConfigured: esia_mock lets anybody in" in said


@pytest.mark.parametrize("name", ["ESIA_URL", "ESIA_MOCK_KEY", "ESIA_MOCK_CLIENTS", "REDIS_URL"])
def test_what_is_missing_is_named(mock: Mock, name: str) -> None:
    assert f"Set {name}" in start({**mock.environment, name: ""})


def test_keys_are_for_their_owner_only(mock: Mock) -> None:
    for name in ("client.key", "token.key"):
        assert (mock.home / name).stat().st_mode & 0o077 == 0
        assert os.path.exists(mock.home / name.replace(".key", ".crt"))
