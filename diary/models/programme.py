"""The lesson programme (КТП, product map §4.5): a course's topics in order, and which lessons took them."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from schedule.models import CHAIN_OF_LESSON, TERM_OF_LESSON, Lesson
from schools.closures import in_open_term
from schools.history import tracked
from schools.models import Course, Person
from schools.models.constraints import SameOwner

LONGEST_TITLE = 500  # that of `Lesson.topic`
LONGEST_SECTION = 200
LONGEST_NOTE = 300
LONGEST_WORDS = 500
LONGEST_HOMEWORK = 2000
MOST_HOURS = 99
MOST_TOPICS = 1000
# For the history: a programme is of the year, so of no term.
CHAIN_OF_PROGRAMME = "SELECT {row}.course_id, NULL::BIGINT"


@tracked(chain=CHAIN_OF_PROGRAMME)
class LessonProgramme(models.Model):
    """How far a course's programme is: whoever changes its topics locks this row first.

    The head teacher's last decision stands beside the state; a change of the contents afterwards
    takes the approval back, and the history keeps it.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SENT = "sent", _("waits for approval")
        APPROVED = "approved", pgettext_lazy("lesson programme", "approved")
        RETURNED = "returned", _("returned")

    DECIDED = (State.APPROVED, State.RETURNED)

    course = models.OneToOneField(Course, models.PROTECT, related_name="programme", verbose_name=_("course"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.DRAFT)
    decided_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    words = models.CharField(_("what the head teacher says"), max_length=LONGEST_WORDS, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)

    class Meta:
        verbose_name = _("lesson programme")
        verbose_name_plural = _("lesson programmes")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "sent"], decided_by=None, decided_at=None)
                | Q(state__in=["approved", "returned"], decided_by__isnull=False, decided_at__isnull=False),
                name="programme_is_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(words=""), name="programme_is_returned_with_words"
            ),
        ]

    def __str__(self) -> str:
        return str(self.course)


class TopicQuerySet(models.QuerySet["Topic"]):
    def with_taught(self, **before: Any) -> "TopicQuerySet":
        """In order, with `taught`: how many lessons took the topic, cancelled ones not counted.
        `before` are further conditions on those lessons."""
        conditions = {f"lessons__lesson__{name}": value for name, value in before.items()}
        took = Q(lessons__isnull=False, **conditions) & ~Q(lessons__lesson__state=Lesson.State.CANCELLED)
        return self.annotate(taught=Count("lessons", filter=took)).order_by("order")


@tracked(chain=CHAIN_OF_PROGRAMME)
class Topic(models.Model):
    """A topic of a course's programme, for one lesson or several (`hours`).

    `plan` holds the days of its hours as they were laid last; it is shorter where the year was. A
    topic that is `left_out` gets no lesson of its own: it was given before the programme began, or
    joined with another one.
    """

    course = models.ForeignKey(Course, models.PROTECT, related_name="topics", verbose_name=_("course"))
    order = models.PositiveSmallIntegerField(_("place"))
    section = models.CharField(_("section"), max_length=LONGEST_SECTION, blank=True)
    title = models.CharField(_("topic"), max_length=LONGEST_TITLE)
    hours = models.PositiveSmallIntegerField(
        _("hours"), default=1, validators=[MinValueValidator(1), MaxValueValidator(MOST_HOURS)]
    )
    homework = models.TextField(_("homework"), max_length=LONGEST_HOMEWORK, blank=True)
    note = models.CharField(_("note"), max_length=LONGEST_NOTE, blank=True)
    is_test = models.BooleanField(_("a test"), default=False)
    left_out = models.BooleanField(_("gets no lesson of its own"), default=False)
    plan = ArrayField(models.DateField(), default=list, blank=True, verbose_name=_("planned on"))
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        constraints = [
            models.UniqueConstraint(
                fields=["course", "order"], name="topic_has_its_place", deferrable=models.Deferrable.DEFERRED
            ),
            models.UniqueConstraint(fields=["id", "course"], name="topic_of_course"),
            models.CheckConstraint(condition=Q(hours__range=(1, MOST_HOURS)), name="topic_has_hours"),
            models.CheckConstraint(condition=~Q(title=""), name="topic_has_a_title"),
            models.CheckConstraint(
                condition=Q(left_out=False) | Q(plan=[]), name="topic_left_out_is_not_planned"
            ),
        ]

    def __str__(self) -> str:
        return self.title


@tracked(chain=CHAIN_OF_LESSON)
class TopicTaught(models.Model):
    """The fact: a lesson took the topic. Which hour of it follows from the lessons' dates; the text of
    the journal is `Lesson.topic`, whatever the programme says later."""

    lesson = models.OneToOneField(
        Lesson, models.PROTECT, related_name="topic_taught", verbose_name=_("lesson")
    )
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="lessons", verbose_name=_("topic"))
    course = models.ForeignKey(Course, models.PROTECT, related_name="+", verbose_name=_("course"))

    class Meta:
        verbose_name = _("topic taught")
        verbose_name_plural = _("topics taught")
        constraints = [
            SameOwner(field="lesson", owner="course", name="taught_lesson_same_course"),
            SameOwner(field="topic", owner="course", name="taught_topic_same_course"),
        ]
        triggers = [in_open_term(f"{TERM_OF_LESSON} = {{row}}.lesson_id")]

    def __str__(self) -> str:
        return f"{self.lesson}: {self.topic}"
