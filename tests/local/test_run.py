"""What `make run` says once the portal answers."""

import socket
import subprocess
import sys

import pytest

from local.run import QUIET, announce_once

ROOT_WORKER = """
import os, celery.platforms
os.getuid = os.geteuid = lambda: 0
celery.platforms.check_privileges({"json"})
"""


@pytest.mark.parametrize("is_demo", [True, False])
def test_the_demos_logins_are_told_only_where_they_exist(
    is_demo: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        announce_once(server.getsockname()[1], None, is_demo=is_demo)()
    said = capsys.readouterr().out
    assert "http://localhost:" in said
    assert ("schooladmin" in said) == ("demo-asurso" in said) == is_demo


@pytest.mark.parametrize(("environment", "is_quiet"), [({}, False), (QUIET, True)])
def test_the_worker_of_root_starts_without_a_word(environment: dict[str, str], is_quiet: bool) -> None:
    command = [sys.executable, "-c", ROOT_WORKER]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 0
    assert (done.stderr == "") == is_quiet
