"""Is the journal's history what it was?"""

import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from schools.chains.verifying import Verification


class Command(BaseCommand):
    help = (
        "Recomputes the chains of the journal's history and compares seals, events and rows. Prints a line "
        "for whatever was altered, removed, inserted, cut off, or changed without an event."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--course", type=int, help="the number of one course; seals are trusted then")
        parser.add_argument(
            "--since",
            type=datetime.date.fromisoformat,
            help="a day like 2026-11-24: what was sealed before it is trusted",
        )
        parser.add_argument("--kept", default="", help="the digest of a seal that was kept elsewhere")

    def handle(self, *args: Any, verbosity: int, **options: Any) -> None:
        day: datetime.date | None = options["since"]
        began = timezone.make_aware(datetime.datetime.combine(day, datetime.time())) if day else None
        verification = Verification(
            course=options["course"],
            since=began,
            kept=options["kept"],
            tell=self._tell if verbosity > 1 or self.stderr.isatty() else lambda done: None,
        )
        found = 0
        for finding in verification.findings():
            self.stdout.write(str(finding))
            found += 1
        read = f"{verification.records} records in {verification.chains} chains"
        if found:
            raise CommandError(f"{found} findings in {read}.")
        self.stdout.write(self.style.SUCCESS(f"The history is whole: {read}."))

    def _tell(self, done: str) -> None:
        self.stderr.write(done)
