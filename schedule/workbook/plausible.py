"""What is possible and hardly true of people: ages and kinships worth a second look, never an error."""

import datetime

from django.utils.translation import gettext

from schedule.workbook.draft import Draft
from schedule.workbook.reading import Line
from schools.models import Guardianship, Person

STUDENT_AGES = range(5, 21)  # on the first day of the school year
YOUNGEST_ADULT = 16
YOUNGEST_PARENT = 12  # when the child is born
_SEX_OF_KIND = {Guardianship.Kind.MOTHER: Person.Sex.FEMALE, Guardianship.Kind.FATHER: Person.Sex.MALE}


def look_at_student(draft: Draft, line: Line) -> None:
    born = line["birth_date"]
    if born and _years(born, draft.year.since) not in STUDENT_AGES:
        expected = gettext("a student of %(years)d years: check the date")
        draft.warn(line, "birth_date", expected % {"years": _years(born, draft.year.since)})


def look_at_adult(draft: Draft, line: Line) -> None:
    born = line["birth_date"]
    if born and _years(born, draft.day) < YOUNGEST_ADULT:
        expected = gettext("an adult of %(years)d years: check the date")
        draft.warn(line, "birth_date", expected % {"years": _years(born, draft.day)})


def look_at_guardian(draft: Draft, line: Line, guardian: Person, child: Person) -> None:
    """After the line is written into the guardian's file."""
    if id(guardian) in draft.students or id(guardian) in draft.enrolments:
        draft.warn(line, "surname", gettext("this is a student of the school: check the row"))
        return
    look_at_adult(draft, line)
    born = guardian.birth_date
    if born and child.birth_date and _years(born, child.birth_date) < YOUNGEST_PARENT:
        draft.warn(line, "birth_date", gettext("hardly older than the child: check the date"))
    if guardian.sex and guardian.sex != _SEX_OF_KIND.get(line["kind"], guardian.sex):
        draft.warn(line, "kind", gettext("this does not go with the sex: check both"))


def _years(since: datetime.date, until: datetime.date) -> int:
    return until.year - since.year - ((until.month, until.day) < (since.month, since.day))
