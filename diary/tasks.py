"""What is counted by the clock."""

from celery import shared_task
from django.utils import timezone

from diary import office
from diary.homework import files


@shared_task
def count_region() -> None:
    office.count_region(timezone.localtime())


@shared_task
def remove_unused_files() -> None:
    files.remove_unused(at=timezone.now())
