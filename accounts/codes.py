"""Confirmation codes: how many may go out. An SMS costs money, and a stranger may type anybody's number.

Kept in the database, so that a restart forgets nothing. Counted is what was sent, to known and unknown
contacts alike, so that a refusal tells nothing about them.
"""

import datetime

from django.db.models import QuerySet

from accounts.models import SentCode
from schools.models.documents import document_hashes

HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)
# To one contact: asked for at one address within an hour, and from anywhere within a day.
TO_CONTACT_FROM_ADDRESS = 5
TO_CONTACT = 15
# A whole school may sit behind one address on the evening of a parents' meeting.
FROM_ADDRESS = 300


def may_send(contact: str, address: str, *, now: datetime.datetime) -> bool:
    """May another code go to `contact` (a number in E.164, an e-mail) that `address` asks for?"""
    lately, today = SentCode.objects.filter(at__gt=now - HOUR), SentCode.objects.filter(at__gt=now - DAY)
    here = lately.filter(address=address or None)
    if here.count() >= FROM_ADDRESS:
        return False
    return _to(contact, here).count() < TO_CONTACT_FROM_ADDRESS and _to(contact, today).count() < TO_CONTACT


def record(contact: str, address: str) -> None:
    SentCode.objects.create(contact_hash=document_hashes(contact)[0], address=address or None)


def forget(now: datetime.datetime) -> None:
    SentCode.objects.filter(at__lte=now - DAY).delete()


def _to(contact: str, sent: QuerySet[SentCode]) -> QuerySet[SentCode]:
    return sent.filter(contact_hash__in=document_hashes(contact))
