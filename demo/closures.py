"""Terms that the head teacher has closed, and corrections of them: one approved, one waiting, one refused."""

import datetime

from demo.journal import moment
from demo.populating import SchoolMade
from diary.closing.closures import close_term
from diary.corrections import asking, deciding
from diary.models import Absence, Correction, Mark, ScaleValue
from schools.history import acting
from schools.models import Course, Person, Term

DAY = datetime.timedelta(days=1)
DAYS_TO_CLOSE = 4  # after the term's last day
NOON, AFTERNOON = datetime.time(12, 10), datetime.time(15, 40)


def close_terms(made: SchoolMade, today: datetime.date) -> None:
    """Those that have been over for some days."""
    over = Term.objects.filter(organisation=made.organisation, until__lt=today - DAYS_TO_CLOSE * DAY)
    for term in over.order_by("since", "first_grade"):
        closed_at = moment(term.until + DAYS_TO_CLOSE * DAY, NOON)
        close_term(term.pk, by=made.head_teacher, at=closed_at)


def ask_for_corrections(made: SchoolMade, teacher: Person, student: Person, today: datetime.date) -> None:
    """By the cast's teacher, in the last closed term with marks; the approved one is of the student whom
    visitors see first."""
    marks = Mark.objects.filter(
        work__course__assignments__teacher=teacher,
        work__course__organisation=made.organisation,
        work__lesson__term__closure__isnull=False,
        value__text__in=("3", "4"),
    ).select_related("work__lesson__term", "work__course", "work__kind", "student", "value__scale")
    # Not by lessons' keys: publishing gives them in the order of its query's plan.
    in_order = marks.order_by("-work__date", "work__lesson__number", "work", "student__sort_key", "student")
    own = in_order.filter(student=student).first()
    others = in_order.exclude(student=student)
    if own is None or others.first() is None:
        return
    approved = _of_mark(own, Correction.Cause.RESIT, "Работа пересдана после уроков.")
    _ask(approved, teacher, today - 3 * DAY)
    with acting(means="demo", person=made.head_teacher):
        deciding.approve(
            approved.pk, by=made.head_teacher, at=moment(today - DAY, AFTERNOON), answer="Работу видел."
        )
    _ask(_of_mark(others[0], Correction.Cause.MISTAKE, "Поставила отметку соседа."), teacher, today - DAY)
    _refuse_one(made, others[0].work.course, teacher, today)


def _of_mark(mark: Mark, cause: Correction.Cause, reason: str) -> Correction:
    """One better."""
    better = ScaleValue.objects.get(scale=mark.value.scale, text=str(int(mark.value.text) + 1))
    lesson = mark.work.lesson
    return Correction(
        course=mark.work.course,
        term=lesson.term,  # type: ignore[union-attr]
        student=mark.student,
        subject=Correction.Subject.MARK,
        lesson=lesson,
        work=mark.work,
        value=better,
        cause=cause,
        reason=reason,
    )


def _refuse_one(made: SchoolMade, course: Course, teacher: Person, today: datetime.date) -> None:
    """An absence that shall not have been one."""
    absences = Absence.objects.filter(lesson__course=course, lesson__term__closure__isnull=False)
    absence = (
        absences.select_related("lesson__term", "student")
        .order_by("-lesson__date", "lesson__number", "student__sort_key", "student")
        .first()
    )
    if absence is None:
        return
    correction = Correction(
        course=course,
        term=absence.lesson.term,
        student=absence.student,
        subject=Correction.Subject.ABSENCE,
        lesson=absence.lesson,
        cause=Correction.Cause.APPEAL,
        reason="Дома говорят, что на урок пришли вовремя.",
    )
    _ask(correction, teacher, today - 6 * DAY)
    answer = "Охрана отметила выход из школы до урока. Приложите объяснение, если это не так."
    deciding.refuse(correction.pk, by=made.head_teacher, at=moment(today - 5 * DAY, AFTERNOON), answer=answer)


def _ask(correction: Correction, teacher: Person, on: datetime.date) -> None:
    with acting(means="demo", person=teacher):
        asking.ask(correction, by=teacher, at=moment(on, AFTERNOON))
