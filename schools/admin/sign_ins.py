"""The journal of sign-ins in Django admin: of the own organisations' people, read-only."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from schools.admin.office import VIEW, SchoolAdmin
from schools.admin.scope import Scope
from schools.doors import Refusal
from schools.models import SignIn


@admin.register(SignIn)
class SignInAdmin(SchoolAdmin):
    operator_may = administrator_may = VIEW
    actions = None
    organisation_path = ""
    list_display = (
        "at",
        "person",
        "account",
        "door",
        "level",
        "second_factor",
        "why_shut",
        "address",
        "ended_at",
    )
    list_filter = ("door", "second_factor")
    list_select_related = ("person", "account")
    search_fields = ("person__sort_key",)
    search_help_text = _("The beginning of the surname")
    ordering = ("-pk",)
    fields = (
        "at",
        "person",
        "account",
        "door",
        "level",
        "second_factor",
        "why_shut",
        "address",
        "device",
        "ended_at",
    )

    @admin.display(description=_("roles shut"))
    def why_shut(self, obj: SignIn) -> str:
        return " ".join(str(Refusal(why).label) for why in obj.refusals)

    def limited(self, rows: QuerySet[Any], scope: Scope) -> QuerySet[Any]:
        return rows if scope.is_region else rows.filter(person__in=scope.people().values("pk"))

    def get_ordering(self, request: Any) -> tuple[str, ...]:
        return ("-pk",)
