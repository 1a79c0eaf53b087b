"""Confirmation codes: how many may go out. An SMS costs money, and a stranger may type anybody's number.

Kept in the database, so that a restart forgets nothing. Counted is what was sent, to known and unknown
contacts alike, so that a refusal tells nothing about them.
"""

import datetime
from collections.abc import Collection

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from accounts.models import SentCode
from schools.models.documents import document_hashes

HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)
# To one contact: asked for at one address within an hour, and from anywhere within a day.
TO_CONTACT_FROM_ADDRESS = 5
TO_CONTACT = 15
# A whole school may sit behind one address on the evening of a parents' meeting.
FROM_ADDRESS = 300
# Any constant will do, an advisory lock's number.
CODES_LOCK = 5_202_513


class TooManyCodes(Exception):
    """To this contact, or from this network address."""


@transaction.atomic
def count(contact: str, address: str, *, now: datetime.datetime, today: bool = True) -> SentCode:
    """Write down that a code goes to `contact` (a number in E.164, an e-mail), for which `address` asks.

    Without `today` the day's limit is left to who sends (`is_flooded`). Codes are counted one after the
    other, so that many asked for at once count as many. Raises TooManyCodes.
    """
    _one_at_a_time()
    here = SentCode.objects.filter(at__gt=now - HOUR, address=address or None)
    if here.count() >= FROM_ADDRESS or _to(contact, here).count() >= TO_CONTACT_FROM_ADDRESS:
        raise TooManyCodes
    if today and _to(contact, SentCode.objects.filter(at__gt=now - DAY)).count() >= TO_CONTACT:
        raise TooManyCodes
    return SentCode.objects.create(contact_hash=document_hashes(contact)[0], address=address or None)


def is_flooded(contact: str, until: datetime.datetime, *, known: Collection[str | None]) -> bool:
    """Was a code to `contact` asked for too often in the day up to and with the one of `until`?

    Addresses that its owner signs in from are `known` and do not count.
    """
    sent = SentCode.objects.filter(at__gt=until - DAY, at__lte=until)
    strangers = sent.filter(Q(address=None) | ~Q(address__in=known))
    return _to(contact, strangers).count() > TO_CONTACT


def forget(now: datetime.datetime) -> None:
    SentCode.objects.filter(at__lte=now - DAY).delete()


def _to(contact: str, sent: QuerySet[SentCode]) -> QuerySet[SentCode]:
    return sent.filter(contact_hash__in=document_hashes(contact))


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CODES_LOCK])
