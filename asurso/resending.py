"""A form that cannot be taken, because its token has turned or its session has ended, is offered again
with all that was typed, for the pages where much is typed at once. Works without JavaScript.

Only a form that our own page sent: a stranger's would be made ours by one press. Nothing of the
database is shown, and what was typed comes back to the browser that sent it. Files do not: no page can
put them into a form, so it says that they are to be chosen again.
"""

from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

RESENDABLE = {"diary:lesson", "diary:homework", "diary:homework-new"}
TOKEN = "csrfmiddlewaretoken"  # noqa: S105 (the field's name)


def token_has_turned(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's CSRF_FAILURE_VIEW. Signing in anew, in another tab too, turns the token."""
    fields = _fields(request) if request.user.is_authenticated else []
    return render(request, "403_csrf.html", _offer(request, fields), status=403)


class LoginRequired(LoginRequiredMiddleware):
    """Django's own, but a form with work in it is not thrown away on the way to the sign-in."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> Any:
        fields = _fields(request)
        if not fields:
            return super().handle_no_permission(request, view_func)
        response = render(request, "signed_out.html", _offer(request, fields), status=403)
        response["Cache-Control"] = "private, no-store"
        return response


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
