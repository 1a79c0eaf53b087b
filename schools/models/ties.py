"""Who is what to whom, from–to. Rights are computed from these on a date (`schools.roles`)."""

import datetime
from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from schools.history import tracked
from schools.models.classes import Course, Group, SchoolClass
from schools.models.organisations import Organisation
from schools.models.people import Person
from schools.models.periods import Period, PeriodQuerySet, ends_after_it_begins, in_force, no_overlap
from schools.models.region import Territory


@tracked(name="EnrolmentEvent")
class Enrolment(Period):
    """A student is in one class at a time."""

    student = models.ForeignKey(Person, models.PROTECT, related_name="enrolments", verbose_name=_("student"))
    school_class = models.ForeignKey(
        SchoolClass, models.PROTECT, related_name="enrolments", verbose_name=_("class")
    )

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        constraints = [
            ends_after_it_begins("enrolment_ends_after_it_begins"),
            no_overlap(
                "enrolments_do_not_overlap",
                "student",
                message=_("The student is in another class on these days: end that enrolment first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.student}, {self.school_class}"

    @property
    def named_in_short(self) -> str:
        return self.school_class.label

    @transaction.atomic
    def end(self, until: datetime.date) -> None:
        """The student leaves the class after `until`, and its groups."""
        self.until = until
        self.save(update_fields=["until"])
        GroupMembership.objects.end_with_enrolments([self.student_id])


class GroupMembershipQuerySet(PeriodQuerySet):
    def end_with_enrolments(self, students: Iterable[int]) -> None:
        """Memberships end when the student's last enrolment in one of the group's classes does; those
        that had not begun are removed. Two statements for any number of students."""
        enrolled = Enrolment.objects.filter(
            student=OuterRef("student"), school_class__groups=OuterRef("group")
        ).order_by(F("until").desc(nulls_first=True))
        last_day = Subquery(enrolled.values("until")[:1])  # empty while an enrolment is open
        memberships = self.filter(student__in=students).annotate(last_day=last_day)
        over = memberships.filter(Q(until__isnull=True) | Q(until__gt=F("last_day")), last_day__isnull=False)
        over.filter(since__gt=F("last_day")).delete()
        over.update(until=last_day)


@tracked(name="GroupMembershipEvent")
class GroupMembership(Period):
    """It shows and opens the group's lessons only while the student is enrolled in one of its classes."""

    student = models.ForeignKey(
        Person, models.PROTECT, related_name="group_memberships", verbose_name=_("student")
    )
    group = models.ForeignKey(Group, models.PROTECT, related_name="memberships", verbose_name=_("group"))

    objects: ClassVar[Any] = GroupMembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("group membership")
        verbose_name_plural = _("group memberships")
        constraints = [
            ends_after_it_begins("membership_ends_after_it_begins"),
            no_overlap(
                "memberships_do_not_overlap",
                "student",
                "group",
                message=_("The student is in this group on these days already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.student}, {self.group}"

    def clean(self) -> None:
        """Whoever joins is in one of the group's classes on that day."""
        if not self._state.adding or None in (self.student_id, self.group_id, self.since):
            return
        enrolments = Enrolment.objects.on(self.since).filter(student=self.student_id)
        if not enrolments.filter(school_class__groups=self.group_id).exists():
            raise ValidationError(
                _("The student is in none of the group’s classes on this day: enrol the student first."),
                code="not_enrolled",
            )


@tracked(name="EmploymentEvent")
class Employment(Period):
    """A person works at an organisation; without it no assignment opens a journal."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="employments", verbose_name=_("person"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="employments", verbose_name=_("organisation")
    )
    position = models.CharField(_("position"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("employment")
        verbose_name_plural = _("employments")
        constraints = [
            ends_after_it_begins("employment_ends_after_it_begins"),
            no_overlap(
                "employments_do_not_overlap",
                "person",
                "organisation",
                message=_("This person works here on these days already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.organisation}"

    @property
    def named_in_short(self) -> str:
        return self.position


@tracked(name="TeachingAssignmentEvent")
class TeachingAssignment(Period):
    """Who may write the journal of a course; two teachers may share one."""

    course = models.ForeignKey(Course, models.PROTECT, related_name="assignments", verbose_name=_("course"))
    teacher = models.ForeignKey(
        Person, models.PROTECT, related_name="teaching_assignments", verbose_name=_("teacher")
    )

    class Meta:
        verbose_name = _("teaching assignment")
        verbose_name_plural = _("teaching assignments")
        constraints = [
            ends_after_it_begins("assignment_ends_after_it_begins"),
            no_overlap(
                "assignments_do_not_overlap",
                "course",
                "teacher",
                message=_("This teacher has the course on these days already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.teacher}, {self.course}"


def _refuse_unemployed(tie: Any, organisation: int | None) -> None:
    """A new tie that gives rights at a school begins when its person works there. Raises ValidationError."""
    if not tie._state.adding or None in (tie.person_id, organisation, tie.since):
        return
    if not Employment.objects.on(tie.since).filter(person=tie.person_id, organisation=organisation).exists():
        raise ValidationError(
            _("This person does not work here on the first day: make an employment first."),
            code="not_employed",
        )


class ServiceQuerySet(PeriodQuerySet):
    """Ties that give rights at a school; `organisation_path` of the model leads to it."""

    def in_service(self, day: datetime.date) -> "ServiceQuerySet":
        """Those that give rights on the day: in force, and the person works at that school. An office
        of a territory or of the region is at no school and needs no employment."""
        path = self.model.organisation_path
        employed = Employment.objects.filter(
            in_force(day), person=OuterRef("person"), organisation=OuterRef(path)
        )
        return self.filter(in_force(day)).filter(Exists(employed) | Q(**{f"{path}__isnull": True}))


@tracked(name="ClassTeacherEvent")
class ClassTeacher(Period):
    """The class teacher (классный руководитель): one at a time."""

    organisation_path = "school_class__organisation"

    school_class = models.ForeignKey(
        SchoolClass, models.PROTECT, related_name="class_teachers", verbose_name=_("class")
    )
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="classes_led", verbose_name=_("class teacher")
    )

    objects: ClassVar[Any] = ServiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("class teacher")
        verbose_name_plural = _("class teachers")
        constraints = [
            ends_after_it_begins("class_teacher_ends_after_it_begins"),
            no_overlap(
                "class_has_one_teacher",
                "school_class",
                message=_("The class has a class teacher on these days: end that tie first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.school_class}"

    def clean(self) -> None:
        _refuse_unemployed(self, self.school_class.organisation_id if self.school_class_id else None)


class Information(models.TextChoices):
    """Kinds of information on a child that a guardian may be granted (product map §8)."""

    TIMETABLE = "timetable", _("timetable")
    MARKS = "marks", _("marks")
    HOMEWORK = "homework", _("homework")
    ATTENDANCE = "attendance", _("attendance")
    RESULTS = "results", _("term results")
    PROGRAMME = "programme", _("lesson programme")


def everything() -> list[str]:
    return [str(kind) for kind in Information]


@tracked(name="GuardianshipEvent")
class Guardianship(Period):
    """An adult answers for a child. Only while it lasts, and only within its grants."""

    class Kind(models.TextChoices):
        MOTHER = "mother", _("mother")
        FATHER = "father", _("father")
        GUARDIAN = "guardian", pgettext_lazy("kind of guardian", "guardian")
        TRUSTEE = "trustee", _("trustee")
        RELATIVE = "relative", _("relative with a letter of authority")

    class Basis(models.TextChoices):
        FILE = "file", _("the student's file")
        REQUEST = "request", _("a granted request")

    guardian = models.ForeignKey(
        Person, models.PROTECT, related_name="guardianships", verbose_name=_("guardian")
    )
    child = models.ForeignKey(Person, models.PROTECT, related_name="guardians", verbose_name=_("child"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    basis = models.CharField(_("basis"), max_length=10, choices=Basis, default=Basis.FILE)
    may_see = models.BooleanField(_("may see"), default=True)
    may_sign = models.BooleanField(_("may sign"), default=True)
    may_write = models.BooleanField(_("may write"), default=True)
    information = ArrayField(
        models.CharField(max_length=12, choices=Information), default=everything, verbose_name=_("sees")
    )
    limits = models.TextField(_("limits by court decision"), blank=True)

    class Meta:
        verbose_name = _("guardianship")
        verbose_name_plural = _("guardianships")
        constraints = [
            ends_after_it_begins("guardianship_ends_after_it_begins"),
            models.CheckConstraint(
                condition=~Q(guardian=F("child")),
                name="nobody_is_their_own_guardian",
                violation_error_message=_("Nobody is their own guardian."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["mother", "father", "guardian", "trustee", "relative"]),
                name="guardianship_kind",
            ),
            models.CheckConstraint(
                condition=Q(information__contained_by=everything()), name="guardianship_information"
            ),
            no_overlap(
                "guardianships_do_not_overlap",
                "guardian",
                "child",
                message=_("This adult is named in the child's file on these days already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.guardian} → {self.child}"

    @property
    def named_in_short(self) -> str:
        """No more than the guardian needs to know the child by: a mistyped SNILS asks a stranger."""
        return self.child.first_name


def _one_office_at_a_time(place: str) -> Any:
    return no_overlap(
        f"appointments_of_{place}_do_not_overlap",
        "person",
        "role",
        place,
        message=_("This person holds the office on these days already."),
        condition=Q(**{f"{place}__isnull": False}),
    )


@tracked(name="AppointmentEvent")
class Appointment(Period):
    """An office held at an organisation, a territory or in the whole region."""

    class Role(models.IntegerChoices):
        HEAD_TEACHER = 1, _("head teacher")
        SCHOOL_ADMINISTRATOR = 2, _("school administrator")
        TERRITORY_STAFF = 3, _("staff of the territorial administration")
        REGION_OPERATOR = 4, _("region operator")

    SCHOOL_ROLES = (Role.HEAD_TEACHER, Role.SCHOOL_ADMINISTRATOR)
    organisation_path = "organisation"

    person = models.ForeignKey(Person, models.PROTECT, related_name="appointments", verbose_name=_("person"))
    role = models.PositiveSmallIntegerField(_("office"), choices=Role)
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="appointments",
        verbose_name=_("organisation"),
    )
    territory = models.ForeignKey(
        Territory,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="appointments",
        verbose_name=_("territorial administration"),
    )

    objects: ClassVar[Any] = ServiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        constraints = [
            ends_after_it_begins("appointment_ends_after_it_begins"),
            models.CheckConstraint(
                condition=(
                    Q(role__in=(1, 2), organisation__isnull=False, territory__isnull=True)
                    | Q(role=3, organisation__isnull=True, territory__isnull=False)
                    | Q(role=4, organisation__isnull=True, territory__isnull=True)
                ),
                name="appointment_is_at_its_place",
                violation_error_message=_(
                    "School offices name an organisation, territorial staff a territory, "
                    "the region operator neither."
                ),
            ),
            _one_office_at_a_time("organisation"),
            _one_office_at_a_time("territory"),
            no_overlap(
                "region_operators_do_not_overlap",
                "person",
                "role",
                message=_("This person holds the office on these days already."),
                condition=Q(role=4),
            ),
        ]

    def __str__(self) -> str:
        place: Any = self.organisation or self.territory or _("the region")
        return f"{self.get_role_display()}, {place}"

    def clean(self) -> None:
        _refuse_unemployed(self, self.organisation_id)
