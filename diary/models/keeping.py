"""Remarks on keeping the journal: a page that every school journal has (rules.md, "The journal as a
document")."""

from typing import Any, ClassVar

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from schedule.models import Lesson
from schools.history import tracked
from schools.models import Course, Person

LONGEST_TEXT = 500
# For the history: in the term of its lesson, where it is about one.
CHAIN_OF_KEEPING = (
    "SELECT {row}.course_id, "
    "(SELECT lesson.term_id FROM schedule_lesson AS lesson WHERE lesson.id = {row}.lesson_id)"
)


class KeepingRemarkQuerySet(models.QuerySet["KeepingRemark"]):
    def open(self) -> "KeepingRemarkQuerySet":
        """Not yet settled."""
        return self.filter(settled_at=None)

    def ask(self, *, course: Course, lesson: Lesson | None, by: Person, text: str) -> "KeepingRemark":
        """The same that waits already is asked once: a form sent twice."""
        asked = {"course": course, "lesson": lesson, "text": text, "asked_by": by}
        with transaction.atomic():
            Course.objects.select_for_update(no_key=True).get(pk=course.pk)
            waiting = self.waiting_for_teacher().filter(**asked).first()
            return waiting or self.create(**asked, asked_at=timezone.now())

    def waiting_for_teacher(self) -> "KeepingRemarkQuerySet":
        return self.filter(answered_at=None, settled_at=None)

    def with_names(self) -> "KeepingRemarkQuerySet":
        return self.select_related(
            "course__subject", "course__school_class", "course__group", "lesson", "asked_by", "answered_by"
        )


@tracked(chain=CHAIN_OF_KEEPING)
class KeepingRemark(models.Model):
    """The head teacher asks a course's teachers to check something; they answer; the head teacher settles.

    `lesson` is where, where it is about one. No student is named: what is to be checked says so itself.
    """

    course = models.ForeignKey(
        Course, models.PROTECT, related_name="keeping_remarks", verbose_name=_("course")
    )
    lesson = models.ForeignKey(
        Lesson, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("lesson")
    )
    text = models.CharField(_("what to check"), max_length=LONGEST_TEXT)
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked at"))
    answer = models.CharField(_("answer"), max_length=LONGEST_TEXT, blank=True)
    answered_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("answered by")
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    settled_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("settled by")
    )
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)

    objects: ClassVar[Any] = KeepingRemarkQuerySet.as_manager()

    class Meta:
        verbose_name = _("remark on keeping the journal")
        verbose_name_plural = _("remarks on keeping the journal")
        indexes = [
            models.Index(fields=["course"], name="keeping_remark_open", condition=Q(settled_at=None)),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="keeping_remark_says_something"),
            models.CheckConstraint(
                condition=Q(answered_by=None, answered_at=None, answer="")
                | Q(answered_by__isnull=False, answered_at__isnull=False) & ~Q(answer=""),
                name="keeping_remark_is_answered_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(settled_by=None, settled_at=None)
                | Q(settled_by__isnull=False, settled_at__isnull=False),
                name="keeping_remark_is_settled_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    def reply(self, answer: str, *, by: Person) -> bool:
        """False where the remark was answered or settled meanwhile."""
        waiting = KeepingRemark.objects.waiting_for_teacher().filter(pk=self.pk)
        return bool(waiting.update(answer=answer, answered_by=by, answered_at=timezone.now()))

    def settle(self, *, by: Person) -> bool:
        """Checked, or no longer wanted. False where it was settled before."""
        still_open = KeepingRemark.objects.open().filter(pk=self.pk)
        return bool(still_open.update(settled_by=by, settled_at=timezone.now()))
