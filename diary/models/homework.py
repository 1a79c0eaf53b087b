"""What is set at a lesson for a later day."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from schedule.models import CHAIN_OF_LESSON, TERM_OF_LESSON, Lesson
from schools.closures import in_open_term
from schools.history import tracked
from schools.models import Course, Group, Person
from schools.models.constraints import SameOwner

LESSON_OF_HOMEWORK = "SELECT homework.lesson_id FROM diary_homework AS homework WHERE homework.id"
# For the history: the course and the term of a row that has a homework.
CHAIN_OF_HOMEWORK = """
    SELECT lesson.course_id, lesson.term_id
    FROM diary_homework AS homework JOIN schedule_lesson AS lesson ON lesson.id = homework.lesson_id
    WHERE homework.id = {row}.homework_id
"""


@tracked(chain=CHAIN_OF_LESSON)
class Homework(models.Model):
    """Set at a lesson for a day, as a rule for the course's next lesson. Without a group and
    without students named it is for everybody on the course."""

    course = models.ForeignKey(Course, models.PROTECT, related_name="homework", verbose_name=_("course"))
    lesson = models.ForeignKey(
        Lesson, models.PROTECT, related_name="homework_given", verbose_name=_("given at")
    )
    due_lesson = models.ForeignKey(
        Lesson,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="homework_due",
        verbose_name=_("for lesson"),
    )
    due_on = models.DateField(_("due on"))
    text = models.TextField(_("what is set"), max_length=2000)
    minutes = models.PositiveSmallIntegerField(_("minutes it takes"), null=True, blank=True)
    group = models.ForeignKey(Group, models.PROTECT, null=True, blank=True, verbose_name=_("group"))
    students: Any = models.ManyToManyField(
        Person, blank=True, through="HomeworkAddressee", related_name="+", verbose_name=_("students")
    )
    published_at = models.DateTimeField(_("published at"), auto_now_add=True)
    version = models.PositiveIntegerField(_("version"), default=1)

    class Meta:
        verbose_name = _("homework")
        verbose_name_plural = _("homework")
        indexes = [models.Index(fields=["course", "due_on"], name="homework_of_course_by_day")]
        constraints = [
            SameOwner(field="lesson", owner="course", name="homework_lesson_same_course"),
            SameOwner(field="due_lesson", owner="course", name="homework_due_lesson_same_course"),
        ]
        triggers = [in_open_term(f"{TERM_OF_LESSON} = {{row}}.lesson_id")]

    def __str__(self) -> str:
        return self.text[:60]


@tracked(chain=CHAIN_OF_HOMEWORK)
class HomeworkAddressee(models.Model):
    """A student whom a homework names."""

    homework = models.ForeignKey(Homework, models.CASCADE, verbose_name=_("homework"))
    person = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name=_("student"))

    class Meta:
        verbose_name = _("addressee of homework")
        verbose_name_plural = _("addressees of homework")
        db_table = "diary_homework_students"
        unique_together = [("homework", "person")]
        triggers = [in_open_term(f"{TERM_OF_LESSON} = ({LESSON_OF_HOMEWORK} = {{row}}.homework_id)")]

    def __str__(self) -> str:
        return str(self.person)
