"""When a family last looked at what is new."""

import datetime
from collections.abc import Iterable

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from schools.models import Person

FIRST_VISIT = datetime.timedelta(days=3)  # what counts as new for who was never here
LONGEST_AWAY = datetime.timedelta(days=14)
STEP = datetime.timedelta(minutes=10)  # between two looks of a day that are told apart


class VisitQuerySet(models.QuerySet["Visit"]):
    def look(
        self, reader: Person, children: Iterable[int], looked_at: int, *, now: datetime.datetime
    ) -> dict[int, datetime.datetime]:
        """Since when entries are new to the reader, by child: since the last look before today, so that
        nothing vanishes by opening the page again. `looked_at` is the child whose page is opened. One
        statement, a second one when a look is written down."""
        keys = list(children)
        visits = {visit.child_id: visit for visit in self.filter(reader=reader, child__in=keys)}
        looks = {key: visits.get(key) or Visit.first(reader, key, now) for key in keys}
        since = {key: visit.news_since_on(now) for key, visit in looks.items()}
        visit = looks[looked_at]
        if looked_at not in visits or now - visit.last_at >= STEP:
            visit.news_since, visit.last_at = since[looked_at], now
            Visit.objects.bulk_create(
                [visit],
                update_conflicts=True,  # two tabs at once are one look
                unique_fields=["reader", "child"],
                update_fields=["news_since", "last_at"],
            )
        return {key: max(moment, now - LONGEST_AWAY) for key, moment in since.items()}


class Visit(models.Model):
    """The last look of a reader at a child's page, and the last one of an earlier day."""

    reader = models.ForeignKey(Person, models.CASCADE, related_name="visits", verbose_name=_("who looked"))
    child = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name=_("child"))
    last_at = models.DateTimeField(_("last look at"))
    news_since = models.DateTimeField(_("last look of an earlier day at"))

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        constraints = [
            models.UniqueConstraint(fields=["reader", "child"], name="visit_once_a_child"),
            models.CheckConstraint(
                condition=Q(news_since__lte=F("last_at")), name="visit_news_before_the_look"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reader_id} → {self.child_id}"

    @classmethod
    def first(cls, reader: Person, child: int, now: datetime.datetime) -> "Visit":
        return cls(reader=reader, child_id=child, last_at=now, news_since=now - FIRST_VISIT)

    def news_since_on(self, now: datetime.datetime) -> datetime.datetime:
        """On the day of the last look the news of that day stay."""
        return self.news_since if timezone.localdate(self.last_at) == now.date() else self.last_at
