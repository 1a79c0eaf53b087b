"""Logins of the own class and of the own children."""

from base64 import b64encode
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods

from accounts.issuing import reissuing
from accounts.issuing.slips import slips_pdf
from accounts.models import LoginIssue


@never_cache
@require_GET
def class_logins(request: HttpRequest) -> HttpResponse:
    if not request.user.roles.leads_class:  # type: ignore[union-attr]
        raise Http404
    logins = reissuing.of_own_classes(request.user, now=timezone.localtime())
    return render(request, "accounts/class_logins.html", {"classes": _by_class(logins)})


@never_cache
@require_GET
def child_logins(request: HttpRequest) -> HttpResponse:
    if not request.user.roles.is_guardian:  # type: ignore[union-attr]
        raise Http404
    logins = reissuing.of_own_children(request.user, now=timezone.localtime())
    return render(request, "accounts/child_logins.html", {"logins": logins})


@never_cache
@require_http_methods(["GET", "POST"])
@sensitive_variables("slip", "sheet", "context")
def student_login(request: HttpRequest, student_pk: int) -> HttpResponse:
    """What there is, and a new first password on POST, which this answer alone shows."""
    now = timezone.localtime()
    login = reissuing.login_of(request.user, student_pk, now=now)
    if login is None:
        raise Http404
    context: dict[str, Any] = {"login": login, "refusal": login.refusal, "back_url": _list_of(login)}
    if request.method == "GET":
        return render(request, "accounts/student_login.html", context)
    if request.POST.get("shown", login.stamp) != login.stamp:
        return render(request, "accounts/student_login.html", context | {"issued": True}, status=409)
    try:
        slip = reissuing.reissue_slip(login, by=request.user.person, now=now)  # type: ignore[union-attr]
    except reissuing.Refused as refused:
        context["refusal"] = str(refused)
        return render(request, "accounts/student_login.html", context, status=403)
    address = request.build_absolute_uri("/")
    sheet = b64encode(slips_pdf([slip], address=address)).decode()
    context |= {"slip": slip, "address": address, "sheet": sheet}
    return render(request, "accounts/login_slip.html", context)


def _list_of(login: reissuing.StudentLogin) -> str:
    is_own_class = login.how == LoginIssue.How.CLASS_TEACHER
    return reverse("accounts:class-logins" if is_own_class else "accounts:child-logins")


def _by_class(logins: list[reissuing.StudentLogin]) -> list[dict[str, Any]]:
    classes: dict[int, dict[str, Any]] = {}
    for login in logins:
        of = login.enrolment.school_class
        classes.setdefault(of.pk, {"label": of.label, "logins": []})["logins"].append(login)
    return list(classes.values())
