"""School time: terms, holidays, moved days."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from schools.admin.filters import YearFilter
from schools.admin.office import SchoolAdmin
from schools.models import Holiday, MovedDay, Term, TermClosure


@admin.register(Term)
class TermAdmin(SchoolAdmin):
    """A closed term stays as it was."""

    fixed = ("organisation", "year")
    fields = ("organisation", "year", "kind", "number", "first_grade", "last_grade", "since", "until")
    list_display = ("__str__", "year", "first_grade", "last_grade", "since", "until")
    list_filter = (YearFilter,)
    list_select_related = ("organisation", "year")
    autocomplete_fields = ("organisation",)
    ordering = ("-since", "first_grade")

    def is_open_to(self, request: HttpRequest, obj: Any) -> bool:
        return not TermClosure.objects.filter(term=obj).exists()


@admin.register(Holiday)
class HolidayAdmin(SchoolAdmin):
    fixed = ("organisation",)
    fields = ("organisation", "name", "since", "until", "first_grade", "last_grade")
    list_display = ("name", "since", "until", "first_grade", "last_grade")
    list_select_related = ("organisation",)
    search_fields = ("name",)
    autocomplete_fields = ("organisation",)
    ordering = ("-since",)


@admin.register(MovedDay)
class MovedDayAdmin(SchoolAdmin):
    fixed = ("organisation",)
    fields = ("organisation", "date", "as_weekday")
    list_display = ("date", "as_weekday")
    list_select_related = ("organisation",)
    autocomplete_fields = ("organisation",)
    ordering = ("-date",)
