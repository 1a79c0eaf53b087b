"""Absences carried on to the rest of a day."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from schedule.models import CHAIN_OF_LESSON, TERM_OF_LESSON, Lesson
from schools.closures import in_open_term
from schools.history import tracked
from schools.models import Person


@tracked(name="CarriedAbsenceEvent", chain=CHAIN_OF_LESSON)
class CarriedAbsence(models.Model):
    """The teacher of `lesson` says that the student will not be at the later lessons of the day either.

    A proposal, no absence: see `diary.carrying`. It ends with `back_at`, the lesson whose teacher found
    the student there.
    """

    student = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("student"))
    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="+", verbose_name=_("absent from lesson"))
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("by"))
    back_at = models.ForeignKey(
        Lesson, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("back at lesson")
    )

    class Meta:
        verbose_name = _("absence for the rest of the day")
        verbose_name_plural = _("absences for the rest of the day")
        indexes = [models.Index(fields=["lesson"], name="carried_from_lesson")]
        constraints = [
            models.UniqueConstraint(fields=["student", "lesson"], name="carried_once_from_a_lesson")
        ]
        triggers = [in_open_term(f"{TERM_OF_LESSON} = {{row}}.lesson_id")]

    def __str__(self) -> str:
        return f"{self.student}: {self.lesson}"
