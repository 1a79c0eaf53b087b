"""What the worker does about outgoing rows."""

import datetime

from celery import shared_task
from django.utils import timezone

from messaging.delivery import deliver
from messaging.models import FIRST_WAIT, Outgoing

EVERY = 60.0  # seconds, see asurso/celery.py
AT_ONCE = 1000
# Seconds: an attempt ends before the row's next one may begin, nothing is sent twice side by side.
LONGEST_ATTEMPT = FIRST_WAIT // datetime.timedelta(seconds=2)


@shared_task(ignore_result=True, time_limit=LONGEST_ATTEMPT)
def send(pk: int) -> None:
    deliver(pk, now=timezone.now())


@shared_task(ignore_result=True)
def send_waiting() -> None:
    """Whatever the queue lost or an attempt put off.

    The next minute asks anew for what is still waiting, so this minute's requests end with it:
    a long queue does not fill with repetitions.
    """
    due = Outgoing.objects.due(timezone.now()).order_by("next_attempt_at").values_list("pk", flat=True)
    for pk in due[:AT_ONCE]:
        send.apply_async((pk,), expires=EVERY)
