"""Absence notes: a guardian files and withdraws them, the class teacher accepts or refuses them."""

import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from diary.access import classes_seen_whole_by, leads
from diary.excuses.absences import is_year_closed
from diary.family import family_shown, student_label, tabs_of
from diary.homework.files import hand_out
from diary.models import AbsenceNote
from diary.notes import answering
from diary.notes.filing import NotTaken, file_note, withdraw
from diary.notes.forms import DayForm, RefusalForm
from diary.notes.lines import note_line
from diary.notes.new import form_of_days, form_of_lessons
from diary.notes.outcomes import AnsweredAlready
from schedule.weeks import day_title
from schools.family import Child, signs_for
from schools.models import Information


@require_http_methods(["GET", "POST"])
def note_new(request: HttpRequest, student_pk: int, day: datetime.date | None = None) -> HttpResponse:
    """Of whole days; of lessons of the `day` in the address."""
    today, person = timezone.localdate(), request.user.person  # type: ignore[union-attr]
    children, child = family_shown(request.user, student_pk, Information.ATTENDANCE, on=today)
    if not signs_for(request.user, student_pk, on=today):
        raise PermissionDenied
    sent = {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}
    form = form_of_lessons(child, day, **sent) if day else form_of_days(request.GET, **sent)
    if sent and form.is_valid():
        try:
            file_note(child, form.concern, **form.told(), by=person, at=timezone.localtime())
        except NotTaken as refused:
            form.add_error(form.of, str(refused))
        else:
            messages.success(request, _("Sent to the class teacher"))
            return redirect("diary:attendance-of", student_pk=student_pk)
    context = {"form": form, **_chosen(child, day), "children": _tabs(children, child, day)}
    return render(request, "diary/note_new.html", context, status=422 if form.errors else 200)


def _chosen(child: Child, day: datetime.date | None) -> dict[str, Any]:
    return {
        "student": student_label(child),
        "student_pk": child.student.pk,
        "day_title": day_title(day) if day else "",
        "day_form": DayForm(initial={"day": day}, auto_id="of_%s"),
    }


def _tabs(children: list[Child], child: Child, day: datetime.date | None) -> list[dict[str, Any]]:
    return tabs_of(children, child, "diary:note-new-lessons" if day else "diary:note-new", day)


@require_GET
def note_day(request: HttpRequest, student_pk: int) -> HttpResponse:
    """From a chosen day to its lessons; without JavaScript too."""
    family_shown(request.user, student_pk, Information.ATTENDANCE, on=timezone.localdate())
    form = DayForm(request.GET)
    if not form.is_valid():
        return redirect("diary:note-new", student_pk=student_pk)
    return redirect("diary:note-new-lessons", student_pk=student_pk, day=form.cleaned_data["day"])


def _note(request: HttpRequest, pk: int) -> AbsenceNote:
    visible = AbsenceNote.objects.visible_to(request.user, on=timezone.localdate())
    note: AbsenceNote = get_object_or_404(visible.with_names(), pk=pk)
    return note


def _may_answer(request: HttpRequest, note: AbsenceNote) -> bool:
    """Whoever leads the class today, until the year is closed."""
    is_led = leads(request.user, note.school_class, timezone.localdate())
    return is_led and not is_year_closed(note.school_class)


def _may_withdraw(request: HttpRequest, note: AbsenceNote) -> bool:
    """Who filed it, while the student's file lets them."""
    is_own = note.by_id == request.user.person.pk  # type: ignore[union-attr]
    return is_own and signs_for(request.user, note.student_id, on=timezone.localdate())


@require_GET
def note(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _note(request, pk))


def _page(request: HttpRequest, found: AbsenceNote, refusal: RefusalForm | None = None) -> HttpResponse:
    may_answer = found.is_waiting and _may_answer(request, found)
    classes = classes_seen_whole_by(request.user, timezone.localdate())
    is_staff = classes.filter(pk=found.school_class_id).exists()
    context = {
        "note": note_line(found),
        "class_label": found.school_class.label,
        "may_answer": may_answer,
        "may_withdraw": found.is_waiting and _may_withdraw(request, found),
        "refusal": refusal or RefusalForm(),
        "back_url": _back_url(found, is_staff=is_staff),
    }
    return render(request, "diary/note.html", context, status=422 if refusal else 200)


def _back_url(found: AbsenceNote, *, is_staff: bool) -> str:
    name, key = ("class-absences", found.school_class_id) if is_staff else ("attendance-of", found.student_id)
    return reverse(f"diary:{name}", args=[key])


@require_GET
def note_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    found = _note(request, pk)
    if not found.file:
        raise Http404
    try:
        return hand_out(found)
    except FileNotFoundError as gone:
        raise Http404 from gone


@require_POST
def note_withdrawal(request: HttpRequest, pk: int) -> HttpResponse:
    found = _note(request, pk)
    if not _may_withdraw(request, found):
        raise PermissionDenied
    try:
        withdraw(found, by=request.user.person, at=timezone.localtime())  # type: ignore[union-attr]
    except AnsweredAlready:
        return _answered_already(request, pk)
    messages.success(request, _("The note is taken back."))
    return redirect("diary:attendance-of", student_pk=found.student_id)


@require_POST
def note_acceptance(request: HttpRequest, pk: int) -> HttpResponse:
    found = _note(request, pk)
    if not _may_answer(request, found):
        raise PermissionDenied
    try:
        count = answering.accept(pk, by=request.user.person, at=timezone.localtime())  # type: ignore[union-attr]
    except AnsweredAlready:
        return _answered_already(request, pk)
    messages.success(request, _told(count))
    return redirect("diary:class-absences", pk=found.school_class_id)


def _told(count: int) -> str:
    if not count:
        return _("Accepted. Lessons missed from now on take the reason by themselves.")
    text = ngettext(
        "Accepted: %(count)d lesson has the reason now",
        "Accepted: %(count)d lessons have the reason now",
        count,
    )
    return text % {"count": count}


@require_POST
def note_refusal(request: HttpRequest, pk: int) -> HttpResponse:
    found = _note(request, pk)
    if not _may_answer(request, found):
        raise PermissionDenied
    form = RefusalForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form)
    person: Any = request.user.person  # type: ignore[union-attr]
    try:
        answering.refuse(pk, by=person, at=timezone.localtime(), words=form.cleaned_data["words"])
    except AnsweredAlready:
        return _answered_already(request, pk)
    messages.success(request, _("Refused. The family reads why."))
    return redirect("diary:class-absences", pk=found.school_class_id)


def _answered_already(request: HttpRequest, pk: int) -> HttpResponse:
    messages.error(request, _("Nothing is changed: the note has an outcome already."))
    return redirect("diary:absence-note", pk=pk)
