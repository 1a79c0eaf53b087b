"""The environment is made again when it must be, and only then."""

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from local import install
from local.problem import Problem


@pytest.fixture
def venv(tmp_path: Path) -> Path:
    """An environment without pip's files, which would take seconds; one that is found is enough."""
    place = tmp_path / ".venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", place], check=True)
    packages = next(place.glob("lib/python3*/site-packages"))
    (packages / "pip").mkdir()
    (packages / "pip" / "__init__.py").touch()
    return place


def test_whole_environment_is_kept(venv: Path) -> None:
    assert install.works(venv)


def test_interrupted_environment_is_made_again(venv: Path) -> None:
    shutil.rmtree(next(venv.glob("lib/python3*/site-packages/pip")))
    assert not install.works(venv)


def test_environment_of_a_removed_python_is_made_again(venv: Path) -> None:
    for link in (venv / "bin").glob("python*"):
        link.unlink()
        link.symlink_to("/nowhere/python3")
    assert not install.works(venv)


def test_moved_environment_is_made_again(venv: Path) -> None:
    (venv / "installed").write_text(f"{venv} 0123")
    assert install.works(venv)
    moved = venv.rename(venv.with_name("moved"))
    assert not install.works(moved)


def test_missing_venv_module_is_told_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *rest: None if name == "ensurepip" else find(name, *rest)
    )
    with pytest.raises(Problem, match="apt-get install python3-venv"):
        install.create()
