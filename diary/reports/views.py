"""Reports of a family's child, and of a whole class: as page, print and PDF."""

import io
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.views.decorators.http import require_GET

from diary.access import classes_seen_whole_by
from diary.family import family_of, framed
from diary.printing.forms import PeriodForm
from diary.reports.paper import reports_pdf
from diary.reports.reading import learner_of, learners_of
from diary.reports.spans import (
    Span,
    named_term,
    present_term,
    span_of_days,
    span_of_term,
    span_of_year,
    terms_of,
)
from diary.reports.tables import Kind, reports_of
from schedule.weeks import term_label
from schools.family import Child
from schools.models import Term


@require_GET
def reports(request: HttpRequest) -> HttpResponse:
    """Of the oldest child, or one's own."""
    _children, child = family_of(request.user, None, on=timezone.localdate())
    return redirect("diary:reports-of", student_pk=child.student.pk)


@require_GET
def student_reports(request: HttpRequest, student_pk: int) -> HttpResponse:
    children, child = family_of(request.user, student_pk, on=timezone.localdate())
    links = [
        {"label": kind.label, "url": reverse("diary:report", args=[student_pk, kind]), "icon": "chart"}
        for kind in Kind
        if kind.is_for(child.information)
    ]
    context = {"links": links, **framed(children, child, "diary:reports-of")}
    return render(request, "diary/reports.html", context)


@require_GET
def report(request: HttpRequest, student_pk: int, kind: str) -> HttpResponse:
    children, child, shown = _report_of(request, student_pk, kind)
    terms = terms_of(child.school_class)
    span, form = _span(request, shown, terms)
    now = timezone.localtime()
    made = reports_of(shown, [learner_of(child)], child.school_class, span, now=now)[0] if span else None
    context = {
        **framed(children, child, "diary:report", shown),
        "title": shown.label,
        "report": made,
        "form": form,
        "terms": [] if shown == Kind.YEAR else _term_links(terms, span),
        "pdf_url": reverse("diary:report-pdf", args=[student_pk, shown]) + span.query if span else "",
    }
    return render(request, "diary/report.html", context, status=422 if form and form.errors else 200)


@require_GET
def report_pdf(request: HttpRequest, student_pk: int, kind: str) -> FileResponse:
    _children, child, shown = _report_of(request, student_pk, kind)
    span, _form = _span(request, shown, terms_of(child.school_class))
    if span is None:
        raise Http404
    made = reports_of(shown, [learner_of(child)], child.school_class, span, now=timezone.localtime())
    return _file(made, shown)


@require_GET
def class_reports(request: HttpRequest, pk: int) -> HttpResponse:
    """What can be printed for the whole class."""
    school_class = get_object_or_404(classes_seen_whole_by(request.user, timezone.localdate()), pk=pk)
    terms = terms_of(school_class)
    present = present_term(terms, timezone.localdate())
    rows = [
        {
            "label": kind.label,
            "links": [
                {"label": capfirst(term_label(term)), "query": f"?term={term.pk}", "present": term is present}
                for term in terms
            ],
            "url": reverse("diary:class-report-pdf", args=[pk, kind]),
            "is_of_year": kind == Kind.YEAR,
        }
        for kind in Kind
    ]
    return render(request, "diary/class_reports.html", {"school_class": school_class, "rows": rows})


@require_GET
def class_report_pdf(request: HttpRequest, pk: int, kind: str) -> FileResponse:
    now = timezone.localtime()
    school_class = get_object_or_404(classes_seen_whole_by(request.user, now.date()), pk=pk)
    shown, terms = _kind(kind), terms_of(school_class)
    span, _form = _span(request, shown, terms)
    if span is None:
        raise Http404
    year = terms[0].year
    learners = learners_of(school_class, on=min(max(now.date(), year.since), year.until))
    if not learners:
        raise Http404
    return _file(reports_of(shown, learners, school_class, span, now=now), shown)


def _report_of(request: HttpRequest, student_pk: int, kind: str) -> tuple[list[Child], Child, Kind]:
    """Raises Http404, for a report that the tie grants nothing of as well."""
    children, child = family_of(request.user, student_pk, on=timezone.localdate())
    shown = _kind(kind)
    if not shown.is_for(child.information):
        raise Http404
    return children, child, shown


def _kind(kind: str) -> Kind:
    if kind not in Kind.values:
        raise Http404
    return Kind(kind)


def _span(request: HttpRequest, kind: Kind, terms: list[Term]) -> tuple[Span | None, PeriodForm | None]:
    """The days that the address names, and for a report of any days the form that asks for them; no days
    where the form has errors."""
    if kind == Kind.YEAR:
        return span_of_year(terms), None
    chosen = span_of_term(named_term(terms, request.GET.get("term"), timezone.localdate()))
    if kind == Kind.TERM:
        return chosen, None
    asked = "since" in request.GET
    form = PeriodForm(request.GET if asked else None, initial=vars(chosen), year=terms[0].year)
    if not asked:
        return chosen, form
    return (span_of_days(terms, **form.cleaned_data) if form.is_valid() else None), form


def _term_links(terms: list[Term], span: Span | None) -> list[dict[str, Any]]:
    return [
        {
            "label": capfirst(term_label(term)),
            "url": f"?term={term.pk}",
            "current": span is not None and span.term == term,
        }
        for term in terms
    ]


def _file(made: Any, kind: Kind) -> FileResponse:
    """Named for the report alone: downloads are seen by others."""
    content = reports_pdf(made, title=str(kind.label), on=timezone.localdate())
    return FileResponse(
        io.BytesIO(content), as_attachment=True, filename=f"{kind.label}.pdf", content_type="application/pdf"
    )
