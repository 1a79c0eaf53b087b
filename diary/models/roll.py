"""Who was not at a lesson, and what the teacher says of who was."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from diary.models.corrections import corrected_by
from schedule.models import CHAIN_OF_LESSON, TERM_OF_LESSON, Lesson
from schools.closures import in_open_term
from schools.history import tracked
from schools.models import Person

# The class teacher gives an absence its reason until the year is closed (product map §3).
ONLY_THE_REASON = """
    OLD.code IN ('unstated', 'ill', 'valid', 'invalid')
    AND NEW.code IN ('unstated', 'ill', 'valid', 'invalid')
    AND to_jsonb(OLD) - 'code' - 'version' = to_jsonb(NEW) - 'code' - 'version'
    AND NOT EXISTS (
        SELECT FROM schedule_lesson AS lesson
        JOIN schools_term AS term ON term.id = lesson.term_id
        JOIN schools_yearclosure AS closure
          ON closure.organisation_id = term.organisation_id AND closure.year_id = term.year_id
        WHERE lesson.id = NEW.lesson_id)
"""


@tracked(chain=CHAIN_OF_LESSON)
class Absence(models.Model):
    """A student missed a lesson, or part of it. Letters: rules.md, "Marks, absences, terms"."""

    class Code(models.TextChoices):
        """Late and exempt students were at the lesson: see `AWAY`."""

        UNSTATED = "unstated", _("absent, reason unstated")
        ILL = "ill", _("ill")
        VALID = "valid", _("valid reason")
        INVALID = "invalid", _("no valid reason")
        LATE = "late", _("late")
        EXEMPT = "exempt", _("exempt")

    AWAY = (Code.UNSTATED, Code.ILL, Code.VALID, Code.INVALID)

    student = models.ForeignKey(Person, models.PROTECT, related_name="absences", verbose_name=_("student"))
    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="absences", verbose_name=_("lesson"))
    code = models.CharField(_("reason"), max_length=8, choices=Code, default=Code.UNSTATED)
    minutes = models.PositiveSmallIntegerField(_("minutes late"), null=True, blank=True)
    correction = corrected_by()
    version = models.PositiveIntegerField(_("version"), default=1)

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        indexes = [models.Index(fields=["lesson"], name="absence_of_lesson")]
        constraints = [
            models.UniqueConstraint(fields=["student", "lesson"], name="absence_once_a_lesson"),
            models.CheckConstraint(
                condition=Q(code__in=["unstated", "ill", "valid", "invalid", "late", "exempt"]),
                name="absence_code",
            ),
            models.CheckConstraint(
                condition=Q(minutes__isnull=True) | Q(code="late", minutes__range=(1, 90)),
                name="minutes_are_of_being_late",
                violation_error_message=_("Minutes, 1 to 90, go with being late only."),
            ),
        ]
        triggers = [in_open_term(f"{TERM_OF_LESSON} = {{row}}.lesson_id", unless=ONLY_THE_REASON)]

    def __str__(self) -> str:
        return self.get_code_display()


LONGEST_REMARK = 300


@tracked(chain=CHAIN_OF_LESSON)
class Remark(models.Model):
    """Praise or a remark to one student at a lesson, of no mark (product map §4.2). Families read it
    with the marks: like a mark's comment it is the teacher's opinion of the student's work."""

    class Kind(models.TextChoices):
        PRAISE = "praise", _("praise")
        REMARK = "remark", _("remark")

    student = models.ForeignKey(Person, models.PROTECT, related_name="remarks", verbose_name=_("student"))
    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="remarks", verbose_name=_("lesson"))
    kind = models.CharField(_("kind"), max_length=6, choices=Kind)
    text = models.CharField(_("text"), max_length=LONGEST_REMARK)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("by"))
    version = models.PositiveIntegerField(_("version"), default=1)

    class Meta:
        verbose_name = _("remark")
        verbose_name_plural = _("remarks")
        indexes = [models.Index(fields=["lesson"], name="remark_of_lesson")]
        constraints = [
            models.UniqueConstraint(fields=["student", "lesson", "kind"], name="remark_once_a_lesson"),
            models.CheckConstraint(condition=Q(kind__in=["praise", "remark"]), name="remark_kind"),
            models.CheckConstraint(condition=~Q(text=""), name="remark_says_something"),
        ]
        triggers = [in_open_term(f"{TERM_OF_LESSON} = {{row}}.lesson_id")]

    def __str__(self) -> str:
        return self.text[:60]
