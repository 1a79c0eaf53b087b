"""A student's lessons in a calendar of one's own: the page that gives out the address, and the address."""

import hashlib
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from diary.family import chosen_child, family_of, student_label
from diary.feed.addresses import HOUR, ReadTooOften, feed_of, issue, revoke
from diary.feed.events import events_of
from diary.feed.ics import MEDIA_TYPE, calendar_file
from diary.models import CalendarFeed
from schools.family import Child, children_of
from schools.models import Information


@never_cache
@require_GET
def calendar(request: HttpRequest) -> HttpResponse:
    children, _child = family_of(request.user, None, on=timezone.localdate())
    return _page(request, children)


@never_cache
@require_POST
def calendar_address(request: HttpRequest, student_pk: int) -> HttpResponse:
    """A new address in place of any earlier one; this answer alone tells it."""
    children = children_of(request.user, on=timezone.localdate())
    child = chosen_child(children, student_pk)
    secret = issue(request.user, student_pk, language=translation.get_language(), at=timezone.now())
    address = request.build_absolute_uri(reverse("diary:calendar-feed", args=[secret]))
    return _page(request, children, told=child, address=address)


@never_cache
@require_POST
def calendar_removal(request: HttpRequest, student_pk: int) -> HttpResponse:
    """Of an account's own address: it may be taken back when the tie to the child is over, too."""
    if not CalendarFeed.objects.filter(account=request.user.pk, student=student_pk).exists():
        chosen_child(children_of(request.user, on=timezone.localdate()), student_pk)
    revoke(request.user, student_pk)
    return redirect("diary:calendar")


def _page(
    request: HttpRequest, children: list[Child], told: Child | None = None, address: str = ""
) -> HttpResponse:
    made = dict(CalendarFeed.objects.filter(account=request.user.pk).values_list("student", "made_at"))
    rows = [
        {
            "student": student_label(child),
            "made_at": made.get(child.student.pk),
            "address": address if child is told else "",
            "issue_url": reverse("diary:calendar-address", args=[child.student.pk]),
            "removal_url": reverse("diary:calendar-removal", args=[child.student.pk]),
            "limits": _limits(child),
        }
        for child in children
    ]
    context: dict[str, Any] = {"rows": rows, "webcal": "webcal:" + address.partition(":")[2]}
    return render(request, "diary/calendar.html", context)


def _limits(child: Child) -> str:
    """What of the calendar a guardian is not granted."""
    if child.shows(Information.TIMETABLE) and child.shows(Information.HOMEWORK):
        return ""
    if child.shows(Information.TIMETABLE):
        return _("Without homework: the school’s file does not grant it.")
    if child.shows(Information.HOMEWORK):
        return _("Homework only: the school’s file does not grant the timetable.")
    return _("The calendar will be empty: the school’s file grants neither timetable nor homework.")


@login_not_required  # calendars have no session: the secret opens it, and nothing else does
@require_safe
def calendar_feed(request: HttpRequest, secret: str) -> HttpResponseBase:
    """Every address that opens nothing gets the same answer, whatever the reason."""
    now = timezone.localtime()
    try:
        found = feed_of(secret, on=now.date())
    except ReadTooOften:
        return HttpResponse(status=429, headers={"Retry-After": str(HOUR)})
    if found is None:
        raise Http404
    feed, child = found
    with translation.override(feed.language):
        name = _("School: %(child)s") % {"child": child.student.first_name}
        content = calendar_file(
            events_of(child, now=now), name=name, host=request.get_host(), made_at=feed.made_at
        )
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    response = HttpResponse(content, content_type=MEDIA_TYPE, headers={"ETag": etag})
    response["Content-Disposition"] = 'inline; filename="calendar.ics"'
    patch_cache_control(response, private=True, no_cache=True)
    answer = get_conditional_response(request, etag=etag, response=response)
    return answer or response
