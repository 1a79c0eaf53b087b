"""Where things lie: the checkout, its data, and sockets with paths short enough for the kernel."""

import hashlib
import os
import stat
import tempfile
from pathlib import Path

from local.problem import Problem

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("ASURSO_VAR") or ROOT / "var").absolute()

# A socket's path may hold about 107 bytes (104 on macOS); PostgreSQL adds "/postgres/.s.PGSQL.5432".
LONGEST_SOCKET_DIRECTORY = 100 - len("/postgres/.s.PGSQL.5432")


def make_directory(path: Path) -> Path:
    """Create a directory of ours, or tell plainly why that is not possible."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Problem(f"cannot create {path}: {error.strerror}; give the directory to your user") from error
    if not os.access(path, os.W_OK):
        raise Problem(f"{path} belongs to another user: run as that user, or remove it to start anew")
    return path


def socket_directory(var: Path) -> Path:
    """A directory for sockets: `run` in the data directory, or a private one when that is too long.

    The private one has a fixed name, so that the next start finds servers an interrupted one left.
    """
    inside = var / "run"
    if len(os.fsencode(inside)) <= LONGEST_SOCKET_DIRECTORY:
        return make_directory(inside)
    mark = hashlib.sha256(os.fsencode(var)).hexdigest()[:12]
    outside = Path(tempfile.gettempdir()) / f"asurso-{os.getuid()}-{mark}"
    outside.mkdir(mode=0o700, exist_ok=True)
    _refuse_foreign(outside)
    return outside


def _refuse_foreign(directory: Path) -> None:
    """Anybody may create a name in the shared temporary directory: accept only our own."""
    found = directory.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise Problem(f"{directory} was made by another user: set TMPDIR to a directory of your own")
