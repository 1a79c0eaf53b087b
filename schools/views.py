"""A school names somebody whose file is not its own: the person confirms or refuses."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from schools.models import TieProposal
from schools.proposals import decide, proposed_tie


@require_GET
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    found = _named(request, pk)
    today = timezone.localdate()
    try:
        detail = proposed_tie(found, since=today).named_in_short
    except ValidationError as error:
        detail = " ".join(error.messages)
    refusal = found.refusal_to(request.user, on=today)
    return render(
        request,
        "schools/proposal.html",
        {
            "number": found.pk,
            "school": found.organisation.name,
            "as_whom": capfirst(found.as_whom),
            "detail": detail,
            "refusal": refusal and {"rule": refusal.label, "advice": refusal.advice},
        },
    )


@require_POST
def proposal_confirmation(request: HttpRequest, pk: int) -> HttpResponse:
    return _decide(request, pk, accepted=True, done=_("Confirmed"))


@require_POST
def proposal_refusal(request: HttpRequest, pk: int) -> HttpResponse:
    return _decide(request, pk, accepted=False, done=_("Refused: nothing has changed"))


def _decide(request: HttpRequest, pk: int, *, accepted: bool, done: str) -> HttpResponse:
    found, today = _named(request, pk), timezone.localdate()
    if found.refusal_to(request.user, on=today):
        raise PermissionDenied
    try:
        decide(found.pk, by=found.person, accepted=accepted, on=today)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("schools:proposal", pk=pk)
    messages.success(request, done)
    return redirect(settings.LOGIN_REDIRECT_URL)


def _named(request: HttpRequest, pk: int) -> Any:
    """A proposal that names the signed-in person and waits; anybody else's does not exist."""
    waiting = TieProposal.objects.visible_to(request.user).select_related("organisation", "person")
    return get_object_or_404(waiting, pk=pk)
