"""Data of the person an access token was issued for: ESIA's REST, and userinfo."""

import re
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from esia_mock import rest
from esia_mock.people import Account, find_account
from esia_mock.tokens import Access, BadToken, read_access_token

EMBED = re.compile(r"^\(([\w.,]+)\)$")


class NotAuthorized(Exception):
    """Answered with 401."""


def _answers(view: Any) -> Any:
    """Turn what may go wrong into ESIA's answers: 401 bad token, 403 no scope, 404 nothing there."""

    @require_safe
    @never_cache
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            found: HttpResponse = view(request, *args, **kwargs)
        except NotAuthorized:
            refused = _error("ESIA-008010", "invalid_token", 401)
            refused["WWW-Authenticate"] = 'Bearer error="invalid_token"'
            return refused
        except rest.NoScope:
            return _error("ESIA-007019", "insufficient_scope", 403)
        except Http404:
            return _error("ESIA-007003", "not_found", 404)
        return found

    return answer


@_answers
def person(request: HttpRequest, oid: int) -> HttpResponse:
    account, access = _asked(request, oid)
    embed = [name for name in _embed(request) if name in rest.EMBEDDABLE]
    return JsonResponse(rest.person(account, access, embed))


@_answers
def collection(request: HttpRequest, oid: int, collection: str) -> HttpResponse:
    rows = _rows(request, oid, collection)
    if "elements" in _embed(request):
        return JsonResponse(rest.embedded(rows))
    return JsonResponse(rest.linked(rows, request.build_absolute_uri(request.path)))


@_answers
def element(request: HttpRequest, oid: int, collection: str, pk: int) -> HttpResponse:
    for row in _rows(request, oid, collection):
        if row["id"] == pk:
            return JsonResponse(row)
    raise Http404


@csrf_exempt
@require_http_methods(["GET", "POST"])
@never_cache
def userinfo(request: HttpRequest) -> HttpResponse:
    """OpenID Connect wants POST as well; neither changes anything."""
    try:
        access = _access(request)
    except NotAuthorized:
        return _error("", "invalid_token", 401)
    account = find_account(access.oid)
    if account is None or "openid" not in access.scopes:
        return _error("", "insufficient_scope", 403)
    return JsonResponse(rest.userinfo(account, access))


def _rows(request: HttpRequest, oid: int, collection: str) -> list[rest.Row]:
    account, access = _asked(request, oid)
    if collection not in rest.ROWS:
        raise Http404
    return rest.elements(collection, account, access)


def _asked(request: HttpRequest, oid: int) -> tuple[Account, Access]:
    """A token is for one person: another oid is as if it were not there."""
    access = _access(request)
    account = find_account(oid)
    if account is None or access.oid != oid:
        raise Http404
    return account, access


def _access(request: HttpRequest) -> Access:
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise NotAuthorized
    try:
        return read_access_token(token)
    except BadToken as error:
        raise NotAuthorized from error


def _embed(request: HttpRequest) -> list[str]:
    """`(contacts.elements,documents.elements)` → ["contacts", "documents"]; `(elements)` → ["elements"]"""
    found = EMBED.match(request.GET.get("embed", ""))
    return [name.removesuffix(".elements") for name in found[1].split(",")] if found else []


def _error(code: str, word: str, status: int) -> HttpResponse:
    return JsonResponse({"code": code, "message": word}, status=status)
