"""Load a school from its workbook."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext

from schedule.workbook.changes import Status
from schedule.workbook.container import why
from schedule.workbook.importing import Report, import_workbook
from schedule.workbook.problems import Refused, Rejected
from schedule.workbook.template import write_template


class Command(BaseCommand):
    help = "Makes or changes one school from a workbook (.xlsx); everything or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path)
        parser.add_argument("--check", action="store_true", help="tell what would change, change nothing")
        parser.add_argument("--template", type=Path, metavar="OUT.xlsx", help="write the empty workbook")

    def handle(
        self, *args: Any, file: Path | None, check: bool, template: Path | None, **options: Any
    ) -> None:
        if template is not None:
            self._write_template(template)
        elif file is None:
            raise CommandError(gettext("Name the workbook, or --template with a name for an empty one."))
        else:
            self._import(file, check=check)

    def _write_template(self, path: Path) -> None:
        if path.exists():
            raise CommandError(gettext("%(file)s is there already: choose another name.") % {"file": path})
        try:
            write_template(path)
        except OSError as error:
            words = {"file": path, "why": why(error)}
            raise CommandError(gettext("%(file)s cannot be written: %(why)s.") % words) from error
        self.stdout.write(gettext("The empty workbook: %(file)s") % {"file": path})

    def _import(self, file: Path, *, check: bool) -> None:
        try:
            report = import_workbook(file, check=check, progress=self._progress)
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        except Rejected as rejected:
            for problem in rejected.problems:
                word = gettext("Warning") if problem.is_warning else gettext("Error")
                self.stderr.write(f"{word}: {problem}", self.style.WARNING if problem.is_warning else None)
            errors = sum(not problem.is_warning for problem in rejected.problems)
            raise CommandError(
                gettext("Nothing was changed. Errors: %(number)d.") % {"number": errors}
            ) from None
        self._tell(report, check=check)

    def _progress(self, step: str) -> None:
        self.stderr.write(f"{step} …", self.style.NOTICE)

    def _tell(self, report: Report, *, check: bool) -> None:
        word = gettext("Warning")
        for problem in report.warnings:
            self.stdout.write(self.style.WARNING(f"{word}: {problem}"))
        school = report.organisation
        words = {"school": school.short_name, "code": school.code}
        self.stdout.write(gettext("%(school)s, OGRN %(code)s") % words)
        self._table(report)
        if not report.changed_anything:
            self.stdout.write(gettext("Nothing differs from what the school has."))
        elif check:
            self.stdout.write(gettext("This is what would change; nothing was changed."))
        if report.published:
            told = gettext(
                "Lessons: made %(created)d, changed %(updated)d, removed %(removed)d, kept %(kept)d."
            )
            if check:
                told = gettext(
                    "Lessons would be: made %(created)d, changed %(updated)d, removed %(removed)d, "
                    "kept %(kept)d."
                )
            self.stdout.write(told % vars(report.published))
        else:
            self.stdout.write(gettext("No term is running or coming: no lessons were published."))

    def _table(self, report: Report) -> None:
        heads = (
            gettext("new"),
            gettext("changed"),
            gettext("unchanged"),
            gettext("waiting"),
            gettext("ended"),
        )
        self.stdout.write(" " * 22 + "".join(f"{head:>16}" for head in heads))
        order = (Status.NEW, Status.CHANGED, Status.UNCHANGED, Status.PENDING)
        for title, counts in report.lines.items():
            numbers = [*(counts[status] for status in order), report.ended[title]]
            self.stdout.write(f"{title:<22}" + "".join(f"{number:>16}" for number in numbers))
