"""Once a day: how far each chain that grew has come, under one signature.

A seal's digest goes over the seal before it and every head, so that printing the newest one and keeping
it elsewhere proves all that came before.
"""

import datetime
import hashlib

from django.db import connection, transaction

from schools.chains.signing import is_signature, signature
from schools.models import HistorySeal, SealedHead

# Any constant will do; it keeps two sealings apart.
SEALING = 5_202_611
HEADS_AT_ONCE = 10_000


@transaction.atomic
def seal(at: datetime.datetime) -> HistorySeal:
    """Seal what grew since the last seal; a day without changes has a seal of no heads."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEALING])
    last = HistorySeal.objects.order_by("-number").first()
    number = last.number + 1 if last else 1
    heads = _take_heads(number)
    new = HistorySeal(number=number, at=at, heads=heads)
    new.digest = digest_of(new, before=last.digest if last else "")
    new.signature = signature(new.digest)
    new.save(force_insert=True)
    return new


def _take_heads(number: int) -> int:
    """The seal's own row comes last: it cannot be rewritten, and its digest needs them.

    The application's role may add heads: one counts as sealed only as it stands in the chain, and one
    that was put in its place keeps no other chain from being sealed; verifying tells of it.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO schools_sealedhead (chain_id, number, digest, seal_id)
            SELECT chain.id, head.number, head.digest, %s
            FROM schools_historychain AS chain
            CROSS JOIN LATERAL (
                SELECT number, digest FROM schools_historylink
                WHERE chain_id = chain.id ORDER BY number DESC LIMIT 1) AS head
            WHERE NOT EXISTS (
                SELECT FROM schools_sealedhead AS sealed
                WHERE sealed.chain_id = chain.id
                  AND sealed.number = head.number AND sealed.digest = head.digest)
            ON CONFLICT DO NOTHING
            """,
            [number],
        )
        return int(cursor.rowcount)


def digest_of(seal: HistorySeal, *, before: str) -> str:
    """Recomputed from the rows: the seal's own words, the digest of the seal before, and its heads."""
    at = seal.at.astimezone(datetime.UTC).isoformat()
    digest = hashlib.sha256(f"seal {seal.number} {at} {seal.heads}\n{before}\n".encode())
    heads = SealedHead.objects.filter(seal_id=seal.number).order_by("chain_id", "number")
    rows = heads.values_list("chain_id", "number", "digest").iterator(chunk_size=HEADS_AT_ONCE)
    for chain, number, head in rows:
        digest.update(f"{chain} {number} {bytes(head).hex()}\n".encode())
    return digest.hexdigest()


def is_sound(seal: HistorySeal, *, before: HistorySeal | None) -> bool:
    """It follows the seal before, says what its heads say, and was signed by us."""
    follows = seal.number == (before.number + 1 if before else 1)
    digest = digest_of(seal, before=before.digest if before else "")
    return follows and seal.digest == digest and is_signature(seal.signature, seal.digest)
