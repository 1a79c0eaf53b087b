"""A line for every step that may take more than a moment: what it does and for how long already."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

QUIET_SECONDS = 2.0
LOG_EVERY_SECONDS = 10.0


@contextmanager
def step(what: str) -> Iterator[None]:
    """Show `what` with its elapsed seconds once it lasts over two seconds; a quick step says nothing.

    On a terminal the line is redrawn; in a log a new one comes every ten seconds.
    """
    finished = threading.Event()
    ticker = threading.Thread(target=_tick, args=(what, finished), daemon=True)
    ticker.start()
    try:
        yield
    finally:
        finished.set()
        ticker.join()


def _tick(what: str, finished: threading.Event) -> None:
    terminal = sys.stderr.isatty()
    started = time.monotonic()
    pause, shown = QUIET_SECONDS, False
    while not finished.wait(pause):
        shown = True
        elapsed = int(time.monotonic() - started)
        _show(f"\r{what} … {elapsed} s" if terminal else f"{what} … {elapsed} s\n")
        pause = 0.5 if terminal else LOG_EVERY_SECONDS
    if shown:
        elapsed = int(time.monotonic() - started)
        _show(f"\r{what}: {elapsed} s\n" if terminal else f"{what}: {elapsed} s\n")


def _show(text: str) -> None:
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except OSError:  # the terminal is gone; the work goes on to its end
        pass
