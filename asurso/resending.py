"""A form that cannot be taken, because its token has turned or its session has ended, is offered again
with all that was typed, for the pages where much is typed at once. Works without JavaScript.

Only a form that our own page sent: a stranger's would be made ours by one press. Nothing of the
database is shown, and what was typed comes back to the browser that sent it. Files do not: no page can
put them into a form, so it says that they are to be chosen again.
"""

from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render, resolve_url

# Asked by scripts, which keep what was typed themselves and must never be led to a page.
IN_JSON = {"diary:journal-entries"}
RESENDABLE = {"diary:lesson", "diary:homework", "diary:homework-new"}
TOKEN = "csrfmiddlewaretoken"  # noqa: S105 (the field's name)


def token_has_turned(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's CSRF_FAILURE_VIEW. Signing in anew, in another tab too, turns the token."""
    if _is_in_json(request):
        if not request.user.is_authenticated:
            return signed_out(request)
        # As in any page of ours: only our own origin can read it.
        return JsonResponse({"state": "csrf", "csrf": get_token(request)}, status=403)
    fields = _fields(request) if request.user.is_authenticated else []
    return render(request, "403_csrf.html", _offer(request, fields), status=403)


class LoginRequired(LoginRequiredMiddleware):
    """Django's own, but a form with work in it is not thrown away on the way to the sign-in."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> Any:
        if _is_in_json(request):
            return signed_out(request)
        fields = _fields(request)
        if not fields:
            return super().handle_no_permission(request, view_func)
        response = render(request, "signed_out.html", _offer(request, fields), status=403)
        response["Cache-Control"] = "private, no-store"
        return response


def signed_out(request: HttpRequest) -> HttpResponse:
    """Nobody is signed in, or not the one whose page asks: the script waits for its person."""
    response = JsonResponse({"state": "signed-out", "sign_in": resolve_url(settings.LOGIN_URL)}, status=401)
    response["Cache-Control"] = "private, no-store"
    return response


def _is_in_json(request: HttpRequest) -> bool:
    return request.resolver_match is not None and request.resolver_match.view_name in IN_JSON


def _offer(request: HttpRequest, fields: list[tuple[str, str]]) -> dict[str, Any]:
    return {"fields": fields, "address": request.path, "had_files": bool(fields and request.FILES)}


def _fields(request: HttpRequest) -> list[tuple[str, str]]:
    """What was typed, of a form that may be offered again; else nothing."""
    match = request.resolver_match
    own_origin = f"{request.scheme}://{request.get_host()}"
    if request.method != "POST" or match is None or match.view_name not in RESENDABLE:
        return []
    if request.headers.get("Origin") != own_origin:
        return []
    sent = ((name, str(value)) for name, values in request.POST.lists() for value in values)
    return [(name, value) for name, value in sent if name != TOKEN]
