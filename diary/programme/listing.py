"""The list of programmes: a teacher's own courses, or all of a school for its head teacher."""

import datetime
from collections import Counter
from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.urls import reverse
from django.utils.translation import gettext as _

from diary.models import LessonProgramme
from diary.programme.access import OF_COURSE, courses_read_by
from diary.programme.page import programme_state
from diary.programme.progress import Progress, progress_of
from schools.models import TeachingAssignment

A_PAGE = 60
NONE, BEHIND = "none", "behind"


class ProgrammeList:
    """Courses of the year of a day that the account may read; `state` narrows them down. Six statements."""

    def __init__(self, user: Any, on: datetime.date, *, state: str = "") -> None:
        self.user, self.on = user, on
        self.state = state if state in self.labels else ""

    @cached_property
    def labels(self) -> dict[str, str]:
        return {
            NONE: _("not made yet"),
            **{str(state): str(label) for state, label in LessonProgramme.State.choices},
            BEHIND: _("behind"),
        }

    @cached_property
    def courses(self) -> list[Any]:
        courses = courses_read_by(self.user, self.on).filter(
            year__since__lte=self.on, year__until__gte=self.on
        )
        in_order = courses.order_by(
            "school_class__grade", "school_class__letter", "group__name", "subject__name", "pk"
        )
        return list(in_order.select_related(*OF_COURSE, "programme"))

    @cached_property
    def progress(self) -> dict[int, Progress]:
        return progress_of([course.pk for course in self.courses], self.on)

    def _states(self, course: Any) -> set[str]:
        """All that the course may be looked for by."""
        progress = self.progress.get(course.pk)
        if progress is None:
            return {NONE}
        states = {str(course.programme.state)} if hasattr(course, "programme") else {NONE}
        return states | ({BEHIND} if progress.behind > 0 else set())

    def context(self, page: str) -> dict[str, Any]:
        chosen = [course for course in self.courses if self.state in ("", *self._states(course))]
        counts = Counter(state for course in self.courses for state in self._states(course))
        shown = Paginator(chosen, A_PAGE).get_page(page)
        teachers = self._teachers([course.pk for course in shown.object_list])
        return {
            "rows": [self._row(course, teachers.get(course.pk, "")) for course in shown.object_list],
            "page": shown,
            "state": self.state,
            "filters": [
                {"state": state, "label": label, "count": counts[state], "current": state == self.state}
                for state, label in self.labels.items()
                if counts[state] or state == self.state
            ],
            "all_count": len(self.courses),
        }

    def _row(self, course: Any, teachers: str) -> dict[str, Any]:
        progress = self.progress.get(course.pk)
        programme = getattr(course, "programme", None)
        return {
            "url": reverse("diary:programme", args=[course.pk]),
            "title": f"{course.subject.name}, {course.audience}",
            "teachers": "" if course.is_mine else teachers,
            "state": programme_state(programme, progress.topics if progress else 0),
            "kind": str(programme.state) if programme and progress else NONE,
            "progress": progress.words if progress else "",
            "is_behind": bool(progress and progress.behind > 0),
        }

    def _teachers(self, courses: list[int]) -> dict[int, str]:
        """Who teaches, by course."""
        found: dict[int, list[str]] = {}
        assignments = TeachingAssignment.objects.on(self.on).filter(course__in=courses)
        for each in assignments.select_related("teacher").order_by("teacher__sort_key", "pk"):
            found.setdefault(each.course_id, []).append(each.teacher.short_name)
        return {course: ", ".join(names) for course, names in found.items()}
