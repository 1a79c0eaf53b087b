"""A closed term is closed in the database (product map §3): rows of the journal say which term they
belong to, and a trigger refuses to write them once it is closed.

A correction, which has a row of its own, opens its term for its changes while it waits for the decision:
`correcting(pk)` names it to the triggers, and thereby in every event they write.
"""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Any

import pgtrigger
from django.db import connection

from schools.history import because_of


class TermIsClosed(Exception):
    """Nothing of the term's journal changes any more, except by a correction."""


def hold_open(term: int) -> None:
    """Nobody closes the term before this transaction ends. Raises TermIsClosed.

    Two statements: the second sees a closure that the first had to wait for.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM schools_term WHERE id = %s FOR SHARE", [term])
        cursor.execute("SELECT EXISTS (SELECT FROM schools_termclosure WHERE term_id = %s)", [term])
        (closed,) = cursor.fetchone()
    if closed:
        raise TermIsClosed


def hold_those_open(terms: Iterable[int]) -> set[int]:
    """As `hold_open`, of several at once: those that are open, and stay so until the transaction ends."""
    keys = sorted(set(terms))
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM schools_term WHERE id = ANY(%s) ORDER BY id FOR SHARE", [keys])
        cursor.execute("SELECT term_id FROM schools_termclosure WHERE term_id = ANY(%s)", [keys])
        closed = {term for (term,) in cursor.fetchall()}
    return set(keys) - closed


def correcting(correction: int) -> AbstractContextManager[None]:
    """What is written inside belongs to the correction with this key, in its term though it is closed."""
    return because_of(correction=correction)


# A correction opens its own term, until it is decided: it is written first and decided then, in one
# transaction. The diary's table is named as text, for no model of the schools knows the diary.
_REFUSE = """
    {collect}
    PERFORM FROM schools_term WHERE id = ANY (terms) FOR SHARE;
    IF EXISTS (SELECT FROM schools_termclosure WHERE term_id = ANY (terms)) {unless} THEN
        IF EXISTS (
            SELECT FROM diary_correction
            WHERE term_id = ANY (terms) AND decided_by_id IS NULL AND id = (
                NULLIF(current_setting('pghistory.context_metadata', TRUE), '')::jsonb ->> 'correction'
            )::BIGINT
        ) THEN
            RETURN COALESCE(NEW, OLD);
        END IF;
        RAISE EXCEPTION 'The term is closed.' USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
    END IF;
    RETURN COALESCE(NEW, OLD);
"""


def in_open_term(terms: str, *, unless: str = "FALSE") -> pgtrigger.Trigger:
    """A trigger that refuses rows of closed terms, as they were and as they become.

    `terms` is SQL for the terms of a `{row}`; `unless`, of OLD and NEW, lets an update pass all the
    same. The term is held until the transaction ends: it is not closed in between.
    """
    collect = " ".join(
        f"IF TG_OP != '{absent}' THEN terms := terms || ARRAY({terms.format(row=row)}); END IF;"
        for row, absent in (("OLD", "INSERT"), ("NEW", "DELETE"))
    )
    allowed = f"AND NOT (TG_OP = 'UPDATE' AND {unless})"
    return pgtrigger.Trigger(
        name="term_is_open",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("terms", "BIGINT[] := '{}'")],
        func=" ".join(_REFUSE.format(collect=collect, unless=allowed).split()),
    )


# Closing waits for everybody who writes in the term (`hold_open`, and the triggers above).
closing_waits: Any = pgtrigger.Trigger(
    name="closing_waits",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func="PERFORM FROM schools_term WHERE id = NEW.term_id FOR UPDATE; RETURN NEW;",
)
