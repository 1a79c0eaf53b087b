"""What the lowest layer does by the clock."""

import logging

from celery import shared_task
from django.utils import timezone

from schools.chains.sealing import seal

logger = logging.getLogger(__name__)


@shared_task(ignore_result=True)
def seal_history() -> None:
    """The line goes to the log, a copy outside of the database: as a warning, since it must come through."""
    logger.warning("%s", seal(timezone.localtime()).line())
