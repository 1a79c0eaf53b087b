"""The installable portal: its manifest, its service worker, and which pages a device may keep.

A page is kept on the device only when its answer says so in `X-Keep-Offline`; the worker
(static/js/worker.js) knows no addresses of its own. How kept pages end is told in docs/offline.md.
"""

import re
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from asurso.context import look_of
from schools.capacities import Kind

# The one list of what a family finds without a connection: home, week, subjects, homework.
KEPT = re.compile(r"/(home/(\d+/)?|diary/\d+/(\d{4}-\d\d-\d\d/)?|diary/\d+/(subjects|homework)/.*)")
READER_HEADER = "X-Reader"
KEEP_HEADER = "X-Keep-Offline"


def tell_worker(request: HttpRequest, response: HttpResponseBase) -> None:
    """Name the signed-in reader of a page, and say whether the reader's own device may keep it."""
    response[READER_HEADER] = f"{request.user.pk}"
    if may_be_kept(request, response):
        response[KEEP_HEADER] = "1"


def may_be_kept(request: HttpRequest, response: HttpResponseBase) -> bool:
    return (
        request.method == "GET"
        and response.status_code == 200
        and response.get("Content-Type", "").startswith("text/html")
        and KEPT.fullmatch(request.path) is not None
        and reads_as_family(request.user)
    )


def reads_as_family(user: Any) -> bool:
    """A teacher's page names other people's children: it is kept nowhere, whoever else the teacher is."""
    roles, chosen = user.roles, user.acting and user.acting.kind
    if chosen is None:
        return bool((roles.is_student or roles.is_guardian) and not roles.is_employed)
    return bool(chosen in (Kind.STUDENT, Kind.GUARDIAN))


@login_not_required
@require_safe
def offline_page(request: HttpRequest) -> HttpResponse:
    """What opens without a connection in place of a page that is not kept. Devices keep it for everybody:
    neither the reader's name nor a token stands in it, whoever asks."""
    return render(request, "offline.html", {"site": look_of(request), "csrf_token": ""})


@login_not_required
@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """At the root, because a worker serves no address above its own."""
    script = f'importScripts("{static("js/worker.js")}");\n'
    response = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@login_not_required
@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    icons = [
        {"src": static(f"img/app-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"}
        for size in (192, 512)
    ]
    maskable = {"src": static("img/app-maskable-512.png"), "sizes": "512x512", "purpose": "maskable"}
    return JsonResponse(
        {
            "id": "/",
            "name": _("ASU RSO: school diary and journal"),
            "short_name": _("ASU RSO"),
            "lang": get_language(),
            "start_url": reverse("diary:home"),
            "scope": "/",
            "display": "standalone",
            "background_color": "#f1f3f0",
            "theme_color": "#24429c",
            "icons": [*icons, {**maskable, "type": "image/png"}],
        },
        content_type="application/manifest+json",
    )
