"""`make demo`: load the demo region anew. The command itself refuses a database that is not a demo's."""

import os
import shlex
import subprocess
import sys

from local import esia
from local.places import ROOT, VAR
from local.problem import plainly
from local.services import at_hand


def main() -> int:
    with at_hand() as environment:
        environment.setdefault("ESIA_MOCK_PEOPLE", str(esia.people(VAR)))
        arguments = shlex.split(os.environ.get("ARGS", ""))
        for command in (["upgrade", "--verbosity", "0"], ["demo", *arguments]):
            done = subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=environment)
            if done.returncode:
                break
        return done.returncode


if __name__ == "__main__":
    with plainly():
        sys.exit(main())
