"""ESIA as the portal's client sees it, without a network: it answers the two requests of the client.

The conversation with the stand-in (`esia_mock`), which checks all of them, is `test_conversation`.
"""

import datetime
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import jwt
import pytest
import requests
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from social_core.backends import base

from local.esia import make_key
from schools.models import Person
from tests.conftest import PASSWORD

URL = "https://esia.example"
ISSUER = "http://esia.example/"
CLIENT_ID = "SCHOOLS"
SNILS = "11223344595"
OID = 1_000_300_001


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`client`, `token` and `stranger`, each .key and .crt."""
    home = tmp_path_factory.mktemp("keys")
    for name in ("client", "token", "stranger"):
        make_key(home / name)
    return home


@pytest.fixture
def esia_on(settings: Any, keys: Path) -> Any:
    settings.ESIA_URL, settings.ESIA_ISSUER, settings.ESIA_CLIENT_ID = URL, ISSUER, CLIENT_ID
    settings.ESIA_CLIENT_KEY, settings.ESIA_CLIENT_CERTIFICATE = (
        str(keys / "client.key"),
        str(keys / "client.crt"),
    )
    settings.ESIA_TOKEN_CERTIFICATES = [str(keys / "token.crt")]
    settings.PASSWORD_HASHERS = [*settings.PASSWORD_HASHERS, "django.contrib.auth.hashers.MD5PasswordHasher"]
    return settings


def id_claims(**changes: Any) -> dict[str, Any]:
    subject = {"urn:esia:sbj:oid": OID, "urn:esia:sbj:is_tru": True, "urn:esia:sbj:lvl": "PR"}
    claims = {**_times(), "iss": ISSUER, "aud": CLIENT_ID, "sub": OID, "urn:esia:sbj": subject, **changes}
    return {name: value for name, value in claims.items() if value is not None}


def access_claims(**changes: Any) -> dict[str, Any]:
    claims = {**_times(), "iss": ISSUER, "client_id": CLIENT_ID, "urn:esia:sbj_id": OID, **changes}
    return {name: value for name, value in claims.items() if value is not None}


def _times() -> dict[str, int]:
    now = int(timezone.now().timestamp())
    return {"iat": now, "nbf": now, "exp": now + 3600}


@dataclass
class FakeEsia:
    """Who signs in is `person`, a row as ESIA's REST gives it, and `level`."""

    home: Path
    person: dict[str, Any] = field(default_factory=dict)
    oid: int = OID
    level: str = "verified"
    kids: list[dict[str, Any]] = field(default_factory=list)
    asked: list[tuple[str, str, Any]] = field(default_factory=list)

    def be(
        self, file: Person, *, level: str = "verified", snils: str = SNILS, oid: int = OID, **changes: Any
    ) -> None:
        """The human being whom a file describes, unless `changes` say otherwise."""
        self.oid, self.level = oid, level
        checked = level != "simplified"
        self.person = {
            "lastName": file.surname,
            "firstName": file.first_name,
            "middleName": file.patronymic,
            "status": "REGISTERED",
            "trusted": level == "verified",
            **({"birthDate": f"{file.birth_date:%d.%m.%Y}"} if checked else {}),
            **({"snils": f"{snils[:3]}-{snils[3:6]}-{snils[6:9]} {snils[9:]}"} if checked and snils else {}),
            **changes,
        }

    def __call__(self, method: str, url: str, **kwargs: Any) -> requests.Response:
        self.asked.append((method, url, kwargs.get("data")))
        if method == "POST":
            return answer(self.tokens(kwargs["data"]["state"]))
        if "/rs/prns/" in url:
            kids = {"kids": {"elements": self.kids}} if "kids.elements" in url else {}
            return answer({**self.person, **kids})
        return answer({})

    def tokens(self, state: str) -> dict[str, Any]:
        code = {"verified": "PR", "child": "KD"}.get(self.level, "P")
        subject = {"urn:esia:sbj:oid": self.oid, "urn:esia:sbj:lvl": code}
        if self.level == "verified":
            subject["urn:esia:sbj:is_tru"] = True
        claims = id_claims(sub=self.oid, **{"urn:esia:sbj": subject})
        access = access_claims(**{"urn:esia:sbj_id": self.oid})
        return {"id_token": self.sign(claims), "access_token": self.sign(access), "state": state}

    def sign(self, claims: dict[str, Any], key: str = "token", algorithm: str = "RS256") -> str:
        return jwt.encode(claims, (self.home / f"{key}.key").read_text(), algorithm)


def answer(body: Any, status: int = 200) -> requests.Response:
    response = requests.Response()
    response.status_code, response._content = status, json.dumps(body).encode()
    return response


@pytest.fixture
def esia(esia_on: Any, keys: Path, monkeypatch: pytest.MonkeyPatch) -> FakeEsia:
    fake = FakeEsia(keys)
    monkeypatch.setattr(base.requests, "request", fake)
    return fake


def go(client: Client, **fields: str) -> dict[str, str]:
    """Press a door of the front page; gives what the browser takes to ESIA."""
    response = client.post(reverse("accounts:esia"), fields)
    assert response["Location"].startswith(f"{URL}/aas/oauth2/"), response["Location"]
    return dict(parse_qsl(urlsplit(response["Location"]).query))


def come_back(client: Client, **parameters: str) -> Any:
    return client.get(reverse("accounts:esia-complete"), parameters)


@pytest.fixture
def visit(client: Client) -> Callable[..., Any]:
    """To ESIA and back."""

    def through(**fields: str) -> Any:
        return come_back(client, code="code", state=go(client, **fields)["state"])

    return through


def save(client: Client, organisation: Any = None, **changes: str) -> Any:
    """The page of the first sign-in, filled in."""
    fields = {"question": "Кличка первой кошки", "answer": "Ёлка-палка", **changes}
    if organisation:
        fields["organisation"] = str(organisation.pk)
    return client.post(reverse("accounts:esia-institution"), fields)


def link(client: Client, person: Person, password: str = PASSWORD) -> Any:
    """The page of linking with the school's login, filled in."""
    assert person.account is not None
    fields = {"username": person.account.username, "password": password}
    return client.post(reverse("accounts:esia-link"), fields)


def refusal(response: Any) -> str:
    """The reason of the page somebody was sent to."""
    prefix = reverse("accounts:esia-refused", args=["x"]).removesuffix("x/")
    assert response["Location"].startswith(prefix), response["Location"]
    return str(response["Location"].removeprefix(prefix).rstrip("/"))


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def birthday(years: int) -> datetime.date:
    return timezone.localdate().replace(day=1) - datetime.timedelta(days=366 * years)
