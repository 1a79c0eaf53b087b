"""What a school decides by its own act about marks (rules.md: "a setting, never code")."""

import datetime
from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from schools.history import tracked
from schools.models import Organisation


@tracked(name="JournalRulesEvent")
class JournalRules(models.Model):
    """One school's; a school that decided nothing has the defaults (`JournalRules.of`)."""

    class WhenOverdue(models.TextChoices):
        """What becomes of a point («точка») whose day has passed."""

        STAYS = "stays", _("stays until the work is handed in")
        LOWEST = "two", _("becomes a 2")

    class Behaviour(models.TextChoices):
        """Variants of the behaviour mark (rules.md, "Marks, absences, terms")."""

        NONE = "none", _("not marked")
        PASSED = "passed", _("passed or not")
        WORDS = "words", _("exemplary, satisfactory, unsatisfactory")
        FIVE_POINT = "five-point", _("five-point")

    organisation = models.OneToOneField(
        Organisation, models.CASCADE, related_name="journal_rules", verbose_name=_("organisation")
    )
    rounds_up_from = models.DecimalField(
        _("a result is rounded up from"),
        max_digits=3,
        decimal_places=2,
        default=Decimal("0.50"),
        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(Decimal("0.99"))],
        help_text=_("0.50: an average of 4.50 makes a 5; 0.60: one of 4.60 does."),
    )
    marks_published_at = models.TimeField(
        _("families see marks from"),
        null=True,
        blank=True,
        help_text=_("Empty: at once. 18:00: what was given before six in the evening is seen from then on."),
    )
    overdue_points = models.CharField(
        _("a point whose day has passed"), max_length=5, choices=WhenOverdue, default=WhenOverdue.STAYS
    )
    fewest_marks = models.PositiveSmallIntegerField(
        _("fewest marks for a term result"),
        default=3,
        validators=[
            MinValueValidator(1, _("At least one mark: a result without any mark cannot be suggested.")),
            MaxValueValidator(20),
        ],
    )
    behaviour = models.CharField(
        _("behaviour mark"), max_length=10, choices=Behaviour, default=Behaviour.NONE
    )
    shows_standing = models.BooleanField(
        _("families see where their child stands in the class"),
        default=True,
        help_text=_("As a quarter, without names, in groups of five and more; a parent may opt out."),
    )
    version = models.PositiveIntegerField(_("version"), default=1)

    class Meta:
        verbose_name = _("rules of the journal")
        verbose_name_plural = _("rules of the journal")
        constraints = [
            models.CheckConstraint(
                condition=Q(rounds_up_from__gt=0, rounds_up_from__lt=1), name="rules_round_within_one"
            ),
            models.CheckConstraint(condition=Q(fewest_marks__gte=1), name="rules_want_a_mark"),
        ]

    def __str__(self) -> str:
        return str(self.organisation)

    @classmethod
    def of(cls, organisation_id: int) -> "JournalRules":
        """The school's, or the defaults, unsaved. One statement."""
        found = cls.objects.filter(organisation=organisation_id).first()
        return found or cls(organisation_id=organisation_id)

    def publication(self, given_at: datetime.datetime) -> datetime.datetime:
        """When families see a mark given at `given_at`, aware, in the region's time zone: at once, or at
        the next occurrence of the school's hour."""
        if self.marks_published_at is None:
            return given_at
        hour = datetime.datetime.combine(given_at, self.marks_published_at, given_at.tzinfo)
        return hour if given_at <= hour else hour + datetime.timedelta(days=1)
