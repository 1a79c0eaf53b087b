"""docker-compose.yml: valid by the specification, and no more power than needed."""

import re
import subprocess
import sys
from typing import Any

import pytest
import yaml

from local.places import ROOT

COMPOSE = ROOT / "docker-compose.yml"
EXAMPLE = ROOT / "deploy" / "env.example"


@pytest.fixture
def services() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(COMPOSE.read_text())["services"]
    return found


def test_file_follows_the_compose_specification() -> None:
    command = [
        sys.executable,
        "-m",
        "check_jsonschema",
        "--builtin-schema",
        "vendor.compose-spec",
        str(COMPOSE),
    ]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_only_the_upgrade_knows_the_owner_of_the_tables(services: dict[str, Any]) -> None:
    knowing = {name for name, service in services.items() if "OWNER_PASSWORD" in str(service)}
    assert knowing == {"postgres", "upgrade"}


def test_application_starts_after_the_upgrade(services: dict[str, Any]) -> None:
    for name in ("web", "worker", "beat"):
        assert services[name]["depends_on"]["upgrade"] == {"condition": "service_completed_successfully"}


def test_web_server_is_not_open_to_the_network(services: dict[str, Any]) -> None:
    assert all(port.startswith("127.0.0.1:") for port in services["web"]["ports"])
    assert not any("ports" in service for name, service in services.items() if name != "web")


def test_every_variable_is_in_the_example() -> None:
    used = set(re.findall(r"(?<!\$)\$\{(\w+)", COMPOSE.read_text()))
    assert used == set(re.findall(r"^(\w+)=", EXAMPLE.read_text(), re.MULTILINE))


def test_example_holds_no_secret() -> None:
    filled = dict(re.findall(r"^(\w+)=(.+)$", EXAMPLE.read_text(), re.MULTILINE))
    assert set(filled) == {"TIME_ZONE", "PORT"}
