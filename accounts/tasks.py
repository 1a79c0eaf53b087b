"""What the doors do by the clock."""

from celery import shared_task
from django.utils import timezone

from accounts import attempts


@shared_task
def purge_attempts() -> int:
    return attempts.purge(now=timezone.now())
