"""Deciding on a proposed tie: by the person whom it names, or by the region operator."""

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from schools.models import Employment, Enrolment, Guardianship, Person, SchoolClass, TieProposal


def proposed_tie(proposal: TieProposal, *, since: datetime.date) -> Any:
    """The tie a proposal would make, not saved. Its rows must still be the organisation's.

    Raises ValidationError.
    """
    organisation = proposal.organisation
    details: dict[str, Any] = {"position": "", "school_class": 0, "child": 0, "kind": "", **proposal.proposed}
    if proposal.tie == "employment":
        place = {"organisation": organisation, "position": details["position"]}
        return Employment(person=proposal.person, since=since, **place)
    if proposal.tie == "enrolment":
        classes = SchoolClass.objects.filter(organisation=organisation)
        if school_class := classes.filter(pk=details["school_class"]).first():
            return Enrolment(student=proposal.person, school_class=school_class, since=since)
    if proposal.tie == "guardianship":
        lasting = Q(until__isnull=True) | Q(until__gte=since)
        enrolled = Enrolment.objects.filter(lasting, school_class__organisation=organisation)
        children = Person.objects.filter(pk__in=enrolled.values("student"))
        if child := children.filter(pk=details["child"]).first():
            return Guardianship(guardian=proposal.person, child=child, kind=details["kind"], since=since)
    raise ValidationError(_("What was proposed is no longer there."))


@transaction.atomic
def decide(number: int, *, by: Person, accepted: bool, on: datetime.date) -> TieProposal | None:
    """Accept the proposal, which makes the tie from the day `on`, or refuse it. None when it was decided
    before. Raises ValidationError when the tie cannot be made; the proposal then waits on."""
    waiting = TieProposal.objects.select_for_update(of=("self",)).select_related("organisation", "person")
    proposal = waiting.filter(pk=number, decided_at=None).first()
    if proposal is None:
        return None
    if accepted:
        tie = proposed_tie(proposal, since=on)
        tie.full_clean()
        tie.save()
    proposal.accepted, proposal.decided_at, proposal.decided_by = accepted, timezone.now(), by
    proposal.save(update_fields=["accepted", "decided_at", "decided_by"])
    return proposal
