"""Who may ask: systems registered with ESIA, which sign, and ordinary OpenID Connect clients."""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from cryptography.x509 import Certificate, load_pem_x509_certificate

from esia_mock import settings

KID_SCOPES = frozenset(
    (
        "kid_fullname", "kid_birthdate", "kid_gender", "kid_snils", "kid_inn", "kid_birth_cert_doc",
        "kid_medical_doc",
    )
)  # fmt: skip
ESIA_SCOPES = KID_SCOPES | {
    "openid", "fullname", "birthdate", "gender", "snils", "inn", "birthplace", "email", "mobile",
    "contacts", "addresses", "vehicles", "usr_org", "id_doc", "birth_cert_doc", "medical_doc",
    "military_doc", "foreign_passport_doc", "drivers_licence_doc", "residence_doc",
    "temporary_residence_doc",
}  # fmt: skip
STANDARD_SCOPES = frozenset(("openid", "profile", "email", "phone"))


class Protocol(StrEnum):
    """A pair of end points: where a code was issued it is redeemed."""

    V1 = "v1"  # /aas/oauth2/ac and /te
    V2 = "v2"  # /aas/oauth2/v2/ac and /v3/te
    STANDARD = "standard"  # OpenID Connect as everybody speaks it


@dataclass(frozen=True)
class Client:
    """One with certificates is a system of ESIA's; without, a standard client: public when it has
    no secret either."""

    mnemonic: str
    redirect_uris: tuple[str, ...]
    certificates: tuple[Certificate, ...] = ()
    scopes: frozenset[str] = frozenset()
    post_logout_urls: tuple[str, ...] = ()
    secret: str = ""

    def speaks(self, protocol: Protocol) -> bool:
        return bool(self.certificates) != (protocol is Protocol.STANDARD)

    @property
    def is_public(self) -> bool:
        return not self.certificates and not self.secret


def known_scopes(protocol: Protocol) -> frozenset[str]:
    return STANDARD_SCOPES if protocol is Protocol.STANDARD else ESIA_SCOPES


def find_client(mnemonic: str) -> Client | None:
    return _clients().get(mnemonic)


@lru_cache
def _clients() -> dict[str, Client]:
    return {client.mnemonic: client for client in map(_client, settings.CLIENTS)}


def _client(row: dict[str, object]) -> Client:
    """Certificates are paths of PEM files; without `scopes` all known ones are granted."""
    fields = {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
    certificates = tuple(_certificate(Path(str(path))) for path in _listed(row, "certificates"))
    scopes = frozenset(_listed(row, "scopes")) or (ESIA_SCOPES if certificates else STANDARD_SCOPES)
    return Client(**{**fields, "certificates": certificates, "scopes": scopes})  # type: ignore[arg-type]


def _listed(row: dict[str, object], name: str) -> list[str]:
    value = row.get(name, [])
    return [str(each) for each in value] if isinstance(value, list) else []


def _certificate(path: Path) -> Certificate:
    return load_pem_x509_certificate(path.read_bytes())
