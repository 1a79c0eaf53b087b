"""Classes, groups, subjects and courses of a school."""

import re
from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from schools.admin.filters import YearFilter, class_filter
from schools.admin.office import SchoolAdmin, WholeForm
from schools.models import Course, Group, SchoolClass, Subject


def class_named(text: str, path: str = "") -> Q:
    """Classes by what people type: «7», «7А», «7 «А»», «А»."""
    found = re.fullmatch(r"(\d{0,2})[\s«\"-]*([^\W\d]*)[»\"]?", text)
    if not found or not any(found.groups()):
        return Q(pk__in=[])
    grade, letter = found.groups()
    condition = Q(**{f"{path}grade": int(grade)}) if grade else Q()
    return condition & Q(**{f"{path}letter__iexact": letter}) if letter else condition


class SchoolClassForm(WholeForm):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        before = cleaned.get("predecessor")
        organisation = cleaned.get("organisation") or getattr(self.instance, "organisation", None)
        if before and organisation and before.organisation_id != organisation.pk:
            raise ValidationError({"predecessor": _("This belongs to another organisation or year.")})
        return cleaned


@admin.register(SchoolClass)
class SchoolClassAdmin(SchoolAdmin):
    form = SchoolClassForm
    fixed = ("organisation", "year")
    fields = ("organisation", "year", "grade", "letter", "shift", "predecessor")
    list_display = ("label", "year", "shift")
    list_filter = (YearFilter,)
    list_select_related = ("organisation", "year")
    search_fields = ("letter",)
    search_help_text = _("For example: 7А")
    autocomplete_fields = ("organisation", "predecessor")
    ordering = ("-year__since", "grade", "letter")

    def matching(self, term: str) -> Q:
        return class_named(term)

    def name_to_choose(self, obj: Any) -> str:
        return f"{obj}, {obj.year}"

    @admin.display(description=_("class"), ordering="grade")
    def label(self, obj: SchoolClass) -> str:
        return obj.label


class GroupForm(WholeForm):
    def clean(self) -> dict[str, Any]:
        """The database cannot say it of a list: a group is of classes of its school and year."""
        cleaned = super().clean() or {}
        of = cleaned if "organisation" in self.fields else vars(self.instance)
        organisation = of.get("organisation_id") or getattr(of.get("organisation"), "pk", None)
        year = of.get("year_id") or getattr(of.get("year"), "pk", None)
        for each in cleaned.get("classes", ()):
            if (each.organisation_id, each.year_id) != (organisation, year):
                raise ValidationError({"classes": _("This belongs to another organisation or year.")})
        return cleaned


@admin.register(Group)
class GroupAdmin(SchoolAdmin):
    form = GroupForm
    fixed = ("organisation", "year")
    fields = ("organisation", "year", "name", "classes")
    list_display = ("name", "year")
    list_filter = (YearFilter, class_filter("classes"))
    list_select_related = ("organisation", "year")
    search_fields = ("name",)
    autocomplete_fields = ("organisation", "classes")
    ordering = ("-year__since", "name")

    def name_to_choose(self, obj: Any) -> str:
        return f"{obj}, {obj.year}"


@admin.register(Subject)
class SubjectAdmin(SchoolAdmin):
    fixed = ("organisation",)
    fields = ("organisation", "name", "short_name")
    list_display = ("name", "short_name")
    list_select_related = ("organisation",)
    search_fields = ("name",)
    autocomplete_fields = ("organisation",)
    ordering = ("name",)


@admin.register(Course)
class CourseAdmin(SchoolAdmin):
    fixed = ("organisation", "year", "subject", "school_class", "group")
    fields = ("organisation", "year", "subject", "school_class", "group", "hours_per_week")
    list_display = ("subject", "audience", "year", "hours_per_week")
    list_filter = (YearFilter, class_filter("school_class"))
    list_select_related = ("organisation", "year", "subject", "school_class", "group")
    search_fields = ("subject__name", "group__name")
    search_help_text = _("Subject, class or group; for example: Алгебра 7А")
    autocomplete_fields = ("organisation", "subject", "school_class", "group")
    ordering = ("-year__since", "subject__name", "school_class__grade", "school_class__letter")

    def matching(self, term: str) -> Q:
        found = Q()
        for word in term.split():
            found &= super().matching(word) | class_named(word, "school_class__")
        return found

    def name_to_choose(self, obj: Any) -> str:
        return f"{obj}, {obj.year}"

    @admin.display(description=_("class or group"))
    def audience(self, obj: Course) -> str:
        return obj.audience
