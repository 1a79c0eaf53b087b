"""What corrections wrote, told where it shows: what was, what is, the cause, the day."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from diary.corrections.words import cause_words, cell_value
from diary.models import Correction, local_name
from schedule.weeks import day_label, term_label
from schools.models import Information, Term


@dataclass(frozen=True)
class Label:
    """An approved correction as everybody reads it; the reason and the people are the school's."""

    subject: str  # mark, absence or result
    student: int
    lesson: int | None
    work: int | None
    mark_kind: str  # of work, in the reader's language; empty for absences and results
    course: str  # the subject's name
    term: str
    date: datetime.date | None  # of the lesson or the work; a result has none
    was: str
    now: str
    cause: str
    decided_on: datetime.date

    @property
    def place(self) -> str:
        """«Алгебра, 16 октября», «Алгебра, 1-я четверть»"""
        return f"{self.course}, {day_label(self.date) if self.date else self.term}"

    @property
    def is_of_absence(self) -> bool:
        return self.subject == Correction.Subject.ABSENCE

    @property
    def information(self) -> Information:
        """What a guardian has to be granted to read it."""
        return {
            Correction.Subject.MARK: Information.MARKS,
            Correction.Subject.ABSENCE: Information.ATTENDANCE,
            Correction.Subject.RESULT: Information.RESULTS,
        }[Correction.Subject(self.subject)]

    @property
    def words(self) -> str:
        """«было 3, стало 4 · пересдача · 12 января»"""
        changed = _("was: %(was)s, now: %(now)s") % {"was": self.was, "now": self.now}
        return " · ".join(filter(None, [self.mark_kind, changed, self.cause, day_label(self.decided_on)]))


def labels(**which: Any) -> Iterator[Label]:
    """Of the approved corrections that `which` names, in the order of their approval. One statement."""
    found = Correction.objects.filter(approved=True, **which).order_by("decided_at", "pk")
    return (_label(row) for row in found.values(*_COLUMNS))


# Corrections are rare and home is opened by everybody: whether a school approved any lately is kept
# for five minutes, until it approves one. There is nothing personal in it.
SECONDS = 300


def corrected_since(organisation: int, since: datetime.datetime) -> bool:
    """Whether the school has approved a correction since then."""
    latest = cache.get(_key(organisation))
    if latest is None:
        found = Correction.objects.filter(approved=True, course__organisation=organisation)
        latest = found.aggregate(at=Max("decided_at"))["at"] or NEVER
        cache.set(_key(organisation), latest, SECONDS)
    return bool(latest >= since)


def forget_latest(organisation: int) -> None:
    """Once the transaction that approved one is over."""
    transaction.on_commit(lambda: cache.delete(_key(organisation)))


def _key(organisation: int) -> str:
    return f"latest-correction-{organisation}"


NEVER = datetime.datetime(1, 1, 1, tzinfo=datetime.UTC)
_COLUMNS = (
    "subject",
    "student",
    "lesson",
    "lesson__date",
    "work",
    "work__date",
    "work__kind__name",
    "work__kind__name_en",
    "kind__name",
    "kind__name_en",
    "course__subject__name",
    "term__kind",
    "term__number",
    "was",
    "value__text",
    "code",
    "minutes",
    "cause",
    "decided_at",
)


def _label(row: dict[str, Any]) -> Label:
    subject = row["subject"]
    now = row["value__text"] or ""
    if subject == Correction.Subject.ABSENCE:
        now = f"{row['code']}:{row['minutes'] or ''}"
    return Label(
        subject=subject,
        student=row["student"],
        lesson=row["lesson"],
        work=row["work"],
        mark_kind=_kind_name(row),
        course=row["course__subject__name"],
        term=term_label(Term(kind=row["term__kind"], number=row["term__number"])),
        date=row["lesson__date"] or row["work__date"],
        was=cell_value(subject, row["was"], None)["words"],
        now=cell_value(subject, now, None)["words"],
        cause=cause_words(row["cause"]),
        decided_on=timezone.localdate(row["decided_at"]),
    )


def _kind_name(row: dict[str, Any]) -> str:
    prefix = "work__kind" if row["work"] else "kind"
    return local_name(row[f"{prefix}__name"] or "", row[f"{prefix}__name_en"])
