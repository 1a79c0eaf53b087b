"""The authorization end points and logout: where a system sends the browser."""

from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from esia_mock import authorization
from esia_mock.clients import Protocol, find_client
from esia_mock.errors import Fault, Refusal
from esia_mock.parameters import single


@require_safe
@never_cache
def authorize(request: HttpRequest, protocol: Protocol) -> HttpResponse:
    """An unknown client or address is told on a page: to redirect there would serve an attacker."""
    try:
        client = authorization.way_back(request.GET.dict())
    except Refusal as refusal:
        return refused(request, refusal)
    try:
        asked = authorization.check(client, single(request.GET), protocol)
    except Refusal as refusal:
        state = request.GET.get("state", "")
        return back(request.GET["redirect_uri"], refusal.as_answer(state))
    return redirect("sign-in", authorization.begin(asked))


@require_safe
@never_cache
def logout(request: HttpRequest) -> HttpResponse:
    """ESIA's session ends whatever the address; the browser goes on to a registered one only."""
    request.session.flush()
    if not (url := request.GET.get("redirect_url")):
        return render(request, "esia_mock/signed_out.html")
    client = find_client(request.GET.get("client_id", ""))
    if client is None or url not in client.post_logout_urls:
        return refused(request, Refusal(Fault.BAD_REDIRECT, "redirect_url"))
    return HttpResponseRedirect(url)


def back(redirect_uri: str, parameters: dict[str, str]) -> HttpResponse:
    joint = "&" if urlsplit(redirect_uri).query else "?"
    return HttpResponseRedirect(f"{redirect_uri}{joint}{urlencode(parameters)}")


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    return render(request, "esia_mock/refused.html", {"refusal": refusal}, status=400)
