"""Writing the journal's cells: marks and absences, one at a time, each with the version it was shown in.

Whoever calls holds the right to write (`LessonPage.may_edit`) and a transaction. A cell that cannot be
written raises `Refused` with words for the teacher; the other cells are not concerned.
"""

import datetime

from django.db.models import F, Max
from django.utils.translation import gettext as _

from diary.models import Absence, JournalRules, Mark, Point, Remark, Scale, ScaleValue, Work, WorkKind
from schedule.models import Lesson
from schools.models import Person

LONGEST_LATE = 90  # minutes, of the constraint on Absence


class Refused(Exception):
    """A cell was not written; the message says why and what to do."""


class ChangedMeanwhile(Refused):
    """Somebody else wrote the cell after it was shown."""


class NotAtTheLesson(Refused):
    """A mark and an absence of one student: perhaps meant, as for work handed in later. Asked once."""


def values_for(lesson: Lesson) -> list[ScaleValue]:
    """What marks a lesson can be given, in order, each with its scale. None in grade 1, which is
    taught without marks (rules.md, "Marks, absences, terms")."""
    if lesson.course.is_taught_without_marks():
        return []
    return list(ScaleValue.objects.for_course(lesson.course_id))


def parse_value(text: str, values: dict[str, ScaleValue]) -> ScaleValue:
    """What was typed, as a value of the scale; letters in either case."""
    value = values.get(text.strip().lower())
    if value is None:
        raise Refused(
            _("“%(text)s” is not on this scale. Enter one of: %(values)s.")
            % {"text": text.strip()[:20], "values": ", ".join(value.text for value in values.values())}
        )
    return value


def give_mark(
    lesson: Lesson,
    student: Person,
    *,
    kind: WorkKind,
    value: ScaleValue,
    comment: str,
    at: datetime.datetime,
    rules: JournalRules | None = None,
    work: Work | None = None,
) -> Mark:
    """A quick mark makes its work by itself; a second one of the same kind is the lesson's work 2.

    `at` is aware, in the region's time zone; families see the mark when the school's `rules` say, which
    are asked for where they are not given. `work` is named where the mark settles an owed one.
    """
    rules = rules or JournalRules.of(lesson.organisation_id)
    return Mark.objects.create(
        work=work or next_work(lesson, student, kind=kind, scale=value.scale),
        student=student,
        year_id=lesson.course.year_id,
        value=value,
        comment=comment,
        published_at=rules.publication(at),
    )


def next_work(
    lesson: Lesson, student: Person, *, kind: WorkKind, scale: Scale, past_points: bool = False
) -> Work:
    """The lesson's work of a kind that the next mark of the student belongs to; made where there is none.
    `past_points` passes over those that the student owes."""
    numbers = [Mark.objects.filter(work__lesson=lesson, work__kind=kind, student=student)]
    if past_points:
        numbers.append(Point.objects.filter(work__lesson=lesson, work__kind=kind, student=student))
    number = 1 + max(taken.aggregate(last=Max("work__number"))["last"] or 0 for taken in numbers)
    # A work is on one scale: after a change of the course's, the mark begins another one.
    same_kind = Work.objects.filter(lesson=lesson, kind=kind, number__gte=number)
    other_scale = same_kind.exclude(scale=scale).aggregate(last=Max("number"))["last"]
    work, _made = Work.objects.get_or_create(
        lesson=lesson,
        kind=kind,
        number=other_scale + 1 if other_scale else number,
        defaults={"course": lesson.course, "scale": scale, "date": lesson.date},
    )
    return work


def change_mark(mark: Mark, *, value: ScaleValue, comment: str, shown_version: int) -> None:
    changed = Mark.objects.filter(pk=mark.pk, version=shown_version).update(
        value=value, comment=comment, version=F("version") + 1
    )
    if not changed:
        raise ChangedMeanwhile(_("Somebody else changed this mark meanwhile."))


def empty_mark(mark: Mark, *, shown_version: int) -> None:
    """The row goes, its history stays."""
    deleted, _rows = Mark.objects.filter(pk=mark.pk, version=shown_version).delete()
    if not deleted:
        raise ChangedMeanwhile(_("Somebody else changed this mark meanwhile."))
    forget_work(mark.work_id)


def forget_work(work: int) -> None:
    """A work that was only made for a mark or a point goes with the last of them."""
    Work.objects.filter(pk=work, title="", due_at=None, marks=None, points=None).delete()


def write_absence(
    lesson: Lesson, student: Person, *, code: str, minutes: int | None, shown_version: int
) -> None:
    """`code` empty: the student was there. `shown_version` 0: no absence was shown."""
    if not code:
        gone, _rows = Absence.objects.filter(student=student, lesson=lesson, version=shown_version).delete()
        written = bool(gone)
    elif shown_version:
        written = bool(
            Absence.objects.filter(student=student, lesson=lesson, version=shown_version).update(
                code=code, minutes=minutes, version=F("version") + 1
            )
        )
    else:
        _absence, written = Absence.objects.get_or_create(
            student=student, lesson=lesson, defaults={"code": code, "minutes": minutes}
        )
    if not written:
        raise ChangedMeanwhile(_("Somebody else changed the roll call of this student meanwhile."))


def write_remark(
    lesson: Lesson, student: Person, *, kind: str, text: str, by: Person, shown_version: int
) -> None:
    """`text` empty: the remark is taken back. `shown_version` 0: none was shown."""
    stored = Remark.objects.filter(lesson=lesson, student=student, kind=kind, version=shown_version)
    if not text:
        gone, _rows = stored.delete()
        written = bool(gone)
    elif shown_version:
        written = bool(stored.update(text=text, by=by, version=F("version") + 1))
    else:
        _remark, written = Remark.objects.get_or_create(
            lesson=lesson, student=student, kind=kind, defaults={"text": text, "by": by}
        )
    if not written:
        raise ChangedMeanwhile(_("Somebody else changed this remark meanwhile."))
