"""The person's data as ESIA's REST resources show them: only what the granted scopes open."""

import hashlib
import json
from collections.abc import Callable, Set
from typing import Any

from esia_mock.clients import KID_SCOPES
from esia_mock.people import Account, Level, children_of
from esia_mock.tokens import Access

Row = dict[str, Any]
UPDATED_ON = 1_790_000_000
# Names inside `embed` on the person → names of the collections.
EMBEDDABLE = {
    "contacts": "ctts",
    "addresses": "addrs",
    "documents": "docs",
    "kids": "kids",
    "organizations": "orgs",
    "vehicles": "vhls",
}


class NoScope(Exception):
    """The access token does not open this resource."""


def person(account: Account, access: Access, embed: list[str]) -> Row:
    """`embed`: names of EMBEDDABLE; collections that no scope opens stay out."""
    found: Row = {
        "stateFacts": ["EntityRoot"],
        **_opened(access, _person_fields(account)),
        "trusted": account.is_trusted,
        "verifying": False,
        "status": account.status,
        "updatedOn": UPDATED_ON,
        "containsUpCfmCode": False,
    }
    for name in embed:
        collection = EMBEDDABLE[name]
        if opens(collection, access):
            found[name] = embedded(elements(collection, account, access))
    return with_etag(found)


def _person_fields(account: Account) -> dict[str, Row]:
    """By scope. A simplified account holds a name and a contact, nothing else."""
    name = {"firstName": account.first_name, "lastName": account.surname}
    if account.patronymic:
        name["middleName"] = account.patronymic
    if not account.is_checked:
        return {"fullname": name}
    return {
        "fullname": name,
        "birthdate": {"birthDate": f"{account.birth_date:%d.%m.%Y}"},
        "gender": {"gender": account.sex.upper()},
        "snils": {"snils": written_snils(account.snils)},
        "birthplace": {"birthPlace": "г. Самара"},
        "id_doc": {"citizenship": "RUS", "rIdDoc": _element_id(account, 1)},
    }


def _opened(access: Access, fields: dict[str, Row], prefix: str = "") -> Row:
    found: Row = {}
    for scope, row in fields.items():
        if prefix + scope in access.scopes:
            found |= row
    return found


def written_snils(digits: str) -> str:
    """`00000060006` → `000-000-600 06`"""
    return f"{digits[:3]}-{digits[3:6]}-{digits[6:9]} {digits[9:]}"


# --- Collections ---------------------------------------------------------------------------------
def opens(collection: str, access: Access) -> bool:
    return bool(OPENED_BY[collection] & access.scopes)


def elements(collection: str, account: Account, access: Access) -> list[Row]:
    """The rows of one collection, each with its `id`. Raises NoScope."""
    if not opens(collection, access):
        raise NoScope
    return [with_etag(row) for row in ROWS[collection](account, access)]


def embedded(rows: list[Row]) -> Row:
    return with_etag({"stateFacts": ["hasSize"], "size": len(rows), "elements": rows})


def linked(rows: list[Row], collection_url: str) -> Row:
    """Without embed the elements are addresses, each to be asked for by itself."""
    urls = [f"{collection_url}/{row['id']}" for row in rows]
    return with_etag({"stateFacts": ["hasSize"], "size": len(rows), "elements": urls})


def with_etag(row: Row) -> Row:
    text = json.dumps(row, sort_keys=True, ensure_ascii=False)
    return {**row, "eTag": hashlib.sha256(text.encode()).hexdigest()[:40].upper()}


def _contacts(account: Account, access: Access) -> list[Row]:
    kinds = (
        ("email", "EML", account.email, account.email_verified, 11),
        ("mobile", "MBT", account.mobile, account.mobile_verified, 12),
    )
    return [
        {
            "stateFacts": ["Identifiable"],
            "id": _element_id(account, number),
            "type": kind,
            "vrfStu": "VERIFIED" if verified else "NOT_VERIFIED",
            "value": value,
        }
        for scope, kind, value, verified, number in kinds
        if value and access.scopes & {scope, "contacts"}
    ]


def _documents(account: Account, access: Access) -> list[Row]:
    if account.level is Level.CHILD:
        return [_birth_certificate(account)] if "birth_cert_doc" in access.scopes else []
    if not account.is_checked or "id_doc" not in access.scopes:
        return []
    return [
        {
            "stateFacts": ["EntityRoot"],
            "id": _element_id(account, 1),
            "type": "RF_PASSPORT",
            "vrfStu": "VERIFIED",
            "series": "0000",
            "number": f"{account.oid % 1_000_000:06d}",
            "issueDate": f"{_anniversary(account, 14):%d.%m.%Y}",
            "issueId": "630000",
            "issuedBy": "Учебный отдел внутренних дел",
        }
    ]


def _birth_certificate(account: Account) -> Row:
    return {
        "stateFacts": ["EntityRoot"],
        "id": _element_id(account, 2),
        "type": "RF_BRTH_CERT",
        "vrfStu": "VERIFIED",
        "series": "I-ЕР",
        "number": f"{account.oid % 1_000_000:06d}",
        "issueDate": f"{account.birth_date:%d.%m.%Y}",
        "issuedBy": "Учебный отдел ЗАГС",
    }


def _anniversary(account: Account, years: int) -> Any:
    """A month's first day: whoever was born on 29 February has one each year."""
    return account.birth_date.replace(year=account.birth_date.year + years, day=1)


def _addresses(account: Account, access: Access) -> list[Row]:
    if not account.is_checked:
        return []
    return [
        {
            "stateFacts": ["Identifiable"],
            "id": _element_id(account, 21),
            "type": "PLV",
            "addressStr": "Самарская область, г. Самара, ул. Учебная, д. 1",
            "zipCode": "443000",
            "countryId": "RUS",
        }
    ]


def _kids(account: Account, access: Access) -> list[Row]:
    return [
        _kid(account, child, access, number=30 + place, tied=tied)
        for place, (child, tied) in enumerate(children_of(account))
    ]


def _kid(account: Account, child: Account, access: Access, *, number: int, tied: bool) -> Row:
    """ESIA shows a child's `oid` when the child has an account of its own, tied to the parent's.

    Its fields are what the parent entered and ESIA checked, whatever the child's own account holds.
    """
    fields: dict[str, Row] = {
        "fullname": {
            "firstName": child.first_name,
            "lastName": child.surname,
            "middleName": child.patronymic,
        },
        "birthdate": {"birthDate": f"{child.birth_date:%d.%m.%Y}"},
        "gender": {"gender": child.sex.upper()},
        "snils": {"snils": written_snils(child.snils)},
        "birth_cert_doc": {"documents": embedded([with_etag(_birth_certificate(child))])},
    }
    return {
        "stateFacts": ["Identifiable"],
        "id": _element_id(account, number),
        **({"oid": child.oid} if tied else {}),
        **_opened(access, fields, prefix="kid_"),
        "trusted": tied,
        "updatedOn": UPDATED_ON,
    }


def _nothing(account: Account, access: Access) -> list[Row]:
    return []


def _element_id(account: Account, number: int) -> int:
    return (account.oid - 1_000_000_000) * 100 + number


ROWS: dict[str, Callable[[Account, Access], list[Row]]] = {
    "ctts": _contacts,
    "addrs": _addresses,
    "docs": _documents,
    "kids": _kids,
    "orgs": _nothing,
    "roles": _nothing,
    "vhls": _nothing,
}
OPENED_BY: dict[str, Set[str]] = {
    "ctts": {"email", "mobile", "contacts"},
    "addrs": {"addresses"},
    "docs": {"id_doc", "birth_cert_doc"},
    "kids": KID_SCOPES,
    "orgs": {"usr_org"},
    "roles": {"usr_org"},
    "vhls": {"vehicles"},
}


# --- For standard clients ------------------------------------------------------------------------
def userinfo(account: Account, access: Access) -> Row:
    """OpenID Connect's claims of the person, by its scopes; verified or not is said beside each."""
    profile = {
        "name": account.full_name,
        "family_name": account.surname,
        "given_name": account.first_name,
        "middle_name": account.patronymic,
    }
    if account.is_checked:
        profile["birthdate"] = account.birth_date.isoformat()
        profile["gender"] = "female" if account.sex == "f" else "male"
    fields: dict[str, Row] = {"profile": profile}
    if account.email:
        fields["email"] = {"email": account.email, "email_verified": account.email_verified}
    if account.mobile:
        number = account.mobile.replace("(", "").replace(")", "")
        fields["phone"] = {"phone_number": number, "phone_number_verified": account.mobile_verified}
    return {"sub": str(account.oid), **_opened(access, fields)}
