"""What is set at one lesson, for its page."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diary.homework.papers import papers, with_papers
from diary.models import Homework
from schedule.models import Lesson
from schedule.weeks import day_label


def homework_of(lesson: Lesson) -> list[Any]:
    """All that is set, with `addressees`: keys of the students named. One statement."""
    named = ArrayAgg("students", filter=Q(students__isnull=False), default=[])
    found = with_papers(Homework.objects.filter(lesson=lesson).annotate(addressees=named))
    return list(found.select_related("due_lesson", "group").order_by("pk"))


def for_all(found: Sequence[Any]) -> Homework | None:
    """The one that the lesson's own form writes: the first that is for everybody on the course."""
    return next(filter(_is_for_all, found), None)


def _is_for_all(homework: Any) -> bool:
    return not (homework.group_id or homework.addressees)


def lines(
    found: Sequence[Any], names: Mapping[int, str], *, may_edit: bool, may_copy: bool = False
) -> list[dict[str, Any]]:
    """Of those whom `names` tells: whoever sees a part of the students sees their homework."""
    seen = [each for each in found if not each.addressees or set(each.addressees) & set(names)]
    return [
        {
            "pk": homework.pk,
            "text": homework.text,
            "whom": _whom(homework, names),
            "when": _when(homework),
            "papers": papers(homework.file_rows, homework.link_rows),
            "url": reverse("diary:homework", args=[homework.pk]) if may_edit else "",
            "copies_url": reverse("diary:homework-copies", args=[homework.pk])
            if may_copy and may_edit and _is_for_all(homework)
            else "",
        }
        for homework in seen
    ]


def _whom(homework: Any, names: Mapping[int, str]) -> str:
    if homework.addressees:
        known = sorted(names[student] for student in homework.addressees if student in names)
        others = len(homework.addressees) - len(known)
        more = [ngettext("%(count)d more", "%(count)d more", others) % {"count": others}] if others else []
        return ", ".join([*known, *more])
    return homework.group.name if homework.group else ""


def _when(homework: Homework) -> str:
    day = homework.due_lesson.date if homework.due_lesson else homework.due_on
    given = timezone.localtime(homework.published_at)
    when = _("for %(day)s, set on %(given)s at %(time)s") % {
        "day": day_label(day),
        "given": day_label(given.date()),
        "time": f"{given:%-H:%M}",
    }
    if not homework.minutes:
        return when
    return ", ".join([when, _("%(minutes)d min") % {"minutes": homework.minutes}])
