"""Workers of pytest-xdist side by side: pytest-django gives each a database of its own, this a cache and a
broker of its own. Loaded with `-p` before the settings are read."""

import os
import re

FIRST = re.compile(r"(\d+)$")  # the number of a database at the end of a Redis address


def stand_apart(worker: str) -> None:
    """`worker` is gw0, gw1, …: each takes the two databases after those of the worker before it."""
    step = 2 * int(worker.removeprefix("gw"))
    for name in ("REDIS_URL", "CELERY_BROKER_URL"):
        if name in os.environ:
            os.environ[name] = FIRST.sub(lambda found: str(int(found[1]) + step), os.environ[name])


if "PYTEST_XDIST_WORKER" in os.environ:
    stand_apart(os.environ["PYTEST_XDIST_WORKER"])
