"""Writing the journal's cells: marks and absences, one at a time, each with the version it was shown in.

Whoever calls holds the right to write (`LessonPage.may_edit`) and a transaction. A cell that cannot be
written raises `Refused` with words for the teacher; the other cells are not concerned.
"""

import datetime
from collections.abc import Container, Iterable

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _

from diary.models import (
    Absence,
    Correction,
    JournalRules,
    Mark,
    Point,
    Remark,
    Scale,
    ScaleValue,
    Work,
    WorkKind,
)
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
    are asked for where they are not given. `work` is given where it is known already.
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
    """The lesson's work of a kind that the next mark of the student belongs to: one that the student owes,
    else the next; made where there is none. `past_points` passes over those that the student owes."""
    of_student = {"work": OuterRef("pk"), "student": student}
    works = (
        Work.objects.filter(lesson=lesson, kind=kind)
        .annotate(
            is_taken=Exists(Mark.objects.filter(**of_student)),
            is_owed=Exists(Point.objects.filter(**of_student)),
        )
        .order_by("number")
    )
    owed = [work for work in works if work.is_owed and not work.is_taken and work.scale_id == scale.pk]
    if owed and not past_points:
        return owed[0]
    taken = {work.pk for work in works if work.is_taken or (past_points and work.is_owed)}
    return work_to_mark(lesson, kind, scale, works, taken=taken)


def work_to_mark(
    lesson: Lesson, kind: WorkKind, scale: Scale, works: Iterable[Work], *, taken: Container[int]
) -> Work:
    """Of the lesson's `works` of the kind, in order, the first after those that are `taken`, else a new one.
    A work is on one scale: after a change of the course's, the mark begins another one."""
    free: list[Work] = []
    last = 0
    for work in works:
        last = work.number
        free = [] if work.pk in taken or work.scale_id != scale.pk else [*free, work]
    return free[0] if free else _make_work(lesson, kind, last + 1, scale)


def _make_work(lesson: Lesson, kind: WorkKind, number: int, scale: Scale) -> Work:
    """Whoever makes it in the very same moment makes it for both."""
    key = {"lesson": lesson, "kind": kind, "number": number}
    try:
        with transaction.atomic():
            return Work.objects.create(**key, course=lesson.course, scale=scale, date=lesson.date)
    except IntegrityError:
        return Work.objects.get(**key, scale=scale)


def change_mark(
    mark: Mark, *, value: ScaleValue, comment: str, shown_version: int, kind: WorkKind | None = None
) -> None:
    """With another `kind` the mark moves to the lesson's work of that kind, and settles one that is owed."""
    if kind and kind.pk != mark.work.kind_id and mark.work.lesson:
        work = next_work(mark.work.lesson, mark.student, kind=kind, scale=value.scale)
        move_mark(mark, work, value=value, comment=comment, shown_version=shown_version)
        return
    changed = Mark.objects.filter(pk=mark.pk, version=shown_version).update(
        value=value, comment=comment, version=F("version") + 1
    )
    if not changed:
        raise ChangedMeanwhile(_("Somebody else changed this mark meanwhile."))


def move_mark(mark: Mark, work: Work, *, value: ScaleValue, comment: str, shown_version: int) -> None:
    """The mark was for another kind of work, which it belongs to from now on."""
    changed = Mark.objects.filter(pk=mark.pk, version=shown_version).update(
        work=work, value=value, comment=comment, version=F("version") + 1
    )
    if not changed:
        raise ChangedMeanwhile(_("Somebody else changed this mark meanwhile."))
    forget_work(mark.work_id)


def empty_mark(mark: Mark, *, shown_version: int) -> None:
    """The row goes, its history stays."""
    deleted, _rows = Mark.objects.filter(pk=mark.pk, version=shown_version).delete()
    if not deleted:
        raise ChangedMeanwhile(_("Somebody else changed this mark meanwhile."))
    forget_work(mark.work_id)


def forget_work(work: int) -> None:
    """A work that was only made for a mark or a point goes with the last of them; a test stays planned."""
    kept = Work.objects.filter(
        Q(marks__isnull=False) | Q(points__isnull=False) | Q(kind__is_test=True), pk=work
    )
    # Not `delete`, which first asks everything that could refer to the work.
    forgotten = Work.objects.filter(pk=work, title="", due_at=None).exclude(pk__in=kept.values("pk"))
    corrected = Correction.objects.filter(work=work).values("work")
    forgotten.exclude(pk__in=corrected)._raw_delete(forgotten.db)


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
