"""Load the demo region anew: invented schools and people to try the portal with."""

import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from demo import cast
from demo.esia_people import write_people
from demo.loading import MORNING, SCHOOLS, SEED, STEPS_A_SCHOOL, NotADemo, Request, load_demo
from demo.progress import Progress


class Command(BaseCommand):
    help = "Loads the demo region. The same arguments give the same region."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--schools", type=int, default=SCHOOLS, help="how many (%(default)s)")
        parser.add_argument("--seed", type=int, default=SEED, help="another number, other people")
        parser.add_argument(
            "--today",
            type=datetime.date.fromisoformat,
            help="the day up to whose morning journals are kept, like 2026-11-24 (today up to now)",
        )

    def handle(self, *args: Any, schools: int, seed: int, today: Any, **options: Any) -> None:
        if not settings.DEVELOPMENT:
            raise CommandError("The demo's logins are known to everybody: load it in development only.")
        if schools < 1:
            raise CommandError("--schools must be 1 or more.")
        progress = Progress(total=STEPS_A_SCHOOL * schools)
        try:
            now = timezone.localtime()
            clock = MORNING if today else now.time()
            load_demo(Request(schools, seed, today or now.date(), clock), progress)
        except NotADemo as problem:
            raise CommandError(
                "This database holds schools or people that are not a demo's: it stays as it is. "
                "Choose an empty one: with DATABASE_URL, or a local one with ASURSO_VAR=./var-demo."
            ) from problem
        if settings.ESIA_MOCK_PEOPLE:
            write_people(Path(settings.ESIA_MOCK_PEOPLE))
        seconds = progress.finish()
        self.stdout.write(
            f"The demo region is loaded ({seconds:.0f} s): {schools} schools. "
            f"Logins: {', '.join(login.username for login in cast.LOGINS)}; password: {cast.PASSWORD}."
        )
