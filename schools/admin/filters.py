"""Filters of change lists. Django's own would offer the region's rows to everybody."""

from dataclasses import replace
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from schools.admin.scope import scope_of
from schools.models import (
    AcademicYear,
    ClassTeacher,
    Employment,
    Enrolment,
    Guardianship,
    Organisation,
    SchoolClass,
)
from schools.models.periods import in_force


class ChoiceFilter(admin.SimpleListFilter):
    """A value that is not offered filters nothing out of what the person sees anyway."""

    def number(self) -> int | None:
        value = self.value() or ""
        return int(value) if value.isascii() and value.isdecimal() and len(value) < 10 else None


class ChosenOrganisation(ChoiceFilter):
    """For an administrator of several; the operator comes with one chosen, from its page."""

    title = _("organisation")
    parameter_name = "organisation"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        scope = scope_of(request)
        if scope.only_organisation:
            return []
        shown: Any = [self.number()] if scope.is_region else scope.organisations or ()
        return (
            Organisation.objects.filter(pk__in=shown).order_by("short_name").values_list("pk", "short_name")
        )

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if (chosen := self.number()) is None:
            return queryset
        scope = replace(scope_of(request), organisations=frozenset([chosen]))
        model_admin: Any = self.model_admin
        return model_admin.limited(queryset, scope)

    def __init__(self, request: HttpRequest, params: Any, model: Any, model_admin: Any) -> None:
        self.model_admin = model_admin
        super().__init__(request, params, model, model_admin)


class YearFilter(ChoiceFilter):
    title = _("academic year")
    parameter_name = "year"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [(year.pk, str(year)) for year in AcademicYear.objects.order_by("-since")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(year=self.number()) if self.number() else queryset


class InForce(admin.SimpleListFilter):
    """Ties by today."""

    title = _("in force")
    parameter_name = "when"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [("now", _("now")), ("coming", _("coming")), ("ended", _("ended"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        on = scope_of(request).on
        conditions = {"now": in_force(on), "coming": Q(since__gt=on), "ended": Q(until__lt=on)}
        return queryset.filter(conditions.get(self.value() or "", Q()))


class RoleFilter(admin.SimpleListFilter):
    """People by the ties they have today, with the administrator's own organisations."""

    title = _("role")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [
            ("student", _("students")),
            ("guardian", _("parents")),
            ("employee", _("employees")),
            ("class-teacher", _("class teachers")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        scope = scope_of(request)
        whose: dict[str, Any] = {} if scope.is_region else {"organisation__in": scope.organisations}
        of_class = {f"school_class__{path}": value for path, value in whose.items()}
        enrolled = Enrolment.objects.on(scope.on).filter(**of_class)
        ties = {
            "student": enrolled.values("student"),
            "guardian": Guardianship.objects.on(scope.on)
            .filter(child__in=enrolled.values("student"))
            .values("guardian"),
            "employee": Employment.objects.on(scope.on).filter(**whose).values("person"),
            "class-teacher": ClassTeacher.objects.on(scope.on).filter(**of_class).values("person"),
        }
        chosen = ties.get(self.value() or "")
        return queryset if chosen is None else queryset.filter(pk__in=chosen)


def class_filter(path: str) -> type[ChoiceFilter]:
    """A filter by the classes of this school year; `path` leads to the class."""

    class ClassFilter(ChoiceFilter):
        title = _("class")
        parameter_name = "class"

        def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
            scope = scope_of(request)
            classes = SchoolClass.objects.filter(
                organisation__in=scope.organisations or (),
                year__since__lte=scope.on,
                year__until__gte=scope.on,
            )
            return [(each.pk, each.label) for each in classes.in_order()]

        def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
            return queryset.filter(**{path: self.number()}) if self.number() else queryset

    return ClassFilter
