"""The demo's people for the stand-in for ESIA: those of the database, and never anybody real."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from demo.esia_people import write_people
from schools.models import Person, Region
from tests import factories as make

pytestmark = pytest.mark.usefixtures("region", "_database")


@pytest.fixture
def _database(django_db_blocker: Any) -> Any:
    """What a test changes in the module's region is undone."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def rows(tmp_path: Path) -> dict[str, dict[str, str]]:
    write_people(tmp_path / "people.json")
    found: dict[str, dict[str, str]] = json.loads((tmp_path / "people.json").read_text())
    return found


def test_everybody_of_the_demo_is_there(rows: dict[str, dict[str, str]]) -> None:
    assert {"parent", "parent-standard", "student", "student15", "child", "teacher", "region"} <= set(rows)


def test_they_fit_the_schools_files(rows: dict[str, dict[str, str]]) -> None:
    for row in rows.values():
        person = Person.objects.with_snils(row["snils"]).get()
        assert person.surname == row["surname"]
        assert str(person.birth_date) == row["birth_date"]


def test_the_youngest_child_and_the_father_are_the_familys(rows: dict[str, dict[str, str]]) -> None:
    assert (rows["child"]["first_name"], rows["parent-standard"]["first_name"]) == ("Семён", "Андрей")


def test_the_file_is_for_its_owner_only(tmp_path: Path) -> None:
    write_people(tmp_path / "people.json")
    assert (tmp_path / "people.json").stat().st_mode & 0o077 == 0


def test_without_a_demo_nobody_is_written_and_the_old_file_goes(tmp_path: Path) -> None:
    Region.objects.update(demo_since=None)
    (tmp_path / "people.json").write_text("{}")
    make.PersonFactory()
    assert write_people(tmp_path / "people.json") == 0
    assert not (tmp_path / "people.json").exists()


def test_production_is_refused(settings: Any, tmp_path: Path) -> None:
    settings.DEVELOPMENT, settings.ESIA_MOCK_PEOPLE = False, str(tmp_path / "people.json")
    with pytest.raises(CommandError, match="For development"):
        call_command("esia_people")
    assert not (tmp_path / "people.json").exists()
