"""The map of a region: territorial administrations, municipalities and their centres from a table."""

import csv
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext

from schools.models import Locality, Municipality, Region, Territory

SAMARA = Path(__file__).parent / "data" / "samara.csv"
COLUMNS = ("territory", "municipality", "kind", "centre")


class NotARegionTable(Exception):
    """The file is not a table of municipalities; the message says what is wrong with it."""


@dataclass(frozen=True)
class Loaded:
    """How many rows were added; a second loading of the same table adds none."""

    territories: int
    municipalities: int
    localities: int


@transaction.atomic
def load_region(path: Path = SAMARA, name: str = "Самарская область") -> Loaded:
    """Add what the table (CSV in UTF-8 with the columns COLUMNS) has and the database has not.

    Nothing is renamed or removed, the region's own name included: schools stand on these rows.
    Raises NotARegionTable.
    """
    rows = _read(path)
    if not Region.objects.exists():
        Region.objects.create(name=name)
    made = {Territory: 0, Municipality: 0, Locality: 0}
    for row in rows:
        territory, new_territory = Territory.objects.get_or_create(name=row["territory"])
        municipality, new_municipality = Municipality.objects.get_or_create(
            name=row["municipality"], kind=row["kind"], defaults={"territory": territory}
        )
        _locality, new_locality = Locality.objects.get_or_create(
            municipality=municipality, name=row["centre"]
        )
        made[Territory] += new_territory
        made[Municipality] += new_municipality
        made[Locality] += new_locality
    return Loaded(made[Territory], made[Municipality], made[Locality])


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if not set(COLUMNS) <= set(reader.fieldnames or ()):
            raise NotARegionTable(
                gettext("The table needs the columns %(columns)s.") % {"columns": ", ".join(COLUMNS)}
            )
        rows = [{column: (row[column] or "").strip() for column in COLUMNS} for row in reader]
    for number, row in enumerate(rows, start=2):
        if not all(row.values()):
            raise NotARegionTable(gettext("Line %(line)d has an empty cell.") % {"line": number})
    return rows
