"""The own phrase bank, which nobody else sees."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from diary.models import Phrase
from diary.phrases.bank import by_kind, often_written
from diary.phrases.forms import PhraseForm
from schools.models import AcademicYear


@require_http_methods(["GET", "POST"])
def phrases(request: HttpRequest) -> HttpResponse:
    if not request.user.roles.is_employed:  # type: ignore[union-attr]
        raise Http404
    person: Any = request.user.person  # type: ignore[union-attr]
    form = PhraseForm(request.POST if request.method == "POST" else None, person=person)
    if form.is_valid():
        form.save()
        messages.success(request, _("Kept"))
        return redirect("diary:phrases")
    today = timezone.localdate()
    year = AcademicYear.objects.filter(since__lte=today, until__gte=today).first()
    context = {"form": form, "bank": by_kind(person), "often": often_written(person, year)}
    return render(request, "diary/phrases.html", context, status=422 if form.errors else 200)


@require_POST
def phrase_removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Another's phrase does not exist."""
    person = getattr(request.user, "person", None)
    get_object_or_404(Phrase, pk=pk, person=person).delete()
    messages.success(request, _("Removed"))
    return redirect("diary:phrases")
