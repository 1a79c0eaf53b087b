"""Marks that are owed: the point («точка»)."""

import datetime

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from diary.models.works import CHAIN_OF_MARK, TERMS_OF_MARK, Mark, Work
from schools.closures import in_open_term
from schools.history import tracked
from schools.models import Person


class PointQuerySet(models.QuerySet["Point"]):
    def open(self) -> "PointQuerySet":
        """Still waited for: the student has no mark for the work."""
        return self.filter(~_has_its_mark())

    def with_state(self) -> "PointQuerySet":
        """Each with `is_settled`."""
        return self.annotate(is_settled=_has_its_mark())

    def overdue(self, on: datetime.date) -> "PointQuerySet":
        """Open ones whose day is over on that day; on the day itself the work may still come."""
        return self.open().filter(due_on__lt=on)


def _has_its_mark() -> Exists:
    return Exists(Mark.objects.filter(work=OuterRef("work"), student=OuterRef("student")))


@tracked(chain=CHAIN_OF_MARK)
class Point(models.Model):
    """The teacher waits for a student's work until a day, after which the school's rule applies
    (`JournalRules.overdue_points`). A mark for the work settles it; the row stays."""

    work = models.ForeignKey(Work, models.PROTECT, related_name="points", verbose_name=_("work"))
    student = models.ForeignKey(Person, models.PROTECT, related_name="points", verbose_name=_("student"))
    due_on = models.DateField(_("due on"))
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("by"))
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = PointQuerySet.as_manager()

    class Meta:
        verbose_name = _("owed mark")
        verbose_name_plural = _("owed marks")
        indexes = [models.Index(fields=["student", "due_on"], name="point_of_student_by_day")]
        constraints = [models.UniqueConstraint(fields=["work", "student"], name="point_once_a_work")]
        triggers = [in_open_term(TERMS_OF_MARK)]

    def __str__(self) -> str:
        return f"{self.student}, {self.due_on:%d.%m.%Y}"
