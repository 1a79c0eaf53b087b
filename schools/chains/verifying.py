"""Is the journal's history what it was? Reads everything, changes nothing, holds little in memory."""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import reduce
from itertools import groupby, islice
from operator import or_

from django.db.models import Exists, OuterRef, Q

from schools.chains import rows
from schools.chains.retirements import is_signed
from schools.chains.sealing import is_sound
from schools.chains.tables import event_tables, texts_of
from schools.chains.walking import Finding, Head, Kind, Link, Walk
from schools.models import HistoryChain, HistoryLink, HistoryRetirement, HistorySeal, SealedHead

CHAINS_AT_ONCE = 200
LINKS_AT_ONCE = 5_000


def _say_nothing(done: str) -> None:
    pass


class Verification:
    """`since` trusts what was sealed before that moment; `course` looks at one course alone; `kept` is
    the digest of a seal that was kept outside of the database. `findings` gives what is wrong; `chains`
    and `records` count what was read."""

    def __init__(
        self,
        *,
        course: int | None = None,
        since: datetime.datetime | None = None,
        kept: str = "",
        tell: Callable[[str], None] = _say_nothing,
    ) -> None:
        self.course, self.since, self.kept, self.tell = course, since, kept, tell
        self.tables = event_tables()
        self.chains = self.records = 0
        self._sound: set[int] = set()  # numbers of seals

    def findings(self) -> Iterator[Finding]:
        if self.course is None or self.since:
            self.tell("seals")
            yield from self._seals()
        while batch := self._next_chains():
            self.tell(f"chains: {self.chains}, records: {self.records}")
            yield from self._walk(batch)
        for table in self.tables.values():
            self.tell(f"rows of {table.rows}")
            if self.course is None:
                yield from rows.unchained(table)
            yield from rows.changed_without_event(table, self.course)

    # --- Seals -----------------------------------------------------------------------------------

    def _seals(self) -> Iterator[Finding]:
        before = None
        for seal in HistorySeal.objects.order_by("number").iterator():
            if is_sound(seal, before=before):
                self._sound.add(seal.number)
            else:
                yield Finding(Kind.BAD_SEAL, f"seal {seal.number} is not what was sealed, or not by us")
            before = seal
        if self.kept and not HistorySeal.objects.filter(digest=self.kept).exists():
            yield Finding(Kind.BAD_SEAL, f"no seal has the digest {self.kept}")
        seals = HistorySeal.objects.filter(number=OuterRef("seal"))
        unknown = SealedHead.objects.filter(~Exists(seals)).order_by("seal").distinct("seal")
        for number in unknown.values_list("seal", flat=True).iterator():
            yield Finding(Kind.BAD_SEAL, f"seal {number} is gone")
        chains = HistoryChain.objects.filter(pk=OuterRef("chain"))
        gone = SealedHead.objects.filter(~Exists(chains)).order_by("chain").distinct("chain")
        for chain in gone.values_list("chain", flat=True).iterator():
            yield Finding(Kind.CUT_OFF, f"the whole chain {chain} is gone")

    # --- Chains ----------------------------------------------------------------------------------

    _last_chain = 0

    def _next_chains(self) -> list[HistoryChain]:
        chains = HistoryChain.objects.filter(pk__gt=self._last_chain).order_by("pk")
        if self.course is not None:
            chains = chains.filter(course=self.course)
        batch = list(chains[:CHAINS_AT_ONCE])
        self._last_chain = batch[-1].pk if batch else self._last_chain
        self.chains += len(batch)
        return batch

    def _walk(self, chains: list[HistoryChain]) -> Iterator[Finding]:
        """Heads are read before the links: those that come meanwhile are no longer asked for."""
        pks = [chain.pk for chain in chains]
        heads, begin = self._heads(pks)
        retired, forged = self._retired(pks)
        yield from forged
        walks = {
            chain.pk: Walk.through(chain, heads[chain.pk], retired[chain.pk], after=begin.get(chain.pk))
            for chain in chains
        }
        for links in self._links(pks, begin):
            texts = texts_of(self.tables, [(link.table, link.event, link.width) for link in links])
            for chain, of_chain in groupby(links, key=lambda link: link.chain):
                for link in of_chain:
                    yield from walks[chain].step(link, texts.get((link.table, link.event)))
            self.records += len(links)
        for walk in walks.values():
            yield from walk.end()

    def _heads(self, chains: list[int]) -> tuple[dict[int, list[Head]], dict[int, Head]]:
        """By chain: the sealed heads to be met, and the one to begin after, which only a sound seal gives."""
        heads, begin = defaultdict(list), {}
        sealed = SealedHead.objects.filter(chain__in=chains).order_by("chain", "number")
        for chain, number, digest, seal, at in sealed.values_list(
            "chain", "number", "digest", "seal", "seal__at"
        ):
            head = Head(number, bytes(digest), seal)
            if self.since and at and at < self.since and seal in self._sound:
                begin[chain] = head
            heads[chain].append(head)
        return heads, begin

    def _retired(self, chains: list[int]) -> tuple[dict[int, list[HistoryRetirement]], list[Finding]]:
        """By chain, oldest first; those that we did not sign do not count."""
        retired, forged = defaultdict(list), []
        for part in HistoryRetirement.objects.filter(chain__in=chains).order_by("pk"):
            if is_signed(part):
                retired[part.chain_id].append(part)
            else:
                forged.append(Finding(Kind.BAD_RETIREMENT, f"record {part.pk} was not signed by us"))
        return retired, forged

    def _links(self, chains: list[int], begin: dict[int, Head]) -> Iterator[list[Link]]:
        """In order, a bundle at a time, without those before where a walk begins."""
        found = HistoryLink.objects.filter(chain__in=chains)
        if begin:
            after = {chain: begin[chain].number if chain in begin else 0 for chain in chains}
            parts = (Q(chain=chain, number__gt=number) for chain, number in after.items())
            found = HistoryLink.objects.filter(reduce(or_, parts))
        fields = ("chain_id", "number", "event_table", "event", "width", "digest")
        links = found.order_by("chain_id", "number").values_list(*fields).iterator(chunk_size=LINKS_AT_ONCE)
        while bundle := [Link._make((*row[:-1], bytes(row[-1]))) for row in islice(links, LINKS_AT_ONCE)]:
            yield bundle
