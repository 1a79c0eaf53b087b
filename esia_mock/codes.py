"""Codes and refresh tokens: used once, bound to the client, its redirect_uri and its PKCE challenge."""

import base64
import hashlib
import hmac
import time
from dataclasses import dataclass
from secrets import token_urlsafe

from django.core.cache import cache

from esia_mock import settings
from esia_mock.clients import Client, Protocol
from esia_mock.errors import Fault, Refusal
from esia_mock.failures import Failure


@dataclass(frozen=True)
class Grant:
    """What a person has granted to a system, in one session."""

    client_id: str
    protocol: Protocol
    redirect_uri: str
    scopes: tuple[str, ...]
    oid: int
    sid: str
    auth_time: int
    offline: bool = False
    code_challenge: str = ""
    nonce: str = ""
    failure: Failure = Failure.NONE
    seconds: int = 0
    expires_at: float = 0


def issue_code(grant: Grant) -> str:
    code = token_urlsafe(32)
    cache.set(f"code:{code}", grant, settings.CODE_SECONDS)
    return code


def expiry(failure: Failure) -> float:
    """When a code made now ends; in the past for the tester who wants an old one."""
    return time.time() + (-1 if failure is Failure.EXPIRED else settings.CODE_SECONDS)


def look_at_code(code: str) -> Grant | None:
    """Without using it up."""
    found: Grant | None = cache.get(f"code:{code}")
    return found


def redeem_code(
    code: str, *, client: Client, protocol: Protocol, redirect_uri: str, verifier: str = ""
) -> Grant:
    """Raises Refusal: ESIA-007011, 007039, 007040. Whatever comes of it, the code is used up."""
    grant = _take(f"code:{code}")
    if grant.expires_at < time.time() or grant.redirect_uri != redirect_uri:
        raise Refusal(Fault.BAD_GRANT)
    _refuse_others(grant, client, protocol)
    _check_verifier(grant.code_challenge, verifier)
    return grant


def issue_refresh_token(grant: Grant) -> str:
    token = token_urlsafe(32)
    cache.set(f"refresh:{token}", grant, settings.REFRESH_SECONDS)
    return token


def redeem_refresh_token(token: str, *, client: Client, protocol: Protocol) -> Grant:
    """Raises Refusal: ESIA-007011. The next one comes with the new tokens."""
    grant = _take(f"refresh:{token}")
    _refuse_others(grant, client, protocol)
    return grant


def _take(name: str) -> Grant:
    """Of two who come at once only one deletes it."""
    grant: Grant | None = cache.get(name)
    if grant is None or not cache.delete(name):
        raise Refusal(Fault.BAD_GRANT)
    return grant


def _refuse_others(grant: Grant, client: Client, protocol: Protocol) -> None:
    if grant.client_id != client.mnemonic or grant.protocol is not protocol:
        raise Refusal(Fault.BAD_GRANT)


def _check_verifier(challenge: str, verifier: str) -> None:
    if not challenge and not verifier:
        return
    if not challenge:
        raise Refusal(Fault.NO_CHALLENGE)
    digest = hashlib.sha256(verifier.encode()).digest()
    made = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    if not hmac.compare_digest(made.encode(), challenge.encode()):
        raise Refusal(Fault.BAD_VERIFIER)
