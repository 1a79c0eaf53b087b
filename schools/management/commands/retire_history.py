"""What the law says to keep no longer goes from the history."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from schools.chains.retiring import Decision, NotClosed, TooYoung, anonymise, remove_year
from schools.database import as_owner
from schools.models import AcademicYear, Person


class Command(BaseCommand):
    help = (
        "Removes the history of a closed year of more than five years ago, or empties the texts that the "
        "history holds about a student, and signs a record of it. Works as the role of DATABASE_OWNER_URL."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--year", type=int, help="the calendar year in which the school year began")
        what.add_argument("--student", type=int, help="the number of a student's file")
        parser.add_argument("--by", required=True, help="who decided it")
        parser.add_argument("--reason", required=True, help="why: the act, the application")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DATABASE_OWNER_URL:
            raise CommandError("Set DATABASE_OWNER_URL: the role that owns the tables.")
        decision = Decision(by=options["by"], reason=options["reason"], at=timezone.now())
        with as_owner(settings.DATABASE_OWNER_URL):
            done = (
                self._remove(options["year"], decision)
                if options["year"]
                else self._anonymise(options["student"], decision)
            )
        self.stdout.write(self.style.SUCCESS(done))

    def _remove(self, began: int, decision: Decision) -> str:
        year = AcademicYear.objects.filter(since__year=began).first()
        if year is None:
            raise CommandError(f"No school year began in {began}.")
        try:
            chains, records = remove_year(year, decision)
        except TooYoung as refusal:
            raise CommandError(f"This year's history is kept until {refusal.args[0]}.") from refusal
        except NotClosed as refusal:
            raise CommandError(f"{refusal.args[0]} schools have not closed the year.") from refusal
        return f"Removed: {records} records in {chains} chains."

    def _anonymise(self, pk: int, decision: Decision) -> str:
        student = Person.objects.filter(pk=pk).first()
        if student is None:
            raise CommandError(f"No file has the number {pk}.")
        return f"Emptied: texts of {anonymise(student, decision)} records."
