"""What the region operator keeps: the map, organisations, years, who holds which office."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from schools.admin.filters import InForce
from schools.admin.office import CHANGE, EVERYTHING, VIEW, RegionAdmin
from schools.admin.scope import Scope
from schools.admin.ties import TieAdmin
from schools.models import (
    AcademicYear,
    Appointment,
    Course,
    Employment,
    Locality,
    Municipality,
    Organisation,
    Person,
    Region,
    SchoolClass,
    Territory,
)


@admin.register(Region)
class RegionsAdmin(RegionAdmin):
    """One row, which `load_region` makes."""

    operator_may = CHANGE


@admin.register(Territory)
class TerritoryAdmin(RegionAdmin):
    ordering = ("name",)
    search_fields = ("name",)


@admin.register(Municipality)
class MunicipalityAdmin(RegionAdmin):
    list_display = ("__str__", "territory")
    list_select_related = ("territory",)
    ordering = ("name", "kind")
    search_fields = ("name",)
    autocomplete_fields = ("territory",)


@admin.register(Locality)
class LocalityAdmin(RegionAdmin):
    list_display = ("name", "municipality")
    list_select_related = ("municipality",)
    ordering = ("name",)
    search_fields = ("name",)
    autocomplete_fields = ("municipality",)

    def name_to_choose(self, obj: Any) -> str:
        return f"{obj}, {obj.municipality}"


@admin.register(Organisation)
class OrganisationAdmin(RegionAdmin):
    """Its administrator sees it; the operator makes and names it."""

    administrator_may = VIEW
    list_display = ("short_name", "kind", "locality", "code")
    list_filter = ("kind",)
    list_select_related = ("locality",)
    ordering = ("short_name",)
    search_fields = ("short_name", "name", "code")
    autocomplete_fields = ("locality",)
    fields = ("kind", "name", "short_name", "code", "locality", "lists")
    readonly_fields = ("lists",)

    def limited(self, rows: QuerySet[Any], scope: Scope) -> QuerySet[Any]:
        return rows if scope.is_region else rows.filter(pk__in=scope.organisations or ())

    @admin.display(description=_("lists"))
    def lists(self, obj: Organisation) -> str:
        """The way from a school to its rows; the region's lists are too long to look through."""
        pages = [
            (reverse(f"admin:schools_{model._meta.model_name}_changelist"), obj.pk, _plural(model))
            for model in (SchoolClass, Person, Employment, Course, Appointment)
        ]
        return format_html_join(" · ", '<a href="{}?organisation={}">{}</a>', pages if obj.pk else [])


def _plural(model: Any) -> str:
    return capfirst(model._meta.verbose_name_plural)


@admin.register(AcademicYear)
class AcademicYearAdmin(RegionAdmin):
    """The same for all schools."""

    administrator_may = VIEW
    list_display = ("__str__", "since", "until")
    ordering = ("-since",)


@admin.register(Appointment)
class AppointmentAdmin(TieAdmin):
    """Offices are given by the operator alone, and never to oneself."""

    administrator_may = VIEW
    operator_may = EVERYTHING
    person_fields = ("person",)
    fixed = ("person", "role", "organisation", "territory")
    fields = ("person", "role", "organisation", "territory", "since", "until")
    list_display = ("person", "role", "organisation", "territory", "since", "until")
    list_filter = ("role", InForce)
    list_select_related = ("person", "organisation", "territory")
    search_fields = ("person__sort_key",)
    autocomplete_fields = ("person", "organisation", "territory")
    ordering = ("person__sort_key",)

    def get_list_display(self, request: HttpRequest) -> tuple[Any, ...]:
        return self.list_display
