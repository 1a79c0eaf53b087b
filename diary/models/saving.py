"""What was answered to entries of the grid, by the key that each comes with (docs/journal-entries.md)."""

import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from schools.append_only import AppendOnly
from schools.models import Person

KEPT = datetime.timedelta(days=60)
PART = 10_000


class SavedEntryQuerySet(models.QuerySet["SavedEntry"]):
    def forget_outdated(self, now: datetime.datetime) -> int:
        """Delete those older than any device sends an entry again, some at a time; returns how many."""
        forgotten = 0
        while keys := list(self.filter(at__lt=now - KEPT).values_list("key", flat=True)[:PART]):
            forgotten += self.filter(key__in=keys).delete()[0]
        return forgotten


class SavedEntry(models.Model):
    """An entry that comes again gets the same answer and writes nothing. The row is written in the
    transaction that wrote the cell: either both are there or neither."""

    key = models.UUIDField(_("key"), primary_key=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), auto_now_add=True, db_index=True)
    status = models.PositiveSmallIntegerField(_("status"))
    answer = models.JSONField(_("answer"))

    objects = SavedEntryQuerySet.as_manager()

    append_only = AppendOnly(may_be_deleted=True)

    class Meta:
        verbose_name = _("saved entry")
        verbose_name_plural = _("saved entries")

    def __str__(self) -> str:
        return str(self.key)
