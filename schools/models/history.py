"""The chains of the journal's history, and what proves them: see docs/history.md.

Keys lead to rows without a constraint: the history stays when what it tells of is gone.
"""

from typing import Any

import pgtrigger
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from schools.append_only import AppendOnly
from schools.models.classes import Course
from schools.models.organisations import Term

WRITTEN_BY_TRIGGERS = AppendOnly(may_be_added=False)


def _kept(to: Any, name: Any, *, null: bool = False) -> Any:
    """A key that asks nothing of the row it leads to."""
    return models.ForeignKey(
        to,
        models.DO_NOTHING,
        null=null,
        blank=null,
        db_constraint=False,
        db_index=False,
        related_name="+",
        verbose_name=name,
    )


class HistoryChain(models.Model):
    """The changes of one course's journal in one term, in their order. Without a term: results of the
    year, and days outside terms; without a course: behaviour, and what was of none any more."""

    course = _kept(Course, _("course"), null=True)
    term = _kept(Term, _("term"), null=True)

    append_only = WRITTEN_BY_TRIGGERS

    class Meta:
        verbose_name = _("chain of history")
        verbose_name_plural = _("chains of history")
        constraints = [
            models.UniqueConstraint(
                Coalesce("course", Value(0)), Coalesce("term", Value(0)), name="history_chain_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk} (course {self.course_id}, term {self.term_id})"


class HistoryLink(models.Model):
    """The place of one event in its chain. `digest` is SHA-256 over the digest before and the event's
    row as text: its first `width` columns, those it had when it was written."""

    pk = models.CompositePrimaryKey("chain_id", "number")
    chain = _kept(HistoryChain, _("chain of history"))
    number = models.PositiveIntegerField(_("number"))
    event_table = models.CharField(_("table of the event"), max_length=63)
    event = models.BigIntegerField(_("event"))
    width = models.PositiveSmallIntegerField(_("columns"))
    digest = models.BinaryField(_("digest"))

    append_only = WRITTEN_BY_TRIGGERS

    class Meta:
        verbose_name = _("link of history")
        verbose_name_plural = _("links of history")

    def __str__(self) -> str:
        return f"{self.chain_id}/{self.number}"


class HistorySeal(models.Model):
    """A day's heads of the chains that grew, under a key that the database does not know."""

    number = models.PositiveIntegerField(_("number"), primary_key=True)
    at = models.DateTimeField(_("sealed at"))
    heads = models.PositiveIntegerField(_("chains that grew"))
    digest = models.CharField(_("digest"), max_length=64)
    signature = models.CharField(_("signature"), max_length=64)

    append_only = AppendOnly()

    class Meta:
        verbose_name = _("seal of history")
        verbose_name_plural = _("seals of history")

    def __str__(self) -> str:
        return str(self.number)

    def line(self) -> str:
        """What is worth keeping outside of the database."""
        return f"history seal {self.number} of {self.at:%Y-%m-%d %H:%M %z}: {self.digest}"


# A seal is written after its heads: whoever adds one later has no seal of ours for it.
_BEFORE_ITS_SEAL = """
    IF EXISTS (SELECT FROM schools_historyseal WHERE number = NEW.seal_id) THEN
        RAISE EXCEPTION 'The seal is complete.' USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
    END IF;
    RETURN NEW;
"""


class SealedHead(models.Model):
    """How far a chain went when it was sealed."""

    pk = models.CompositePrimaryKey("chain_id", "number")
    chain = _kept(HistoryChain, _("chain of history"))
    number = models.PositiveIntegerField(_("number"))
    digest = models.BinaryField(_("digest"))
    seal = models.ForeignKey(
        HistorySeal, models.PROTECT, related_name="sealed", verbose_name=_("seal of history")
    )

    append_only = AppendOnly()

    class Meta:
        verbose_name = _("sealed head of a chain")
        verbose_name_plural = _("sealed heads of chains")
        triggers = [
            pgtrigger.Trigger(
                name="head_before_its_seal",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=" ".join(_BEFORE_ITS_SEAL.split()),
            )
        ]

    def __str__(self) -> str:
        return f"{self.chain_id}/{self.number}"


class HistoryRetirement(models.Model):
    """Why a part of a chain is no longer there, or no longer says what it said; signed.

    `digest` is that of the part's last link: the chain goes on from it. `content` is the digest over the
    anonymised events, empty where they were removed.
    """

    class Act(models.TextChoices):
        REMOVED = "removed", _("removed")
        ANONYMISED = "anonymised", _("anonymised")

    chain = _kept(HistoryChain, _("chain of history"))
    act = models.CharField(_("what was done"), max_length=10, choices=Act)
    since = models.PositiveIntegerField(_("from"))
    until = models.PositiveIntegerField(_("until"))
    digest = models.CharField(_("digest"), max_length=64)
    content = models.CharField(_("digest of what was left"), max_length=64, blank=True)
    at = models.DateTimeField(_("at"))
    by = models.CharField(_("by"), max_length=200)
    reason = models.CharField(_("reason"), max_length=300)
    signature = models.CharField(_("signature"), max_length=64)

    append_only = WRITTEN_BY_TRIGGERS

    class Meta:
        verbose_name = _("retired part of the history")
        verbose_name_plural = _("retired parts of the history")
        indexes = [models.Index(fields=["chain", "until"], name="history_retirement_of_chain")]
        constraints = [
            models.CheckConstraint(
                condition=Q(since__gte=1, until__gte=F("since")), name="retirement_from_until"
            ),
            models.CheckConstraint(
                condition=Q(act="removed", content="") | Q(act="anonymised") & ~Q(content=""),
                name="retirement_act",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.chain_id}/{self.since}–{self.until}"
