"""The lawful way into a closed term (product map §3): asked by the teacher, approved by the head teacher."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from diary.models.scales import ScaleValue
from schedule.models import OWN_CHAIN, Lesson
from schools.history import tracked
from schools.models import Course, Person, Term

LONGEST_REASON = 500


def corrected_by() -> Any:
    """What a correction wrote last is labelled as such wherever it shows."""
    return models.ForeignKey(
        "diary.Correction",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("correction"),
    )


@tracked(chain=OWN_CHAIN)
class Correction(models.Model):
    """One cell of a closed term: what it shall become, who asked and why, what was decided.

    Of `mark` (`work` names the stored one, else a new one of `kind` at `lesson`), of `absence` (at
    `lesson`), or of `result` (the term's). Empty `value` or `code`: the mark or absence is taken away.
    """

    class Subject(models.TextChoices):
        MARK = "mark", _("mark")
        ABSENCE = "absence", _("absence")
        RESULT = "result", _("term result")

    class Cause(models.TextChoices):
        MISTAKE = "mistake", _("mistake")
        RESIT = "resit", _("resit")
        APPEAL = "appeal", _("appeal")

    course = models.ForeignKey(Course, models.PROTECT, related_name="corrections", verbose_name=_("course"))
    term = models.ForeignKey(Term, models.PROTECT, related_name="corrections", verbose_name=_("term"))
    student = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("student"))
    subject = models.CharField(_("what is corrected"), max_length=7, choices=Subject)
    cause = models.CharField(_("cause"), max_length=7, choices=Cause)
    lesson = models.ForeignKey(
        Lesson, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("lesson")
    )
    work = models.ForeignKey(
        "diary.Work", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("work")
    )
    kind = models.ForeignKey(
        "diary.WorkKind",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("kind of work"),
    )
    value = models.ForeignKey(
        ScaleValue, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("mark to put")
    )
    code = models.CharField(_("absence to put"), max_length=8, blank=True)
    was = models.CharField(_("before"), max_length=100, blank=True)
    reason = models.CharField(_("reason"), max_length=LONGEST_REASON)
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked at"))
    decided_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    approved = models.BooleanField(_("approved"), null=True, blank=True)
    answer = models.CharField(_("answer"), max_length=LONGEST_REASON, blank=True)

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="correction_has_a_reason"),
            models.CheckConstraint(
                condition=Q(decided_by=None, decided_at=None, approved=None)
                | Q(decided_by__isnull=False, decided_at__isnull=False, approved__isnull=False),
                name="correction_is_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")),
                name="nobody_approves_their_own_correction",
            ),
            models.CheckConstraint(
                condition=Q(subject="mark", lesson__isnull=False)
                | Q(subject="mark", work__isnull=False)
                | Q(subject="absence", lesson__isnull=False)
                | Q(subject="result"),
                name="correction_names_its_cell",
            ),
        ]

    def __str__(self) -> str:
        return self.reason[:60]
