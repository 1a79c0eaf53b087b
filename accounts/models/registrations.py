"""Applications for an account, and what offices decided."""

import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models.users import User
from schools.models import Appointment, Organisation, Person, Territory

# Within which an office answers a registration.
ANSWER_TERM = datetime.timedelta(days=7)


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def confirmed(self) -> "RegistrationQuerySet":
        """Those whose telephone and e-mail answered: before that anybody could have typed them."""
        emails = EmailAddress.objects.filter(user=models.OuterRef("account"), verified=True)
        return self.filter(models.Exists(emails), account__phone_number__confirmed_at__isnull=False)

    def visible_to(self, user: Any, *, on: datetime.date) -> "RegistrationQuerySet":
        """Teachers' to the administrators of their school, staff's to the staff of their territory, both
        to the region operator. Parents' and students' to nobody: no office decides them."""
        roles, mine = user.roles, Q(pk__in=[])
        offices = Appointment.objects.on(on).filter(person=getattr(user, "person", None))
        if roles.is_school_administrator:
            schools = offices.filter(role=Appointment.Role.SCHOOL_ADMINISTRATOR).values("organisation")
            mine |= Q(status=Registration.Status.TEACHER, organisation__in=schools)
        if roles.is_territory_staff:
            territories = offices.filter(role=Appointment.Role.TERRITORY_STAFF).values("territory")
            mine |= Q(status=Registration.Status.STAFF, territory__in=territories)
        if roles.is_region_operator:
            mine |= Q(status__in=Registration.DECIDED_BY_OFFICES)
        return self.confirmed().filter(mine)

    def number_to_decide(self, user: Any, *, on: datetime.date) -> int:
        """How many wait for the person's offices, counted no further than `User.MANY`."""
        return len(self.visible_to(user, on=on).waiting().values_list("pk")[: User.MANY])

    def waiting(self) -> "RegistrationQuerySet":
        """A person tied by another door meanwhile needs no decision any more."""
        return self.filter(state=Registration.State.WAITING, account__person__isnull=True)

    def adoptable(self, birth_date: datetime.date | None) -> "RegistrationQuerySet":
        """Those that Gosuslugi may tie to the file of somebody born on that day."""
        if birth_date is None:
            return self.none()
        tied = Registration.TIED_BY_DOORS
        return self.confirmed().waiting().filter(status__in=tied, birth_date=birth_date)


class Registration(models.Model):
    """An application for an account: what somebody typed about themselves, and what was decided.

    Nothing of it is a right. It ties an account to a file only when an office approves it; parents
    and students are tied by Gosuslugi (approved then, by nobody) or by the school's login, never by what
    they typed.
    """

    class Status(models.TextChoices):
        PARENT = "parent", _("parent")
        STUDENT = "student", _("student")
        TEACHER = "teacher", _("teacher")
        STAFF = "staff", _("staff of the territorial administration")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting for an answer")
        APPROVED = "approved", pgettext_lazy("registration", "approved")
        REFUSED = "refused", pgettext_lazy("registration", "refused")

    class Reason(models.TextChoices):
        UNKNOWN = "unknown", _("Nobody of this name works here")
        DATA = "data", _("The name or the birth date differs from the documents")
        PLACE = "place", _("Another institution or territory was meant")
        DOUBLE = "double", _("You have an account already")
        OTHER = "other", pgettext_lazy("reason", "Another reason")

    AT_A_SCHOOL = (Status.STUDENT, Status.TEACHER)
    DECIDED_BY_OFFICES = (Status.TEACHER, Status.STAFF)
    TIED_BY_DOORS = (Status.PARENT, Status.STUDENT)

    account = models.OneToOneField(
        User, models.CASCADE, related_name="registration", verbose_name=_("account")
    )
    status = models.CharField(_("status"), max_length=7, choices=Status)
    surname = models.CharField(_("surname"), max_length=100)
    first_name = models.CharField(_("first name"), max_length=100)
    patronymic = models.CharField(_("patronymic"), max_length=100, blank=True)
    birth_date = models.DateField(_("birth date"))
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="registrations",
        verbose_name=_("organisation"),
    )
    territory = models.ForeignKey(
        Territory,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="registrations",
        verbose_name=_("territorial administration"),
    )
    language = models.CharField(max_length=10, editable=False)  # of the letter with the answer
    made_at = models.DateTimeField(_("made at"), auto_now_add=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    decided_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=7, choices=Reason, blank=True)
    explanation = models.CharField(_("explanation"), max_length=500, blank=True)
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="registrations",
        verbose_name=_("tied to the file"),
    )

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        indexes = [
            models.Index(
                fields=["organisation", "territory"],
                condition=Q(state="waiting"),
                name="registration_waiting",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="parent", organisation__isnull=True, territory__isnull=True)
                | Q(status__in=["student", "teacher"], organisation__isnull=False, territory__isnull=True)
                | Q(status="staff", organisation__isnull=True, territory__isnull=False),
                name="registration_is_at_its_place",
            ),
            models.CheckConstraint(
                condition=Q(
                    state="waiting",
                    decided_by__isnull=True,
                    decided_at__isnull=True,
                    person__isnull=True,
                    reason="",
                    explanation="",
                )
                | Q(
                    state="approved",
                    status__in=["teacher", "staff"],
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                    person__isnull=False,
                    reason="",
                    explanation="",
                )
                | Q(
                    state="approved",
                    status__in=["parent", "student"],
                    decided_by__isnull=True,
                    decided_at__isnull=False,
                    person__isnull=False,
                    reason="",
                    explanation="",
                )
                | Q(
                    state="refused",
                    status__in=["teacher", "staff"],
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                    person__isnull=True,
                    reason__in=["unknown", "data", "place", "double", "other"],
                ),
                name="registration_is_decided_by_somebody_at_some_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.full_name}, {self.get_status_display()}"

    @property
    def full_name(self) -> str:
        return " ".join(filter(None, (self.surname, self.first_name, self.patronymic)))

    @property
    def place(self) -> Organisation | Territory | None:
        return self.organisation or self.territory

    @property
    def is_decided_by_an_office(self) -> bool:
        return self.status in self.DECIDED_BY_OFFICES

    @property
    def answer_due(self) -> datetime.date:
        """By when the office answers: `ANSWER_TERM` after the application."""
        return timezone.localdate(self.made_at) + ANSWER_TERM
