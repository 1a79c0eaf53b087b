"""Where Chromium is, and how to get it. Playwright's own download is not used."""

import os
import shutil
import subprocess
from pathlib import Path

from local.problem import Problem
from local.progress import step

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
INSTALL = "apt-get update && apt-get install -y chromium"


def find() -> str | None:
    """The path of the browser: what CHROMIUM names, else the first usual one."""
    named = os.environ.get("CHROMIUM")
    return named or next((path for name in NAMES if (path := shutil.which(name))), None)


def is_required() -> bool:
    """Where nobody reads the output, a test that did not run is a failure."""
    return os.environ.get("CI", "").lower() in ("true", "1")


def is_debian() -> bool:
    return Path("/etc/debian_version").exists() and shutil.which("apt-get") is not None


def provide() -> None:
    """Install Chromium where we can; else say that its tests are skipped, which CI does not accept."""
    if find():
        return
    if os.getuid() == 0 and is_debian():
        print("Chromium is missing: installing Debian's package for the browser tests.", flush=True)
        _install()
    if find():
        return
    if is_required():
        raise Problem(f"no Chromium for the browser tests: {INSTALL}")
    print(f"No Chromium: the browser tests are skipped. To run them, as root: {INSTALL}", flush=True)


def _install() -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update"], ["install", "-y", "--no-install-recommends", "chromium"]):
        with step(f"apt-get {arguments[0]}"):
            done = subprocess.run(
                ["apt-get", "-q", *arguments],
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
        if done.returncode:
            print(done.stdout)
            return
