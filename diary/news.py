"""What was entered into the diaries of a family's children since they last looked."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, IntegerField, TimeField, Value
from django.urls import reverse
from django.utils.translation import gettext as _

from diary.history.events import AbsenceEvent, RemarkEvent, entered_at
from diary.letters import ABSENCE_LETTERS, absence_words
from diary.models import Absence, Mark, Remark, local_name
from diary.week import AbsenceLine, Entered, MarkLine
from schedule.weeks import DAY, day_label
from schools.family import Child
from schools.models import Information

WINDOW = 31 * DAY  # lessons and works of earlier days are not looked through
AHEAD = 10 * DAY  # an absence is excused, and a test is marked, before its day
MARK = "mark"


@dataclass(frozen=True)
class Row:
    """`code` is MARK, an `Absence.Code` or a `Remark.Kind`; `at` is None where no person entered it."""

    student: int
    lesson: int | None
    date: datetime.date
    ends: datetime.time | None
    at: datetime.datetime | None
    subject: str
    code: str
    text: str
    tone: str
    kind: str
    kind_en: str
    comment: str
    minutes: int | None

    @property
    def local_kind(self) -> str:
        return local_name(self.kind, self.kind_en)

    @property
    def letter(self) -> str:
        return str(ABSENCE_LETTERS[Absence.Code(self.code)])

    def moment(self, zone: Any) -> datetime.datetime:
        """What a program made counts from the lesson's end."""
        return self.at or datetime.datetime.combine(self.date, self.ends or datetime.time(), tzinfo=zone)


def news_of(
    rows: Iterable[Row], since: dict[int, datetime.datetime], *, now: datetime.datetime
) -> dict[int, list[dict[str, Any]]]:
    """By student, the newest first, each for `diary/_news.html`."""
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        if since[row.student] < row.moment(now.tzinfo) <= now:
            found[row.student].append(row)
    return {
        student: [_item(row, now) for row in sorted(rows, key=lambda row: _order(row, now), reverse=True)]
        for student, rows in found.items()
    }


def entered_of(rows: Iterable[Row], student: int) -> Entered:
    """A student's marks and absences, for the days of the home page."""
    found = Entered(defaultdict(list), {})
    own = [row for row in rows if row.student == student]
    for row in sorted(own, key=lambda row: row.kind):
        if row.lesson is None:
            continue
        if row.code == MARK:
            found.marks[row.lesson].append(MarkLine(row.text, row.tone, row.local_kind, "", ""))
        elif row.code in Absence.Code.values:
            words = absence_words(row.code, row.minutes)
            found.absences[row.lesson] = AbsenceLine(row.code, row.letter, words)
    return found


def _order(row: Row, now: datetime.datetime) -> Any:
    return (row.date, row.code == MARK, row.moment(now.tzinfo), row.lesson or 0, row.code)


def rows_of(children: list[Child], *, now: datetime.datetime) -> list[Row]:
    """What was entered at the lessons of the last weeks, as far as it is published and granted. One
    statement for all children."""
    marks, absences = (
        [child.student.pk for child in children if child.shows(kind)]
        for kind in (Information.MARKS, Information.ATTENDANCE)
    )
    days = (now.date() - WINDOW, now.date() + AHEAD)
    lesson = ("student", "lesson", "lesson__date", "lesson__ends")
    subject = "lesson__course__subject__name"
    no, nobody = Value(""), Value(None, output_field=IntegerField())
    of_marks = (
        Mark.objects.published(now)
        .filter(student__in=marks, work__date__range=days)
        .values_list(
            "student",
            F("work__lesson"),
            F("work__date"),
            Value(None, output_field=TimeField()),
            "published_at",
            F("work__course__subject__name"),
            Value(MARK),
            F("value__text"),
            F("value__tone"),
            F("work__kind__name"),
            F("work__kind__name_en"),
            "comment",
            nobody,
        )
    )
    of_roll = Absence.objects.filter(student__in=absences, lesson__date__range=days).values_list(
        *lesson, entered_at(AbsenceEvent), subject, "code", no, no, no, no, no, "minutes"
    )
    remarks = Remark.objects.filter(student__in=marks, lesson__date__range=days).values_list(
        *lesson, entered_at(RemarkEvent), subject, "kind", "text", no, no, no, no, nobody
    )
    return [Row(*row) for row in of_marks.union(of_roll, remarks, all=True)]


def _item(row: Row, now: datetime.datetime) -> dict[str, Any]:
    when = _("today") if row.date == now.date() else day_label(row.date)
    url = reverse("diary:cell-history", args=[row.lesson, row.student]) if row.lesson else ""
    item: dict[str, Any] = {"subject": row.subject, "url": url}
    if row.code == MARK:
        mark = {"text": row.text, "tone": row.tone}
        detail = " · ".join(filter(None, [row.local_kind, when, row.comment]))
        return {**item, "kind": MARK, "mark": mark, "detail": detail}
    if row.code in Remark.Kind.values:
        label = str(Remark.Kind(row.code).label)
        return {**item, "kind": row.code, "detail": " · ".join([label, when, row.text])}
    absence = {"code": row.code, "letter": row.letter}
    words = absence_words(row.code, row.minutes)
    return {**item, "kind": "absence", "absence": absence, "detail": f"{words} · {when}"}
