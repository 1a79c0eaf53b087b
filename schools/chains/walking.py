"""One chain from link to link: each is recomputed from the one before and from what its event says now."""

import datetime
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from schools.chains.tables import Text
from schools.models import HistoryChain, HistoryRetirement

# Events carry the time their transaction began, so a slow one may stand behind a quick one.
SLOWEST_TRANSACTION = datetime.timedelta(hours=12)


class Kind(StrEnum):
    ALTERED = "altered"
    REMOVED = "removed"
    CUT_OFF = "cut off"
    RESEALED = "not as sealed"
    MISDATED = "out of order"
    UNCHAINED = "inserted"
    ROW_CHANGED = "changed without an event"
    BAD_SEAL = "bad seal"
    BAD_RETIREMENT = "bad retirement"


@dataclass(frozen=True)
class Finding:
    kind: Kind
    detail: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.detail}"


class Link(NamedTuple):
    chain: int
    number: int
    table: str
    event: int
    width: int
    digest: bytes


class Head(NamedTuple):
    number: int
    digest: bytes
    seal: int


def first_digest(chain: HistoryChain) -> bytes:
    """What the first link of a chain goes on from."""
    return hashlib.sha256(f"course {chain.course_id or 0} term {chain.term_id or 0}".encode()).digest()


@dataclass
class Walk:
    """Through one chain, after `number` with `digest`; an unknown digest is None."""

    chain: HistoryChain
    number: int
    digest: bytes | None
    heads: dict[int, Head]
    retired: list[HistoryRetirement]
    _latest: dict[str, datetime.datetime] = field(default_factory=dict)
    _left: dict[int, "hashlib._Hash"] = field(default_factory=dict)

    @classmethod
    def through(
        cls,
        chain: HistoryChain,
        heads: list[Head],
        retired: list[HistoryRetirement],
        *,
        after: Head | None = None,
    ) -> "Walk":
        number, digest = (after.number, after.digest) if after else (0, first_digest(chain))
        return cls(chain, number, digest, {head.number: head for head in heads}, retired)

    def step(self, link: Link, text: Text | None) -> Iterator[Finding]:
        self._pass_removed()
        if link.number != self.number + 1:
            yield self._found(Kind.REMOVED, f"records {self.number + 1} to {link.number - 1} are gone")
            self.digest = None
        if text is None:
            yield self._found(Kind.REMOVED, f"{link.table} {link.event} is gone", link.number)
        else:
            yield from self._check(link, text)
        self.number, self.digest = link.number, link.digest
        head = self.heads.get(link.number)
        if head and head.digest != link.digest:
            yield self._found(Kind.RESEALED, f"seal {head.seal} knows another record", link.number)

    def end(self) -> Iterator[Finding]:
        self._pass_removed()
        last = self.heads[max(self.heads)] if self.heads else None
        if last and last.number > self.number:
            known = f"seal {last.seal} knows {last.number} records, {self.number} are there"
            yield self._found(Kind.CUT_OFF, known)

    def _pass_removed(self) -> None:
        """Parts that were retired by a signed record: the chain goes on from the digest it names."""
        removed = {part.since: part for part in self.retired if part.act == HistoryRetirement.Act.REMOVED}
        while part := removed.get(self.number + 1):
            self.number, self.digest = part.until, bytes.fromhex(part.digest)

    def _check(self, link: Link, text: Text) -> Iterator[Finding]:
        part = self._anonymised(link.number)
        if part:
            yield from self._check_left(part, link, text)
        elif self.digest and hashlib.sha256(self.digest + text.content.encode()).digest() != link.digest:
            detail = f"{link.table} {link.event} does not say what it said when it was written"
            yield self._found(Kind.ALTERED, detail, link.number)
        latest = self._latest.setdefault(link.table, text.at)
        if text.at < latest - SLOWEST_TRANSACTION:
            detail = f"{link.table} {link.event} is dated before the record before it"
            yield self._found(Kind.MISDATED, detail, link.number)
        self._latest[link.table] = max(latest, text.at)

    def _anonymised(self, number: int) -> HistoryRetirement | None:
        """The last such part: one that was anonymised again has a later record."""
        parts = (part for part in self.retired if part.act == HistoryRetirement.Act.ANONYMISED)
        covering = [part for part in parts if part.since <= number <= part.until]
        return covering[-1] if covering else None

    def _check_left(self, part: HistoryRetirement, link: Link, text: Text) -> Iterator[Finding]:
        """What anonymising left must be what its record says; a walk that began inside cannot tell."""
        if link.number == part.since:
            self._left[part.pk] = hashlib.sha256()
        if part.pk not in self._left:
            return
        self._left[part.pk].update(left_line(text))
        if link.number == part.until and (
            self._left[part.pk].hexdigest() != part.content or link.digest.hex() != part.digest
        ):
            detail = f"records {part.since} to {part.until} are not what anonymising left"
            yield self._found(Kind.ALTERED, detail)

    def _found(self, kind: Kind, detail: str, number: int | None = None) -> Finding:
        place = f"course {self.chain.course_id}, term {self.chain.term_id}"
        return Finding(kind, f"{place}{f', record {number}' if number else ''}: {detail}")


def left_line(text: Text) -> bytes:
    """An anonymised event's part in `HistoryRetirement.content`."""
    return f"{text.content}\n".encode()
