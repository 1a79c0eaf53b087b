"""Tell the stand-in for ESIA who the demo's people are."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from demo.esia_people import write_people


class Command(BaseCommand):
    help = "Writes the demo's people into the file ESIA_MOCK_PEOPLE, for the stand-in for ESIA."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEVELOPMENT or not settings.ESIA_MOCK_PEOPLE:
            raise CommandError("For development, with ESIA_MOCK_PEOPLE naming the file.")
        write_people(Path(settings.ESIA_MOCK_PEOPLE))
