"""Run several programs side by side and end them together, whatever ends first.

Written by hand rather than with honcho, which ignores the end of the terminal, keeps helper
processes in the terminal's group (they die first and leave their programs orphaned) and stumbles
over a signal that comes while it starts.
"""

import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, NoReturn

from local.problem import Problem

PATIENCE_SECONDS = 10.0
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
COLOURS = ("36", "33", "35", "32")


class Ended(KeyboardInterrupt):
    """Somebody wants us to end: Ctrl-C, a kill, or the end of the terminal."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number

    @property
    def exit_code(self) -> int:
        """Ctrl-C is how one ends it, and no failure."""
        return 0 if self.number == signal.SIGINT else 128 + self.number


def raise_when_ended() -> None:
    """From now on a signal that ends us raises Ended, once; more of them cannot disturb the end."""

    def end(number: int, _frame: object) -> None:
        _end(number)

    for number in ENDING:
        signal.signal(number, end)


def _end(number: int) -> NoReturn:
    for each in ENDING:
        signal.signal(each, signal.SIG_IGN)
    raise Ended(number)


class Watch:
    """Notices what no signal tells: the terminal is gone, or whoever started us was killed.

    The kernel tells a terminal's end to the first process of its session only. That may be make,
    which tells nobody.
    """

    def __init__(self) -> None:
        self.parent = os.getppid()
        self.terminals = [number for number in (0, 1, 2) if os.isatty(number)]

    def look(self) -> None:
        """Raise Ended when nobody is left to run for."""
        if os.getppid() != self.parent or not all(map(os.isatty, self.terminals)):
            _end(signal.SIGHUP)


class Processes:
    """The programs by name. `record` remembers them, for the start after a hard kill."""

    def __init__(
        self, commands: Mapping[str, list[str]], environment: Mapping[str, str], record: Path
    ) -> None:
        self.commands = commands
        self.environment = dict(environment)
        self.record = record
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.output = Output(commands)

    def run(self, *, when_quiet: Callable[[], None]) -> None:
        """Start all and relay their lines until one ends, which is a Problem, or Ended is raised.

        `when_quiet` is called several times a second.
        """
        try:
            for name, command in self.commands.items():
                self._start(name, command)
            while not (gone := self._gone()):
                self.output.relay(0.2)
                when_quiet()
            raise Problem(f"{gone} ended unexpectedly: the lines above say why")
        finally:
            self._stop()

    def _start(self, name: str, command: list[str]) -> None:
        process = subprocess.Popen(
            command,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            # Of its own session: the terminal's signals come to us, and we end it in order.
            start_new_session=True,
        )
        self.running[name] = process
        self.output.follow(name, process)
        remember(self.record, [each.pid for each in self.running.values()])

    def _gone(self) -> str | None:
        return next((name for name, process in self.running.items() if process.poll() is not None), None)

    def _stop(self) -> None:
        for process in self.running.values():
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline and any(each.poll() is None for each in self.running.values()):
            self.output.relay(0.1)
        for process in self.running.values():
            kill_group(process.pid)  # what a program killed hard left of its own children, too
            process.wait()
        self.output.relay(0)
        self.record.unlink(missing_ok=True)


class Output:
    """The programs' lines, each with its program's name in front."""

    def __init__(self, names: Iterable[str]) -> None:
        self.selector = selectors.DefaultSelector()
        width = max(map(len, names), default=0)
        colours = COLOURS if sys.stdout.isatty() else ()
        self.prefixes = {
            name: f"\x1b[{colours[place % len(colours)]}m{name:{width}} |\x1b[0m "
            if colours
            else f"{name:{width}} | "
            for place, name in enumerate(names)
        }

    def follow(self, name: str, process: "subprocess.Popen[bytes]") -> None:
        if process.stdout:
            os.set_blocking(process.stdout.fileno(), False)
            self.selector.register(process.stdout, selectors.EVENT_READ, (name, bytearray()))

    def relay(self, seconds: float) -> None:
        """Show what was said, waiting for it at most so long."""
        if not self.selector.get_map():
            time.sleep(seconds)
            return
        for key, _events in self.selector.select(seconds):
            name, rest = key.data
            said = os.read(key.fd, 65536)
            if not said:
                self.selector.unregister(key.fileobj)
            rest += said
            *lines, unfinished = rest.split(b"\n")
            rest[:] = unfinished
            for line in lines:
                say(self.prefixes[name] + line.decode(errors="replace"))


def say(text: str, to: IO[str] | None = None) -> None:
    """Print, unless nobody listens any more: a closed terminal must not hinder the end."""
    try:
        print(text, file=to or sys.stdout, flush=True)
    except OSError:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - for as long as we live


def remember(record: Path, pids: list[int]) -> None:
    """Write down the processes, each with the moment it began: numbers alone are used again."""
    record.write_text(json.dumps([[pid, began(pid)] for pid in pids]))


def end_leftovers(record: Path) -> int:
    """End the programs of a run that was killed too hard to do so itself; gives their number."""
    try:
        remembered = json.loads(record.read_text())
    except (OSError, ValueError):
        return 0
    left = [pid for pid, moment in remembered if moment and began(pid) == moment]
    for pid in left:
        os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and any(began(pid) for pid in left):
        time.sleep(0.1)
    for pid in left:
        kill_group(pid)
    record.unlink(missing_ok=True)
    return len(left)


def began(pid: int) -> str | None:
    """When a process began, in whatever words the system has for it; None when it is no more."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        if Path("/proc/self").exists():
            return None
        asked = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True)
        return asked.stdout.strip() or None
    state, *fields = status.rpartition(")")[2].split()
    return None if state == "Z" else fields[18]


def kill_group(leader: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)
