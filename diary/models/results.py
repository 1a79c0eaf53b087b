"""Results of a term, of the year, of an examination, and the final one (product map §4.4)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from diary.models.corrections import LONGEST_REASON, corrected_by
from diary.models.scales import ScaleValue
from schedule.models import OWN_CHAIN
from schools.closures import in_open_term
from schools.history import tracked
from schools.models import AcademicYear, Course, Person, Term


@tracked(chain=OWN_CHAIN)
class Result(models.Model):
    """What the teacher decided, beside what the system suggested and from which average."""

    class Kind(models.TextChoices):
        TERM = "term", _("term result")
        YEAR = "year", _("year result")
        EXAM = "exam", _("examination result")
        FINAL = "final", _("final result")

    course = models.ForeignKey(Course, models.PROTECT, related_name="results", verbose_name=_("course"))
    student = models.ForeignKey(Person, models.PROTECT, related_name="results", verbose_name=_("student"))
    year = models.ForeignKey(AcademicYear, models.PROTECT, verbose_name=_("academic year"))
    kind = models.CharField(_("kind"), max_length=5, choices=Kind)
    term = models.ForeignKey(
        Term, models.PROTECT, null=True, blank=True, related_name="results", verbose_name=_("term")
    )
    value = models.ForeignKey(ScaleValue, models.PROTECT, verbose_name=_("result"))
    suggestion = models.ForeignKey(
        ScaleValue, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("suggested")
    )
    average = models.DecimalField(_("average"), max_digits=6, decimal_places=2, null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=LONGEST_REASON, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))
    correction = corrected_by()
    version = models.PositiveIntegerField(_("version"), default=1)

    class Meta:
        verbose_name = _("result")
        verbose_name_plural = _("results")
        indexes = [models.Index(fields=["student", "year"], name="result_of_student")]
        constraints = [
            models.UniqueConstraint(
                fields=["course", "student", "kind", "term"], name="result_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(kind="term", term__isnull=False)
                | Q(kind__in=["year", "exam", "final"], term__isnull=True),
                name="result_kind",
            ),
        ]
        triggers = [in_open_term("SELECT {row}.term_id WHERE {row}.term_id IS NOT NULL")]

    def __str__(self) -> str:
        return str(self.value)
