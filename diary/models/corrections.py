"""The lawful way into a closed term (product map §3): asked by the teacher, approved by the head teacher."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from diary.access import schools_headed_by
from diary.models.scales import ScaleValue
from schedule.models import OWN_CHAIN, Lesson
from schools.history import tracked
from schools.models import Course, Person, Term
from schools.models.constraints import SameOwner
from schools.models.periods import in_force

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


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def visible_to(self, user: Any) -> "CorrectionQuerySet":
        """Of the courses that the account's person teaches today, and, for a head teacher, the school's."""
        person, on = getattr(user, "person", None), timezone.localdate()
        if person is None or not user.roles.is_staff:
            return self.none()
        employers = person.employments.filter(in_force(on)).values("organisation")
        taught = person.teaching_assignments.filter(in_force(on), course__organisation__in=employers)
        visible = Q(course__in=taught.values("course"))
        if user.roles.is_head_teacher:
            visible |= Q(course__organisation__in=schools_headed_by(user, on).values("pk"))
        return self.filter(visible)

    def answered_by(self, user: Any) -> "CorrectionQuerySet":
        """Those that the account's person answers as a head teacher: nobody's own."""
        if not user.roles.is_head_teacher:
            return self.none()
        headed = schools_headed_by(user, timezone.localdate())
        return self.filter(course__organisation__in=headed.values("pk")).exclude(asked_by=user.person)

    def waiting(self) -> "CorrectionQuerySet":
        return self.filter(decided_by=None)

    def waiting_first(self) -> "CorrectionQuerySet":
        """Waiting ones in the order of asking, then the answered, the latest first."""
        return self.order_by(F("decided_at").desc(nulls_first=True), "asked_at", "pk")

    def with_names(self) -> "CorrectionQuerySet":
        """What a line of a list shows."""
        return self.select_related(
            "course__subject",
            "course__school_class",
            "course__group",
            "term__closure",
            "student",
            "lesson",
            "work__kind",
            "kind",
            "value",
            "asked_by",
            "decided_by",
        )


@tracked(chain=OWN_CHAIN)
class Correction(models.Model):
    """One cell of a closed term: what it shall become, who asked and why, what was decided.

    Of `mark` (`work` names what it is given for, else it is a new one of `kind` at `lesson`), of
    `absence` (at `lesson`), or of `result` (the term's). Empty `value` or `code`: the mark or absence is
    taken away. `was` is what stood there when it was asked: a mark's or a result's text, an absence's
    code with its minutes («late:7»), empty for nothing.
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
    minutes = models.PositiveSmallIntegerField(_("minutes late"), null=True, blank=True)
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

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        indexes = [
            models.Index(fields=["student", "decided_at"], name="correction_of_student"),
            models.Index(fields=["course", "asked_at"], name="correction_of_course"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["course", "term", "student", "subject", "lesson", "work", "kind"],
                condition=Q(decided_by=None),
                name="one_correction_of_a_cell_waits",
                nulls_distinct=False,
            ),
            SameOwner(field="lesson", owner="course", name="correction_lesson_same_course"),
            models.CheckConstraint(
                condition=Q(subject__in=["mark", "absence", "result"])
                & Q(cause__in=["mistake", "resit", "appeal"]),
                name="correction_of_a_known_kind",
            ),
            models.CheckConstraint(
                condition=~Q(subject="result") | Q(value__isnull=False), name="corrected_result_has_a_value"
            ),
            models.CheckConstraint(
                condition=Q(minutes__isnull=True) | Q(code="late", minutes__range=(1, 90)),
                name="corrected_minutes_are_of_being_late",
            ),
            models.CheckConstraint(
                condition=~Q(approved=False) | ~Q(answer=""), name="refused_correction_says_why"
            ),
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

    @property
    def is_waiting(self) -> bool:
        return self.decided_by_id is None

    def can_be_decided_by(self, user: Any) -> bool:
        """By a head teacher of the school, other than who asked."""
        return Correction.objects.answered_by(user).filter(pk=self.pk).exists()
