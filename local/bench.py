"""`make bench`: measure the main pages on the demo region of ./var."""

import os
import shlex
import subprocess
import sys

from local.places import ROOT
from local.problem import plainly
from local.services import at_hand


def main() -> int:
    with at_hand() as environment:
        arguments = shlex.split(os.environ.get("ARGS", ""))
        done = subprocess.run([sys.executable, "-m", "tests.bench", *arguments], cwd=ROOT, env=environment)
        return done.returncode


if __name__ == "__main__":
    with plainly():
        sys.exit(main())
