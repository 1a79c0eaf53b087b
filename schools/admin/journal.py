"""The journal in Django admin: read by the region operator, written by nobody (product map §3).

Not by a superuser either; to school administrators it does not exist.
"""

from typing import Any

from django.contrib import admin
from django.db.models import BigIntegerField, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Concat
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from schools.admin.office import VIEW, OfficeAdmin
from schools.models import Person

LABELS = {
    "insert": _("made"),
    "update": _("changed"),
    "before": _("changed; this is what was before"),
    "delete": _("deleted"),
}


class JournalAdmin(OfficeAdmin):
    """The newest first; `search_fields` lead to people by name. `events` is what keeps the history."""

    operator_may = VIEW
    actions = None
    ordering = ("-pk",)
    events: Any = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).order_by("-pk")

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Django's own log knows nothing of the journal: the database's triggers do."""
        self._exists_for(request)
        row = self.get_object(request, object_id)
        if self.events is None:
            return super().history_view(request, object_id, extra_context)
        options = self.events._meta
        page = reverse(f"admin:{options.app_label}_{options.model_name}_changelist")
        return redirect(f"{page}?pgh_obj={row.pk}")


def person_named(field: str) -> Subquery:
    """The name behind a key, which in an event may lead nowhere: no join."""
    return _name_of(OuterRef(field))


def _name_of(key: Any) -> Subquery:
    people = Person.objects.filter(pk=key).values(name=Concat(F("surname"), Value(" "), F("first_name")))
    return Subquery(people)


class EventAdmin(JournalAdmin):
    """What the triggers wrote. `columns` are the kept fields that tell most; `people` and `texts`
    give names to keys."""

    columns: tuple[str, ...] = ()

    def get_list_display(self, request: HttpRequest) -> tuple[Any, ...]:
        return ("pgh_created_at", "act", "row", "who", "means", *self.columns)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        kept = [field.name for field in self.opts.fields if not field.name.startswith("pgh_")]
        return ("pgh_created_at", "act", "row", "who", "means", *kept)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.get_fields(request, obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        person = Cast(KeyTextTransform("person", OuterRef("pgh_context")), BigIntegerField())
        return super().get_queryset(request).annotate(who=_name_of(person))

    @admin.display(description=_("what was done"))
    def act(self, obj: Any) -> str:
        return str(LABELS.get(obj.pgh_label, obj.pgh_label))

    @admin.display(description=_("row"))
    def row(self, obj: Any) -> int:
        number: int = obj.pgh_obj_id
        return number

    @admin.display(description=_("by"))
    def who(self, obj: Any) -> str:
        return obj.who or ""

    @admin.display(description=_("by what means"))
    def means(self, obj: Any) -> str:
        return (obj.pgh_context or {}).get("means", "")


def events_of(model: Any, name: Any, names: Any) -> Any:
    """The event model of a tracked model, with words for the lists: pghistory gives it none."""
    events = model.pgh_event_model
    events._meta.verbose_name, events._meta.verbose_name_plural = name, names
    return events
