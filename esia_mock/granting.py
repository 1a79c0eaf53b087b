"""The token end points: a code or a refresh token becomes tokens."""

import base64
import binascii
import hmac
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote_plus

from esia_mock import settings
from esia_mock.authorization import check_scopes
from esia_mock.clients import Client, Protocol, find_client
from esia_mock.codes import (
    Grant,
    issue_refresh_token,
    look_at_code,
    redeem_code,
    redeem_refresh_token,
)
from esia_mock.errors import Fault, Refusal
from esia_mock.failures import Failure
from esia_mock.parameters import require
from esia_mock.people import find_account
from esia_mock.signing import check_signed
from esia_mock.tokens import access_token, id_token


def chosen_failure(parameters: Mapping[str, str]) -> tuple[Failure, int]:
    """What the tester chose for the sign-in of this code, and the seconds of a slow one."""
    grant = look_at_code(parameters.get("code", ""))
    return (grant.failure, grant.seconds) if grant else (Failure.NONE, 0)


def exchange(parameters: Mapping[str, str], protocol: Protocol, header: str) -> dict[str, Any]:
    """The answer's members; `header` is the request's Authorization. Raises Refusal."""
    parameters = _with_basic(parameters, header) if protocol is Protocol.STANDARD else parameters
    client = _authenticated(parameters, protocol)
    grant = _redeem(parameters, client, protocol)
    account = find_account(grant.oid)
    if account is None:
        raise Refusal(Fault.BAD_GRANT)
    answer: dict[str, Any] = {
        "access_token": access_token(grant),
        "token_type": "Bearer",
        "expires_in": settings.TOKEN_SECONDS,
    }
    if "openid" in grant.scopes:
        answer["id_token"] = id_token(grant, account)
    if grant.offline:
        answer["refresh_token"] = issue_refresh_token(grant)
    return {**answer, "state": parameters["state"]} if "state" in parameters else answer


def _authenticated(parameters: Mapping[str, str], protocol: Protocol) -> Client:
    require(parameters, "client_id", "grant_type")
    client = find_client(parameters["client_id"])
    if client is None:
        raise Refusal(Fault.BAD_CLIENT)
    if not client.speaks(protocol):
        raise Refusal(Fault.CLIENT_NOT_ALLOWED)
    if protocol is Protocol.STANDARD:
        _check_secret(client, parameters.get("client_secret", ""))
    else:
        check_signed(client, parameters, protocol)
    return client


def _redeem(parameters: Mapping[str, str], client: Client, protocol: Protocol) -> Grant:
    signed = protocol is not Protocol.STANDARD
    if signed and parameters.get("token_type") != "Bearer":
        raise Refusal(Fault.BAD_PARAMETER, "token_type")
    if parameters["grant_type"] == "authorization_code":
        require(parameters, "code", "redirect_uri")
        grant = redeem_code(
            parameters["code"],
            client=client,
            protocol=protocol,
            redirect_uri=parameters["redirect_uri"],
            verifier=parameters.get("code_verifier", ""),
        )
    elif parameters["grant_type"] == "refresh_token":
        require(parameters, "refresh_token")
        grant = redeem_refresh_token(parameters["refresh_token"], client=client, protocol=protocol)
    else:
        raise Refusal(Fault.GRANT_TYPE)
    if signed:
        _refuse_more_scopes(parameters, client, grant)
    return grant


def _refuse_more_scopes(parameters: Mapping[str, str], client: Client, grant: Grant) -> None:
    asked = check_scopes(client, parameters.get("scope", ""), grant.protocol)
    if not set(asked) <= set(grant.scopes):
        raise Refusal(Fault.NO_GRANTS)


def _check_secret(client: Client, secret: str) -> None:
    """A public client has none: PKCE stands for it."""
    if not hmac.compare_digest(client.secret.encode(), secret.encode()):
        raise Refusal(Fault.BAD_CLIENT)


def _with_basic(parameters: Mapping[str, str], header: str) -> Mapping[str, str]:
    """client_secret_basic, as RFC 6749 §2.3.1 has it. Raises Refusal."""
    scheme, _space, credentials = header.partition(" ")
    if scheme.lower() != "basic":
        return parameters
    try:
        name, _colon, secret = base64.b64decode(credentials, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise Refusal(Fault.BAD_CLIENT) from error
    return {**parameters, "client_id": unquote_plus(name), "client_secret": unquote_plus(secret)}
