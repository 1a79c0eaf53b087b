"""One at a time: a lock file that the kernel frees when its holder dies, however hard."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local.places import make_directory
from local.problem import Problem

PATIENCE_SECONDS = 5.0


@contextmanager
def exclusive(path: Path, *, busy: str | None = None) -> Iterator[None]:
    """Hold the lock; wait for it, or with `busy` refuse with that message.

    Some seconds are waited in any case: the holder may just be ending.
    """
    make_directory(path.parent)
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except PermissionError as error:
        raise Problem(f"{path} belongs to another user: run as that user") from error
    try:
        if busy is None:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        elif not _taken_in_time(descriptor):
            raise Problem(busy)
        yield
    finally:
        os.close(descriptor)


def _taken_in_time(descriptor: int) -> bool:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.1)
        else:
            return True
