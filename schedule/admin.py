"""Bells, rooms and the weekly timetable in Django admin; dated lessons to read only."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from schedule.models import Bell, Lesson, LessonChange, Room, TimetableEntry
from schools.admin.filters import InForce, class_filter
from schools.admin.journal import EventAdmin, JournalAdmin, events_of, person_named
from schools.admin.office import SchoolAdmin, WholeForm
from schools.admin.scope import scope_of
from schools.models import TeachingAssignment


@admin.register(Bell)
class BellAdmin(SchoolAdmin):
    fixed = ("organisation",)
    fields = ("organisation", "shift", "weekday", "number", "starts", "ends")
    list_display = ("__str__", "shift", "weekday")
    list_filter = ("shift", "weekday")
    list_select_related = ("organisation",)
    autocomplete_fields = ("organisation",)
    ordering = ("shift", "weekday", "number")


@admin.register(Room)
class RoomAdmin(SchoolAdmin):
    fixed = ("organisation",)
    fields = ("organisation", "name", "seats", "shared")
    list_display = ("name", "seats", "shared")
    list_select_related = ("organisation",)
    search_fields = ("name",)
    autocomplete_fields = ("organisation",)
    ordering = ("name",)


class TimetableEntryForm(WholeForm):
    def clean(self) -> dict[str, Any]:
        """Whom the timetable names may write the journal of the lessons: only the course's teachers."""
        cleaned = super().clean() or {}
        course = cleaned.get("course") or getattr(self.instance, "course", None)
        teacher, since = cleaned.get("teacher"), cleaned.get("since")
        if course and teacher and since and not _teaches(teacher, course, since, cleaned.get("until")):
            raise ValidationError(
                {"teacher": _("This person does not teach the course: make a teaching assignment first.")}
            )
        return cleaned


def _teaches(teacher: Any, course: Any, since: Any, until: Any) -> bool:
    """During any part of the days: an assignment may begin or end within them."""
    overlaps = Q(until__isnull=True) | Q(until__gte=since)
    assignments = TeachingAssignment.objects.filter(overlaps, teacher=teacher, course=course)
    return (assignments.filter(since__lte=until) if until else assignments).exists()


@admin.register(TimetableEntry)
class TimetableEntryAdmin(SchoolAdmin):
    form = TimetableEntryForm
    fixed = ("organisation", "course")
    fields = (
        "organisation",
        "course",
        "teacher",
        "room",
        "weekday",
        "shift",
        "number",
        "first_week",
        "last_week",
        "since",
        "until",
    )
    list_display = ("course", "teacher", "room", "weekday", "shift", "number", "since", "until")
    list_filter = ("weekday", InForce, class_filter("course__school_class"))
    list_select_related = (
        "organisation",
        "course__subject",
        "course__school_class",
        "course__group",
        "teacher",
        "room",
    )
    search_fields = ("teacher__sort_key",)
    search_help_text = _("The beginning of the surname")
    autocomplete_fields = ("organisation", "course", "teacher", "room")
    ordering = ("weekday", "shift", "number", "course__school_class__grade", "course__school_class__letter")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"since": scope_of(request).on} | super().get_changeform_initial_data(request)


LessonEvent = events_of(Lesson, _("change of a lesson's page"), _("changes of lessons' pages"))


@admin.register(Lesson)
class LessonAdmin(JournalAdmin):
    events = LessonEvent
    list_display = ("date", "number", "course", "teacher", "state", "topic")
    list_select_related = (
        "course__subject",
        "course__school_class",
        "course__group",
        "teacher",
    )
    search_fields = ("teacher__sort_key",)
    search_help_text = _("The beginning of the surname")


@admin.register(LessonChange)
class LessonChangeAdmin(JournalAdmin):
    list_display = ("at", "kind", "lesson", "by", "reason")
    list_select_related = (
        "lesson__course__subject",
        "lesson__course__school_class",
        "lesson__course__group",
        "by",
    )
    search_fields = ("was_teacher__sort_key",)
    search_help_text = _("The beginning of the surname")


@admin.register(LessonEvent)
class LessonEventAdmin(EventAdmin):
    columns = ("date", "number", "state", "topic", "teacher_then")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).annotate(teacher_then=person_named("teacher_id"))

    @admin.display(description=_("teacher"))
    def teacher_then(self, obj: Any) -> str:
        return obj.teacher_then or ""
