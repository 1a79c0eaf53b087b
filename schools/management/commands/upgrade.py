"""Bring the database to this version."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from schools.database import NewerDatabase, upgrade


class Command(BaseCommand):
    requires_system_checks = ()  # as migrate itself: the database comes first
    help = "Migrates as the role of DATABASE_OWNER_URL and grants the application's role its rights."

    def handle(self, *args: Any, verbosity: int, **options: Any) -> None:
        if not settings.DATABASE_OWNER_URL:
            raise CommandError("Set DATABASE_OWNER_URL: the role that owns the tables.")
        try:
            upgrade(owner_url=settings.DATABASE_OWNER_URL, verbosity=verbosity)
        except NewerDatabase as error:
            (unknown,) = error.args
            raise CommandError(
                f"The database is of a newer version ({', '.join(unknown)}): update the program, "
                "or restore the database from before."
            ) from error
        if verbosity:
            self.stdout.write(self.style.SUCCESS("The database is up to date."))
