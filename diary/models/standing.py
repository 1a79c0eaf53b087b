"""Families that do not want to be told where their child stands (product map §5.3)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from schools.models import Person


class StandingOptOut(models.Model):
    """Nobody of the child's family, the child included, is shown the standing or the class's averages from
    `at` until `ended_at`; the child's marks go on counting in what others are shown, so that no difference
    tells them. A row that ended stays: who decided, and when."""

    student = models.ForeignKey(
        Person, models.PROTECT, related_name="standing_opt_outs", verbose_name=_("student")
    )
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))
    ended_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ended by")
    )
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("family without standing")
        verbose_name_plural = _("families without standing")
        constraints = [
            models.UniqueConstraint(
                fields=["student"], condition=Q(ended_at=None), name="standing_opt_out_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__gte=F("at"), ended_by__isnull=False),
                name="standing_opt_out_ends_with_a_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.student}, {self.at:%d.%m.%Y}"
