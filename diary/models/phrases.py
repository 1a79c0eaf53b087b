"""A teacher's own phrase bank."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from diary.models.roll import LONGEST_REMARK
from schools.models import Person


class Phrase(models.Model):
    """Words that a teacher writes again and again. They are the teacher's own notes: pages show them to
    that person alone, and Django admin to nobody."""

    class Kind(models.TextChoices):
        COMMENT = "comment", _("comment on a mark")
        PRAISE = "praise", _("praise")
        REMARK = "remark", _("remark")

    person = models.ForeignKey(Person, models.CASCADE, related_name="phrases", verbose_name=_("whose"))
    kind = models.CharField(_("kind"), max_length=7, choices=Kind, default=Kind.COMMENT)
    text = models.CharField(_("text"), max_length=LONGEST_REMARK)

    class Meta:
        verbose_name = _("phrase")
        verbose_name_plural = _("phrases")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind", "text"],
                name="phrase_once",
                violation_error_message=_("You have this phrase already."),
            ),
            models.CheckConstraint(condition=Q(kind__in=["comment", "praise", "remark"]), name="phrase_kind"),
            models.CheckConstraint(condition=~Q(text=""), name="phrase_says_something"),
        ]

    def __str__(self) -> str:
        return self.text
