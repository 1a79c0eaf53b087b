"""Results of a term, of the year, of an examination, and the final one; behaviour (product map §4.4)."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from diary.models.corrections import LONGEST_REASON, corrected_by
from diary.models.scales import ScaleValue
from schedule.models import OWN_CHAIN
from schools.closures import in_open_term
from schools.history import tracked
from schools.models import AcademicYear, Course, Person, SchoolClass, Term


def _before_writing(name: str, *, refused_if: str, because: str) -> pgtrigger.Trigger:
    """Refuses rows for which the SQL holds; it sees NEW."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=" ".join(
            f"""
            IF {refused_if} THEN
                RAISE EXCEPTION '{because}' USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
            END IF;
            RETURN NEW;
            """.split()
        ),
    )


def _in_open_year(table: str, key: str) -> pgtrigger.Trigger:
    """What belongs to no term is refused once the school closed its year. `table` tells the school and the
    year, and the column `key` of a row leads to it. Who closes the year takes its terms first, and waits."""
    same = "owner.organisation_id = {0}.organisation_id AND owner.year_id = {0}.year_id"
    of_owner = (
        f"FROM {table} AS owner JOIN schools_{{0}} AS {{0}} ON {same} "
        f"WHERE owner.id IN (NEW.{key}, OLD.{key})"
    )
    return pgtrigger.Trigger(
        name="year_is_open",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=" ".join(
            f"""
            IF COALESCE(NEW.term_id, OLD.term_id) IS NOT NULL THEN
                RETURN COALESCE(NEW, OLD);
            END IF;
            PERFORM {of_owner.format("term")} FOR SHARE OF term;
            IF EXISTS (SELECT {of_owner.format("yearclosure")}) THEN
                RAISE EXCEPTION 'The year is closed.'
                    USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
            END IF;
            RETURN COALESCE(NEW, OLD);
            """.split()
        ),
    )


# A word in place of a number, and a number in place of a word, are as far apart as can be.
FAR_FROM_SUGGESTED = """
    NEW.reason = '' AND NEW.correction_id IS NULL AND EXISTS (
        SELECT FROM diary_scalevalue AS value, diary_scalevalue AS suggestion
        WHERE value.id = NEW.value_id AND suggestion.id = NEW.suggestion_id
          AND (abs(value.points - suggestion.points) > 1
               OR (value.points IS NULL) != (suggestion.points IS NULL)))
"""
NOT_OF_ITS_COURSE = """
    NOT EXISTS (
        SELECT FROM schools_course AS course
        LEFT JOIN schools_term AS term ON term.id = NEW.term_id
        WHERE course.id = NEW.course_id AND course.year_id = NEW.year_id
          AND (term.id IS NULL
               OR term.organisation_id = course.organisation_id AND term.year_id = course.year_id))
"""
NOT_OF_ITS_CLASS = """
    NEW.term_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM schools_schoolclass AS class
        JOIN schools_term AS term USING (organisation_id, year_id)
        WHERE class.id = NEW.school_class_id AND term.id = NEW.term_id)
"""


@tracked(chain=OWN_CHAIN)
class Result(models.Model):
    """What the teacher decided, beside what the system suggested and from which average."""

    class Kind(models.TextChoices):
        TERM = "term", _("term result")
        YEAR = "year", _("year result")
        EXAM = "exam", _("examination result")
        FINAL = "final", _("final result")

    course = models.ForeignKey(Course, models.PROTECT, related_name="results", verbose_name=_("course"))
    student = models.ForeignKey(Person, models.PROTECT, related_name="results", verbose_name=_("student"))
    year = models.ForeignKey(AcademicYear, models.PROTECT, verbose_name=_("academic year"))
    kind = models.CharField(_("kind"), max_length=5, choices=Kind)
    term = models.ForeignKey(
        Term, models.PROTECT, null=True, blank=True, related_name="results", verbose_name=_("term")
    )
    value = models.ForeignKey(ScaleValue, models.PROTECT, verbose_name=_("result"))
    suggestion = models.ForeignKey(
        ScaleValue, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("suggested")
    )
    average = models.DecimalField(_("average"), max_digits=6, decimal_places=2, null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=LONGEST_REASON, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))
    correction = corrected_by()
    version = models.PositiveIntegerField(_("version"), default=1)

    class Meta:
        verbose_name = _("result")
        verbose_name_plural = _("results")
        indexes = [models.Index(fields=["student", "year"], name="result_of_student")]
        constraints = [
            models.UniqueConstraint(
                fields=["course", "student", "kind", "term"], name="result_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(kind="term", term__isnull=False)
                | Q(kind__in=["year", "exam", "final"], term__isnull=True),
                name="result_kind",
            ),
        ]
        triggers = [
            in_open_term("SELECT {row}.term_id WHERE {row}.term_id IS NOT NULL"),
            _in_open_year("schools_course", "course_id"),
            _before_writing(
                "far_from_suggested_has_a_reason",
                refused_if=FAR_FROM_SUGGESTED,
                because="The decision is far from what was suggested and has no reason.",
            ),
            _before_writing(
                "result_fits_its_course",
                refused_if=NOT_OF_ITS_COURSE,
                because="The result is of another year or term than its course.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.value)


# For the history: behaviour belongs to no course. The year's goes with the last term of its class, so that
# schools do not wait for each other.
CHAIN_OF_BEHAVIOUR = """
    SELECT NULL::BIGINT, COALESCE({row}.term_id, (
        SELECT term.id FROM schools_schoolclass AS class
        JOIN schools_term AS term USING (organisation_id, year_id)
        WHERE class.id = {row}.school_class_id AND class.grade BETWEEN term.first_grade AND term.last_grade
        ORDER BY term.until DESC LIMIT 1))
"""


@tracked(chain=CHAIN_OF_BEHAVIOUR)
class BehaviourMark(models.Model):
    """Of a term, or of the year where `term` is empty; put by the class teacher in the variant that the
    school chose (`JournalRules.behaviour`)."""

    school_class = models.ForeignKey(
        SchoolClass, models.PROTECT, related_name="behaviour_marks", verbose_name=_("class")
    )
    student = models.ForeignKey(
        Person, models.PROTECT, related_name="behaviour_marks", verbose_name=_("student")
    )
    term = models.ForeignKey(
        Term, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("term")
    )
    value = models.ForeignKey(ScaleValue, models.PROTECT, verbose_name=_("behaviour mark"))
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))
    version = models.PositiveIntegerField(_("version"), default=1)

    class Meta:
        verbose_name = _("behaviour mark")
        verbose_name_plural = _("behaviour marks")
        constraints = [
            models.UniqueConstraint(
                fields=["school_class", "student", "term"], name="behaviour_once", nulls_distinct=False
            ),
        ]
        triggers = [
            in_open_term("SELECT {row}.term_id WHERE {row}.term_id IS NOT NULL"),
            _in_open_year("schools_schoolclass", "school_class_id"),
            _before_writing(
                "behaviour_fits_its_class",
                refused_if=NOT_OF_ITS_CLASS,
                because="The behaviour mark is of another school or year than its class.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.value)
