"""The pages of the sign-in: the list of test people, the second factor."""

import datetime
import time
import uuid
from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from esia_mock import authorization, settings
from esia_mock.authorization import Gone, SignIn
from esia_mock.codes import Grant, expiry, issue_code
from esia_mock.errors import Fault, Refusal
from esia_mock.failures import Failure
from esia_mock.forms import SECOND_FACTOR_CODE, CodeForm, SignInForm
from esia_mock.people import Account, everybody
from esia_mock.views.authorizing import back


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """What this is, for whoever opens the address by itself."""
    return render(request, "esia_mock/front.html", {"people": _lines(everybody())})


@require_http_methods(["GET", "POST"])
@never_cache
def sign_in(request: HttpRequest, key: str) -> HttpResponse:
    try:
        asked = authorization.look(key)
    except Gone:
        return gone(request)
    people = everybody()
    form = SignInForm(request.POST if request.method == "POST" else None, people=people)
    if form.is_valid():
        asked = replace(asked, failure=form.cleaned_data["failure"], seconds=form.cleaned_data["seconds"])
        return _go_on(request, key, asked, form.cleaned_data["person"])
    context = {"form": form, "asked": asked, "lines": _lines(people), "present": _present(request, people)}
    return render(request, "esia_mock/sign_in.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@never_cache
def second_factor(request: HttpRequest, key: str) -> HttpResponse:
    try:
        asked = authorization.look(key)
    except Gone:
        return gone(request)
    account = next((each for each in everybody().values() if each.oid == asked.oid), None)
    if account is None:
        return redirect("sign-in", key)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return _finish(request, key, asked, account)
    context = {"form": form, "account": account, "right_code": SECOND_FACTOR_CODE}
    return render(request, "esia_mock/second_factor.html", context, status=422 if form.is_bound else 200)


def _go_on(request: HttpRequest, key: str, asked: SignIn, account: Account) -> HttpResponse:
    if account.second_factor:
        authorization.await_second_factor(key, asked, account.oid)
        return redirect("second-factor", key)
    return _finish(request, key, asked, account)


def _finish(request: HttpRequest, key: str, asked: SignIn, account: Account) -> HttpResponse:
    """Back to the system that asked, with a code or the person's refusal."""
    try:
        authorization.end(key)
    except Gone:
        return gone(request)
    if asked.failure is Failure.DENIED:
        return back(asked.redirect_uri, Refusal(Fault.DENIED).as_answer(asked.state))
    code = issue_code(_grant(request, asked, account))
    state = {"state": asked.state} if asked.state else {}
    return back(asked.redirect_uri, {"code": code, **state})


def _grant(request: HttpRequest, asked: SignIn, account: Account) -> Grant:
    """With it ESIA's session begins, which lasts until logout."""
    request.session.cycle_key()
    request.session["oid"] = account.oid
    return Grant(
        client_id=asked.client_id,
        protocol=asked.protocol,
        redirect_uri=asked.redirect_uri,
        scopes=asked.scopes,
        oid=account.oid,
        sid=str(uuid.uuid4()),
        auth_time=int(time.time()),
        offline=asked.offline,
        code_challenge=asked.code_challenge,
        nonce=asked.nonce,
        failure=asked.failure,
        seconds=asked.seconds,
        expires_at=expiry(asked.failure),
    )


def gone(request: HttpRequest) -> HttpResponse:
    return render(request, "esia_mock/gone.html", status=410)


def _present(request: HttpRequest, people: dict[str, Account]) -> Account | None:
    """Who signed in before and has not signed out of ESIA."""
    oid = request.session.get("oid")
    return next((account for account in people.values() if account.oid == oid), None)


def _lines(people: dict[str, Account]) -> list[tuple[Account, int]]:
    """(account, age today)"""
    today = datetime.datetime.now(settings.ZONE).date()
    return [(account, account.age(today)) for account in people.values()]
