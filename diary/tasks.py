"""What is counted by the clock."""

from celery import shared_task
from django.utils import timezone

from diary import office, points


@shared_task
def count_region() -> None:
    office.count_region(timezone.localtime())


@shared_task
def apply_rule_of_overdue_points() -> None:
    points.apply_rule(timezone.localtime())
