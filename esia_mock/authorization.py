"""A request for authorization: checked once, kept while the person signs in."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from secrets import token_urlsafe

from django.core.cache import cache

from esia_mock import settings
from esia_mock.clients import Client, Protocol, find_client, known_scopes
from esia_mock.errors import Fault, Refusal
from esia_mock.failures import Failure
from esia_mock.parameters import require
from esia_mock.signing import check_signed


@dataclass(frozen=True)
class SignIn:
    """What a system asked for, and how far the person has come: `oid` waits for the second factor."""

    client_id: str
    protocol: Protocol
    redirect_uri: str
    scopes: tuple[str, ...]
    state: str
    offline: bool = False
    code_challenge: str = ""
    nonce: str = ""
    failure: Failure = Failure.NONE
    seconds: int = 0
    oid: int | None = None


class Gone(Exception):
    """The sign-in has ended, or took too long."""


def way_back(parameters: Mapping[str, str]) -> Client:
    """The client, whose redirect_uri may be trusted. Raises Refusal, which must not be redirected."""
    client = find_client(parameters.get("client_id", ""))
    if client is None:
        raise Refusal(Fault.CLIENT_NOT_ALLOWED, "client_id")
    if parameters.get("redirect_uri") not in client.redirect_uris:
        raise Refusal(Fault.BAD_REDIRECT)
    return client


def check(client: Client, parameters: Mapping[str, str], protocol: Protocol) -> SignIn:
    """Everything else about a request. Raises Refusal."""
    if not client.speaks(protocol):
        raise Refusal(Fault.CLIENT_NOT_ALLOWED)
    require(parameters, "response_type")
    if parameters["response_type"] != "code":
        raise Refusal(Fault.RESPONSE_TYPE)
    if protocol is not Protocol.STANDARD:
        check_signed(client, parameters, protocol)
        if parameters.get("access_type", "online") not in ("online", "offline"):
            raise Refusal(Fault.BAD_PARAMETER, "access_type")
    return SignIn(
        client_id=client.mnemonic,
        protocol=protocol,
        redirect_uri=parameters["redirect_uri"],
        scopes=check_scopes(client, parameters.get("scope", ""), protocol),
        state=parameters.get("state", ""),
        offline=parameters.get("access_type") == "offline",
        code_challenge=_challenge(client, parameters, protocol),
        nonce=parameters.get("nonce", ""),
    )


def check_scopes(client: Client, text: str, protocol: Protocol) -> tuple[str, ...]:
    """Raises Refusal: none, an unknown one, or one that the system was not granted."""
    scopes = tuple(text.split())
    if not scopes:
        raise Refusal(Fault.NO_SCOPE)
    for scope in scopes:
        if scope not in known_scopes(protocol):
            raise Refusal(Fault.BAD_SCOPE, scope)
        if scope not in client.scopes:
            raise Refusal(Fault.NO_GRANTS, scope)
    return scopes


def _challenge(client: Client, parameters: Mapping[str, str], protocol: Protocol) -> str:
    """v1 knows no PKCE; a public client cannot do without."""
    challenge = parameters.get("code_challenge", "")
    if protocol is Protocol.V1:
        return ""
    if challenge and parameters.get("code_challenge_method") != "S256":
        raise Refusal(Fault.BAD_PARAMETER, "code_challenge_method")
    if client.is_public and not challenge:
        raise Refusal(Fault.MISSING_PARAMETER, "code_challenge")
    return challenge


def begin(sign_in: SignIn) -> str:
    """Keep it; gives the key under which the person goes on."""
    key = token_urlsafe(16)
    cache.set(_name(key), sign_in, settings.SIGN_IN_SECONDS)
    return key


def look(key: str) -> SignIn:
    """Raises Gone."""
    found: SignIn | None = cache.get(_name(key))
    if found is None:
        raise Gone
    return found


def await_second_factor(key: str, sign_in: SignIn, oid: int) -> None:
    cache.set(_name(key), replace(sign_in, oid=oid), settings.SIGN_IN_SECONDS)


def end(key: str) -> None:
    """Raises Gone when it has been ended already: of two clicks one counts."""
    if not cache.delete(_name(key)):
        raise Gone


def _name(key: str) -> str:
    return f"sign-in:{key}"
