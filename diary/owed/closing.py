"""How a point is closed, in words for its teacher."""

from django.utils.translation import gettext as _

from diary.models import JournalRules, Mark, Point
from diary.points import becomes_two
from schedule.models import Lesson
from schedule.weeks import day_label


def how_it_closes(point: Point, lesson: Lesson) -> list[str]:
    """What closed it; else which mark will, and what comes after its day by the school's rule. `point` has
    `is_settled`, and its work with kind and scale; `lesson` is the work's."""
    work = point.work
    named = {"kind": work.title or work.kind.local_name, "day": day_label(lesson.date)}
    if point.is_settled:  # type: ignore[attr-defined]
        mark = Mark.objects.select_related("value").get(work=work, student=point.student_id)
        closed = _("Closed by the mark %(mark)s: %(kind)s, lesson of %(day)s.")
        said = [mark.comment] if mark.comment else []
        return [closed % {**named, "mark": mark.value.text}, *said]
    closes = _(
        "A mark for “%(kind)s” at the lesson of %(day)s closes it, a new one as well as one that is changed "
        "to this kind of work. Other marks leave it open."
    )
    return [closes % named, _after_its_day(point, lesson.organisation_id)]


def _after_its_day(point: Point, organisation: int) -> str:
    """The school's rule (`points.apply_rule`)."""
    day = {"day": day_label(point.due_on)}
    if becomes_two(point, JournalRules.of(organisation)):
        return (
            _("If there is no mark by the end of %(day)s, it becomes a 2: so says your school’s rule.") % day
        )
    return (
        _("After %(day)s it stays as overdue until the work is handed in: so says your school’s rule.") % day
    )
