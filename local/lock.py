"""One at a time: a lock file that the kernel frees when its holder dies, however hard."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local.places import make_directory
from local.problem import Problem


@contextmanager
def exclusive(path: Path, *, busy: str | None = None) -> Iterator[None]:
    """Hold the lock; wait for it, or with `busy` refuse at once with that message."""
    make_directory(path.parent)
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except PermissionError as error:
        raise Problem(f"{path} belongs to another user: run as that user") from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (fcntl.LOCK_NB if busy else 0))
        except BlockingIOError as error:
            raise Problem(busy or "busy") from error
        yield
    finally:
        os.close(descriptor)
