"""The head teacher's control of journals, and the remarks on keeping them."""

import datetime
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from diary.access import courses_seen_whole_by, courses_taught_by, schools_headed_by
from diary.completeness.figures import MISSING, CourseFigures, school_figures, terms_on
from diary.completeness.findings import findings
from diary.completeness.forms import AnswerForm, RemarkForm
from diary.completeness.remarks import remark_lines, visible_remarks
from diary.models import KeepingRemark
from diary.typed import iso_day, number
from schedule.models import Lesson
from schedule.weeks import term_label
from schools.capacities import Kind
from schools.models import Course, Organisation, Term


@require_GET
def completeness_start(request: HttpRequest) -> HttpResponse:
    """The school of the office chosen in the header, or the first of them."""
    headed = schools_headed_by(request.user, timezone.localdate()).order_by("pk")
    acting = request.user.acting  # type: ignore[union-attr]
    chosen = headed.filter(pk=acting.place) if acting and acting.kind == Kind.HEAD_TEACHER else headed
    school = chosen.first() or headed.first()
    if school is None:
        raise Http404
    return redirect("diary:completeness", pk=school.pk)


@require_GET
def completeness(request: HttpRequest, pk: int) -> HttpResponse:
    today = timezone.localdate()
    school = get_object_or_404(schools_headed_by(request.user, today), pk=pk)
    terms = terms_on(school, _day(request, today))
    figures = school_figures(school, terms, today=today)
    lacking = request.GET.get("lacking", "")
    lacking = lacking if lacking in MISSING else ""
    shown = [row for row in figures if row.lacks(lacking)] if lacking else figures
    context = {
        "school": school,
        "teachers": [
            _teacher(names, list(rows)) for names, rows in groupby(shown, key=lambda row: row.teachers)
        ],
        "complete": sum(row.is_complete for row in figures),
        "all": len(figures),
        "terms": _term_links(school, terms, today),
        "on": request.GET.get("on", ""),
        "lacking": lacking,
        "missing": [
            {"kind": kind, "label": label, "count": sum(row.lacks(kind) for row in figures)}
            for kind, label in MISSING.items()
        ],
    }
    return render(request, "diary/completeness.html", context)


def _teacher(names: list[str], rows: list[CourseFigures]) -> dict[str, Any]:
    incomplete = [row for row in rows if not row.is_complete]
    complete = [row for row in rows if row.is_complete]
    note = ngettext("%(count)d journal not filled in", "%(count)d journals not filled in", len(incomplete))
    return {
        "names": ", ".join(names),
        "incomplete": incomplete,
        "complete": complete,
        "note": note % {"count": len(incomplete)} if incomplete else _("everything is filled in"),
    }


def _day(request: HttpRequest, today: datetime.date) -> datetime.date:
    """The day whose terms are asked for; not a day to come."""
    return min(iso_day(request.GET.get("on")) or today, today)


def _term_links(school: Organisation, shown: list[Term], today: datetime.date) -> list[dict[str, Any]]:
    """This year's terms that have begun."""
    year = [term.year_id for term in shown]
    begun = Term.objects.filter(organisation=school, year__in=year, since__lte=today).order_by("since")
    current = {term.pk for term in shown}
    links: dict[str, dict[str, Any]] = {}
    for term in begun:
        label = capfirst(term_label(term))
        link = links.setdefault(label, {"label": label, "on": term.since.isoformat(), "is_shown": False})
        link["is_shown"] = link["is_shown"] or term.pk in current
    return list(links.values())


@require_GET
def course_completeness(request: HttpRequest, pk: int, term_pk: int) -> HttpResponse:
    """What is missing, for the head teacher to ask about and for the teacher to fill in."""
    today = timezone.localdate()
    course = _course(request, pk)
    term = get_object_or_404(Term, organisation=course.organisation_id, year=course.year_id, pk=term_pk)
    context = {
        "course": course,
        "title": f"{course.subject.name}, {course.audience}",
        "term_label": capfirst(term_label(term)),
        "term": term,
        "findings": findings(course, term, today=today),
        "may_ask": _may_ask(request, course),
    }
    return render(request, "diary/course_completeness.html", context)


def _course(request: HttpRequest, pk: int) -> Course:
    seen = courses_seen_whole_by(request.user, timezone.localdate())
    return get_object_or_404(seen.select_related("subject", "school_class", "group"), pk=pk)


def _may_ask(request: HttpRequest, course: Course) -> bool:
    headed = schools_headed_by(request.user, timezone.localdate())
    return headed.filter(pk=course.organisation_id).exists()


@require_http_methods(["GET", "POST"])
def keeping_remark_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the course's teachers to check something, at a lesson where `?lesson=` names one."""
    course = _course(request, pk)
    if not _may_ask(request, course):
        raise PermissionDenied
    asked = request.GET.get("lesson")
    lesson = get_object_or_404(Lesson, course=course, pk=number(asked)) if asked else None
    initial = {"text": request.GET.get("text", "")}
    form = RemarkForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        by = request.user.person  # type: ignore[union-attr]
        KeepingRemark.objects.ask(course=course, lesson=lesson, by=by, **form.cleaned_data)
        messages.success(request, _("The teacher is asked to check."))
        return redirect("diary:keeping-remarks")
    title = f"{course.subject.name}, {course.audience}"
    context = {"form": form, "title": title, "lesson": lesson}
    return render(request, "diary/keeping_remark_new.html", context, status=422 if form.errors else 200)


@require_GET
def keeping_remarks(request: HttpRequest) -> HttpResponse:
    """For who teaches, leads a class or heads a school; others keep and read no journal."""
    roles = request.user.roles  # type: ignore[union-attr]
    if not (roles.is_employed or roles.is_head_teacher):
        raise Http404
    lines = remark_lines(request.user, timezone.localdate())
    return render(request, "diary/keeping_remarks.html", {**lines, "form": AnswerForm(auto_id=False)})


@require_POST
def keeping_remark_answer(request: HttpRequest, pk: int) -> HttpResponse:
    today = timezone.localdate()
    remark = get_object_or_404(visible_remarks(request.user, today), pk=pk)
    if not courses_taught_by(request.user, today).filter(pk=remark.course_id).exists():
        raise PermissionDenied
    form = AnswerForm(request.POST)
    if not form.is_valid():
        lines = remark_lines(request.user, today)
        context = {**lines, "form": form, "refused": pk}
        return render(request, "diary/keeping_remarks.html", context, status=422)
    if remark.reply(form.cleaned_data["answer"], by=request.user.person):  # type: ignore[union-attr]
        messages.success(request, _("Your answer is with the head teacher."))
    else:
        messages.warning(request, _("Somebody answered this remark meanwhile."))
    return redirect("diary:keeping-remarks")


@require_POST
def keeping_remark_settlement(request: HttpRequest, pk: int) -> HttpResponse:
    today = timezone.localdate()
    remark = get_object_or_404(visible_remarks(request.user, today).select_related("course"), pk=pk)
    if not _may_ask(request, remark.course):
        raise PermissionDenied
    remark.settle(by=request.user.person)  # type: ignore[union-attr]
    return redirect("diary:keeping-remarks")
