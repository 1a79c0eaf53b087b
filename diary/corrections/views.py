"""Corrections of closed terms: asked for by teachers, answered by head teachers."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from diary.corrections import asking, deciding
from diary.corrections.cells import cell_of, may_ask, stored
from diary.corrections.forms import ApprovalForm, CorrectionForm, RefusalForm
from diary.corrections.page import OBSTACLES, asking_page, choices_page, correction_page, line
from diary.models import Correction

ROWS_A_PAGE = 50


@require_GET
def corrections(request: HttpRequest) -> HttpResponse:
    """Those that wait first, of the own courses and, for a head teacher, of the school."""
    roles = request.user.roles  # type: ignore[union-attr]
    if not (roles.is_employed or roles.is_head_teacher):
        raise Http404
    rows = Correction.objects.visible_to(request.user).with_names().waiting_first()
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "lines": [line(each) for each in page]}
    return render(request, "diary/corrections.html", context)


@require_http_methods(["GET", "POST"])
def correction_new(request: HttpRequest) -> HttpResponse:
    """The address names the cell (`cells.cell_of`)."""
    cell = cell_of(request.GET, request.user)
    if not may_ask(request.user, cell.course, timezone.localdate()):
        raise PermissionDenied
    if not cell.subject:
        return render(request, "diary/correction_choices.html", choices_page(cell))
    typed = request.POST if request.method == "POST" else None
    form = CorrectionForm(typed, cell=cell, is_filled=stored(cell) is not None)
    if form.is_valid() and (answer := _ask(request, form)):
        return answer
    status = 422 if request.method == "POST" else 200
    return render(request, "diary/correction_new.html", asking_page(cell, form), status=status)


def _ask(request: HttpRequest, form: CorrectionForm) -> HttpResponse | None:
    """The way on; None where the form has to be shown again."""
    person = request.user.person  # type: ignore[union-attr]
    try:
        asked = asking.ask(form.fill(), by=person, at=timezone.localtime())
    except asking.NothingChanges:
        form.add_error("code" if "code" in form.fields else "value", _("That is what stands there now."))
        return None
    except (asking.TermIsOpen, asking.YearIsClosed, asking.AskedAlready) as refused:
        form.add_error(None, str(OBSTACLES[type(refused)]))
        return None
    messages.success(request, _("Asked. The head teacher answers it."))
    return redirect("diary:correction", pk=asked.pk)


@require_GET
def correction(request: HttpRequest, pk: int) -> HttpResponse:
    """Both values side by side, the cell's history, and for who decides the two answers."""
    return _correction_page(request, _visible(request, pk))


@require_POST
def approval(request: HttpRequest, pk: int) -> HttpResponse:
    found, form = _to_decide(request, pk), ApprovalForm(request.POST)
    if not form.is_valid():
        return _correction_page(request, found, approval=form)
    try:
        deciding.approve(pk, by=request.user.person, at=timezone.localtime(), **form.cleaned_data)  # type: ignore[union-attr]
    except deciding.CellChanged:
        form.add_error(
            None,
            _("The cell holds something else by now. Nothing was written: refuse, and let it be asked anew."),
        )
        return _correction_page(request, found, approval=form)
    except asking.YearIsClosed:
        form.add_error(None, str(OBSTACLES[asking.YearIsClosed]))
        return _correction_page(request, found, approval=form)
    except deciding.AlreadyDecided:
        return _already_decided(request, pk)
    messages.success(request, _("Approved: the cell is corrected."))
    return redirect("diary:correction", pk=pk)


@require_POST
def refusal(request: HttpRequest, pk: int) -> HttpResponse:
    found, form = _to_decide(request, pk), RefusalForm(request.POST)
    if not form.is_valid():
        return _correction_page(request, found, refusal=form)
    try:
        deciding.refuse(pk, by=request.user.person, at=timezone.localtime(), **form.cleaned_data)  # type: ignore[union-attr]
    except deciding.AlreadyDecided:
        return _already_decided(request, pk)
    messages.success(request, _("Refused: nothing was changed."))
    return redirect("diary:corrections")


def _visible(request: HttpRequest, pk: int) -> Correction:
    return get_object_or_404(Correction.objects.visible_to(request.user).with_names(), pk=pk)


def _to_decide(request: HttpRequest, pk: int) -> Correction:
    """Answered ones as well: who comes second is told so."""
    found = _visible(request, pk)
    if not found.can_be_decided_by(request.user):
        raise PermissionDenied
    return found


def _correction_page(request: HttpRequest, found: Correction, **forms: Any) -> HttpResponse:
    context = correction_page(found, request.user)
    context |= {"approval": ApprovalForm(), "refusal": RefusalForm(), **forms}
    status = 422 if request.method == "POST" else 200
    return render(request, "diary/correction.html", context, status=status)


def _already_decided(request: HttpRequest, pk: int) -> HttpResponse:
    messages.warning(request, _("Somebody has answered this correction before you."))
    return redirect("diary:correction", pk=pk)
