"""Bells, rooms, the weekly timetable, and the dated lessons made from it."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from schools.append_only import AppendOnly
from schools.closures import hold_open, in_open_term
from schools.history import tracked_from_the_first_change
from schools.models import (
    Appointment,
    Course,
    Enrolment,
    Group,
    Organisation,
    Person,
    TeachingAssignment,
    Term,
)
from schools.models.constraints import SameOwner
from schools.models.periods import Period, ends_after_it_begins, in_force, no_overlap
from schools.places import Place, any_of
from schools.school_days import SchoolDays

# For triggers: the term of the lesson with the key that follows.
TERM_OF_LESSON = "SELECT lesson.term_id FROM schedule_lesson AS lesson WHERE lesson.id"
# For the history: the course and the term of a row that has a lesson (`schools.history.chained`).
CHAIN_OF_LESSON = (
    "SELECT lesson.course_id, lesson.term_id FROM schedule_lesson AS lesson WHERE lesson.id = {row}.lesson_id"
)
# … and of a row that has both itself.
OWN_CHAIN = "SELECT {row}.course_id, {row}.term_id"
WEEKDAYS = [MinValueValidator(1), MaxValueValidator(7)]


class Bell(models.Model):
    """When a lesson of a shift rings. An empty weekday means every day that has no row of its own."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, verbose_name=_("organisation"))
    shift = models.PositiveSmallIntegerField(_("shift"), default=1)
    weekday = models.PositiveSmallIntegerField(_("weekday"), null=True, blank=True, validators=WEEKDAYS)
    number = models.PositiveSmallIntegerField(_("lesson"), validators=[MinValueValidator(1)])
    starts = models.TimeField(_("starts"))
    ends = models.TimeField(_("ends"))

    class Meta:
        verbose_name = _("bell")
        verbose_name_plural = _("bells")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "shift", "weekday", "number"], name="bell_once", nulls_distinct=False
            ),
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="bell_ends_after_it_starts"),
            models.CheckConstraint(condition=Q(shift__in=(1, 2)), name="bell_shift"),
            # No lesson zero, no third shift (SanPiN 1.2.3685-21 and SP 2.4.3648-20).
            models.CheckConstraint(condition=Q(number__gte=1), name="no_lesson_zero"),
            models.CheckConstraint(
                condition=Q(weekday__isnull=True) | Q(weekday__range=(1, 7)), name="bell_weekday"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.starts:%H:%M}–{self.ends:%H:%M}"

    def overlaps(self, other: "Bell") -> bool:
        return self.starts < other.ends and other.starts < self.ends


class Room(models.Model):
    """A room; `shared` ones (a gym) hold two classes at once."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, verbose_name=_("organisation"))
    name = models.CharField(_("name"), max_length=50)
    seats = models.PositiveSmallIntegerField(_("seats"), null=True, blank=True)
    shared = models.BooleanField(_("holds several classes at once"), default=False)

    class Meta:
        verbose_name = _("room")
        verbose_name_plural = _("rooms")
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="room_once"),
            models.UniqueConstraint(fields=["id", "organisation"], name="room_of_organisation"),
        ]

    def __str__(self) -> str:
        return self.name


class TimetableEntry(Period):
    """A line of the weekly pattern: a course on a weekday at a lesson number, from–to.

    `first_week`–`last_week` are the weeks of a two-week cycle: 1–2 every week, 1–1 odd, 2–2 even,
    counted from the Monday of the year's first week.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, verbose_name=_("organisation"))
    course = models.ForeignKey(
        Course, models.PROTECT, related_name="timetable_entries", verbose_name=_("course")
    )
    teacher = models.ForeignKey(
        Person, models.PROTECT, related_name="timetable_entries", verbose_name=_("teacher")
    )
    room = models.ForeignKey(Room, models.PROTECT, null=True, blank=True, verbose_name=_("room"))
    weekday = models.PositiveSmallIntegerField(_("weekday"), validators=WEEKDAYS)
    shift = models.PositiveSmallIntegerField(_("shift"), default=1)
    number = models.PositiveSmallIntegerField(_("lesson"), validators=[MinValueValidator(1)])
    first_week = models.PositiveSmallIntegerField(_("from week of the cycle"), default=1)
    last_week = models.PositiveSmallIntegerField(_("to week of the cycle"), default=2)

    class Meta:
        verbose_name = _("timetable entry")
        verbose_name_plural = _("timetable entries")
        constraints = [
            ends_after_it_begins("entry_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(weekday__range=(1, 7)), name="entry_weekday"),
            models.CheckConstraint(condition=Q(shift__in=(1, 2), number__gte=1), name="entry_lesson"),
            models.CheckConstraint(
                condition=Q(first_week__gte=1, first_week__lte=F("last_week"), last_week__lte=2),
                name="entry_weeks",
            ),
            SameOwner(field="course", name="entry_course_same_organisation"),
            SameOwner(field="room", name="entry_room_same_organisation"),
            no_overlap(
                "teacher_is_in_one_place",
                "teacher",
                "organisation",
                "weekday",
                "shift",
                "number",
                spans=(("first_week", "last_week"),),
                message=_("The teacher has another lesson at this time."),
            ),
            no_overlap(
                "course_once_at_a_time",
                "course",
                "weekday",
                "shift",
                "number",
                spans=(("first_week", "last_week"),),
                message=_("The course has a lesson at this time already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course}, {self.weekday}/{self.number}"


def _taught_by(person: Person, on: datetime.date) -> Q:
    """The course's teachers and the lesson's substitute, while employed there (product map §3)."""
    courses = TeachingAssignment.objects.on(on).filter(teacher=person).values("course")
    employers = person.employments.filter(in_force(on)).values("organisation")
    substitute = Q(teacher=person) & ~Q(planned_teacher=person)
    return (Q(course__in=courses) | substitute) & Q(organisation__in=employers)


def _seen_whole(user: Any, on: datetime.date) -> Q:
    """Lessons taught by the account's person, and, for a head teacher, the school's."""
    whole = _taught_by(user.person, on)
    if user.roles.is_head_teacher:
        headed = user.person.appointments.in_service(on).filter(role=Appointment.Role.HEAD_TEACHER)
        whole |= Q(organisation__in=headed.values("organisation"))
    return whole


class AlreadyHeld(Exception):
    """The roll was called: the lesson was given and stays in the journal."""


class NotOfThisSchool(Exception):
    """A teacher or a bell of another school."""


class LessonQuerySet(models.QuerySet["Lesson"]):
    def taught_by(self, person: Person, on: datetime.date) -> "LessonQuerySet":
        """Lessons whose journal the person may write on that day."""
        return self.filter(_taught_by(person, on))

    def visible_to(self, user: Any) -> "LessonQuerySet":
        """Lessons whose page the account may open today: those it teaches, those of the class it
        leads, and, for a head teacher, the school's. What the account has no role for is not asked."""
        person, on = getattr(user, "person", None), timezone.localdate()
        if person is None or not user.roles.is_staff:
            return self.none()
        visible = _seen_whole(user, on)
        if user.roles.leads_class:
            led = person.classes_led.in_service(on).values("school_class")
            groups = Group.objects.filter(classes__in=led).values("pk")
            visible |= Q(course__school_class__in=led) | Q(course__group__in=groups)
        return self.filter(visible)

    def of_student(
        self, places: Iterable[Place], since: datetime.date, until: datetime.date
    ) -> "LessonQuerySet":
        """Lessons of the classes and groups the student was in on each lesson's day."""
        return self.filter(any_of(places, since, until, date="date", course="course"))

    def with_names(self) -> "LessonQuerySet":
        """What every line of a day shows."""
        return self.select_related(
            "course__subject", "course__school_class", "course__group", "room", "teacher"
        )

    def for_page(self, user: Any) -> "LessonQuerySet":
        """With names, the closure of the term, `is_mine`: whether the account may write it, and
        `is_seen_whole`: whether it may see every student (`Lesson.students_visible_to`)."""
        on = timezone.localdate()
        conditions = {"is_mine": _taught_by(user.person, on), "is_seen_whole": _seen_whole(user, on)}
        answers = {
            name: models.ExpressionWrapper(condition, models.BooleanField())
            for name, condition in conditions.items()
        }
        return self.with_names().select_related("term__closure").annotate(**answers)

    def in_order(self) -> "LessonQuerySet":
        return self.order_by("date", "starts", "number", "pk")


@tracked_from_the_first_change(name="LessonEvent", chain=OWN_CHAIN)
class Lesson(models.Model):
    """One dated lesson. What happened to it besides being taught stands in its `LessonChange`s."""

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        HELD = "held", _("held")
        CANCELLED = "cancelled", _("cancelled")

    organisation = models.ForeignKey(Organisation, models.PROTECT, verbose_name=_("organisation"))
    course = models.ForeignKey(Course, models.PROTECT, related_name="lessons", verbose_name=_("course"))
    term = models.ForeignKey(Term, models.PROTECT, related_name="lessons", verbose_name=_("term"))
    entry = models.ForeignKey(
        TimetableEntry,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="lessons",
        verbose_name=_("timetable entry"),
    )
    date = models.DateField(_("date"))
    shift = models.PositiveSmallIntegerField(_("shift"), default=1)
    number = models.PositiveSmallIntegerField(_("lesson"))
    starts = models.TimeField(_("starts"))
    ends = models.TimeField(_("ends"))
    room = models.ForeignKey(Room, models.PROTECT, null=True, blank=True, verbose_name=_("room"))
    planned_teacher = models.ForeignKey(
        Person, models.PROTECT, related_name="lessons_planned", verbose_name=_("planned teacher")
    )
    teacher = models.ForeignKey(
        Person, models.PROTECT, related_name="lessons_taught", verbose_name=_("who really teaches")
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PLANNED)
    topic = models.CharField(_("topic"), max_length=500, blank=True)
    roll_called_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("roll called by")
    )
    roll_called_at = models.DateTimeField(_("roll called at"), null=True, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = LessonQuerySet.as_manager()

    class Meta:
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")
        indexes = [
            models.Index(fields=["teacher", "date"], name="lesson_of_teacher"),
            models.Index(fields=["organisation", "date"], name="lesson_of_organisation_by_day"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["course", "date", "shift", "number"], name="lesson_once"),
            models.UniqueConstraint(fields=["id", "course"], name="lesson_of_course"),
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="lesson_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "held", "cancelled"]), name="lesson_state"
            ),
            models.CheckConstraint(
                condition=Q(roll_called_by__isnull=True, roll_called_at__isnull=True)
                | Q(roll_called_by__isnull=False, roll_called_at__isnull=False),
                name="roll_is_called_by_somebody_at_some_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | Q(roll_called_by__isnull=True),
                name="no_roll_at_a_cancelled_lesson",
            ),
            SameOwner(field="course", name="lesson_course_same_organisation"),
            SameOwner(field="room", name="lesson_room_same_organisation"),
            SameOwner(field="term", name="lesson_term_same_organisation"),
        ]
        triggers = [
            # The timetable's line may end or go: what was taught stays the same.
            in_open_term(
                "SELECT {row}.term_id", unless="to_jsonb(OLD) - 'entry_id' = to_jsonb(NEW) - 'entry_id'"
            )
        ]

    def __str__(self) -> str:
        return f"{self.course}, {self.date:%d.%m.%Y}, {self.number}"

    @property
    def is_cancelled(self) -> bool:
        return self.state == self.State.CANCELLED

    def students(self) -> models.QuerySet[Person]:
        """Who belongs to the class or group on the lesson's day, in the order of the class list. A
        group's members are those who are in one of its classes as well."""
        enrolled = Enrolment.objects.on(self.date)
        if self.course.school_class_id:
            enrolled = enrolled.filter(school_class=self.course.school_class_id)
            students = Person.objects.all()
        else:
            enrolled = enrolled.filter(school_class__groups=self.course.group_id)
            students = Person.objects.filter(
                in_force(self.date, "group_memberships"), group_memberships__group=self.course.group_id
            )
        named = students.filter(pk__in=enrolled.values("student")).defer(
            "snils"
        )  # kept sealed: costly to read
        return named.order_by("sort_key", "pk")

    def students_visible_to(self, user: Any) -> models.QuerySet[Person]:
        """All of them, but to who only leads a class no more than that class's. The lesson comes from
        `for_page` of the same account."""
        if self.is_seen_whole:  # type: ignore[attr-defined]
            return self.students()
        led = user.person.classes_led.in_service(timezone.localdate()).values("school_class")
        enrolled = Enrolment.objects.on(self.date).filter(school_class__in=led)
        return self.students().filter(pk__in=enrolled.values("student"))

    @transaction.atomic
    def substitute(
        self,
        teacher: Person,
        *,
        by: Person | None,
        room: Room | None = None,
        reason: str = "",
        at: datetime.datetime | None = None,
    ) -> None:
        """Another teacher of the school takes the lesson, perhaps in another room. `at` is when it was
        decided, now as a rule. Raises TermIsClosed, NotOfThisSchool."""
        employed = teacher.employments.filter(in_force(self.date), organisation=self.organisation_id)
        if not employed.exists():
            raise NotOfThisSchool
        self._record(LessonChange.Kind.SUBSTITUTED, by=by, reason=reason, at=at)
        self.teacher = teacher
        self.room = room or self.room
        self._save("teacher", "room")

    @transaction.atomic
    def cancel(self, *, by: Person | None, reason: str = "", at: datetime.datetime | None = None) -> None:
        """The lesson is not given. Raises TermIsClosed, AlreadyHeld once the roll was called."""
        self._record(LessonChange.Kind.CANCELLED, by=by, reason=reason, at=at)
        if self.roll_called_at:
            raise AlreadyHeld
        self.state = self.State.CANCELLED
        self._save("state")

    @transaction.atomic
    def move(
        self,
        date: datetime.date,
        bell: Bell,
        *,
        by: Person | None,
        reason: str = "",
        at: datetime.datetime | None = None,
    ) -> None:
        """The lesson is given on another day or at another hour, in the term of its students' grade then.

        Raises TermIsClosed, AlreadyHeld, NotOfThisSchool for a bell of another one, OnHoliday,
        OutsideTerms, DifferentTerms.
        """
        self._record(LessonChange.Kind.MOVED, by=by, reason=reason, at=at)
        if self.roll_called_at:
            raise AlreadyHeld
        if bell.organisation_id != self.organisation_id:
            raise NotOfThisSchool
        days = SchoolDays(self.organisation_id, date, date)
        term = days.term(self.course.year_id, self.course.grades(), date)
        hold_open(term.pk)
        self.date, self.term, self.shift, self.number = date, term, bell.shift, bell.number
        self.starts, self.ends = bell.starts, bell.ends
        self._save("date", "term", "shift", "number", "starts", "ends")

    def _save(self, *fields: str) -> None:
        self.version += 1
        self.save(update_fields=[*fields, "version"])

    def _record(self, kind: str, *, by: Person | None, reason: str, at: datetime.datetime | None) -> None:
        """Lock the lesson and write down what it was. Raises TermIsClosed."""
        hold_open(self.term_id)
        locked = Lesson.objects.select_for_update().get(pk=self.pk)
        self.roll_called_at, self.version = locked.roll_called_at, locked.version
        LessonChange.objects.create(
            lesson=self,
            kind=kind,
            by=by,
            reason=reason,
            at=at or timezone.now(),
            was_teacher=self.teacher,
            was_room=self.room,
            was_date=self.date,
            was_shift=self.shift,
            was_number=self.number,
            was_starts=self.starts,
            was_ends=self.ends,
        )


class LessonChange(models.Model):
    """A substitution, a cancellation or a move: who did it, when, and what was before."""

    class Kind(models.TextChoices):
        SUBSTITUTED = "substituted", _("substitution")
        CANCELLED = "cancelled", _("no lesson")
        MOVED = "moved", _("moved")

    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="changes", verbose_name=_("lesson"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    at = models.DateTimeField(_("at"), default=timezone.now, editable=False)
    by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    was_teacher = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=_("teacher before")
    )
    was_room = models.ForeignKey(
        Room, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("room before")
    )
    was_date = models.DateField(_("date before"))
    was_shift = models.PositiveSmallIntegerField(_("shift before"))
    was_number = models.PositiveSmallIntegerField(_("lesson before"))
    was_starts = models.TimeField(_("start before"))
    was_ends = models.TimeField(_("end before"))

    append_only = AppendOnly()

    class Meta:
        verbose_name = _("change of a lesson")
        verbose_name_plural = _("changes of lessons")
        indexes = [models.Index(fields=["was_date"], name="change_by_day_before")]
        triggers = [in_open_term(f"{TERM_OF_LESSON} = {{row}}.lesson_id")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["substituted", "cancelled", "moved"]), name="change_kind"
            )
        ]

    def __str__(self) -> str:
        return f"{self.lesson}: {self.get_kind_display()}"
