"""What is wrong with a workbook: every bad place, found in one reading."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext


class Refused(Exception):
    """The file is not a workbook that can be read at all; the message is one line."""


@dataclass(frozen=True)
class Problem:
    """One bad place. A warning does not stop the import."""

    sheet: str
    row: int | None
    column: str
    value: str
    expected: str
    is_warning: bool = False

    def __str__(self) -> str:
        place = [gettext("sheet «%(sheet)s»") % {"sheet": self.sheet}]
        if self.row:
            place.append(gettext("row %(row)d") % {"row": self.row})
        if self.column:
            place.append(gettext("column %(column)s") % {"column": self.column})
        if self.value:
            place.append(f"«{self.value}»")
        return f"{', '.join(place)}: {self.expected}"


class Rejected(Exception):
    """The workbook has errors: nothing was changed."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(map(str, self.problems)))


@dataclass
class Problems:
    """Collects problems while a workbook is read and checked."""

    found: list[Problem] = field(default_factory=list)

    def add(self, problem: Problem) -> None:
        if problem not in self.found:
            self.found.append(problem)

    @property
    def errors(self) -> list[Problem]:
        return [problem for problem in self.found if not problem.is_warning]

    @property
    def warnings(self) -> list[Problem]:
        return [problem for problem in self.found if problem.is_warning]
