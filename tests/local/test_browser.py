"""What happens where Chromium is missing."""

import subprocess
from typing import Any

import pytest

from local import browser
from local.problem import Problem


@pytest.fixture(autouse=True)
def _nothing_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr(
        browser.shutil, "which", lambda name: "/usr/bin/apt-get" if name == "apt-get" else None
    )


def test_ordinary_user_is_told_the_command(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setattr(browser.os, "getuid", lambda: 1000)
    browser.provide()
    assert browser.INSTALL in capsys.readouterr().out


def test_build_server_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser.os, "getuid", lambda: 1000)
    monkeypatch.setenv("CI", "true")
    with pytest.raises(Problem, match="apt-get install -y chromium"):
        browser.provide()


def test_root_of_a_debian_installs_the_package(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    asked = []

    def run(command: list[str], **_options: Any) -> Any:
        asked.append(command[2])
        return subprocess.CompletedProcess(command, 0, "")

    monkeypatch.setattr(browser.os, "getuid", lambda: 0)
    monkeypatch.setattr(browser, "is_debian", lambda: True)
    monkeypatch.setattr(browser.subprocess, "run", run)
    browser.provide()
    assert asked == ["update", "install"]
    assert "installing" in capsys.readouterr().out
