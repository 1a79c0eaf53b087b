"""Imports point one way: schools ← messaging ← schedule ← diary ← eservices; accounts stands on
schools and messaging; the demo on everything; nothing imports the doors or the demo."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

MAY_IMPORT = {
    "schools": set(),
    "messaging": {"schools"},
    "schedule": {"schools", "messaging"},
    "diary": {"schools", "messaging", "schedule"},
    "eservices": {"schools", "messaging", "schedule", "diary"},
    "accounts": {"schools", "messaging"},
    "esia_mock": set(),
    "demo": {"schools", "messaging", "schedule", "diary", "accounts"},
}


def imported_apps(path: Path) -> set[str]:
    return imported(path) & set(MAY_IMPORT)


def imported(path: Path) -> set[str]:
    """Top-level names."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add((node.module or "").split(".")[0])
    return found


@pytest.mark.parametrize("app", MAY_IMPORT)
def test_an_app_imports_only_what_is_below_it(app: str) -> None:
    for path in (ROOT / app).rglob("*.py"):
        wrong = imported_apps(path) - MAY_IMPORT[app] - {app}
        assert not wrong, f"{path.relative_to(ROOT)} imports {wrong}"


def test_the_stand_in_for_esia_imports_nothing_of_ours_and_nobody_imports_it() -> None:
    ours = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    for path in (path for folder in ours - {"tests"} for path in (ROOT / folder).rglob("*.py")):
        others = imported(path) & ours - {"esia_mock"}
        if path.is_relative_to(ROOT / "esia_mock"):
            assert not others, f"{path.relative_to(ROOT)} imports {others}"
        else:
            assert "esia_mock" not in imported(path), f"{path.relative_to(ROOT)} imports the stand-in"


def test_every_app_has_its_place_in_the_layers() -> None:
    apps = {path.parent.name for path in ROOT.glob("*/migrations")}
    assert apps <= set(MAY_IMPORT)
