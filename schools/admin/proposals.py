"""Ties that an import proposed for people of other schools: the region operator decides."""

import datetime
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from schools.admin.office import VIEW, RegionAdmin
from schools.admin.scope import Scope, scope_of
from schools.models import Employment, Enrolment, Guardianship, Person, SchoolClass, TieProposal


def proposed_tie(proposal: TieProposal, *, since: datetime.date) -> Any:
    """The tie a proposal would make, not saved. Its rows must still be the organisation's.

    Raises ValidationError.
    """
    organisation = proposal.organisation
    details: dict[str, Any] = {"position": "", "school_class": 0, "child": 0, "kind": "", **proposal.proposed}
    kind = details.get("tie")
    if kind == "employment":
        place = {"organisation": organisation, "position": details["position"]}
        return Employment(person=proposal.person, since=since, **place)
    if kind == "enrolment":
        classes = SchoolClass.objects.filter(organisation=organisation)
        if school_class := classes.filter(pk=details["school_class"]).first():
            return Enrolment(student=proposal.person, school_class=school_class, since=since)
    if kind == "guardianship":
        students = Scope(frozenset([organisation.pk]), None, since).students()
        if child := Person.objects.filter(pk__in=students).filter(pk=details["child"]).first():
            return Guardianship(guardian=proposal.person, child=child, kind=details["kind"], since=since)
    raise ValidationError(_("What was proposed is no longer there."))


@admin.register(TieProposal)
class TieProposalAdmin(RegionAdmin):
    """The school that proposed sees nothing here: not whether such a person exists."""

    operator_may = VIEW
    list_display = ("person", "organisation", "what", "made_at", "accepted", "decided_by")
    list_filter = ("accepted",)
    list_select_related = ("person", "organisation", "decided_by")
    fields = ("person", "organisation", "what", "made_at", "accepted", "decided_at", "decided_by")
    readonly_fields = ("what",)
    search_fields = ("person__sort_key",)
    search_help_text = _("The beginning of the surname")
    ordering = ("-pk",)
    actions = ("accept", "refuse")

    @admin.display(description=_("what is proposed"))
    def what(self, obj: TieProposal) -> str:
        names = {model._meta.model_name: model._meta.verbose_name for model in (Enrolment, Employment)}
        names["guardianship"] = Guardianship._meta.verbose_name
        return str(names.get(obj.proposed.get("tie"), ""))

    @admin.action(description=_("Accept: make the proposed ties from today"), permissions=["view"])
    def accept(self, request: HttpRequest, queryset: QuerySet[TieProposal]) -> None:
        self._decide(request, queryset, accepted=True)

    @admin.action(description=_("Refuse"), permissions=["view"])
    def refuse(self, request: HttpRequest, queryset: QuerySet[TieProposal]) -> None:
        self._decide(request, queryset, accepted=False)

    def _decide(self, request: HttpRequest, queryset: QuerySet[TieProposal], *, accepted: bool) -> None:
        """One by one: what cannot be made is told, the others are decided."""
        by: Any = getattr(request.user, "person", None)
        if by is None:
            self.message_user(
                request, gettext("An account without a person decides nothing."), messages.ERROR
            )
            return
        for proposal in queryset.filter(decided_at=None).exclude(person=by):
            try:
                self._decide_one(request, proposal.pk, by, accepted=accepted)
            except ValidationError as error:
                self.message_user(request, f"{proposal.person}: {' '.join(error.messages)}", messages.ERROR)

    @transaction.atomic
    def _decide_one(self, request: HttpRequest, number: int, by: Any, *, accepted: bool) -> None:
        waiting = TieProposal.objects.select_for_update().filter(pk=number, decided_at=None)
        if (proposal := waiting.first()) is None:
            return
        if accepted:
            tie = proposed_tie(proposal, since=scope_of(request).on)
            tie.full_clean()
            tie.save()
        proposal.accepted, proposal.decided_at, proposal.decided_by = accepted, timezone.now(), by
        proposal.save(update_fields=["accepted", "decided_at", "decided_by"])
        self.log_change(request, proposal, [{"changed": {"fields": ["accepted"]}}])
