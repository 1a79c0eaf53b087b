"""What an import would write, collected while the workbook is checked, written at the end."""

from collections import Counter, defaultdict
from enum import IntEnum
from typing import Any

from django.db import models

from schedule.models import Bell, Room, TimetableEntry
from schedule.workbook.reading import Line
from schools import models as schools
from schools.models import Group, Person, Term
from schools.models.documents import document_hashes

ROWS_A_STATEMENT = 2_000

# Whatever a row refers to is written before it.
ORDER: tuple[Any, ...] = (
    schools.Locality,
    schools.Organisation,
    schools.AcademicYear,
    Term,
    schools.Holiday,
    schools.MovedDay,
    schools.Subject,
    Room,
    Bell,
    Person,
    schools.Employment,
    schools.SchoolClass,
    schools.ClassTeacher,
    schools.Enrolment,
    Group,
    Group.classes.through,
    schools.GroupMembership,
    schools.Guardianship,
    schools.Course,
    schools.TeachingAssignment,
    TimetableEntry,
    schools.TieProposal,
)


class Status(IntEnum):
    """What the import does with a line; the strongest word counts."""

    UNCHANGED = 0
    CHANGED = 1
    PENDING = 2
    NEW = 3


class Changes:
    """Objects to add, alter and remove. The objects show the future state while it is planned."""

    def __init__(self) -> None:
        self.added: dict[Any, list[Any]] = defaultdict(list)
        self.altered: dict[Any, dict[int, tuple[Any, set[str]]]] = defaultdict(dict)
        self.removed: dict[Any, list[Any]] = defaultdict(list)
        self.statuses: dict[tuple[str, int], Status] = {}
        self.ended: Counter[str] = Counter()
        self._new: set[int] = set()

    def __bool__(self) -> bool:
        return any(any(kind.values()) for kind in (self.added, self.altered, self.removed))

    def note(self, line: Line, status: Status) -> None:
        place = (line.sheet.name, line.row)
        self.statuses[place] = max(status, self.statuses.get(place, status))

    def add(self, line: Line | None, instance: Any, status: Status = Status.NEW) -> None:
        self.added[type(instance)].append(instance)
        self._new.add(id(instance))
        if line:
            self.note(line, status)

    def alter(self, line: Line | None, instance: Any, **values: Any) -> bool:
        """Set what differs; whether anything does."""
        different = {name for name, value in values.items() if not _has(instance, name, value)}
        for name in different:
            setattr(instance, name, values[name])
        if different and id(instance) not in self._new:
            known = self.altered[type(instance)].setdefault(id(instance), (instance, set()))
            known[1].update(different)
            if line:
                self.note(line, Status.CHANGED)
        return bool(different)

    def remove(self, instance: Any) -> None:
        self.removed[type(instance)].append(instance)

    def tally(self, lines: dict[str, list[Line]]) -> dict[str, Counter[Status]]:
        """Lines by sheet and status."""
        return {
            name: Counter(self.statuses.get((name, line.row), Status.UNCHANGED) for line in of_sheet)
            for name, of_sheet in lines.items()
        }

    def save(self) -> None:
        """Write everything, in a number of statements that does not depend on that of the lines."""
        for model in ORDER:
            removed = [instance.pk for instance in self.removed[model]]
            if removed:
                model.objects.filter(pk__in=removed).delete()
            altered = list(self.altered[model].values())
            if model is Term:
                _make_way(altered)
            _update(model, altered)
            if model is Person:
                _hash_snils(self.added[model])
            if model is schools.TieProposal:
                _number(self.added[model])
            if self.added[model]:
                model.objects.bulk_create(self.added[model], batch_size=ROWS_A_STATEMENT)


def _has(instance: Any, name: str, value: Any) -> bool:
    field = instance._meta.get_field(name)
    if not isinstance(field, models.ForeignKey) or value is None:
        return bool(getattr(instance, field.attname) == value)
    if value.pk is None:
        return field.is_cached(instance) and field.get_cached_value(instance) is value
    return bool(getattr(instance, field.attname) == value.pk)


def _hash_snils(people: list[Person]) -> None:
    """What `Person.save` does, which writing in bulk passes by."""
    for person in people:
        person.snils_hash = document_hashes(person.snils)[0] if person.snils else None


def _number(proposals: list[schools.TieProposal]) -> None:
    """Rows that a proposal names have their numbers now."""
    for proposal in proposals:
        proposal.proposed = numbered(proposal.proposed)


def numbered(proposed: dict[str, Any]) -> dict[str, Any]:
    return {name: value.pk if isinstance(value, models.Model) else value for name, value in proposed.items()}


def _update(model: Any, altered: list[tuple[Any, set[str]]]) -> None:
    fields = set().union(*(names for _instance, names in altered))
    if not fields:
        return
    instances = [instance for instance, _names in altered]
    if model is Person and "snils" in fields:
        _hash_snils(instances)
        fields.add("snils_hash")
    model.objects.bulk_update(instances, sorted(fields), batch_size=ROWS_A_STATEMENT)


def _make_way(altered: list[tuple[Any, set[str]]]) -> None:
    """Terms may not overlap at any moment, not even while their dates are moved one by one: first
    each is cut to the days that it has before and after."""
    for term, _names in altered:
        stored = Term.objects.filter(pk=term.pk)
        before = stored.values_list("since", "until").get()
        since, until = max(before[0], term.since), min(before[1], term.until)
        if since < until:
            stored.update(since=since, until=until)
