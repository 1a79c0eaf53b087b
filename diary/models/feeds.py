"""Secret addresses at which calendars read a student's lessons."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from schools.models import Person


class CalendarFeed(models.Model):
    """One address for an account and a student whose diary it reads. The secret is kept as a hash only: what
    opens the calendar stands in the answer that made it, and in the calendar that the family gave it to."""

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_feeds", verbose_name=_("account")
    )
    student = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name=_("student"))
    secret_hash = models.CharField(max_length=64, unique=True, editable=False)
    language = models.CharField(max_length=10)
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")
        constraints = [models.UniqueConstraint(fields=["account", "student"], name="one_feed_of_a_child")]

    def __str__(self) -> str:
        return f"{self.pk}"
