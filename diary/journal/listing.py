"""The list of journals: the own courses first, then those of the class, then the school's by class."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db.models import F, OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from diary.journal.access import journals_of
from schedule.models import Lesson


def journals_by_class(user: Any, on: datetime.date) -> list[dict[str, Any]]:
    """Sections of this year's journals, each of classes with their courses. One statement."""
    courses = (
        journals_of(user, on)
        .annotate(substituted_term=_term_substituted(user))
        .filter(year__since__lte=on, year__until__gte=on)
        .order_by(
            F("school_class__grade").asc(nulls_last=True),
            "school_class__letter",
            "group__name",
            "subject__name",
        )
    )
    sections: dict[str, list[Any]] = {"mine": [], "substituted": [], "led": [], "headed": []}
    for course in courses:
        sections[_section(course)].append(course)
    titles = {
        "mine": _("My journals"),
        "substituted": _("Lessons I substitute"),
        "led": _("My class"),
        "headed": _("Journals of the school"),
    }
    return [
        {"key": key, "title": titles[key], "classes": _by_class(courses, whole=key in WHOLE)}
        for key, courses in sections.items()
        if courses
    ]


def journal_title(course: Any) -> str:
    """«7 «А» · Алгебра»"""
    return f"{course.audience} · {course.subject.name}"


def own_journals(courses: Iterable[Any], *, beside: Any) -> list[dict[str, Any]]:
    """The teacher's journals of the year of the one that is open, to change to."""
    own = [course for course in courses if course.year_id == beside.year_id]
    own.sort(key=lambda course: (course.school_class is None, *_place(course), course.subject.name))
    return [
        {
            "label": journal_title(course),
            "url": reverse("diary:journal", args=[course.pk]),
            "current": course.pk == beside.pk,
        }
        for course in own
    ]


def _place(course: Any) -> tuple[int, str]:
    found = course.school_class
    return (found.grade, found.letter) if found else (0, course.group.name)


def _section(course: Any) -> str:
    if course.is_mine:
        return "mine"
    if course.is_led:
        return "led"
    return "headed" if course.is_headed else "substituted"


def _term_substituted(user: Any) -> Subquery:
    """Of the last of the course's lessons that the person substitutes: the journal opens there, for of
    other terms it would show none."""
    person = getattr(user, "person", None)
    lessons = Lesson.objects.filter(course=OuterRef("pk"), teacher=person).exclude(planned_teacher=person)
    return Subquery(lessons.order_by("-date").values("term")[:1])


def _address(course: Any) -> str:
    if _section(course) == "substituted" and course.substituted_term:
        return reverse("diary:journal-of-term", args=[course.pk, course.substituted_term])
    return reverse("diary:journal", args=[course.pk])


# Sections of those who see a class with all its subjects: they find its sheets beside the journals.
WHOLE = ("led", "headed")


def _by_class(courses: list[Any], *, whole: bool) -> list[dict[str, Any]]:
    classes: dict[str, dict[str, Any]] = {}
    for course in courses:
        label = course.audience
        ways = _ways_of_class(course.school_class_id) if whole and course.school_class_id else []
        line = classes.setdefault(label, {"label": label, "journals": [], "ways": ways})
        line["journals"].append({"subject": course.subject.name, "url": _address(course)})
    return list(classes.values())


def _ways_of_class(school_class: int) -> list[dict[str, str]]:
    return [
        {"label": _("Results"), "url": reverse("diary:class-results", args=[school_class])},
        {"label": _("Print"), "url": reverse("diary:class-journal-print", args=[school_class])},
    ]
