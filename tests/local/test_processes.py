"""Programs that run side by side end together."""

import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from local import lock
from local.lock import exclusive
from local.problem import Problem
from local.processes import Ended, Processes, began, end_leftovers, remember
from local.run import refuse_used_port

SLEEP = ["sleep", "60"]
HOLD = """
import pathlib, sys, time
from local.lock import exclusive
with exclusive(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""
WATCH = """
import time
from local.processes import Ended, Watch
watch = Watch()
watch.look()
print("watching", flush=True)
try:
    while True:
        watch.look()
        time.sleep(0.05)
except Ended:
    pass
"""
LISTEN = """
import socket, time
listening = socket.create_server(("127.0.0.1", 0))
print(listening.getsockname()[1], flush=True)
time.sleep(60)
"""


def quiet() -> None:
    pass


def test_when_one_ends_all_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    programs = Processes({"long": SLEEP, "short": ["echo", "words"]}, os.environ, tmp_path / "record")
    with pytest.raises(Problem, match="short ended unexpectedly"):
        programs.run(when_quiet=quiet)
    assert "short | words" in capsys.readouterr().out
    assert programs.running["long"].returncode == -signal.SIGTERM
    assert not (tmp_path / "record").exists()


def test_the_end_of_the_run_ends_all(tmp_path: Path) -> None:
    def end() -> None:
        raise Ended(signal.SIGHUP)

    programs = Processes({"one": SLEEP, "two": SLEEP}, os.environ, tmp_path / "record")
    with pytest.raises(Ended):
        programs.run(when_quiet=end)
    assert all(process.returncode is not None for process in programs.running.values())


def test_a_stubborn_child_of_a_child_ends_too(tmp_path: Path) -> None:
    stubborn = tmp_path / "stubborn"
    script = f"sleep 60 & echo $! > {stubborn}; echo ready"
    programs = Processes({"one": ["sh", "-c", script]}, os.environ, tmp_path / "record")
    with pytest.raises(Problem):
        programs.run(when_quiet=quiet)
    assert gone(int(stubborn.read_text()))


def gone(pid: int, seconds: float = 10) -> bool:
    """Whether a process ends: on a busy machine the signal takes a moment."""
    deadline = time.monotonic() + seconds
    while began(pid) is not None and time.monotonic() < deadline:
        time.sleep(0.05)
    return began(pid) is None


def test_leftovers_of_a_killed_run_are_ended(tmp_path: Path) -> None:
    left = subprocess.Popen(SLEEP, start_new_session=True)
    remember(tmp_path / "record", [left.pid])
    assert end_leftovers(tmp_path / "record") == 1
    assert left.wait(5) == -signal.SIGTERM
    assert end_leftovers(tmp_path / "record") == 0


def test_a_stranger_with_a_remembered_number_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "record").write_text(f'[[{os.getpid()}, "before the flood"]]')
    assert end_leftovers(tmp_path / "record") == 0


def test_half_written_record_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "record").write_text("[[12")
    assert end_leftovers(tmp_path / "record") == 0


def test_lock_is_refused_while_held_and_free_after_a_hard_kill(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "PATIENCE_SECONDS", 0.1)
    holder = subprocess.Popen([sys.executable, "-c", HOLD, tmp_path / "lock"], stdout=subprocess.PIPE)
    assert holder.stdout
    assert holder.stdout.readline() == b"held\n"
    with pytest.raises(Problem, match="already"), exclusive(tmp_path / "lock", busy="already"):
        pass
    holder.kill()
    holder.communicate()
    with exclusive(tmp_path / "lock", busy="already"):
        pass


def test_closed_terminal_is_noticed() -> None:
    inside, outside = pty.openpty()
    held = subprocess.Popen([sys.executable, "-c", WATCH], stdin=outside, stdout=subprocess.PIPE)
    os.close(outside)
    assert held.stdout
    assert held.stdout.readline() == b"watching\n"
    os.close(inside)
    assert held.wait(10) == 0


def test_used_port_is_refused() -> None:
    server = subprocess.Popen([sys.executable, "-c", LISTEN], stdout=subprocess.PIPE)
    assert server.stdout
    with pytest.raises(Problem, match="choose another"):
        refuse_used_port("PORT", int(server.stdout.readline()))
    server.kill()
    server.communicate()
