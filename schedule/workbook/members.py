"""The sheets «Учителя», «Ученики», «Родители», and who leads a class: people and their ties."""

import datetime
from typing import Any

from django.utils.translation import gettext

from schedule.workbook.cells import same_group, same_name
from schedule.workbook.changes import Status
from schedule.workbook.draft import DAY, Draft
from schedule.workbook.people import (
    Ambiguous,
    NameKey,
    OtherPerson,
    OtherSnils,
    Pending,
    initials_key,
)
from schedule.workbook.plausible import look_at_adult, look_at_guardian, look_at_student
from schedule.workbook.reading import Line
from schools.models import (
    ClassTeacher,
    Employment,
    Enrolment,
    Group,
    GroupMembership,
    Guardianship,
    Person,
    SchoolClass,
)

_FILE = ("surname", "first_name", "patronymic", "sex", "birth_date", "snils")


def line_key(line: Line) -> NameKey:
    parts = (line["surname"], line["first_name"], line["patronymic"])
    return same_name(" ".join(filter(None, parts))), line["birth_date"]


def _words(line: Line) -> set[Any]:
    """Everything by which other lines may name this person."""
    name, birth_date = line_key(line)
    return {name, (name, birth_date), initials_key(name), line["snils"]} - {None, ""}


# --- A person's file ------------------------------------------------------------------------------


def find_person(draft: Draft, line: Line) -> Person | Pending | None:
    """Whom the line means: the school's file, a new unsaved one, or an outside one. None when the
    line is not clear enough, which is reported."""
    if line.lacks(*_FILE):
        _doubt(draft, line)
        return None
    if line["birth_date"] is None and not line["snils"]:
        draft.error(line, "birth_date", gettext("expected a birth date, or a SNILS"))
        _doubt(draft, line)
        return None
    try:
        found = draft.people.find(line_key(line), line["snils"])
    except Ambiguous:
        draft.error(line, "snils", gettext("two people have this name and birth date: expected a SNILS"))
    except OtherSnils:
        draft.error(line, "snils", gettext("a person of this name and birth date has another SNILS"))
    except OtherPerson:
        expected = gettext(
            "this SNILS is that of somebody else of the school, of another name and birth date"
        )
        draft.error(line, "snils", expected)
    else:
        return found or _newcomer(draft, line)
    _doubt(draft, line)
    return None


def _newcomer(draft: Draft, line: Line) -> Person:
    """A new file; worth a word when it looks like a mended row of one that is there."""
    known = draft.people.almost(line_key(line), line["first_name"])
    if known and known.birth_date and not line["snils"]:
        expected = gettext(
            "a new person; %(name)s, born on %(day)s, is here already: if they are one, mend that file"
        )
        words = {"name": known.full_name, "day": f"{known.birth_date:%d.%m.%Y}"}
        draft.warn(line, "surname", expected % words)
    return Person()


def _doubt(draft: Draft, line: Line) -> None:
    """Lines that name this person are not to be reported for it as well."""
    draft.doubtful |= _words(line)
    if line.lacks("surname", "first_name", "patronymic"):
        draft.doubt(f"{line.sheet.name}: name")
    if line.lacks("snils"):
        draft.doubt(f"{line.sheet.name}: snils")


def plan_file(draft: Draft, line: Line, person: Person) -> None:
    """Write what the line says about the person into the file; an empty cell says nothing."""
    if _contradicts(draft, line, person):
        return
    values = {name: line.values[name] for name in _FILE if name in line.values}
    for name in ("surname", "first_name", "patronymic"):
        # Lists often drop the dots of Ё: that is no change of a name.
        if values.get(name) == getattr(person, name).replace("ё", "е").replace("Ё", "Е"):
            values[name] = getattr(person, name)
    if id(person) in draft.people.shared:
        if any(getattr(person, name) != value for name, value in values.items()):
            expected = gettext("this person belongs to another organisation, too: the file stays as it is")
            draft.warn(line, "surname", expected)
        return
    if person.pk is None and id(person) not in draft.described:
        for name, value in values.items():
            setattr(person, name, value)
        draft.changes.add(line, person)
    else:
        draft.changes.alter(line, person, **values)
    draft.described[id(person)] = (line, values)
    draft.people.register(person)


def _contradicts(draft: Draft, line: Line, person: Person) -> bool:
    """Another row says something else about the same person."""
    other, values = draft.described.get(id(person), (line, {}))
    for name in _FILE:
        if name in line.values and name in values and line.values[name] != values[name]:
            expected = gettext("the same person stands on the sheet «%(sheet)s», row %(row)d, otherwise")
            draft.error(line, name, expected % {"sheet": other.sheet.title, "row": other.row})
            _doubt(draft, line)
            return True
    return False


def _is_second(draft: Draft, line: Line, person: Person) -> bool:
    placed = draft.placed[line.sheet.name]
    if id(person) in placed:
        expected = gettext("this person stands in row %(row)d already") % {"row": placed[id(person)]}
        draft.error(line, "surname", expected)
        _doubt(draft, line)
        return True
    placed[id(person)] = line.row
    return False


def propose(draft: Draft, line: Line, outside: Pending, tie: str, **details: Any) -> None:
    """Another school's file: a tie is proposed, nothing is read or changed. The words are the same
    whatever that file holds."""
    draft.proposals.append((outside.pk, {"tie": tie, **details}))
    draft.pending |= dict.fromkeys(_words(line), gettext("this person's tie waits to be confirmed"))
    draft.changes.note(line, Status.PENDING)
    draft.warn(line, "surname", gettext("a tie is proposed and waits to be confirmed"))


def _has_ended(draft: Draft, line: Line, model: Any, *people: Person | Pending) -> bool:
    """The school ended this tie: an old workbook does not bring it back. Reported, with what does: a
    day after the end in the line's `since`; a sheet without that column brings nobody back."""
    last = draft.ended.get((model, *(person.pk for person in people)))
    since = line.values.get("since")
    if last is None or (since and since > last):
        return False
    column = next((column.title for column in line.sheet.columns if column.name == "since"), "")
    if column:
        expected = gettext(
            "the tie ended on %(day)s and stays so; if the person is back, write the day of return "
            "into the column «%(column)s»"
        )
    else:
        expected = gettext(
            "the tie ended on %(day)s and stays so; if it holds again, add it on the pages of administration"
        )
    draft.warn(line, "surname", expected % {"day": f"{last:%d.%m.%Y}", "column": column})
    draft.pending |= dict.fromkeys(_words(line), gettext("this person left the school"))
    return True


# --- Teachers -------------------------------------------------------------------------------------


def plan_teachers(draft: Draft) -> None:
    for line in draft.lines["teachers"]:
        person = find_person(draft, line)
        if person is None or _has_ended(draft, line, Employment, person):
            continue
        if isinstance(person, Pending):
            propose(draft, line, person, "employment", position=line["position"] or "")
        elif not _is_second(draft, line, person):
            plan_file(draft, line, person)
            look_at_adult(draft, line)
            _plan_employment(draft, line, person)
    draft.index_teachers()


def _plan_employment(draft: Draft, line: Line, person: Person) -> None:
    tie = draft.employments.get(id(person))
    position = {"position": line["position"]} if line["position"] else {}
    if tie is None:
        since = line["since"] or draft.first_day(Employment)
        tie = Employment(person=person, organisation=draft.organisation, since=since, **position)
        draft.employments[id(person)] = tie
        draft.changes.add(line, tie)
        return
    draft.changes.alter(line, tie, **position)
    _keep_beginning(draft, line, line["since"], tie.since)


def _keep_beginning(draft: Draft, line: Line, given: datetime.date | None, since: datetime.date) -> None:
    if given and given != since:
        expected = gettext("it began on %(day)s here, which stays") % {"day": f"{since:%d.%m.%Y}"}
        draft.warn(line, "since", expected)


def plan_class_teachers(draft: Draft) -> None:
    for line in draft.lines["classes"]:
        school_class = draft.classes.get(line["label"])
        teacher = draft.find_teacher(line, "teacher", line["teacher"]) if line["teacher"] else None
        if school_class is None or teacher is None:
            continue
        tie = draft.class_teachers.get(id(school_class))
        if tie is not None and tie.person_id == teacher.pk and teacher.pk:
            continue
        since = draft.first_day(ClassTeacher)
        if tie is not None:
            since = draft.day
            if tie.since >= since:
                draft.changes.alter(line, tie, person=teacher)
                continue
            draft.changes.alter(line, tie, until=since - DAY)
        new = ClassTeacher(school_class=school_class, person=teacher, since=since)
        draft.changes.add(line, new, Status.CHANGED)


# --- Students -------------------------------------------------------------------------------------


def plan_students(draft: Draft) -> None:
    for line in draft.lines["students"]:
        if line["birth_date"] is None and not line.lacks("birth_date"):
            draft.error(line, "birth_date", gettext("expected something here: the cell is empty"))
            line.broken.add("birth_date")
        if line.lacks("groups"):
            draft.doubt("group")
        # Groups of a student who cannot be read exist all the same.
        draft.doubtful |= {("group", same_group(name)) for name in line["groups"] or ()}
        person = find_person(draft, line)
        school_class = _class_of(draft, line)
        if person is None or _has_ended(draft, line, Enrolment, person):
            continue
        if isinstance(person, Pending):
            if school_class is not None:
                propose(draft, line, person, "enrolment", school_class=school_class)
        elif not _is_second(draft, line, person):
            plan_file(draft, line, person)
            look_at_student(draft, line)
            draft.students.add(id(person))
            if school_class is not None:
                _plan_enrolment(draft, line, person, school_class)
                _plan_groups(draft, line, person, school_class)


def _class_of(draft: Draft, line: Line) -> SchoolClass | None:
    if line.lacks("label"):
        return None
    school_class = draft.classes.get(line["label"])
    if school_class is None and not draft.is_doubtful("class"):
        draft.error(line, "label", gettext("expected a class of the sheet «Классы»"))
    return school_class


def _plan_enrolment(draft: Draft, line: Line, student: Person, school_class: SchoolClass) -> None:
    """A changed class ends the enrolment on the day before and begins another."""
    given = _enrolled_since(draft, line)
    tie = draft.enrolments.get(id(student))
    if tie is not None and tie.school_class is school_class:
        _keep_beginning(draft, line, given, tie.since)
        return
    since = given or draft.first_day(Enrolment)
    if tie is not None:
        # Schools write the day on which the child came to them at all: a move is later than that.
        since = given if given and given > tie.since else max(draft.day, draft.first_day(Enrolment))
        if tie.since >= since:
            draft.changes.alter(line, tie, school_class=school_class)
            return
        draft.changes.alter(line, tie, until=since - DAY)
    status = Status.NEW if tie is None else Status.CHANGED
    tie = Enrolment(student=student, school_class=school_class, since=since)
    draft.enrolments[id(student)] = tie
    draft.changes.add(line, tie, status)


def _enrolled_since(draft: Draft, line: Line) -> datetime.date | None:
    """The day in the cell, not before the class's year."""
    since: datetime.date | None = line["since"]
    if since and since > draft.year.until:
        words = {"since": f"{draft.year.since:%d.%m.%Y}", "until": f"{draft.year.until:%d.%m.%Y}"}
        expected = gettext("expected a day of the academic year, %(since)s to %(until)s")
        draft.error(line, "since", expected % words)
        return None
    return since and max(since, draft.year.since)


def _plan_groups(draft: Draft, line: Line, student: Person, school_class: SchoolClass) -> None:
    """The cell names all groups of the student: a membership it does not name ends."""
    if line["groups"] is None:
        return
    wanted = {}
    for name in line["groups"]:
        group = draft.groups.get(same_group(name)) or _new_group(draft, line, name)
        wanted[id(group)] = group
        _plan_class_of_group(draft, line, group, school_class)
    held = draft.memberships[id(student)]
    for key, tie in list(held.items()):
        if key not in wanted:
            draft.end(line, tie)
            del held[key]
    for key, group in wanted.items():
        if key not in held:
            since = draft.first_day(GroupMembership)
            held[key] = GroupMembership(student=student, group=group, since=since)
            draft.changes.add(line, held[key], Status.CHANGED)


def _new_group(draft: Draft, line: Line, name: str) -> Group:
    group = Group(organisation=draft.organisation, year=draft.year, name=name)
    draft.groups[same_group(name)] = group
    draft.new_groups.append((group, line))
    draft.changes.add(None, group)
    return group


def _plan_class_of_group(draft: Draft, line: Line, group: Group, school_class: SchoolClass) -> None:
    """A group of several classes is rare, one copied from another class's row is not."""
    classes = draft.group_classes[id(group)]
    if not any(known is school_class for known in classes.values()):
        if classes:
            labels = ", ".join(sorted(known.label for known in classes.values()))
            expected = gettext(
                "the group «%(group)s» was of %(classes)s only: check that it is the right one"
            )
            draft.warn(line, "groups", expected % {"group": group.name, "classes": labels})
        classes[id(school_class)] = school_class
        through: Any = Group.classes.through
        draft.changes.add(None, through(group=group, schoolclass=school_class))


# --- Guardians ------------------------------------------------------------------------------------


def plan_guardians(draft: Draft) -> None:
    draft.index_students()
    for line in draft.lines["guardians"]:
        child = _child(draft, line)
        person = find_person(draft, line)
        if child is None or person is None or line.lacks("kind"):
            continue
        if isinstance(child, Pending):
            draft.changes.note(line, Status.PENDING)
            draft.warn(line, "child_name", _why_pending(draft, line))
        elif _has_ended(draft, line, Guardianship, person, child):
            continue
        elif isinstance(person, Pending):
            propose(draft, line, person, "guardianship", child=child, kind=line["kind"])
        elif person is child:
            draft.error(line, "surname", gettext("nobody is their own guardian"))
        else:
            plan_file(draft, line, person)
            look_at_guardian(draft, line, person, child)
            _plan_guardianship(draft, line, person, child)


def _plan_guardianship(draft: Draft, line: Line, guardian: Person, child: Person) -> None:
    pair = id(guardian), id(child)
    placed = draft.placed["guardians"]
    if pair in placed:
        expected = gettext("the same stands in row %(row)d already") % {"row": placed[pair]}
        draft.error(line, "surname", expected)
        return
    placed[pair] = line.row
    tie = draft.guardianships.get(pair)
    if tie is not None:
        draft.changes.alter(line, tie, kind=line["kind"])
        return
    tie = Guardianship(guardian=guardian, child=child, kind=line["kind"], since=draft.first_day(Guardianship))
    draft.guardianships[pair] = tie
    draft.changes.add(line, tie)


def _child(draft: Draft, line: Line) -> Person | Pending | None:
    """The student that the line names by SNILS, or by name (and birth date, where two share it)."""
    if line.lacks("child_snils", "child_name", "child_birth_date"):
        return None
    name = "child_snils" if line["child_snils"] else "child_name"
    if line[name] is None:
        draft.error(line, "child_name", gettext("expected the child's SNILS, or name and birth date"))
        return None
    words = _child_words(line)
    for word in words:
        found = draft.children.get(word)
        if found is not None and len(found) == 1:
            return found[0]
        if found:
            draft.error(
                line, "child_birth_date", gettext("two students have this name: expected a birth date")
            )
            return None
    if any(word in draft.pending for word in words):
        return Pending(0)
    words += [same_name(line["child_name"])] if name == "child_name" else []
    if any(word in draft.doubtful for word in words) or draft.may_mean("students", line[name]):
        return None
    draft.error(line, name, gettext("expected a student of the sheet «Ученики»"))
    return None


def _why_pending(draft: Draft, line: Line) -> str:
    return next(draft.pending[word] for word in _child_words(line) if word in draft.pending)


def _child_words(line: Line) -> list[Any]:
    if line["child_snils"]:
        return [line["child_snils"]]
    name = same_name(line["child_name"])
    return [(name, line["child_birth_date"])] if line["child_birth_date"] else [name]
