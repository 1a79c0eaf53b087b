"""The page "Rules of the journal" of a school's head teacher."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from diary.access import schools_headed_by
from diary.models import JournalRules, WorkKind
from diary.rules.changes import changes_of_rules
from diary.rules.forms import KindForm, RulesForm, WeightsForm
from diary.rules.setting import NothingCounts, add_kind, rules_to_change, set_weights
from schools.models import Organisation


def _school(request: HttpRequest, organisation_pk: int) -> Organisation:
    return get_object_or_404(schools_headed_by(request.user, timezone.localdate()), pk=organisation_pk)


def _page(request: HttpRequest, school: Organisation, **bound: Any) -> HttpResponse:
    """With the one form that was sent and refused, or none."""
    kinds = list(WorkKind.objects.of(school.pk))
    rules = JournalRules.of(school.pk)
    context = {
        "school": school,
        "rules_form": RulesForm(instance=rules),
        "version": rules.version if rules.pk else 0,
        "weights_form": WeightsForm(kinds=kinds),
        "kind_form": KindForm(taken=set()),
        "changes": changes_of_rules(school),
        **bound,
    }
    return render(request, "diary/rules.html", context, status=422 if bound else 200)


@require_http_methods(["GET", "POST"])
def rules(request: HttpRequest, organisation_pk: int) -> HttpResponse:
    school = _school(request, organisation_pk)
    if request.method == "GET":
        return _page(request, school)
    with transaction.atomic():
        current = rules_to_change(school)
        form = RulesForm(request.POST, instance=current)
        if request.POST.get("version") != str(current.version):
            form.add_error(None, _("Somebody else changed the rules meanwhile: look, and save again."))
        if not form.is_valid():
            return _page(request, school, rules_form=form)
        if form.has_changed():
            form.instance.version += 1
            form.save()
    messages.success(request, _("Saved"))
    return redirect("diary:rules", school.pk)


@require_POST
def weights(request: HttpRequest, organisation_pk: int) -> HttpResponse:
    school = _school(request, organisation_pk)
    kinds = list(WorkKind.objects.of(school.pk))
    form = WeightsForm(request.POST, kinds=kinds)
    if not form.is_valid():
        return _page(request, school, weights_form=form)
    try:
        set_weights(school, {kind.pk: form.cleaned_data[f"weight-{kind.pk}"] for kind in kinds})
    except NothingCounts:
        form.add_error(f"weight-{kinds[0].pk}", _("At least one kind of work must weigh more than 0."))
        return _page(request, school, weights_form=form)
    messages.success(request, _("Saved"))
    return redirect("diary:rules", school.pk)


@require_POST
def kinds(request: HttpRequest, organisation_pk: int) -> HttpResponse:
    school = _school(request, organisation_pk)
    taken = set(WorkKind.objects.of(school.pk).values_list("code", flat=True))
    form = KindForm(request.POST, taken=taken)
    if not form.is_valid():
        return _page(request, school, kind_form=form)
    add_kind(school, form.save(commit=False))
    messages.success(request, _("The kind of work is added"))
    return redirect("diary:rules", school.pk)
