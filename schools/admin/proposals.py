"""Ties that an import proposed for people of other schools: the region operator decides, where the
person named has not (`schools.views`)."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from schools.admin.office import VIEW, RegionAdmin
from schools.admin.scope import scope_of
from schools.models import Employment, Enrolment, Guardianship, TieProposal
from schools.proposals import decide


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
        return str(names.get(obj.tie, ""))

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
                decided = decide(proposal.pk, by=by, accepted=accepted, on=scope_of(request).on)
            except ValidationError as error:
                self.message_user(request, f"{proposal.person}: {' '.join(error.messages)}", messages.ERROR)
            else:
                if decided:
                    self.log_change(request, decided, [{"changed": {"fields": ["accepted"]}}])
