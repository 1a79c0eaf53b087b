"""What retention removes or anonymising changes is closed with a signed record: a chain goes on over it."""

import datetime
import json

from schools.chains.signing import is_signature, signature
from schools.models import HistoryRetirement


def sign(part: HistoryRetirement) -> HistoryRetirement:
    part.signature = signature(_signed_text(part))
    return part


def is_signed(part: HistoryRetirement) -> bool:
    return is_signature(part.signature, _signed_text(part))


def _signed_text(part: HistoryRetirement) -> str:
    at = part.at.astimezone(datetime.UTC).isoformat()
    place = [part.chain_id, part.act, part.since, part.until, part.digest, part.content]
    return json.dumps([*place, at, part.by, part.reason], ensure_ascii=False)
