"""The two layouts of a signed request: v1 (/ac with /te) and v2 (/v2/ac with /v3/te)."""

import base64
import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings

from accounts.esia.signing import Signer, certificate_hash


@dataclass(frozen=True)
class Layout:
    """Where requests go, and what of them is signed: the values in this order, nothing between them."""

    authorization: str
    token: str
    signed: tuple[str, ...]
    signed_with_code: tuple[str, ...]
    is_v2: bool


_V1 = ("scope", "timestamp", "client_id", "state")
_V2 = ("client_id", "scope", "timestamp", "state", "redirect_uri")
LAYOUTS = {
    "v1": Layout("/aas/oauth2/ac", "/aas/oauth2/te", _V1, _V1, is_v2=False),
    "v2": Layout("/aas/oauth2/v2/ac", "/aas/oauth2/v3/te", _V2, (*_V2, "code"), is_v2=True),
}


def layout() -> Layout:
    return LAYOUTS[settings.ESIA_PROTOCOL]


def signed(
    parameters: Mapping[str, str], *, by: Signer, layout: Layout, now: datetime.datetime
) -> dict[str, str]:
    """The request with its time, its signature (`client_secret`) and, in v2, the certificate's hash."""
    request = {**parameters, "timestamp": timestamp(now)}
    if layout.is_v2:
        request["client_certificate_hash"] = certificate_hash(by.certificate_der)
    names = layout.signed_with_code if "code" in request else layout.signed
    text = "".join(request[name] for name in names).encode()
    secret = by.sign(text) if layout.is_v2 else by.pkcs7(text)
    return {**request, "client_secret": base64.urlsafe_b64encode(secret).decode().rstrip("=")}


def timestamp(now: datetime.datetime) -> str:
    """`2026.11.23 10:00:00 +0400`; the plus must be percent-encoded in an address."""
    return f"{now:%Y.%m.%d %H:%M:%S %z}"
