"""Ties of people to classes, groups, courses, organisations and to each other, from–to.

A tie that was made keeps its two ends: whoever moves ends one and begins another. One that has begun
is ended, not deleted: what it opened and showed stays to be explained. Nobody makes or
changes a tie of their own, so that nobody opens a journal or a diary to themselves.
"""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from schools.admin.filters import InForce, class_filter
from schools.admin.office import SchoolAdmin, ScopedChoices, WholeForm
from schools.admin.scope import Scope, scope_of
from schools.models import (
    ClassTeacher,
    Employment,
    Enrolment,
    GroupMembership,
    Guardianship,
    Information,
    TeachingAssignment,
)


class TieAdmin(SchoolAdmin):
    """`person_fields` are the people it ties; the first is the one whom the school must reach."""

    person_fields: tuple[str, ...]
    search_help_text = _("The beginning of the surname")
    list_filter: ClassVar[Any] = (InForce,)
    actions = ("delete_selected",)

    def is_open_to(self, request: HttpRequest, obj: Any) -> bool:
        scope, people = scope_of(request), [getattr(obj, f"{name}_id") for name in self.person_fields]
        return scope.person not in people and scope.reaches(people[0])

    def narrowed(self, rows: QuerySet[Any], field: str, request: HttpRequest) -> QuerySet[Any]:
        return rows.exclude(pk=scope_of(request).person) if field in self.person_fields else rows

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"since": scope_of(request).on} | super().get_changeform_initial_data(request)

    # --- Deleting --------------------------------------------------------------------------------
    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Until the day after its first: what was typed by mistake today can be taken back."""
        begun = obj is not None and obj.since < scope_of(request).on
        return not begun and super().has_delete_permission(request, obj)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        self._exists_for(request)
        tie = self.get_object(request, object_id)
        if tie.since < scope_of(request).on and self.has_change_permission(request, tie):
            self._tell_to_end(request)
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", tie.pk)
        return super().delete_view(request, object_id, extra_context)

    @admin.action(permissions=["delete"], description=delete_selected.short_description)  # type: ignore[attr-defined]
    def delete_selected(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        if queryset.filter(since__lt=scope_of(request).on).exists():
            self._tell_to_end(request)
            return None
        return delete_selected(self, request, queryset)

    def _tell_to_end(self, request: HttpRequest) -> None:
        text = gettext("A tie that has begun is not deleted: enter its last day. History stays.")
        self.message_user(request, text, messages.ERROR)


@admin.register(Enrolment)
class EnrolmentAdmin(TieAdmin):
    organisation_path = "school_class__organisation"
    person_fields = ("student",)
    fixed = ("student", "school_class")
    fields = ("student", "school_class", "since", "until")
    list_display = ("student", "school_class", "since", "until")
    list_filter = (InForce, class_filter("school_class"))
    list_select_related = ("student", "school_class__organisation")
    search_fields = ("student__sort_key",)
    autocomplete_fields = ("student", "school_class")
    ordering = ("student__sort_key", "-since")

    def save_model(self, request: HttpRequest, obj: Enrolment, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if obj.until:
            obj.end(obj.until)


@admin.register(GroupMembership)
class GroupMembershipAdmin(TieAdmin):
    organisation_path = "group__organisation"
    person_fields = ("student",)
    fixed = ("student", "group")
    fields = ("student", "group", "since", "until")
    list_display = ("student", "group", "since", "until")
    list_select_related = ("student", "group__organisation")
    search_fields = ("student__sort_key",)
    autocomplete_fields = ("student", "group")
    ordering = ("student__sort_key", "-since")


@admin.register(Employment)
class EmploymentAdmin(TieAdmin):
    person_fields = ("person",)
    fixed = ("person", "organisation")
    fields = ("person", "organisation", "position", "since", "until")
    list_display = ("person", "position", "since", "until")
    list_select_related = ("person", "organisation")
    search_fields = ("person__sort_key",)
    autocomplete_fields = ("person", "organisation")
    ordering = ("person__sort_key", "-since")


@admin.register(TeachingAssignment)
class TeachingAssignmentAdmin(TieAdmin):
    organisation_path = "course__organisation"
    person_fields = ("teacher",)
    fixed = ("course", "teacher")
    fields = ("course", "teacher", "since", "until")
    list_display = ("teacher", "course", "since", "until")
    list_filter = (InForce, class_filter("course__school_class"))
    list_select_related = (
        "teacher",
        "course__organisation",
        "course__subject",
        "course__school_class",
        "course__group",
    )
    search_fields = ("teacher__sort_key",)
    autocomplete_fields = ("course", "teacher")
    ordering = ("teacher__sort_key", "-since")


@admin.register(ClassTeacher)
class ClassTeacherAdmin(TieAdmin):
    organisation_path = "school_class__organisation"
    person_fields = ("person",)
    fixed = ("school_class", "person")
    fields = ("school_class", "person", "since", "until")
    list_display = ("school_class", "person", "since", "until")
    list_select_related = ("person", "school_class__organisation")
    search_fields = ("person__sort_key",)
    autocomplete_fields = ("school_class", "person")
    ordering = ("school_class__grade", "school_class__letter", "-since")


@admin.register(Guardianship)
class GuardianshipAdmin(TieAdmin):
    """It is the child's school's, whoever the guardian is."""

    organisation_path = ""
    person_fields = ("child", "guardian")
    fixed = ("child", "guardian")
    fields = (
        "child",
        "guardian",
        "kind",
        "basis",
        "since",
        "until",
        "may_see",
        "may_sign",
        "may_write",
        "information",
        "limits",
    )
    readonly_fields = ("basis",)
    list_display = ("child", "guardian", "kind", "since", "until")
    list_select_related = ("child", "guardian")
    search_fields = ("child__sort_key", "guardian__sort_key")
    autocomplete_fields = ("child", "guardian")
    ordering = ("child__sort_key", "-since")

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "information":
            label, boxes = capfirst(db_field.verbose_name), forms.CheckboxSelectMultiple
            return forms.MultipleChoiceField(
                label=label, choices=Information, widget=boxes, required=False, initial=list(Information)
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def limited(self, rows: QuerySet[Any], scope: Scope) -> QuerySet[Any]:
        return rows if scope.is_region else rows.filter(child__in=scope.students())

    def narrowed(self, rows: QuerySet[Any], field: str, request: HttpRequest) -> QuerySet[Any]:
        rows, scope = super().narrowed(rows, field, request), scope_of(request)
        return rows.filter(pk__in=scope.students()) if field == "child" and not scope.is_region else rows


class TieInline(ScopedChoices, admin.TabularInline):
    """Ties on a person's page: those the list of their kind shows; new ones may be added."""

    form = WholeForm
    extra = 0
    can_delete = False
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return self._list(request).get_queryset(request).order_by("-since", "-pk")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._list(request).has_view_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        own = obj is not None and obj.pk is not None and obj.pk == scope_of(request).person
        return not own and self._list(request).has_add_permission(request)

    def _list(self, request: HttpRequest) -> TieAdmin:
        found: Any = self.admin_site.get_model_admin(self.model)
        return found


class EnrolmentInline(TieInline):
    model = Enrolment
    fields = ("school_class", "since", "until")
    autocomplete_fields = ("school_class",)


class MembershipInline(TieInline):
    model = GroupMembership
    fields = ("group", "since", "until")
    autocomplete_fields = ("group",)


class EmploymentInline(TieInline):
    model = Employment
    fields = ("organisation", "position", "since", "until")
    autocomplete_fields = ("organisation",)


class GuardiansInline(TieInline):
    model = Guardianship
    fk_name = "child"
    fields = ("guardian", "kind", "since", "until")
    autocomplete_fields = ("guardian",)
    verbose_name = _("guardian")
    verbose_name_plural = _("guardians")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only for the school's own students: the child is not chosen here, so nothing narrows it."""
        scope = scope_of(request)
        is_student = scope.is_region or scope.students().filter(student=obj).exists()
        return is_student and super().has_add_permission(request, obj)


class ChildrenInline(TieInline):
    model = Guardianship
    fk_name = "guardian"
    fields = ("child", "kind", "since", "until")
    autocomplete_fields = ("child",)
    verbose_name = _("child")
    verbose_name_plural = _("children")


class FirstTie(TieInline):
    """The tie that a new file begins with. A school makes none without: it could not see it again."""

    max_num = 1
    show_change_link = False

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        return super().get_formset(request, obj, validate_min=True, **kwargs)

    def get_min_num(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return 0 if scope_of(request).is_region else 1

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return 1 if scope_of(request).is_region else 0


class FirstEnrolment(FirstTie, EnrolmentInline):
    pass


class FirstEmployment(FirstTie, EmploymentInline):
    pass


class FirstChild(FirstTie, ChildrenInline):
    pass
