"""Something the developer has to mend: shown as one plain line, never as a traceback."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


class Problem(Exception):
    """The message says what is wrong and what to do, in one line."""


@contextmanager
def plainly() -> Iterator[None]:
    """Turn a Problem into one line and exit code 1; Ctrl-C into exit code 130."""
    try:
        yield
    except Problem as problem:
        print(f"asurso: {problem}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
