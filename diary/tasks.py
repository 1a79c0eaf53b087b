"""What is counted by the clock."""

from celery import shared_task
from django.utils import timezone

from diary import office, points
from diary.homework import files
from diary.models import SavedEntry


@shared_task
def count_region() -> None:
    office.count_region(timezone.localtime())


@shared_task
def apply_rule_of_overdue_points() -> None:
    points.apply_rule(timezone.localtime())


@shared_task
def forget_saved_entries() -> None:
    """Safe to run twice; by parts, so that no statement holds a day's rows of a region."""
    SavedEntry.objects.forget_outdated(timezone.now())


def remove_unused_files() -> None:
    files.remove_unused(at=timezone.now())
