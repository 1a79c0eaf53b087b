"""A report as plain values, for the page and for paper alike: tables of a student in a period."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """The first column of each row is its heading; `marks` is the column that holds many marks, if any."""

    caption: str
    headings: list[str]
    rows: list[list[str]]
    marks: int | None = None


@dataclass(frozen=True)
class Report:
    title: str
    period: str  # «2-я четверть, 2 ноября – 30 декабря»
    student: str
    class_label: str
    school: str
    tables: list[Table]

    @property
    def has_corrections(self) -> bool:
        """Whether a result has the star of `reading.results_of`."""
        cells = (cell for table in self.tables for row in table.rows for cell in row[1:])
        return any(cell.endswith("*") for cell in cells)
