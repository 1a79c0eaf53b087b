"""A programme from a spreadsheet: the file, the preview, the confirmation."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods, require_POST

from diary.models import LessonProgramme
from diary.programme.contents import ChangedMeanwhile, is_approved
from diary.programme.forms import UploadForm
from diary.programme.importing import (
    NoDraft,
    TopicsWouldGo,
    is_same,
    match,
    signed,
    unsigned,
    write_import,
)
from diary.programme.plan import slots_from
from diary.programme.spreadsheet import TopicRow, read_upload
from diary.programme.views import changed_meanwhile, own_course
from schedule.workbook.problems import Refused

MOST_PROBLEMS = 100


@require_http_methods(["GET", "POST"])
def programme_import(request: HttpRequest, course_pk: int) -> HttpResponse:
    course = own_course(request, course_pk)
    form = UploadForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    reading = None
    if form.is_valid():
        try:
            reading = read_upload(form.cleaned_data["file"])
        except Refused as refused:
            form.add_error("file", str(refused))
    context: dict[str, Any] = {"course": course, "form": form}
    if reading is None:
        status = 422 if form.is_bound else 200
        return render(request, "diary/programme_import.html", context, status=status)
    problems = reading.problems
    context |= _preview(course, reading.rows, person=request.user.person.pk)  # type: ignore[union-attr]
    context["errors"] = [str(problem) for problem in problems.errors[:MOST_PROBLEMS]]
    context["warnings"] = [str(problem) for problem in problems.warnings[:MOST_PROBLEMS]]
    if problems.errors:
        context["draft"] = ""
    status = 422 if reading.problems.errors else 200
    return render(request, "diary/programme_import.html", context, status=status)


@require_POST
def programme_import_confirmation(request: HttpRequest, course_pk: int) -> HttpResponse:
    course = own_course(request, course_pk)
    person = request.user.person.pk  # type: ignore[union-attr]
    try:
        rows, version = unsigned(request.POST.get("draft", ""), course=course_pk, person=person)
        write_import(
            course,
            rows,
            shown_version=version,
            may_remove="remove" in request.POST,
            on=timezone.localdate(),
        )
    except NoDraft:
        messages.warning(request, _("Choose the file once more: this page is out of date."))
        return redirect("diary:programme-import", course_pk=course_pk)
    except TopicsWouldGo:
        context = {"course": course, "removal_refused": True, **_preview(course, rows, person=person)}
        return render(request, "diary/programme_import.html", context, status=422)
    except ChangedMeanwhile:
        return changed_meanwhile(request, course_pk)
    text = ngettext("%(number)d topic is imported.", "%(number)d topics are imported.", len(rows))
    messages.success(request, text % {"number": len(rows)})
    return redirect("diary:programme", course_pk=course_pk)


def _preview(course: Any, rows: list[TopicRow], *, person: int) -> dict[str, Any]:
    """What would become of the programme, row by row."""
    programme = LessonProgramme.objects.filter(course=course).first()
    matched = match(list(course.topics.with_taught()), rows)
    return {
        "is_preview": True,
        "lines": [_line(row, topic) for row, topic in matched.rows],
        "kept": [topic.title for topic in matched.kept],
        "removed": [topic.title for topic in matched.removed],
        "withdraws_approval": is_approved(course),
        "hours": sum(row.hours for row in rows),
        "lessons": len(slots_from(course, course.year.since)) + _given(course),
        "draft": signed(rows, course=course.pk, version=programme.version if programme else 1, person=person),
    }


def _given(course: Any) -> int:
    return int(course.topics.filter(lessons__isnull=False).values("lessons").count())


def _line(row: TopicRow, topic: Any) -> dict[str, Any]:
    is_known = topic is not None and is_same(row, topic)
    fate = "" if is_known else _("changes") if topic else pgettext("topic", "new")
    return {**vars(row), "is_test": row.is_test, "fate": fate}
