"""Organisations and their school time: years, terms, holidays, moved days."""

import datetime
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from schools.append_only import AppendOnly
from schools.closures import closing_waits
from schools.models.periods import Period, dates, ends_after_it_begins, no_overlap
from schools.models.region import Locality

FIRST_GRADE, LAST_GRADE = 1, 11


class Organisation(models.Model):
    """A school, kindergarten or college. `code` is its lasting name in workbooks."""

    class Kind(models.TextChoices):
        SCHOOL = "school", _("school")
        GYMNASIUM = "gymnasium", _("gymnasium")
        LYCEUM = "lyceum", _("lyceum")
        KINDERGARTEN = "kindergarten", _("kindergarten")
        COLLEGE = "college", _("college")

    locality = models.ForeignKey(Locality, models.PROTECT, verbose_name=_("locality"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.SCHOOL)
    code = models.CharField(_("code"), max_length=20, unique=True, help_text=_("The state's number (OGRN)."))
    name = models.CharField(_("full name"), max_length=300)
    short_name = models.CharField(_("short name"), max_length=100)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")

    def __str__(self) -> str:
        return self.short_name


class AcademicYear(models.Model):
    """A school year of the whole region, 1 September to 31 August."""

    since = models.DateField(_("from"))
    until = models.DateField(_("until"))

    class Meta:
        verbose_name = _("academic year")
        verbose_name_plural = _("academic years")
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="year_ends_after_it_begins"),
            ExclusionConstraint(
                name="years_do_not_overlap",
                expressions=[(dates(), RangeOperators.OVERLAPS)],
                violation_error_message=_("These dates overlap another academic year."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.since.year}/{self.until:%y}"

    @classmethod
    def of(cls, day: datetime.date) -> "AcademicYear":
        """The year a day belongs to, made when the region has none yet. The operator may have changed
        its dates: it is looked up by them."""
        known = cls.objects.filter(since__lte=day, until__gte=day).first()
        if known:
            return known
        first = day.year if day.month >= 9 else day.year - 1
        year, _made = cls.objects.get_or_create(
            since=datetime.date(first, 9, 1), until=datetime.date(first + 1, 8, 31)
        )
        return year


class GradeSpanQuerySet(models.QuerySet[Any]):
    def of_class(self, school_class: Any) -> "GradeSpanQuerySet":
        """What holds for a class's grade at its school, in the order of dates."""
        return self.filter(
            organisation=school_class.organisation_id,
            first_grade__lte=school_class.grade,
            last_grade__gte=school_class.grade,
        ).order_by("since")


class GradeSpan(models.Model):
    """Grade levels that something of the school's calendar holds for."""

    first_grade = models.PositiveSmallIntegerField(
        _("from grade"),
        default=FIRST_GRADE,
        validators=[MinValueValidator(FIRST_GRADE), MaxValueValidator(LAST_GRADE)],
    )
    last_grade = models.PositiveSmallIntegerField(
        _("to grade"),
        default=LAST_GRADE,
        validators=[MinValueValidator(FIRST_GRADE), MaxValueValidator(LAST_GRADE)],
    )

    objects = GradeSpanQuerySet.as_manager()

    class Meta:
        abstract = True

    def is_for(self, grade: int) -> bool:
        return self.first_grade <= grade <= self.last_grade


def _grades_in_order(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(
            first_grade__gte=FIRST_GRADE, first_grade__lte=F("last_grade"), last_grade__lte=LAST_GRADE
        ),
        name=name,
        violation_error_message=_("Grades go from 1 to 11, the lower one first."),
    )


class Term(GradeSpan):
    """A quarter, trimester or half-year of some grade levels; holidays lie between terms."""

    class Kind(models.TextChoices):
        QUARTER = "quarter", _("quarter")
        TRIMESTER = "trimester", _("trimester")
        HALF_YEAR = "half-year", _("half-year")

    organisation = models.ForeignKey(Organisation, models.CASCADE, verbose_name=_("organisation"))
    year = models.ForeignKey(AcademicYear, models.PROTECT, verbose_name=_("academic year"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    number = models.PositiveSmallIntegerField(_("number"))
    since = models.DateField(_("from"))
    until = models.DateField(_("until"))

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="term_ends_after_it_begins"),
            _grades_in_order("term_grades_in_order"),
            no_overlap(
                "terms_do_not_overlap",
                "organisation",
                spans=(("first_grade", "last_grade"),),
                message=_("These dates overlap another term of the same grades."),
            ),
            models.UniqueConstraint(
                fields=["organisation", "year", "kind", "number", "first_grade"], name="term_once"
            ),
            models.UniqueConstraint(fields=["id", "organisation"], name="term_of_organisation"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.get_kind_display()}"


class TermClosure(models.Model):
    """Marks of a closed term change only by a correction (product map §3)."""

    term = models.OneToOneField(Term, models.PROTECT, related_name="closure", verbose_name=_("term"))
    at = models.DateTimeField(_("closed at"))
    by = models.ForeignKey("schools.Person", models.PROTECT, related_name="+", verbose_name=_("closed by"))

    append_only = AppendOnly()

    class Meta:
        verbose_name = _("closure of a term")
        verbose_name_plural = _("closures of terms")
        triggers = [closing_waits]

    def __str__(self) -> str:
        return str(self.term)


class YearClosure(models.Model):
    """After it nothing of a school's year changes any more, reasons of absences and results included."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, verbose_name=_("organisation"))
    year = models.ForeignKey(AcademicYear, models.PROTECT, verbose_name=_("academic year"))
    at = models.DateTimeField(_("closed at"))
    by = models.ForeignKey("schools.Person", models.PROTECT, related_name="+", verbose_name=_("closed by"))

    append_only = AppendOnly()

    class Meta:
        verbose_name = _("closure of a year")
        verbose_name_plural = _("closures of years")
        constraints = [
            models.UniqueConstraint(fields=["organisation", "year"], name="year_closed_once"),
        ]

    def __str__(self) -> str:
        return str(self.year)


class Holiday(GradeSpan, Period):
    """Days without lessons: holidays between terms, public holidays, days off."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, verbose_name=_("organisation"))
    name = models.CharField(_("name"), max_length=100)
    until = models.DateField(_("until"))

    class Meta:
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        constraints = [
            ends_after_it_begins("holiday_ends_after_it_begins"),
            _grades_in_order("holiday_grades_in_order"),
            models.UniqueConstraint(
                fields=["organisation", "since", "until", "first_grade", "last_grade"], name="holiday_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MovedDay(models.Model):
    """A day that is taught by another weekday's timetable: Saturday the 20th as a Monday."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, verbose_name=_("organisation"))
    date = models.DateField(_("date"))
    as_weekday = models.PositiveSmallIntegerField(
        _("taught as weekday"), validators=[MinValueValidator(1), MaxValueValidator(7)]
    )

    class Meta:
        verbose_name = _("moved working day")
        verbose_name_plural = _("moved working days")
        constraints = [
            models.UniqueConstraint(fields=["organisation", "date"], name="day_moved_once"),
            models.CheckConstraint(condition=Q(as_weekday__range=(1, 7)), name="moved_day_weekday"),
        ]

    def __str__(self) -> str:
        return f"{self.date:%d.%m.%Y}"
