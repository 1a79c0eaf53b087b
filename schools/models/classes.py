"""Classes of a year, their groups, and the courses taught to them."""

import datetime
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from schools.models.constraints import SameOwner
from schools.models.organisations import FIRST_GRADE, LAST_GRADE, AcademicYear, Organisation
from schools.models.periods import in_force


def _referable(name: str, owner: str = "organisation") -> models.UniqueConstraint:
    """What lets other rows prove that they belong to the same owner (`SameOwner`)."""
    return models.UniqueConstraint(fields=["id", owner], name=name)


class SchoolClassQuerySet(models.QuerySet["SchoolClass"]):
    def visible_to(self, user: Any, on: datetime.date | None = None) -> "SchoolClassQuerySet":
        """Classes whose timetable the account may read: the student's own, the children's as far
        as the timetable is granted, and those of the school where the person works."""
        person = getattr(user, "person", None)
        if person is None:
            return self.none()
        on = on or timezone.localdate()
        visible = Q(pk__in=self._attended(person, user.roles, on).values("pk"))
        if user.roles.is_staff:
            employers = person.employments.filter(in_force(on)).values("organisation")
            visible |= Q(organisation__in=employers)
        return self.filter(visible)

    def _attended(self, person: Any, roles: Any, on: datetime.date) -> "SchoolClassQuerySet":
        """By the student or by the children, as far as the sign-in opened these roles."""
        whose = Q(pk__in=[])
        if roles.is_student:
            whose |= Q(enrolments__student=person)
        if roles.is_guardian:
            ties = person.guardianships.filter(in_force(on), may_see=True)
            children = ties.filter(information__contains=["timetable"]).values("child")
            whose |= Q(enrolments__student__in=children)
        return self.model.objects.filter(in_force(on, "enrolments"), whose)

    def in_order(self) -> "SchoolClassQuerySet":
        return self.order_by("grade", "letter")


class SchoolClass(models.Model):
    """5 «Б» of one academic year; `predecessor` is 4 «Б» of the year before."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, verbose_name=_("organisation"))
    year = models.ForeignKey(AcademicYear, models.PROTECT, verbose_name=_("academic year"))
    grade = models.PositiveSmallIntegerField(
        _("grade"), validators=[MinValueValidator(FIRST_GRADE), MaxValueValidator(LAST_GRADE)]
    )
    letter = models.CharField(_("letter"), max_length=10)
    shift = models.PositiveSmallIntegerField(
        _("shift"), default=1, validators=[MinValueValidator(1), MaxValueValidator(2)]
    )
    predecessor = models.OneToOneField(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="successor",
        verbose_name=_("class of the year before"),
    )

    objects = SchoolClassQuerySet.as_manager()

    class Meta:
        verbose_name = _("class")
        verbose_name_plural = _("classes")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "year", "grade", "letter"],
                name="class_once_a_year",
                violation_error_message=_("The school has this class already."),
            ),
            models.CheckConstraint(condition=Q(grade__range=(FIRST_GRADE, LAST_GRADE)), name="class_grade"),
            models.CheckConstraint(condition=Q(shift__in=(1, 2)), name="class_shift"),
            _referable("class_of_organisation"),
            _referable("class_of_year", "year"),
            SameOwner(field="predecessor", name="predecessor_same_organisation"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """«5 «Б»», with a no-break space."""
        return class_label(self.grade, self.letter)


def class_label(grade: int, letter: str) -> str:
    return f"{grade}\u00a0«{letter}»"


class Group(models.Model):
    """A part of a class, or of several: English, first group. Its members are `GroupMembership`s."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, verbose_name=_("organisation"))
    year = models.ForeignKey(AcademicYear, models.PROTECT, verbose_name=_("academic year"))
    classes = models.ManyToManyField(SchoolClass, related_name="groups", verbose_name=_("classes"))
    name = models.CharField(_("name"), max_length=100)

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("groups")
        constraints = [
            models.UniqueConstraint(fields=["organisation", "year", "name"], name="group_once_a_year"),
            _referable("group_of_organisation"),
            _referable("group_of_year", "year"),
        ]

    def __str__(self) -> str:
        return self.name


class Subject(models.Model):
    """A subject as the school names it."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, verbose_name=_("organisation"))
    name = models.CharField(_("name"), max_length=100)
    short_name = models.CharField(_("short name"), max_length=30, blank=True)

    class Meta:
        verbose_name = _("subject")
        verbose_name_plural = _("subjects")
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="subject_once"),
            _referable("subject_of_organisation"),
        ]

    def __str__(self) -> str:
        return self.name


class Course(models.Model):
    """A subject taught to a class or to a group during a year; its teachers are assignments."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, verbose_name=_("organisation"))
    year = models.ForeignKey(AcademicYear, models.PROTECT, verbose_name=_("academic year"))
    subject = models.ForeignKey(Subject, models.PROTECT, verbose_name=_("subject"))
    school_class = models.ForeignKey(
        SchoolClass, models.PROTECT, null=True, blank=True, related_name="courses", verbose_name=_("class")
    )
    group = models.ForeignKey(
        Group, models.PROTECT, null=True, blank=True, related_name="courses", verbose_name=_("group")
    )
    hours_per_week = models.DecimalField(_("hours a week"), max_digits=4, decimal_places=1)

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        constraints = [
            models.CheckConstraint(
                condition=Q(school_class__isnull=True) ^ Q(group__isnull=True),
                name="course_of_a_class_or_a_group",
                violation_error_message=_("Choose either a class or a group."),
            ),
            models.CheckConstraint(condition=Q(hours_per_week__gt=0), name="course_has_hours"),
            models.UniqueConstraint(fields=["subject", "school_class"], name="course_of_class_once"),
            models.UniqueConstraint(fields=["subject", "group"], name="course_of_group_once"),
            _referable("course_of_organisation"),
            SameOwner(field="subject", name="course_subject_same_organisation"),
            SameOwner(field="school_class", name="course_class_same_organisation"),
            SameOwner(field="group", name="course_group_same_organisation"),
            SameOwner(field="school_class", owner="year", name="course_class_same_year"),
            SameOwner(field="group", owner="year", name="course_group_same_year"),
        ]

    def __str__(self) -> str:
        return f"{self.subject}, {self.audience}"

    def is_taught_without_marks(self) -> bool:
        """Grade 1 is (rules.md, "Marks, absences, terms"), in its groups as well. A statement for a group."""
        if self.school_class:
            return self.school_class.grade == FIRST_GRADE
        return bool(self.group and self.group.classes.filter(grade=FIRST_GRADE).exists())

    def grades(self) -> list[int]:
        """Of whom it is taught to, the lowest first: several for a group across classes."""
        if self.school_class:
            return [self.school_class.grade]
        return sorted(self.group.classes.values_list("grade", flat=True).distinct()) if self.group else []

    @property
    def audience(self) -> str:
        """Whom it is taught to: «5 «Б»» or the group's name."""
        return str(self.school_class or self.group)
