"""Lay the ground schools stand on: territories, municipalities, localities."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext

from schools.regions import SAMARA, NotARegionTable, load_region


class Command(BaseCommand):
    help = "Loads the region's territorial administrations and municipalities from a CSV file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=SAMARA)
        parser.add_argument("--name", default="Самарская область", help="the region's name, if it is new")

    def handle(self, *args: Any, file: Path, name: str, **options: Any) -> None:
        try:
            loaded = load_region(file, name)
        except (OSError, UnicodeDecodeError, NotARegionTable) as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(
            gettext(
                "Added: territories %(territories)d, municipalities %(municipalities)d, "
                "localities %(localities)d."
            )
            % vars(loaded)
        )
