"""Marks that are owed: the point («точка»)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from diary.models.works import CHAIN_OF_MARK, TERMS_OF_MARK, Work
from schools.closures import in_open_term
from schools.history import tracked
from schools.models import Person


@tracked(chain=CHAIN_OF_MARK)
class Point(models.Model):
    """The teacher waits for a student's work until a day, after which the school's rule applies
    (`JournalRules.overdue_points`). A mark for the work settles it; the row stays."""

    work = models.ForeignKey(Work, models.PROTECT, related_name="points", verbose_name=_("work"))
    student = models.ForeignKey(Person, models.PROTECT, related_name="points", verbose_name=_("student"))
    due_on = models.DateField(_("due on"))
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("by"))
    version = models.PositiveIntegerField(_("version"), default=1)

    class Meta:
        verbose_name = _("owed mark")
        verbose_name_plural = _("owed marks")
        indexes = [models.Index(fields=["student", "due_on"], name="point_of_student_by_day")]
        constraints = [models.UniqueConstraint(fields=["work", "student"], name="point_once_a_work")]
        triggers = [in_open_term(TERMS_OF_MARK)]

    def __str__(self) -> str:
        return f"{self.student}, {self.due_on:%d.%m.%Y}"
