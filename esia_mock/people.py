"""The test people: who may sign in at the stand-in, and what ESIA would know of each.

The built-in ones are in `esia_mock.cast`. A file that ESIA_MOCK_PEOPLE names adds to them or changes
them, so that they fit a portal's own people:

    {"parent": {"surname": "Соколова", "birth_date": "1988-07-02", "snils": "00000791906"}, …}

Its keys are those of the built-in people, its fields those of `Account`; a new key needs all fields
without a default. It is read at every request: a demo that is loaded anew changes it.
"""

import datetime
import json
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from esia_mock import settings
from esia_mock.cast import built_in


class Level(StrEnum):
    SIMPLIFIED = "simplified"  # name with an e-mail address or a mobile number
    STANDARD = "standard"  # SNILS and passport checked
    VERIFIED = "verified"  # the person was seen
    CHILD = "child"  # made by a parent for a child under 14; SNILS and birth certificate checked

    @property
    def label(self) -> str:
        return LEVELS[self]


LEVELS = {
    Level.SIMPLIFIED: "упрощённая",
    Level.STANDARD: "стандартная",
    Level.VERIFIED: "подтверждённая",
    Level.CHILD: "детская",
}
REGISTERED, DELETED = "REGISTERED", "DELETED"


class BadPeople(Exception):
    """The file of test people cannot be used; the message says why."""


@dataclass(frozen=True)
class Account:
    """An account of ESIA's. `snils`: 11 digits."""

    key: str
    oid: int
    kind: str  # who this is, for the tester
    level: Level
    surname: str
    first_name: str
    patronymic: str
    sex: str  # "f" or "m"
    birth_date: datetime.date
    snils: str
    email: str = ""
    email_verified: bool = True
    mobile: str = ""  # «+7(927)0000006»
    mobile_verified: bool = True
    # The children of the account's holder: key of the child → is the child's own account tied to it?
    kids: dict[str, bool] = field(default_factory=dict)
    status: str = REGISTERED
    second_factor: bool = False
    wrong_password: bool = False

    @property
    def full_name(self) -> str:
        return " ".join(filter(None, (self.surname, self.first_name, self.patronymic)))

    @property
    def is_trusted(self) -> bool:
        return self.level is Level.VERIFIED

    @property
    def is_checked(self) -> bool:
        """Has ESIA compared SNILS and document with the registers?"""
        return self.level is not Level.SIMPLIFIED

    def age(self, on: datetime.date) -> int:
        born = self.birth_date
        return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def everybody() -> dict[str, Account]:
    """All test people by key. Raises BadPeople."""
    today = datetime.datetime.now(settings.ZONE).date()
    rows = built_in(today)
    for key, changes in _file().items():
        rows[key] = {**rows.get(key, {"key": key}), **changes}
    return {key: _account(key, row) for key, row in rows.items()}


def find_account(oid: int) -> Account | None:
    return next((account for account in everybody().values() if account.oid == oid), None)


def children_of(account: Account) -> list[tuple[Account, bool]]:
    """(child, whether its own account is tied to this one)"""
    people = everybody()
    return [(people[key], tied) for key, tied in account.kids.items() if key in people]


def _file() -> dict[str, dict[str, Any]]:
    path = Path(settings.PEOPLE)
    if not settings.PEOPLE or not path.exists():
        return {}
    try:
        rows = json.loads(path.read_text())
        return {str(key): dict(row) for key, row in rows.items()}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise BadPeople(f"{path} is no file of test people: {error}") from error


def _account(key: str, row: dict[str, Any]) -> Account:
    born = row.get("birth_date")
    try:
        date = born if isinstance(born, datetime.date) else datetime.date.fromisoformat(str(born))
        return Account(**{**row, "level": Level(str(row.get("level"))), "birth_date": date})
    except (TypeError, ValueError) as error:
        raise BadPeople(f"the test person {key} is incomplete or wrong: {error}") from error
