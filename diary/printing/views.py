"""The journal of a course or a class for any days: choose them, then take the PDF or the workbook."""

import io
from collections.abc import Callable
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from diary.access import classes_seen_whole_by, courses_seen_whole_by
from diary.printing.forms import PeriodForm
from diary.printing.paper import journal_pdf
from diary.printing.reading import class_journal, course_journal
from diary.printing.record import PrintedJournal
from diary.printing.workbook import MEDIA_TYPE, journal_workbook
from schedule.weeks import term_label
from schools.models import Course, SchoolClass, Term

WRITERS: dict[str, tuple[str, Callable[[PrintedJournal], bytes]]] = {
    "pdf": ("application/pdf", journal_pdf),
    "xlsx": (MEDIA_TYPE, journal_workbook),
}


@require_GET
def course_print(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    visible = courses_seen_whole_by(request.user, timezone.localdate())
    course = get_object_or_404(
        visible.select_related("subject", "school_class", "group", "organisation", "year"), pk=pk
    )
    title = f"{course.subject.name}, {course.audience}"
    back = reverse("diary:journal-print", args=[pk])
    return _print(request, course, title, back, _grades_of(course), course_journal)


@require_GET
def class_print(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    visible = classes_seen_whole_by(request.user, timezone.localdate())
    school_class = get_object_or_404(visible.select_related("organisation", "year"), pk=pk)
    title = _("Class %(class)s, all subjects") % {"class": school_class.label}
    back = reverse("diary:class-journal-print", args=[pk])
    return _print(request, school_class, title, back, [school_class.grade], class_journal)


def _print(
    request: HttpRequest,
    whose: Course | SchoolClass,
    title: str,
    address: str,
    grades: list[int],
    read: Callable[..., PrintedJournal],
) -> HttpResponse | FileResponse:
    """Without a format the page that asks for the days; with one the file."""
    terms = _terms(whose, grades)
    form = PeriodForm(
        request.GET if "since" in request.GET else None, initial=_present(terms), year=whose.year
    )
    wanted = request.GET.get("format")
    if wanted is not None and wanted not in WRITERS:
        raise Http404
    if wanted and form.is_valid():
        return _file(read(whose, **form.cleaned_data), wanted)
    links = [{**term, "url": f"{address}?since={term['since']}&until={term['until']}"} for term in terms]
    context = {"form": form, "title": title, "terms": links}
    return render(request, "diary/journal_print.html", context, status=422 if form.errors else 200)


def _file(journal: PrintedJournal, wanted: str) -> FileResponse:
    media_type, write = WRITERS[wanted]
    name = _("Journal %(title)s %(since)s–%(until)s") % {
        "title": journal.title,
        "since": f"{journal.since:%d.%m.%Y}",
        "until": f"{journal.until:%d.%m.%Y}",
    }
    content = io.BytesIO(write(journal))
    response = FileResponse(content, as_attachment=True, filename=f"{name}.{wanted}", content_type=media_type)
    response["Cache-Control"] = "private, no-store"  # a shared computer keeps no copy of its own
    return response


def _grades_of(course: Course) -> list[int]:
    return course.grades()[:1]


def _terms(whose: Course | SchoolClass, grades: list[int]) -> list[dict[str, Any]]:
    """Of the lowest grade, in order, then the whole year."""
    grade = grades[0] if grades else 0
    of_grade = Term.objects.filter(
        organisation=whose.organisation_id, year=whose.year_id, first_grade__lte=grade, last_grade__gte=grade
    )
    terms = [
        {"label": capfirst(term_label(term)), "since": term.since, "until": term.until}
        for term in of_grade.order_by("since")
    ]
    year = {"label": _("The whole year"), "since": whose.year.since, "until": whose.year.until}
    return [*terms, year]


def _present(terms: list[dict[str, Any]]) -> dict[str, Any]:
    """The last term that has begun; the whole year where none has."""
    today = timezone.localdate()
    return next((term for term in reversed(terms[:-1]) if term["since"] <= today), terms[-1])
