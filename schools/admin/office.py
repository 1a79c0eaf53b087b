"""The admin classes all others stand on: rights come from offices, rows from the scope."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import NestedObjects
from django.contrib.admin.views.main import PAGE_VAR
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.paginator import Paginator
from django.db import router
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from schools.admin.filters import ChosenOrganisation
from schools.admin.scope import Scope, choices, scope_of
from schools.models import AcademicYear, Appointment, sort_key

NOTHING: frozenset[str] = frozenset()
VIEW = frozenset({"view"})
CHANGE = frozenset({"view", "change"})
EVERYTHING = frozenset({"view", "add", "change", "delete"})


class CappedPaginator(Paginator):
    """Counts no further than anybody pages: the region's rows are millions."""

    CAP = 10_000

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return rows.order_by()[: self.CAP].count() if isinstance(rows, QuerySet) else len(rows)


class WholeForm(forms.ModelForm):
    """Checks constraints over the whole row. Django leaves out what a form shows and does not change,
    and an inline's parent: the database would then refuse with a crash."""

    def validate_unique(self) -> None:
        super().validate_unique()
        if NON_FIELD_ERRORS in self.errors:
            return
        # A new inline's parent has no number yet, and an empty range would overlap everybody's.
        empty = {
            field.name
            for field in self.instance._meta.fields
            if not field.null and vars(self.instance).get(field.attname) is None
        }
        try:
            self.instance.validate_constraints(exclude={*self.errors, *empty})
        except ValidationError as error:
            self._update_errors(error)  # type: ignore[attr-defined]


class ScopedChoices:
    """For admins and inlines: every choice of another row is limited, and none is made on the side."""

    def get_field_queryset(self, db: Any, db_field: Any, request: HttpRequest) -> Any:
        return choices(self.admin_site, db_field, request)  # type: ignore[attr-defined]

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            widget = field.widget
            widget.can_add_related = widget.can_change_related = widget.can_delete_related = False
        return field

    def get_autocomplete_fields(self, request: HttpRequest) -> tuple[str, ...]:
        """A school has one organisation to choose, the region 700."""
        fields: Any = super().get_autocomplete_fields(request)  # type: ignore[misc]
        is_region = scope_of(request).is_region
        return tuple(name for name in fields if name != "organisation" or is_region)


class OfficeAdmin(ScopedChoices, admin.ModelAdmin):
    """What each office may do with the rows it sees. Django's own permissions are not asked."""

    operator_may = EVERYTHING
    administrator_may = NOTHING
    # Fields that never change once the row is made: end the row, and make another.
    fixed: tuple[str, ...] = ()

    form: type[forms.ModelForm] = WholeForm
    show_full_result_count = False
    paginator = CappedPaginator
    view_on_site = False
    save_on_top = False

    # --- Rights ----------------------------------------------------------------------------------
    def may(self, request: HttpRequest, act: str) -> bool:
        return act in (self.operator_may if scope_of(request).is_region else self.administrator_may)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.may(request, "view")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, "view")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.may(request, "add")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, "change") and (obj is None or self.is_open_to(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, "delete") and (obj is None or self.is_open_to(request, obj))

    def is_open_to(self, request: HttpRequest, obj: Any) -> bool:
        """May this row, which the person sees, be changed?"""
        return True

    # --- Rows ------------------------------------------------------------------------------------
    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        if not self.may(request, "view"):
            return rows.none()
        rows = self.limited(rows, scope_of(request))
        needed: Any = self.list_select_related
        return rows.select_related(*needed) if needed else rows

    def limited(self, rows: QuerySet[Any], scope: Scope) -> QuerySet[Any]:
        """The rows that are the scope's."""
        return rows

    def narrowed(self, rows: QuerySet[Any], field: str, request: HttpRequest) -> QuerySet[Any]:
        """What may be chosen for a field of this model, of the rows that may be chosen at all."""
        return rows

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        obj = super().get_object(request, object_id, from_field)
        if obj is None:
            raise Http404
        return obj

    def name_to_choose(self, obj: Any) -> str:
        """The name of a row where one is chosen among many."""
        return str(obj)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        term = " ".join(search_term.replace("\0", "").split())
        return (queryset.filter(self.matching(term)) if term else queryset), False

    def matching(self, term: str) -> Q:
        """People are found by the beginning of their name, in the order of its index."""
        found = Q()
        for path in self.search_fields:
            people = path.endswith("sort_key")
            found |= Q((f"{path}__startswith", sort_key(term)) if people else (f"{path}__icontains", term))
        return found

    # --- Pages -----------------------------------------------------------------------------------
    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        fixed = self.fixed if obj is not None else ()
        return (*super().get_readonly_fields(request, obj), *fixed)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        self._exists_for(request)
        title = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> Any:
        """Django's "Change person" puts a name into a sentence, where Russian would decline it."""
        self._exists_for(request)
        name = self.opts.verbose_name
        title = capfirst(name) if object_id else _("New: %(name)s") % {"name": name}
        context = {"title": title, **(extra_context or {})}
        return super().changeform_view(request, object_id, form_url, context)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        self._exists_for(request)
        return super().delete_view(request, object_id, extra_context)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """The operator's whole; a school's own acts only, where files pass from school to school."""
        self._exists_for(request)
        context = dict(extra_context or {})
        if not scope_of(request).is_region:
            pages = self.get_paginator(request, self._own_entries(request, object_id), 100)
            entries = pages.get_page(request.GET.get(PAGE_VAR))
            context |= {
                "action_list": entries,
                "pagination_required": pages.num_pages > 1,
                "page_range": pages.get_elided_page_range(entries.number),
            }
        return super().history_view(request, object_id, context)

    def _exists_for(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise Http404

    def _own_entries(self, request: HttpRequest, object_id: str) -> QuerySet[LogEntry]:
        offices = Appointment.objects.filter(organisation__in=scope_of(request).organisations or ())
        entries = LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(self.model),
            object_id=object_id,
            user__person__in=offices.values("person"),
        )
        return entries.select_related("user").order_by("-action_time")

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, Any, Any]:
        """Rows that need these are counted, not named: they may be the journal's, or thousands."""
        collector: Any = NestedObjects(using=router.db_for_write(self.model), origin=objs)
        collector.collect(objs)
        refused = {
            str(model._meta.verbose_name)
            for model in collector.model_objs
            if self.admin_site.is_registered(model)
            and not self.admin_site.get_model_admin(model).has_delete_permission(request)
        }
        if not all(self.has_delete_permission(request, obj) for obj in objs):
            refused.add(str(self.opts.verbose_name))
        counts = {
            str(model._meta.verbose_name_plural): len(rows) for model, rows in collector.model_objs.items()
        }
        needed_by = sorted({str(row._meta.verbose_name_plural) for row in collector.protected})
        return [str(obj) for obj in objs], counts, refused, [capfirst(name) for name in needed_by]


class RegionAdmin(OfficeAdmin):
    """The region operator's alone."""


class SchoolAdmin(OfficeAdmin):
    """Rows of organisations, managed by their administrators; `organisation_path` leads there."""

    administrator_may = EVERYTHING
    organisation_path = "organisation"

    def limited(self, rows: QuerySet[Any], scope: Scope) -> QuerySet[Any]:
        if scope.is_region:
            return rows
        return rows.filter(**{f"{self.organisation_path}__in": scope.organisations})

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """Sorted within schools; the region's rows as they stand, for there are too many to sort."""
        return ("-pk",) if scope_of(request).is_region else (*(self.ordering or ()), "pk")

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        return [ChosenOrganisation, *self.list_filter]

    def get_list_display(self, request: HttpRequest) -> tuple[Any, ...]:
        several = scope_of(request).only_organisation is None and self.organisation_path
        return (*self.list_display, "whose") if several else tuple(self.list_display)

    @admin.display(description=_("organisation"))
    def whose(self, obj: Any) -> str:
        for name in self.organisation_path.split("__"):
            obj = getattr(obj, name)
        return str(obj)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        scope, names = scope_of(request), {field.name for field in self.opts.fields}
        usual: dict[str, Any] = {}
        if "organisation" in names:
            usual["organisation"] = scope.only_organisation
        if "year" in names:
            usual["year"] = AcademicYear.objects.filter(since__lte=scope.on, until__gte=scope.on).first()
        return usual | super().get_changeform_initial_data(request)
