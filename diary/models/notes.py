"""A parent's note on an absence («заявление об отсутствии»), and what became of it."""

import datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from diary.access import classes_seen_whole_by
from diary.models.roll import Absence
from diary.private_files import private_files, random_path
from schools.family import children_of
from schools.models import Information, Person, SchoolClass
from schools.models.periods import ends_after_it_begins

LONGEST_NOTE = 500
LONGEST_REFUSAL = 300


class AbsenceNoteQuerySet(models.QuerySet["AbsenceNote"]):
    def visible_to(self, user: Any, *, on: datetime.date) -> "AbsenceNoteQuerySet":
        """To the family that reads the child's attendance, to the class teacher of the day and to the
        head teacher. Three statements at most."""
        children = [
            child.student.pk for child in children_of(user, on=on) if child.shows(Information.ATTENDANCE)
        ]
        classes = classes_seen_whole_by(user, on).values("pk")
        return self.filter(Q(student__in=children) | Q(school_class__in=classes))

    def waiting(self) -> "AbsenceNoteQuerySet":
        return self.filter(outcome=None)

    def accepted(self) -> "AbsenceNoteQuerySet":
        return self.filter(outcome__kind=NoteOutcome.Kind.ACCEPTED)

    def standing(self) -> "AbsenceNoteQuerySet":
        """Neither refused nor withdrawn."""
        return self.filter(Q(outcome=None) | Q(outcome__kind=NoteOutcome.Kind.ACCEPTED))

    def within(self, since: datetime.date, until: datetime.date) -> "AbsenceNoteQuerySet":
        """That concern one of these days."""
        return self.filter(since__lte=until, until__gte=since)

    def with_names(self) -> "AbsenceNoteQuerySet":
        return self.select_related("student", "by", "school_class", "outcome__by").defer(
            "student__snils", "by__snils", "outcome__by__snils"
        )


class AbsenceNote(models.Model):
    """Why a student misses days, or single lessons of one day, past or to come. A guardian files it; the
    class teacher of the class answers it, whoever that is by then (`NoteOutcome`).
    """

    REASONS = (Absence.Code.ILL, Absence.Code.VALID)

    student = models.ForeignKey(
        Person, models.PROTECT, related_name="absence_notes", verbose_name=_("student")
    )
    school_class = models.ForeignKey(
        SchoolClass, models.PROTECT, related_name="absence_notes", verbose_name=_("class")
    )
    since = models.DateField(_("from"))
    until = models.DateField(_("until"))
    lesson_numbers = ArrayField(
        models.PositiveSmallIntegerField(), default=list, blank=True, verbose_name=_("lessons")
    )  # empty: the whole days
    reason = models.CharField(_("reason"), max_length=8, choices=[(code, code.label) for code in REASONS])
    text = models.CharField(_("in own words"), max_length=LONGEST_NOTE, blank=True)
    file = models.FileField(
        _("stored as"), storage=private_files, upload_to=random_path, max_length=60, blank=True
    )
    name = models.CharField(_("name of the file"), max_length=150, blank=True)
    content_type = models.CharField(_("content type"), max_length=100, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("filed by"))
    at = models.DateTimeField(_("filed at"))

    objects = AbsenceNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("absence note")
        verbose_name_plural = _("absence notes")
        indexes = [
            models.Index(fields=["student", "until"], name="note_of_student_by_day"),
            models.Index(fields=["school_class", "until"], name="note_of_class_by_day"),
            models.Index(fields=["file"], name="note_by_path"),
        ]
        constraints = [
            ends_after_it_begins("note_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(reason__in=["ill", "valid"]), name="note_reason"),
            models.CheckConstraint(
                condition=Q(reason="ill") | ~Q(text=""), name="note_says_what_reason_is_valid"
            ),
            models.CheckConstraint(
                condition=Q(lesson_numbers=[]) | Q(since=F("until")), name="note_on_lessons_is_of_one_day"
            ),
            models.CheckConstraint(
                condition=Q(file="", name="") | ~Q(file="") & ~Q(name=""), name="note_file_has_a_name"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.since:%d.%m.%Y}–{self.until:%d.%m.%Y}"

    @property
    def is_waiting(self) -> bool:
        return not hasattr(self, "outcome")


class NoteOutcome(models.Model):
    """What became of a note, once: two who answer at the same moment cannot both."""

    class Kind(models.TextChoices):
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")

    note = models.OneToOneField(
        AbsenceNote, models.PROTECT, related_name="outcome", verbose_name=_("absence note")
    )
    kind = models.CharField(_("kind"), max_length=9, choices=Kind)
    words = models.CharField(_("why it is refused"), max_length=LONGEST_REFUSAL, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("outcome of an absence note")
        verbose_name_plural = _("outcomes of absence notes")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["accepted", "refused", "withdrawn"]), name="outcome_of_note"
            ),
            models.CheckConstraint(
                condition=~Q(kind="refused") | ~Q(words=""), name="refusal_of_note_says_why"
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())
