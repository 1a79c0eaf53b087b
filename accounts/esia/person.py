"""What ESIA says of a person and of the person's children, read from its REST resources."""

import datetime
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError

from accounts.esia.tokens import Subject
from schools.doors import Level
from schools.models import sort_key
from schools.models.documents import clean_snils, sealed, unsealed

REGISTERED = "REGISTERED"
CHILD_CODE = "KD"
# The collection inside a person, and its own address, when ESIA did not embed it.
KIDS = "kids"


class BadPerson(Exception):
    """The answer is not a person's."""


@dataclass(frozen=True)
class Document:
    type: str
    series: str
    number: str


@dataclass(frozen=True)
class EsiaKid:
    """A child of the account's holder. `oid` is None unless the child has an account tied to it."""

    oid: int | None
    surname: str
    first_name: str
    patronymic: str
    birth_date: datetime.date | None
    sex: str
    snils: str
    documents: tuple[Document, ...] = ()


@dataclass(frozen=True)
class EsiaPerson:
    """`snils`: 11 digits that ESIA checked, or empty."""

    oid: int
    level: Level
    surname: str
    first_name: str
    patronymic: str
    birth_date: datetime.date | None
    snils: str
    status: str = REGISTERED
    kids: tuple[EsiaKid, ...] = ()

    @property
    def is_registered(self) -> bool:
        return self.status == REGISTERED

    @property
    def sort_key(self) -> str:
        """As `Person.sort_key`: the whole name, upper case, Ё as Е, hyphen as space."""
        return sort_key(f"{self.surname} {self.first_name} {self.patronymic}")

    def sealed(self) -> str:
        """For the half-done sign-in, which the database keeps in the meantime."""
        return sealed(_json(asdict(self)))

    def kids_as_json(self) -> str:
        """For `SignIn.children`: a list of objects with the fields of `EsiaKid`, dates as ISO text;
        empty without children."""
        return _json([asdict(kid) for kid in self.kids]) if self.kids else ""


def unsealed_person(token: str) -> EsiaPerson:
    row = json.loads(unsealed(token))
    row["level"] = Level(row["level"])
    row["birth_date"] = _from_iso(row["birth_date"])
    row["kids"] = tuple(
        EsiaKid(**{**kid, "birth_date": _from_iso(kid["birth_date"]), "documents": _documents_of(kid)})
        for kid in row["kids"]
    )
    return EsiaPerson(**row)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _from_iso(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


def _documents_of(row: dict[str, Any]) -> tuple[Document, ...]:
    return tuple(Document(**document) for document in row["documents"])


# --- Reading ESIA's rows ---------------------------------------------------------------------------
Ask = Callable[[str], Any]


def read_person(subject: Subject, ask: Ask, *, scopes: list[str]) -> EsiaPerson:
    """`ask(path)` gets a resource under the person's address («?embed=…», «/kids») as JSON. Raises
    BadPerson."""
    with_kids = any(scope.startswith("kid_") for scope in scopes)
    row = ask(f"?embed=({KIDS}.elements)" if with_kids else "")
    if not isinstance(row, dict):
        raise BadPerson
    surname, first_name = _text(row, "lastName"), _text(row, "firstName")
    if not surname or not first_name:
        raise BadPerson
    person = EsiaPerson(
        oid=subject.oid,
        level=level_of(subject, row),
        surname=surname,
        first_name=first_name,
        patronymic=_text(row, "middleName"),
        birth_date=_date(row),
        snils=_snils(row),
        status=_text(row, "status") or REGISTERED,
    )
    kids = _kids(row, ask) if with_kids else []
    return replace(
        person,
        # What nobody has checked matches nothing.
        snils="" if person.level == Level.SIMPLIFIED else person.snils,
        kids=tuple(_kid(kid) for kid in kids),
    )


def level_of(subject: Subject, row: dict[str, Any]) -> Level:
    """Verified only where the signed token says so as well as the resource; standard where a SNILS
    is there whose checking is done."""
    if subject.level_code == CHILD_CODE:
        return Level.CHILD
    if subject.is_trusted and row.get("trusted") is True:
        return Level.VERIFIED
    return Level.STANDARD if _snils(row) and not row.get("verifying") else Level.SIMPLIFIED


def _kids(row: dict[str, Any], ask: Ask) -> list[dict[str, Any]]:
    """Embedded or not; the elements may be addresses, each to be asked for."""
    found = row.get(KIDS) or ask(f"/{KIDS}?embed=(elements)")
    elements = found.get("elements", []) if isinstance(found, dict) else []
    if any(isinstance(element, str) for element in elements):
        elements = [ask(f"/{KIDS}/{str(element).rpartition('/')[2]}") for element in elements]
    return [element for element in elements if isinstance(element, dict)]


def _kid(row: dict[str, Any]) -> EsiaKid:
    documents = row.get("documents")
    oid = row.get("oid")
    return EsiaKid(
        oid=oid if isinstance(oid, int) else None,
        surname=_text(row, "lastName"),
        first_name=_text(row, "firstName"),
        patronymic=_text(row, "middleName"),
        birth_date=_date(row),
        sex=_text(row, "gender").lower(),
        snils=_snils(row),
        documents=_documents(documents.get("elements", []) if isinstance(documents, dict) else []),
    )


def _documents(rows: list[Any]) -> tuple[Document, ...]:
    return tuple(
        Document(_text(row, "type"), _text(row, "series"), _text(row, "number"))
        for row in rows
        if isinstance(row, dict)
    )


def _text(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    return " ".join(value.split()) if isinstance(value, str) else ""


def _date(row: dict[str, Any]) -> datetime.date | None:
    try:
        return datetime.datetime.strptime(_text(row, "birthDate"), "%d.%m.%Y").date()
    except ValueError:
        return None


def _snils(row: dict[str, Any]) -> str:
    try:
        return clean_snils(_text(row, "snils"))
    except ValidationError:
        return ""
