"""Who changed a journal row, told to the database's triggers.

The triggers (django-pghistory) copy what stands here into every event they write. A request sets
it by the middleware; a task or a command does by `acting`.

Events of the journal are chained by hashes, by course and term (docs/history.md): a model says to
which chain its rows belong by `chain`.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pghistory
import pghistory.models
import pgtrigger
from django.db import models
from pghistory.middleware import HistoryMiddleware


class Event(pghistory.models.Event):
    """A change of a row. A region writes more than 2³¹ of them within some years."""

    pgh_id = models.BigAutoField(primary_key=True)

    class Meta:
        abstract = True


class ActingPersonMiddleware(HistoryMiddleware):
    """The signed-in person, for each writing request. Addresses hold numbers only, never names."""

    def get_context(self, request: Any) -> dict[str, Any]:
        person = getattr(request.user, "person", None) if request.user.is_authenticated else None
        return {"person": person and person.pk, "means": "web", "path": request.path}


def tracked(*, name: str | None = None, chain: str = "") -> Any:
    """Class decorator: the database keeps every change of the model's rows, as the rows became.

    `name` is the event model's. Each model needs events of its own: pghistory binds an event to the
    first model that uses it. `chain`, for models of the journal: see `chained`.
    """
    return pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        model_name=name,
        **_chained(chain, tells_what_became=True),
    )


def tracked_from_the_first_change(*, name: str, chain: str = "") -> Any:
    """Class decorator for rows made in great numbers, most of them by a machine: not their making is
    kept but, at each change, what they were before. The next event, or the row, tells what became."""
    return pghistory.track(
        pghistory.UpdateEvent("before", row="OLD"),
        pghistory.DeleteEvent(),
        model_name=name,
        **_chained(chain, tells_what_became=False),
    )


def _chained(chain: str, *, tells_what_became: bool) -> dict[str, Any]:
    """`schools.chains` finds the chained tables by these attributes."""
    if not chain:
        return {}
    attributes = {"chain_of_row": chain, "tells_what_became": tells_what_became}
    return {"attrs": attributes, "meta": {"triggers": [chained(chain)]}}


def chained(chain: str) -> pgtrigger.Trigger:
    """A trigger that adds each event to the chain of its course and term.

    `chain` is SQL for the course and the term, both perhaps null, of a `{row}`. The function it calls
    refuses events that no change of a row made (schools/migrations: history_functions).
    """
    return pgtrigger.Trigger(
        name="chained",
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        declare=[("of_course", "BIGINT"), ("of_term", "BIGINT")],
        func=" ".join(
            f"""
            SELECT place.course, place.term INTO of_course, of_term
            FROM ({chain.format(row="NEW")}) AS place (course, term);
            PERFORM history_chain_event(of_course, of_term, TG_TABLE_NAME, NEW.pgh_id, NEW);
            RETURN NULL;
            """.split()  # noqa: S608 - of constants
        ),
    )


@contextmanager
def because_of(**cause: int) -> Iterator[None]:
    """What is written inside says in its history what caused it, by key: `because_of(correction=5)`. It goes
    on with the context around it, and leaves that as it was."""
    with pghistory.context() as context:
        before = dict(context.metadata)
        context.metadata.update(cause)
        try:
            yield
        finally:
            context.metadata.clear()
            context.metadata.update(before)


def acting(*, means: str, person: Any = None) -> AbstractContextManager[Any]:
    """`with acting(means="import_school", person=operator): …`"""
    return pghistory.context(person=person and person.pk, means=means)
