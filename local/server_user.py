"""PostgreSQL refuses to run as root: whom it runs as then, and whether that user can reach the files."""

import os
import pwd
import subprocess
from pathlib import Path
from typing import Any

from local.problem import Problem


def choose(cluster: Path, checkout: Path) -> pwd.struct_passwd | None:
    """The user PostgreSQL runs as: ourselves (None), or as root a user without power.

    An existing cluster keeps its owner; a new one goes to the owner of the checkout when that is
    a person, else to `postgres` or `nobody`.
    """
    if os.getuid() != 0:
        return None
    if cluster.exists():
        return _user_of(cluster)
    owner = checkout.stat().st_uid
    if owner != 0 and known(owner):
        return pwd.getpwuid(owner)
    powerless = _named("postgres") or _named("nobody")
    if powerless is None:
        raise Problem("PostgreSQL cannot run as root and there is no user nobody: run as an ordinary user")
    return powerless


def _user_of(cluster: Path) -> pwd.struct_passwd:
    owner = cluster.stat().st_uid
    if owner == 0 or not known(owner):
        raise Problem(f"{cluster} belongs to the unknown user {owner}: chown it to nobody")
    return pwd.getpwuid(owner)


def known(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _named(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def popen_arguments(user: pwd.struct_passwd | None) -> dict[str, Any]:
    """Arguments of subprocess that give up root for `user`, or change nothing."""
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}


def can_reach(user: pwd.struct_passwd | None, path: Path) -> bool:
    """Can `user` pass through every directory above `path`, and enter or run it?"""
    if user is None:
        return True
    asked = subprocess.run(["/bin/sh", "-c", 'test -x "$1"', "sh", path], cwd="/", **popen_arguments(user))
    return asked.returncode == 0


def give(path: Path, user: pwd.struct_passwd | None) -> None:
    """Make `path` a private directory of `user`."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if user and path.stat().st_uid != user.pw_uid:
        os.chown(path, user.pw_uid, user.pw_gid)
