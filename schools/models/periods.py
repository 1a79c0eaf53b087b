"""Ties from–to: both days belong to the period, an open end is empty."""

import datetime
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _


class PeriodQuerySet(models.QuerySet[Any]):
    def on(self, day: datetime.date) -> "PeriodQuerySet":
        return self.filter(in_force(day))


def in_force(day: Any, tie: str = "") -> Q:
    """The condition that a tie (reached by the path `tie`, empty for the tie itself) holds on a day: a
    date, or an `OuterRef` of one."""
    prefix = f"{tie}__" if tie else ""
    ends = Q(**{f"{prefix}until__isnull": True}) | Q(**{f"{prefix}until__gte": day})
    return Q(**{f"{prefix}since__lte": day}) & ends


class Period(models.Model):
    """The dates of a tie. `until` is the last day on which it holds."""

    since = models.DateField(_("from"))
    until = models.DateField(_("until"), null=True, blank=True)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        abstract = True

    def holds_on(self, day: datetime.date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


def ends_after_it_begins(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(until__isnull=True) | Q(until__gte=F("since")),
        name=name,
        violation_error_message=_("The last day cannot come before the first."),
    )


def dates(since: str = "since", until: str = "until") -> Func:
    return Func(F(since), F(until), Value("[]"), function="daterange", output_field=DateRangeField())


def numbers(first: str, last: str | None = None) -> Func:
    """A field as a range of one number (or first–last), which GiST compares without btree_gist."""
    return Func(
        F(first), F(last or first), Value("[]"), function="int8range", output_field=BigIntegerRangeField()
    )


def no_overlap(
    name: str,
    *same: str,
    message: Any,
    spans: tuple[tuple[str, str], ...] = (),
    condition: Q | None = None,
) -> ExclusionConstraint:
    """No two rows with the same values of the fields `same` (and overlapping `spans` of two
    fields) may hold on the same day."""
    ranges = [numbers(field) for field in same] + [numbers(first, last) for first, last in spans]
    return ExclusionConstraint(
        name=name,
        expressions=[(expression, RangeOperators.OVERLAPS) for expression in (*ranges, dates())],
        condition=condition,
        violation_error_message=message,
    )
