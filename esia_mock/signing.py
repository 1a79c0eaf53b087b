"""Has this system signed this request? What each pair of end points signs, and how.

v1: PKCS#7 over `scope + timestamp + client_id + state`. v2 and v3: bare, over the texts below.
"""

import datetime
from collections.abc import Mapping

from cryptography.x509 import Certificate

from esia_mock import settings
from esia_mock.clients import Client, Protocol
from esia_mock.errors import Fault, Refusal
from esia_mock.parameters import require
from esia_mock.signatures import (
    BadSignature,
    UnknownCertificate,
    certificate_hash,
    from_base64url,
    verify_bare,
    verify_pkcs7,
)
from esia_mock.timestamps import check_timestamp

V1 = ("scope", "timestamp", "client_id", "state")
V2_AUTHORIZATION = ("client_id", "scope", "scope_org", "timestamp", "state", "redirect_uri")
V2_CODE = (*V2_AUTHORIZATION, "code")
# Known clients of ESIA differ here, so either is accepted.
V2_REFRESH = (V2_AUTHORIZATION, ("client_id", "scope", "timestamp", "state", "refresh_token"))


def check_signed(client: Client, parameters: Mapping[str, str], protocol: Protocol) -> None:
    """Raises Refusal: ESIA-007014, 007003, 007015, 007002 or 007053."""
    require(parameters, "state", "timestamp", "client_secret")
    now = datetime.datetime.now(datetime.UTC)
    check_timestamp(parameters["timestamp"], now=now, window=settings.TIMESTAMP_WINDOW)
    try:
        if protocol is Protocol.V1:
            _check_v1(client, parameters)
        else:
            _check_v2(client, parameters)
    except UnknownCertificate as error:
        raise Refusal(Fault.CERTIFICATE_UNKNOWN) from error
    except BadSignature as error:
        raise Refusal(Fault.BAD_SECRET) from error


def _check_v1(client: Client, parameters: Mapping[str, str]) -> None:
    signature = from_base64url(parameters["client_secret"])
    verify_pkcs7(signature, _text(parameters, V1), client.certificates)


def _check_v2(client: Client, parameters: Mapping[str, str]) -> None:
    require(parameters, "client_certificate_hash")
    claimed = parameters["client_certificate_hash"].upper()
    certificate = next((each for each in client.certificates if certificate_hash(each) == claimed), None)
    if certificate is None:
        raise BadSignature("the hash is not that of a registered certificate")
    signature = from_base64url(parameters["client_secret"])
    texts = [_text(parameters, names) for names in _signed_names(parameters)]
    if not any(_fits(signature, text, certificate) for text in texts):
        raise BadSignature("the signature does not fit")


def _fits(signature: bytes, text: bytes, certificate: Certificate) -> bool:
    try:
        verify_bare(signature, text, certificate)
    except BadSignature:
        return False
    return True


def _signed_names(parameters: Mapping[str, str]) -> tuple[tuple[str, ...], ...]:
    if parameters.get("grant_type") == "refresh_token":
        return V2_REFRESH
    return (V2_CODE,) if "grant_type" in parameters else (V2_AUTHORIZATION,)


def _text(parameters: Mapping[str, str], names: tuple[str, ...]) -> bytes:
    return "".join(parameters.get(name, "") for name in names).encode()
