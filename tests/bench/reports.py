"""How long reports and calendars take on the demo region: one student, and the largest class in one PDF.

`.venv/bin/python -m local.shell python -m tests.bench.reports`
"""

import datetime
import os
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "asurso.settings")
django.setup()

from django.db.models import Count  # noqa: E402
from django.utils import timezone, translation  # noqa: E402

from diary.feed.events import events_of  # noqa: E402
from diary.feed.ics import calendar_file  # noqa: E402
from diary.reports.paper import reports_pdf  # noqa: E402
from diary.reports.reading import learners_of  # noqa: E402
from diary.reports.spans import present_term, span_of_term, span_of_year, terms_of  # noqa: E402
from diary.reports.tables import Kind, reports_of  # noqa: E402
from schools.family import Child  # noqa: E402
from schools.models import SchoolClass  # noqa: E402
from schools.places import classes_of  # noqa: E402

TURNS = 5


def main() -> None:
    now = timezone.localtime()
    school_class = SchoolClass.objects.alias(size=Count("enrolments")).order_by("-size", "pk")[0]
    learners, terms = learners_of(school_class, on=now.date()), terms_of(school_class)
    for whom in (learners[:1], learners):
        for kind in Kind:
            span = span_of_year(terms) if kind == Kind.YEAR else span_of_term(present_term(terms, now.date()))
            read = partial(reports_of, kind, whom, school_class, span, now=now)
            say(f"{kind}, {len(whom)} students, read", read)
            write = partial(reports_pdf, read(), title="", on=now.date())
            say(f"{kind}, {len(whom)} students, set", write)
    student = learners[0]
    child = Child(student.student, school_class, True, student.information, ())
    say("calendar of a student", partial(_calendar, child, now))


def _calendar(child: Child, now: datetime.datetime) -> bytes:
    classes = tuple(classes_of(child.student.enrolments.all()))
    events = events_of(replace(child, classes=classes), now=now)
    return calendar_file(events, name="", host="localhost", made_at=now)


def say(what: str, action: Callable[[], Any]) -> None:
    taken = []
    for _turn in range(TURNS):
        begun = time.perf_counter()
        action()
        taken.append(time.perf_counter() - begun)
    print(f"{what}: {statistics.median(taken) * 1000:.0f} ms, at most {max(taken) * 1000:.0f} ms")


if __name__ == "__main__":
    with translation.override("ru"):
        main()
