"""What is set at a lesson for a later day, with its files and links."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from diary.private_files import private_files, random_path
from schedule.models import CHAIN_OF_LESSON, TERM_OF_LESSON, Lesson
from schools.closures import in_open_term
from schools.family import children_of, places_of
from schools.history import tracked
from schools.models import Course, Group, Information, Person
from schools.models.constraints import SameOwner
from schools.places import Place, any_of

LESSON_OF_HOMEWORK = "SELECT homework.lesson_id FROM diary_homework AS homework WHERE homework.id"
# For the history: the course and the term of a row that has a homework.
CHAIN_OF_HOMEWORK = """
    SELECT lesson.course_id, lesson.term_id
    FROM diary_homework AS homework JOIN schedule_lesson AS lesson ON lesson.id = homework.lesson_id
    WHERE homework.id = {row}.homework_id
"""
TERM_OF_HOMEWORK = f"{TERM_OF_LESSON} = ({LESSON_OF_HOMEWORK} = {{row}}.homework_id)"


class HomeworkQuerySet(models.QuerySet["Homework"]):
    def with_due_day(self) -> "HomeworkQuerySet":
        """`due_day`: where the lesson has gone by now, which `due_on` does not know."""
        return self.annotate(due_day=Coalesce("due_lesson__date", "due_on"))

    def addressed_to(self, student: int, places: Sequence[Place]) -> "HomeworkQuerySet":
        """Of the student's courses, what is for all, for the student by name, or for a group that the
        student is in on the day it is due."""
        groups = Q(group__isnull=True)
        for place in places:
            if place.group_id:
                days = {"due_on__gte": place.since} | ({"due_on__lte": place.until} if place.until else {})
                groups |= Q(group=place.group_id, **days)
        return self.filter(groups, Q(students__isnull=True) | Q(students=student))

    def of_student(
        self, student: int, places: Sequence[Place], since: datetime.date, until: datetime.date
    ) -> "HomeworkQuerySet":
        """What is in the student's diary on these days."""
        at_lesson = any_of(places, since, until, date="due_lesson__date", course="course")
        on_day = any_of(places, since, until, date="due_on", course="course")
        due = at_lesson | Q(due_lesson__isnull=True) & on_day
        return self.filter(due).addressed_to(student, places)

    def for_everybody(self) -> "HomeworkQuerySet":
        return self.filter(group__isnull=True, students__isnull=True)

    def visible_to(self, user: Any) -> "HomeworkQuerySet":
        """To the staff who may open the lesson it is given at or due at."""
        lessons = Lesson.objects.visible_to(user).values("pk")
        return self.filter(Q(lesson__in=lessons) | Q(due_lesson__in=lessons))


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

    objects = HomeworkQuerySet.as_manager()

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

    def is_seen_by(self, user: Any, *, at: datetime.datetime) -> bool:
        """By the staff who may open its lessons; in the diaries that the account reads at `at` (aware)."""
        return self._is_seen_at_a_lesson(user) or self._is_in_a_diary_of(user, at)

    def _is_seen_at_a_lesson(self, user: Any) -> bool:
        """Who leads one class of several sees nothing that only names students of the others."""
        lessons = Lesson.objects.visible_to(user).filter(pk__in=[self.lesson_id, self.due_lesson_id])
        if not lessons.exists():
            return False
        named = set(self.students.values_list("pk", flat=True))
        return not named or any(
            lesson.students_visible_to(user).filter(pk__in=named).exists()
            for lesson in lessons.for_page(user)
        )

    def _is_in_a_diary_of(self, user: Any, at: datetime.datetime) -> bool:
        ever = (datetime.date.min, datetime.date.max)
        this = Homework.objects.filter(pk=self.pk, published_at__lte=at)
        return any(
            this.of_student(child.student.pk, places_of(child), *ever).exists()
            for child in children_of(user, on=timezone.localdate(at))
            if child.shows(Information.HOMEWORK)
        )


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
        triggers = [in_open_term(TERM_OF_HOMEWORK)]

    def __str__(self) -> str:
        return str(self.person)


@tracked(chain=CHAIN_OF_HOMEWORK)
class HomeworkFile(models.Model):
    """A file that goes with a homework. Copies of a homework share the stored bytes: `file` is the same
    random path, which no name of a person or a lesson can be read from."""

    homework = models.ForeignKey(Homework, models.CASCADE, related_name="files", verbose_name=_("homework"))
    name = models.CharField(_("name"), max_length=150)
    file = models.FileField(_("stored as"), storage=private_files, upload_to=random_path, max_length=60)
    size = models.PositiveIntegerField(_("size in bytes"))
    content_type = models.CharField(_("content type"), max_length=100)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("file of homework")
        verbose_name_plural = _("files of homework")
        indexes = [models.Index(fields=["file"], name="homework_file_by_path")]
        constraints = [
            models.UniqueConstraint(fields=["homework", "sha256", "name"], name="homework_file_once"),
            models.CheckConstraint(condition=Q(size__gt=0), name="homework_file_not_empty"),
        ]
        triggers = [in_open_term(TERM_OF_HOMEWORK)]

    def __str__(self) -> str:
        return self.name


@tracked(chain=CHAIN_OF_HOMEWORK)
class HomeworkLink(models.Model):
    """An address that goes with a homework."""

    homework = models.ForeignKey(Homework, models.CASCADE, related_name="links", verbose_name=_("homework"))
    url = models.URLField(_("address"), max_length=2000, validators=[URLValidator(schemes=["http", "https"])])
    title = models.CharField(_("title"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("link of homework")
        verbose_name_plural = _("links of homework")
        constraints = [
            models.CheckConstraint(condition=Q(url__regex=r"^https?://"), name="homework_link_of_the_web"),
        ]
        triggers = [in_open_term(TERM_OF_HOMEWORK)]

    def __str__(self) -> str:
        return self.title or self.url
