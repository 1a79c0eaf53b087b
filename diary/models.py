"""The journal: works and marks on scales, absences, homework. Teachers write it, families read it."""

import datetime
from decimal import Decimal
from typing import Any

import pgtrigger
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from schedule.models import TERM_OF_LESSON, Lesson
from schools.append_only import AppendOnly
from schools.closures import in_open_term
from schools.history import tracked
from schools.models import AcademicYear, Course, Group, Organisation, Person
from schools.models.constraints import SameOwner


class Named(models.Model):
    """Words that come with the portal, in both its languages; a school may add its own."""

    name = models.CharField(_("name"), max_length=100)
    name_en = models.CharField(_("name in English"), max_length=100, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.local_name

    @property
    def local_name(self) -> str:
        return self.name_en if self.name_en and get_language() == "en" else self.name


class Scale(Named):
    """What marks can be given: the five-point scale, passed / not passed, 100 points…"""

    FIVE_POINT = "five-point"

    code = models.SlugField(_("code"), unique=True)

    append_only = AppendOnly()

    class Meta:
        verbose_name = _("scale")
        verbose_name_plural = _("scales")


class ScaleValueQuerySet(models.QuerySet["ScaleValue"]):
    def for_course(self, course_id: int) -> "ScaleValueQuerySet":
        """The values of the course's scale: its own, else the five-point one."""
        own = CourseGrading.objects.filter(course=course_id)
        return (
            self.filter(
                Q(scale__in=own.values("scale")) | ~models.Exists(own) & Q(scale__code=Scale.FIVE_POINT)
            )
            .select_related("scale")
            .order_by("order")
        )


class ScaleValue(Named):
    """One value of a scale. `points` is what it counts in an average; empty does not count."""

    class Tone(models.TextChoices):
        FIVE = "five", _("filled")
        FOUR = "four", _("tinted")
        THREE = "three", _("outlined")
        TWO = "two", _("with a heavy foot")
        WORD = "word", _("a word")
        PLAIN = "plain", _("plain text")

    scale = models.ForeignKey(Scale, models.PROTECT, related_name="values", verbose_name=_("scale"))
    text = models.CharField(_("text"), max_length=10)
    points = models.DecimalField(_("points"), max_digits=6, decimal_places=2, null=True, blank=True)
    tone = models.CharField(_("look"), max_length=5, choices=Tone, default=Tone.PLAIN)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    # Events hold the value's number: what the number means must stay.
    append_only = AppendOnly()

    objects = ScaleValueQuerySet.as_manager()

    class Meta:
        verbose_name = _("value of a scale")
        verbose_name_plural = _("values of scales")
        constraints = [models.UniqueConstraint(fields=["scale", "text"], name="scale_value_once")]

    def __str__(self) -> str:
        return self.text


class CourseGrading(models.Model):
    """The scale of a course that is not marked on the five-point one."""

    course = models.OneToOneField(Course, models.CASCADE, related_name="grading", verbose_name=_("course"))
    scale = models.ForeignKey(Scale, models.PROTECT, verbose_name=_("scale"))

    class Meta:
        verbose_name = _("scale of a course")
        verbose_name_plural = _("scales of courses")

    def __str__(self) -> str:
        return f"{self.course}: {self.scale}"


class WorkKindQuerySet(models.QuerySet["WorkKind"]):
    def of(self, organisation_id: int) -> "WorkKindQuerySet":
        """The school's kinds: its own, and the portal's that it has not replaced (same code)."""
        own = self.model.objects.filter(organisation=organisation_id)
        return self.filter(
            Q(organisation=organisation_id) | Q(organisation__isnull=True) & ~Q(code__in=own.values("code"))
        ).order_by("order", "pk")


class WorkKind(Named):
    """Answer, homework, test…, with the weight the school gives it. Without an organisation: the
    kind that every school starts with (letters and kinds: rules.md, "Marks, absences, terms")."""

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, null=True, blank=True, verbose_name=_("organisation")
    )
    code = models.CharField(_("letter"), max_length=3)
    weight = models.DecimalField(
        _("weight"), max_digits=5, decimal_places=2, default=1, validators=[MinValueValidator(0)]
    )
    is_test = models.BooleanField(_("counts as a test"), default=False)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = WorkKindQuerySet.as_manager()

    class Meta:
        verbose_name = _("kind of work")
        verbose_name_plural = _("kinds of work")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "code"], name="work_kind_once", nulls_distinct=False
            ),
            models.CheckConstraint(condition=Q(weight__gte=0), name="work_kind_weight_not_negative"),
        ]


# For triggers: the terms of {work}. Without a lesson it is in its course's term of the day.
TERMS_OF_WORK = """
    SELECT lesson.term_id FROM schedule_lesson AS lesson WHERE lesson.id = {work}.lesson_id
    UNION ALL
    SELECT term.id
    FROM schools_course AS course JOIN schools_term AS term USING (organisation_id)
    WHERE {work}.lesson_id IS NULL AND course.id = {work}.course_id
      AND {work}.date BETWEEN term.since AND term.until
      AND EXISTS (
        SELECT FROM schools_schoolclass AS class
        WHERE class.grade BETWEEN term.first_grade AND term.last_grade
          AND (class.id = course.school_class_id OR class.id IN (
            SELECT schoolclass_id FROM schools_group_classes WHERE group_id = course.group_id)))
"""
TERMS_OF_MARK = f"""
    SELECT terms.term_id
    FROM diary_work AS work, LATERAL ({TERMS_OF_WORK.format(work="work")}) AS terms
    WHERE work.id = {{row}}.work_id
"""  # noqa: S608 - of constants
LESSON_OF_HOMEWORK = "SELECT homework.lesson_id FROM diary_homework AS homework WHERE homework.id"
# The class teacher gives an absence its reason until the year is closed (product map §3).
ONLY_THE_REASON = """
    OLD.code IN ('unstated', 'ill', 'valid', 'invalid')
    AND NEW.code IN ('unstated', 'ill', 'valid', 'invalid')
    AND to_jsonb(OLD) - 'code' - 'version' = to_jsonb(NEW) - 'code' - 'version'
"""
# A mark is on its work's scale and of its course's year.
FITS_ITS_WORK = """
    IF NOT EXISTS (
        SELECT FROM diary_work AS work
        JOIN schools_course AS course ON course.id = work.course_id
        JOIN diary_scalevalue AS value ON value.scale_id = work.scale_id
        WHERE work.id = NEW.work_id AND course.year_id = NEW.year_id AND value.id = NEW.value_id
    ) THEN
        RAISE EXCEPTION 'The mark is not on the scale of its work, or of another year.'
            USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
    END IF;
    RETURN NEW;
"""


@tracked()
class Work(models.Model):
    """What a mark is given for. One without marks is planned, owed or handed in."""

    course = models.ForeignKey(Course, models.PROTECT, related_name="works", verbose_name=_("course"))
    kind = models.ForeignKey(WorkKind, models.PROTECT, verbose_name=_("kind of work"))
    scale = models.ForeignKey(Scale, models.PROTECT, verbose_name=_("scale"))
    lesson = models.ForeignKey(
        Lesson, models.PROTECT, null=True, blank=True, related_name="works", verbose_name=_("lesson")
    )
    date = models.DateField(_("date"))
    number = models.PositiveSmallIntegerField(
        _("number"), default=1, help_text=_("A student's second answer in one lesson is work 2.")
    )
    title = models.CharField(_("title"), max_length=200, blank=True)
    due_at = models.DateTimeField(_("due at"), null=True, blank=True)
    weight = models.DecimalField(
        _("weight kept"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("The kind's weight on the day the term was closed; empty while it is open."),
    )
    version = models.PositiveIntegerField(_("version"), default=1)

    class Meta:
        verbose_name = _("work")
        verbose_name_plural = _("works")
        indexes = [models.Index(fields=["course", "date"], name="work_of_course_by_day")]
        constraints = [
            models.UniqueConstraint(fields=["lesson", "kind", "number"], name="work_once_a_lesson"),
            models.CheckConstraint(condition=Q(weight__isnull=True) | Q(weight__gte=0), name="work_weight"),
            SameOwner(field="lesson", owner="course", name="work_lesson_same_course"),
        ]
        triggers = [
            in_open_term(TERMS_OF_WORK.format(work="{row}")),
            # Its marks rely on them: another scale is another work.
            pgtrigger.ReadOnly(name="course_and_scale_stay", fields=["course", "scale"]),
        ]

    def __str__(self) -> str:
        return self.title or str(self.kind)

    @property
    def weight_in_force(self) -> Decimal:
        """The kind's, until the term is closed. In SQL: `weight_in_force`."""
        return self.kind.weight if self.weight is None else self.weight


def weight_in_force(work: str) -> Coalesce:
    """`Work.weight_in_force` in SQL, of the work that the path leads to."""
    return Coalesce(f"{work}__weight", f"{work}__kind__weight")


LONGEST_COMMENT = 300


class MarkQuerySet(models.QuerySet["Mark"]):
    def published(self, at: datetime.datetime) -> "MarkQuerySet":
        """What a family may see."""
        return self.filter(published_at__lte=at)


@tracked()
class Mark(models.Model):
    """A value of a scale, given to a student for a work. It stays the student's on changing class
    or school, and carries the academic year. An emptied cell is a deleted row; its history stays."""

    work = models.ForeignKey(Work, models.PROTECT, related_name="marks", verbose_name=_("work"))
    student = models.ForeignKey(Person, models.PROTECT, related_name="marks", verbose_name=_("student"))
    year = models.ForeignKey(AcademicYear, models.PROTECT, verbose_name=_("academic year"))
    value = models.ForeignKey(ScaleValue, models.PROTECT, verbose_name=_("mark"))
    comment = models.CharField(_("comment"), max_length=LONGEST_COMMENT, blank=True)
    published_at = models.DateTimeField(_("published at"))
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = MarkQuerySet.as_manager()

    class Meta:
        verbose_name = _("mark")
        verbose_name_plural = _("marks")
        indexes = [models.Index(fields=["student", "year"], name="mark_of_student")]
        constraints = [models.UniqueConstraint(fields=["work", "student"], name="mark_once_a_work")]
        triggers = [
            in_open_term(TERMS_OF_MARK),
            pgtrigger.Trigger(
                name="mark_fits_its_work",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=" ".join(FITS_ITS_WORK.split()),
            ),
        ]

    def __str__(self) -> str:
        return str(self.value)


@tracked()
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


@tracked()
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


@tracked()
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


@tracked()
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
