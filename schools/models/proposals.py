"""A tie that one school proposes for a person whose file another school keeps."""

import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from schools.doors import Refusal, Role, refusal
from schools.models.organisations import Organisation
from schools.models.people import Person
from schools.models.ties import Guardianship

_ROLES = {"enrolment": Role.STUDENT, "employment": Role.STAFF, "guardianship": Role.GUARDIAN}


class TieProposalQuerySet(models.QuerySet["TieProposal"]):
    def visible_to(self, user: Any) -> "TieProposalQuerySet":
        """Those that name the account's person and wait for an answer."""
        person = getattr(user, "person", None)
        return self.filter(person=person, decided_at=None) if person else self.none()


class TieProposal(models.Model):
    """An import met a SNILS of somebody outside the school. Until the person or the region
    operator decides, the school sees and changes nothing of that file.

    `proposed` names the tie and rows by number, nobody by name:
    `{"tie": "enrolment", "school_class": 12}`, `{"tie": "employment", "position": "учитель"}`,
    `{"tie": "guardianship", "child": 345, "kind": "mother"}`.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="tie_proposals", verbose_name=_("person"))
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="tie_proposals", verbose_name=_("organisation")
    )
    proposed = models.JSONField(_("what is proposed"))
    made_at = models.DateTimeField(_("made at"), auto_now_add=True)
    accepted = models.BooleanField(_("accepted"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )

    objects = TieProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposed tie")
        verbose_name_plural = _("proposed ties")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation", "proposed"],
                condition=Q(decided_at__isnull=True),
                name="tie_proposed_once",
            ),
            models.CheckConstraint(
                condition=Q(accepted__isnull=True, decided_at__isnull=True, decided_by__isnull=True)
                | Q(accepted__isnull=False, decided_at__isnull=False, decided_by__isnull=False),
                name="proposal_is_decided_by_somebody_at_some_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.pk}"

    @property
    def tie(self) -> str:
        return str(self.proposed.get("tie", ""))

    @property
    def as_whom(self) -> str:
        """«student», «employee», «mother»"""
        kinds: dict[str, Any] = dict(Guardianship.Kind.choices)
        whom = {"enrolment": _("student"), "employment": _("employee")}
        return str(whom.get(self.tie) or kinds.get(self.proposed.get("kind"), ""))

    def refusal_to(self, user: Any, *, on: datetime.date) -> Refusal | None:
        """Why this sign-in may not answer: it must open the role that the tie gives."""
        role = _ROLES.get(self.tie, Role.STAFF)
        return refusal(role, user.proof, birth_date=self.person.birth_date, on=on)
