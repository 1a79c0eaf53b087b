"""Who changed a school's rules, when, and from what to what: read from the events of the database."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from diary.models import JournalRules, WorkKind
from schedule.weeks import day_label
from schools.models import Organisation, Person

SHOWN = 20


@dataclass
class Change:
    at: Any
    person: int | None
    what: str
    before: str
    after: str
    who: str = ""

    @property
    def when(self) -> str:
        local = timezone.localtime(self.at)
        return f"{day_label(local.date())} {local.year}, {local:%H:%M}"


def changes_of_rules(organisation: Organisation) -> list[Change]:
    """The newest first. Three statements."""
    of_school = {"organisation": organisation.pk}
    rules = JournalRules.pgh_event_model.objects.filter(**of_school)  # type: ignore[attr-defined]
    kinds = WorkKind.pgh_event_model.objects.filter(**of_school)  # type: ignore[attr-defined]
    found = [
        *_between(rules.order_by("pgh_id"), JournalRules, of_rules=True),
        *_between(kinds.order_by("pgh_id"), WorkKind, of_rules=False),
    ]
    newest = sorted(found, key=lambda change: change.at, reverse=True)[:SHOWN]
    people = Person.objects.in_bulk([change.person for change in newest if change.person])
    for change in newest:
        change.who = people[change.person].short_name if change.person in people else ""
    return newest


def _between(events: Iterable[Any], model: Any, *, of_rules: bool) -> Iterator[Change]:
    """What differs from each event to the next one of the same row; the first one is told from what the
    portal begins with."""
    fields = [
        field for field in model._meta.fields if field.name not in ("id", "organisation", "version", "order")
    ]
    last: dict[int, Any] = {}
    for event in events:
        before = last.get(event.pgh_obj_id, JournalRules() if of_rules else None)
        last[event.pgh_obj_id] = event
        of = {"at": event.pgh_created_at, "person": (event.pgh_context or {}).get("person")}
        if before is None:
            weight = _text(event, model._meta.get_field("weight"))
            yield Change(
                what=f"{event.code} · {event.name}",
                before="",
                after=_("weight %(weight)s") % {"weight": weight},
                **of,
            )
            continue
        for field in fields:
            old, new = _text(before, field), _text(event, field)
            if old != new:
                name = str(field.verbose_name)
                yield Change(what=name if of_rules else f"{event.code} · {name}", before=old, after=new, **of)


def _text(row: Any, field: Any) -> str:
    value = getattr(row, field.attname)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if value in (None, ""):
        return "—"
    return f"{value:%H:%M}" if hasattr(value, "strftime") else str(value).replace(".", ",")
