"""Terms of the school, what each lacks, and their closing: the head teacher's."""

import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from diary.access import schools_headed_by
from diary.closing import closures
from diary.closing.closures import AlreadyClosed, CorrectionsWait, NotOver, ResultsMissing, TermsOpen
from diary.closing.page import (
    closure_page,
    schools_with_terms,
    term_page,
    terms_headed,
    year_page,
)
from schools.models import AcademicYear, Term


@require_GET
def terms(request: HttpRequest) -> HttpResponse:
    if not request.user.roles.is_head_teacher:  # type: ignore[union-attr]
        raise Http404
    schools = schools_with_terms(request.user, timezone.localtime())
    return render(request, "diary/terms.html", {"schools": schools})


@require_GET
def term(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(terms_headed(request.user, timezone.localdate()), pk=pk)
    return render(request, "diary/term.html", term_page(found, timezone.localtime()))


@require_http_methods(["GET", "POST"])
def term_closure(request: HttpRequest, pk: int) -> HttpResponse:
    """GET says what closing means; POST closes."""
    now = timezone.localtime()
    found: Any = get_object_or_404(terms_headed(request.user, now.date()), pk=pk)
    if request.method == "GET":
        return _closure_page(request, found, closures.term_obstacle(found, now))
    try:
        closures.close_term(pk, by=request.user.person, at=now)  # type: ignore[union-attr]
    except (NotOver, ResultsMissing) as refused:
        return _closure_page(request, found, type(refused))
    except AlreadyClosed:
        messages.warning(request, _("The term was closed before."))
    else:
        messages.success(request, _("The term is closed."))
    return redirect("diary:term", pk=pk)


def _closure_page(request: HttpRequest, found: Any, refusal: type[Exception] | None) -> HttpResponse:
    if refusal is AlreadyClosed:
        return redirect("diary:term", pk=found.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "diary/closure.html", closure_page(found, refusal), status=status)


@require_http_methods(["GET", "POST"])
def year_closure(request: HttpRequest, organisation_pk: int, year_pk: int) -> HttpResponse:
    """GET says what closing means, and what is missing; POST closes."""
    now = timezone.localtime()
    school = get_object_or_404(schools_headed_by(request.user, now.date()), pk=organisation_pk)
    year = get_object_or_404(AcademicYear.objects.filter(term__organisation=school).distinct(), pk=year_pk)
    if request.method == "GET":
        return _year_page(request, school, year, now.date())
    try:
        closures.close_year(school, year, by=request.user.person, at=now)  # type: ignore[union-attr]
    except (TermsOpen, ResultsMissing, CorrectionsWait):
        return _year_page(request, school, year, now.date())
    except AlreadyClosed:
        messages.warning(request, _("The year was closed before."))
    else:
        messages.success(request, _("The year is closed."))
    return redirect("diary:terms")


def _year_page(request: HttpRequest, school: Any, year: Any, on: datetime.date) -> HttpResponse:
    of_year = list(Term.objects.filter(organisation=school, year=year).select_related("closure"))
    page = year_page(school, year, of_year, on)
    if page["is_closed"]:
        return redirect("diary:terms")
    return render(request, "diary/closure.html", page, status=422 if request.method == "POST" else 200)
