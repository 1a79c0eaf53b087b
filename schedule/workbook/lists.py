"""The sheets «Предметы», «Кабинеты», «Звонки», «Классы»: rows known by their names."""

from itertools import pairwise
from typing import Any

from django.utils.translation import gettext

from schedule.models import Bell, Room
from schedule.workbook.cells import same_name
from schedule.workbook.draft import BellKey, Draft
from schedule.workbook.reading import Line
from schools.models import SchoolClass, Subject


def _given(line: Line, *names: str) -> dict[str, Any]:
    """What the line says; an empty cell says nothing."""
    return {name: line.values[name] for name in names if name in line.values}


def _plan(
    draft: Draft, line: Line, column: str, known: dict[Any, Any], key: Any, new: Any, **values: Any
) -> None:
    """Add the row or alter the known one; a key that came earlier in the file is an error."""
    placed = draft.placed[line.sheet.name]
    if key in placed:
        draft.error(line, column, gettext("the same stands in row %(row)d already") % {"row": placed[key]})
        return
    placed[key] = line.row
    if key in known:
        draft.changes.alter(line, known[key], **values)
    else:
        known[key] = new(organisation=draft.organisation, **values)
        draft.changes.add(line, known[key])


def plan_subjects(draft: Draft) -> None:
    for line in draft.lines["subjects"]:
        if line.lacks("name"):
            draft.doubt("subject")
        else:
            key = same_name(line["name"])
            _plan(draft, line, "name", draft.subjects, key, Subject, **_given(line, "name", "short_name"))


def plan_rooms(draft: Draft) -> None:
    for line in draft.lines["rooms"]:
        if line.lacks("name"):
            draft.doubt("room")
        else:
            key = same_name(line["name"])
            _plan(draft, line, "name", draft.rooms, key, Room, **_given(line, "name", "seats", "shared"))


def plan_classes(draft: Draft) -> None:
    """The classes alone; their class teachers come after the teachers."""
    for line in draft.lines["classes"]:
        if line.lacks("label"):
            draft.doubt("class")
            continue
        grade, letter = key = line["label"]
        values = {"grade": grade, "letter": letter, **_given(line, "shift")}
        if key not in draft.classes:
            values["year"] = draft.year
        _plan(draft, line, "label", draft.classes, key, SchoolClass, **values)


def plan_bells(draft: Draft) -> None:
    placed: dict[BellKey, Line] = {}
    for line in draft.lines["bells"]:
        if line.lacks("number", "starts", "ends", "shift", "weekday"):
            # Who needs this bell is not to blame for it.
            draft.doubtful.add(("bell", line["number"]))
            continue
        if line["ends"] <= line["starts"]:
            draft.error(line, "ends", gettext("expected a time after the start"))
            draft.doubtful.add(("bell", line["number"]))
            continue
        key = (line["shift"] or 1, line["weekday"], line["number"])
        values = {"shift": key[0], "weekday": key[1], "number": key[2]}
        values |= {"starts": line["starts"], "ends": line["ends"]}
        _plan(draft, line, "number", draft.bells, key, Bell, **values)
        placed.setdefault(key, line)
    _check_order(draft, placed)


def _check_order(draft: Draft, placed: dict[BellKey, Line]) -> None:
    """A lesson begins after the one before it has ended: on the days without bells of their own, and
    on each of the others, where its own lie over those of every day."""
    numbers = sorted({number for _shift, _weekday, number in draft.bells})
    for shift, weekday in sorted({key[:2] for key in draft.bells}, key=lambda key: (key[0], key[1] or 0)):
        rung = [bell for number in numbers if (bell := draft.bell(weekday, shift, number))]
        for before, bell in pairwise(rung):
            if bell.starts < before.ends and weekday in (before.weekday, bell.weekday):
                _report_order(draft, before, bell, placed)


def _report_order(draft: Draft, before: Bell, bell: Bell, placed: dict[BellKey, Line]) -> None:
    """On the weekday's own row, if there is one, else on the later of the two that the file has."""
    line = placed.get((bell.shift, bell.weekday, bell.number))
    earlier = placed.get((before.shift, before.weekday, before.number))
    draft.doubtful |= {("bell", before.number), ("bell", bell.number)}
    if earlier and (line is None or (before.weekday and not bell.weekday)):
        expected = gettext("expected an end before the start of lesson %(lesson)d, %(time)s")
        words = {"lesson": bell.number, "time": f"{bell.starts:%H:%M}"}
        draft.error(earlier, "ends", expected % words)
    elif line:
        expected = gettext("expected a start after the end of lesson %(lesson)d, %(time)s")
        words = {"lesson": before.number, "time": f"{before.ends:%H:%M}"}
        draft.error(line, "starts", expected % words)
