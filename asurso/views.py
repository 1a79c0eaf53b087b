"""Pages that belong to no app: front, help, more, language, theme, low vision, health."""

import datetime

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template import loader
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from asurso.context import THEMES, look_of
from asurso.more import links_of
from asurso.vision import COOKIE, vision_from

COOKIE_AGE = datetime.timedelta(days=365)


@login_not_required
@require_safe
def front(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    return render(request, "front.html", {"news": []})


@login_not_required
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "help.html")


@require_safe
def more(request: HttpRequest) -> HttpResponse:
    """What does not fit the bar; a page, so that it works without JavaScript."""
    return render(request, "more.html", {"links": links_of(request.user)})


@login_not_required
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    language = request.POST.get("language", "")
    known = language in dict(settings.LANGUAGES)
    return _remember(request, settings.LANGUAGE_COOKIE_NAME, language if known else settings.LANGUAGE_CODE)


@login_not_required
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    theme = request.POST.get("theme", "")
    return _remember(request, "theme", theme if theme in THEMES else THEMES[0])


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def vision(request: HttpRequest) -> HttpResponse:
    """The special version for low vision, switched on, set or switched off; anything unknown is off."""
    if request.method == "POST":
        return _remember(request, COOKIE, str(vision_from(request.POST.get("vision", "")) or ""))
    return render(request, "vision.html")


def server_error(request: HttpRequest) -> HttpResponse:
    """The page of a fault. It asks nothing of the database or the cache, which may be what failed."""
    return HttpResponse(loader.render_to_string("500.html", {"site": look_of(request)}), status=500)


def _remember(request: HttpRequest, cookie: str, value: str) -> HttpResponse:
    """Keep a choice on this device and go back to the page it was made on."""
    next_url = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(next_url, {request.get_host()}, request.is_secure()):
        next_url = reverse("front")
    response = redirect(next_url)
    response.set_cookie(cookie, value, COOKIE_AGE, samesite="Lax", secure=request.is_secure(), httponly=True)
    return response


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when the database and the cache answer; otherwise the error is the answer (500)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    cache.set("healthz", "ok", 10)
    if cache.get("healthz") != "ok":
        return JsonResponse({"status": "cache does not answer"}, status=503)
    return JsonResponse({"status": "ok"})
