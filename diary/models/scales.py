"""Scales of marks and their values: rows, so that a school's own scale is data and not code."""

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from schools.append_only import AppendOnly
from schools.models import Course


def local_name(name: str, name_en: str) -> str:
    """The English one where the reader's language is English and there is one."""
    return name_en if name_en and get_language() == "en" else name


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
        return local_name(self.name, self.name_en)


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
