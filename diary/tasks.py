"""What is counted by the clock."""

from celery import shared_task
from django.utils import timezone

from diary import office


@shared_task
def count_region() -> None:
    office.count_region(timezone.localtime())
