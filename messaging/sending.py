"""The one way out of the portal: a letter or an SMS becomes a row in the caller's transaction.

It goes as soon as that transaction is committed, at any hour: codes ignore quiet hours. Notices,
which keep them, are written on top of this.
"""

import datetime
import logging

from celery import current_app
from django.conf import settings
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from kombu.exceptions import OperationalError

from messaging.models import Outgoing
from messaging.phones import normal_number

logger = logging.getLogger(__name__)

# A request does not wait for a broker that is down: the next minute's look at the rows finds ours.
_ONE_MORE_TRY = {"max_retries": 1, "interval_start": 0, "interval_step": 0, "interval_max": 0}


def send_letter(
    *, to: str, subject: str, text: str, html: str = "", expires_at: datetime.datetime | None = None
) -> Outgoing:
    """Write a letter to one address; of no use after `expires_at`, it is not sent any more.

    Raises ValidationError when `to` is no e-mail address.
    """
    validate_email(to)
    one_line = " ".join(subject.split())
    email = Outgoing.Channel.EMAIL
    return _write(channel=email, recipient=to, subject=one_line, text=text, html=html, expires_at=expires_at)


def send_sms(*, to: str, text: str, expires_at: datetime.datetime | None = None) -> Outgoing:
    """Write an SMS to one number, in any of the ways people write it; not sent after `expires_at`.

    Raises ValidationError when `to` is no telephone number.
    """
    number = normal_number(to)
    return _write(channel=Outgoing.Channel.SMS, recipient=number, text=text, expires_at=expires_at)


def _write(
    *,
    channel: Outgoing.Channel,
    recipient: str,
    text: str,
    expires_at: datetime.datetime | None,
    subject: str = "",
    html: str = "",
) -> Outgoing:
    now = timezone.now()
    outgoing = Outgoing.objects.create(
        channel=channel,
        recipient=recipient,
        subject=subject,
        text=text,
        html=html,
        language=get_language() or settings.LANGUAGE_CODE,
        created_at=now,
        next_attempt_at=now,
        expires_at=expires_at,
    )
    transaction.on_commit(lambda: hurry("messaging.tasks.send", outgoing.pk))
    return outgoing


def hurry(task: str, pk: int) -> None:
    """Ask the worker for a row's task (its name) at once; with the broker down the row waits for the
    next minute's look at the rows, and the request goes on."""
    try:
        current_app.send_task(task, (pk,), ignore_result=True, retry_policy=_ONE_MORE_TRY)
    except OperationalError as error:
        logger.error("the broker does not answer, %s %d waits: %s", task, pk, type(error.__cause__).__name__)
