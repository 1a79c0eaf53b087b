"""Works and the marks given for them."""

import datetime
from decimal import Decimal

import pgtrigger
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from diary.models.corrections import corrected_by
from diary.models.scales import Named, Scale, ScaleValue
from schedule.models import Lesson
from schools.closures import in_open_term
from schools.history import tracked
from schools.models import AcademicYear, Course, Organisation, Person
from schools.models.constraints import SameOwner


class WorkKindQuerySet(models.QuerySet["WorkKind"]):
    def of(self, organisation_id: int) -> "WorkKindQuerySet":
        """The school's kinds: its own, and the portal's that it has not replaced (same code)."""
        own = self.model.objects.filter(organisation=organisation_id)
        return self.filter(
            Q(organisation=organisation_id) | Q(organisation__isnull=True) & ~Q(code__in=own.values("code"))
        ).order_by("order", "pk")


@tracked()
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
# For the history: the course and the term of {work}, and of a row that has a work.
CHAIN_OF_WORK = f"""
    SELECT {{work}}.course_id, (SELECT min(terms.term_id) FROM ({TERMS_OF_WORK}) AS terms)
"""  # noqa: S608 - of constants
CHAIN_OF_MARK = f"""
    {CHAIN_OF_WORK.format(work="work")} FROM diary_work AS work WHERE work.id = {{row}}.work_id
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


@tracked(chain=CHAIN_OF_WORK.format(work="{row}"))
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


@tracked(chain=CHAIN_OF_MARK)
class Mark(models.Model):
    """A value of a scale, given to a student for a work. It stays the student's on changing class
    or school, and carries the academic year. An emptied cell is a deleted row; its history stays."""

    work = models.ForeignKey(Work, models.PROTECT, related_name="marks", verbose_name=_("work"))
    student = models.ForeignKey(Person, models.PROTECT, related_name="marks", verbose_name=_("student"))
    year = models.ForeignKey(AcademicYear, models.PROTECT, verbose_name=_("academic year"))
    value = models.ForeignKey(ScaleValue, models.PROTECT, verbose_name=_("mark"))
    comment = models.CharField(_("comment"), max_length=LONGEST_COMMENT, blank=True)
    published_at = models.DateTimeField(_("published at"))
    correction = corrected_by()
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
