"""How far the loading has come: a bar on a terminal, plain lines in a log."""

import sys
import time
from typing import TextIO

WIDTH = 30


class Progress:
    """`total` is in any unit; `advance` says what is done next."""

    def __init__(self, total: int, stream: TextIO | None = None) -> None:
        self.stream = stream or sys.stderr
        self.total, self.done = total, 0
        self.began = time.monotonic()
        self.is_terminal = self.stream.isatty()

    def begin(self, what: str) -> None:
        share = self.done / self.total
        if self.is_terminal:
            bar = "█" * round(share * WIDTH)
            self._write(f"\r\033[K{bar:░<{WIDTH}} {share:4.0%} {what}")
        else:
            self._write(f"{share:4.0%} {what}\n")

    def advance(self, by: int = 1) -> None:
        self.done = min(self.total, self.done + by)

    def finish(self) -> float:
        """Seconds since the beginning."""
        if self.is_terminal:
            self._write("\r\033[K")
        return time.monotonic() - self.began

    def _write(self, text: str) -> None:
        self.stream.write(text)
        self.stream.flush()


class Silent(Progress):
    """For tests and for callers that do not want to be told."""

    def __init__(self) -> None:
        super().__init__(1)

    def _write(self, text: str) -> None:
        pass
