"""From a waiting row to the gateway or the mail server; safe to run twice and side by side."""

import datetime
import logging

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from messaging.gateways import NotSent, chosen_gateway
from messaging.letters import send_by_mail
from messaging.models import MOST_ATTEMPTS, Outgoing

logger = logging.getLogger(__name__)

EXPIRED = gettext_noop("expired")
NO_ANSWER = gettext_noop("no answer")


def deliver(pk: int, *, now: datetime.datetime) -> None:
    """Make one attempt at the row, if its time has come and nobody else is at it.

    Between the provider's yes and our note of it a worker may be killed: the next attempt then
    repeats the message under the same key.
    """
    outgoing = _claim(pk, now)
    if outgoing is None:
        return
    try:
        _hand_over(outgoing)
    except NotSent as refusal:
        logger.warning("outgoing %d, attempt %d: %s", pk, outgoing.attempts, refusal)
        if refusal.temporary:
            outgoing.put_off(str(refusal))
        else:
            outgoing.give_up(str(refusal))
    else:
        outgoing.mark_sent(timezone.now())


@transaction.atomic
def _claim(pk: int, now: datetime.datetime) -> Outgoing | None:
    """The row with its attempt begun; none when it is another worker's, done, or of no use any more."""
    outgoing = Outgoing.objects.select_for_update(skip_locked=True).due(now).filter(pk=pk).first()
    if outgoing is None:
        return None
    if outgoing.is_expired(now):
        outgoing.give_up(EXPIRED)
        return None
    if outgoing.attempts >= MOST_ATTEMPTS:  # the worker died of the last one
        outgoing.give_up(NO_ANSWER)
        return None
    outgoing.begin_attempt(now)
    return outgoing


def _hand_over(outgoing: Outgoing) -> None:
    if outgoing.channel == Outgoing.Channel.SMS:
        chosen_gateway().send(to=outgoing.recipient, text=outgoing.text, key=outgoing.key)
    else:
        send_by_mail(outgoing)
