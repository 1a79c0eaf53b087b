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
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from asurso.context import THEMES, look_of
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
    links = [{"label": _("Help"), "url": reverse("help"), "icon": "help", "note": ""}]
    roles = request.user.roles  # type: ignore[union-attr]
    if roles.is_school_administrator or roles.is_region_operator or request.user.is_superuser:
        admin = {"label": _("Administration"), "url": reverse("admin:index"), "icon": "institution"}
        links.insert(0, {**admin, "note": _("People, classes, ties")})
    if roles.is_school_administrator or roles.is_territory_staff or roles.is_region_operator:
        queue = {"label": _("Registrations"), "url": reverse("accounts:registrations"), "icon": "people"}
        links.insert(0, {**queue, "note": ""})
    if roles.is_employed and (roles.is_student or roles.is_guardian):  # left out of their bar
        timetable = {"label": _("Timetable"), "url": reverse("schedule:classes"), "icon": "timetable"}
        links.insert(0, {**timetable, "note": ""})
    if roles.is_student or roles.is_guardian:
        links[:0] = [
            {"label": _("Debts"), "url": reverse("diary:debts"), "icon": "clock", "note": ""},
            {
                "label": _("Place in the class"),
                "url": reverse("diary:standing"),
                "icon": "people",
                "note": "",
            },
        ]
    security = {"label": _("Security"), "url": reverse("accounts:security"), "icon": "key"}
    links.insert(0, {**security, "note": _("Password, second factor, contacts, sign-ins")})
    if roles.is_student or roles.is_guardian:
        attendance = {"label": _("Attendance"), "url": reverse("diary:attendance"), "icon": "timetable"}
        links.insert(0, {**attendance, "note": _("Missed lessons, and notes on absences")})
    if roles.is_guardian or roles.is_student:
        calendar = {
            "label": _("Calendar on your phone"),
            "url": reverse("diary:calendar"),
            "icon": "timetable",
        }
        links.insert(0, {**calendar, "note": _("Lessons and homework in the calendar that you use")})
        reports = {"label": _("Reports"), "url": reverse("diary:reports"), "icon": "chart"}
        links.insert(0, {**reports, "note": _("Progress, attendance, results: to print")})
    if roles.is_guardian:
        children = {"label": _("Logins of the children"), "url": reverse("accounts:child-logins")}
        links.insert(0, {**children, "icon": "key", "note": _("When a child has lost the password")})
    if roles.leads_class:
        own_class = {"label": _("Logins of the class"), "url": reverse("accounts:class-logins")}
        links.insert(0, {**own_class, "icon": "key", "note": _("When a student has lost the password")})
    return render(request, "more.html", {"links": links})


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
