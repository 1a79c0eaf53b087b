"""After a change of keys: document numbers anew under the newest ones."""

from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models.functions import Cast

from schools.models import Person
from schools.models.documents import document_hashes

ROWS_AT_ONCE = 500


def rehash_documents() -> tuple[int, list[int]]:
    """Encrypt and hash every SNILS with the newest keys, each file in a transaction of its own.

    Done again it writes nothing. Returns how many files were written, and the keys of those that
    stay as they are because another file has their number: two files of one human being, to be merged.
    """
    written, twins, last = 0, [], 0
    while batch := list(_from(last).values_list("pk", "snils", "snils_hash", "token")[:ROWS_AT_ONCE]):
        last = batch[-1][0]
        for pk, snils, digest, token in batch:
            if digest == document_hashes(snils)[0] and _is_newest(token):
                continue
            try:
                written += _rewrite(pk)
            except IntegrityError:
                twins.append(pk)
    return written, twins


def _from(last: int) -> Any:
    people = Person.objects.filter(pk__gt=last).exclude(snils="").order_by("pk")
    return people.annotate(token=Cast("snils", models.TextField()))


def _is_newest(token: str) -> bool:
    try:
        Fernet(settings.ENCRYPTION_KEYS[0]).decrypt(token.encode())
    except InvalidToken:
        return False
    return True


@transaction.atomic
def _rewrite(pk: int) -> int:
    """Locked and read again: the number may have been changed meanwhile."""
    person = Person.objects.select_for_update().get(pk=pk)
    person.save(update_fields=["snils"])
    return 1
