"""The demo's people as the stand-in for ESIA should know them, so that they sign in by that door too.

`make run` and `make demo` name the file (ESIA_MOCK_PEOPLE). Keys are those of the stand-in's own test
people; it imports nothing from here, nor we from there. Only invented people are ever written.
"""

import json
from pathlib import Path

from accounts.models import User
from demo import cast
from schools.models import Guardianship, Person, Region


def write_people(path: Path) -> int:
    """Gives how many were written. Without a demo in the database an old file goes away."""
    rows = demo_people() if Region.objects.filter(demo_since__isnull=False).exists() else {}
    if not rows:
        path.unlink(missing_ok=True)
        return 0
    path.parent.mkdir(parents=True, exist_ok=True)
    # Whole or not at all: the stand-in may be reading.
    half = path.with_suffix(".new")
    half.touch(mode=0o600)
    half.write_text(json.dumps(rows, ensure_ascii=False, indent=1))
    half.replace(path)
    return len(rows)


def demo_people() -> dict[str, dict[str, str]]:
    """By the stand-in's key: what the school's file says of the person, SNILS as 11 digits."""
    names = [login.username for login in cast.LOGINS]
    users = User.objects.filter(username__in=names).select_related("person")
    found = {user.username: user.person for user in users if hasattr(user, "person")}
    return {key: _row(person) for key, person in (found | _family(found.get("parent"))).items()}


def _family(parent: Person | None) -> dict[str, Person]:
    """The father and the youngest child, who have no login."""
    ties = Guardianship.objects.filter(child__guardians__guardian=parent).select_related("child", "guardian")
    found = {}
    for tie in ties if parent else ():
        if tie.child.first_name == cast.YOUNGEST.first_name:
            found["child"] = tie.child
        if tie.guardian != parent:
            found["parent-standard"] = tie.guardian
    return found


def _row(person: Person) -> dict[str, str]:
    return {
        "surname": person.surname,
        "first_name": person.first_name,
        "patronymic": person.patronymic,
        "sex": person.sex,
        "birth_date": person.birth_date.isoformat() if person.birth_date else "",
        "snils": person.snils,
    }
