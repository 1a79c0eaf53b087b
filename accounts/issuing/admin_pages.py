"""Django admin: logins issued to people and to classes, and the journal of who issued them."""

import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_POST

from accounts.issuing import batches
from accounts.issuing.sealing import CannotOpen
from accounts.models import LoginBatch, LoginIssue
from accounts.tasks import make_login_batch
from schools.admin.classes import SchoolClassAdmin
from schools.admin.office import VIEW, RegionAdmin, SchoolAdmin
from schools.admin.people import PersonAdmin
from schools.admin.scope import Scope, scope_of
from schools.models import Person, SchoolClass

# The private key of a batch. It is in the asker's browser alone: a session would lie beside the sheet.
KEY_COOKIE = "login_slips"
KEY_KEPT = datetime.timedelta(hours=1)  # the making, and `batches.TO_DOWNLOAD`


class IssuesLogins:
    """Two actions for a list whose chosen rows are, or have, people. Both lead to a draft's page."""

    actions: Any = ("issue_logins", "issue_logins_anew")
    chosen_as = "people"

    @admin.action(description=_("Issue logins"), permissions=["view"])
    def issue_logins(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        return self._draft(request, queryset, again=False)

    @admin.action(description=_("Issue logins anew"), permissions=["view"])
    def issue_logins_anew(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        return self._draft(request, queryset, again=True)

    def _draft(self, request: HttpRequest, rows: QuerySet[Any], *, again: bool) -> HttpResponse | None:
        chosen = list(rows.order_by().values_list("pk", flat=True)[: batches.MOST_PEOPLE + 1])
        if len(chosen) > batches.MOST_PEOPLE:
            _say_too_many(request)
            return None
        asker: Any = request.user
        draft = LoginBatch.objects.create(asked_by=asker, again=again, **{self.chosen_as: chosen})
        return redirect("admin:accounts_loginbatch_page", draft.pk)


def _say_too_many(request: HttpRequest) -> None:
    text = ngettext(
        "Choose at most %(number)d person at a time.",
        "Choose at most %(number)d people at a time.",
        batches.MOST_PEOPLE,
    )
    messages.error(request, text % {"number": batches.MOST_PEOPLE})


admin.site.unregister([Person, SchoolClass])


@admin.register(Person)
class PersonWithLoginAdmin(IssuesLogins, PersonAdmin):
    """The people of `schools`, with the actions of this module."""


@admin.register(SchoolClass)
class ClassWithLoginsAdmin(IssuesLogins, SchoolClassAdmin):
    chosen_as = "classes"


@admin.register(LoginIssue)
class LoginIssueAdmin(SchoolAdmin):
    """Who issued what: written by the doors, changed by nobody."""

    administrator_may = operator_may = VIEW
    actions = None
    list_display = ("at", "login", "person", "how", "again", "by")
    list_filter = ("how", "again")
    list_select_related = ("account", "person", "by", "organisation")
    fields = ("at", "login", "person", "how", "again", "by", "organisation")
    readonly_fields = ("at", "login")
    search_fields = ("account__username", "person__sort_key")
    search_help_text = _("The login, or the beginning of the surname")
    ordering = ("-pk",)

    @admin.display(description=_("login"))
    def login(self, obj: LoginIssue) -> str:
        return obj.account.username


@admin.register(LoginBatch)
class LoginBatchAdmin(RegionAdmin):
    """To its asker a batch is one page, from the choice to the download. The operator's list tells
    what is under way, and neither whom it is for nor a password."""

    operator_may = VIEW
    actions = None
    fields = list_display = ("changed_at", "asked_by", "again", "state", "done", "total")
    readonly_fields = ("changed_at",)
    list_filter = ("state",)
    list_select_related = ("asked_by",)
    ordering = ("-pk",)

    def get_urls(self) -> list[URLPattern]:
        def page(rest: str, view: Any, name: str) -> URLPattern:
            guarded = self.admin_site.admin_view(never_cache(view))
            return path(f"<int:pk>/{rest}", guarded, name=f"accounts_loginbatch_{name}")

        own = [
            page("", self.page, "page"),
            page("start/", require_POST(self.start), "start"),
            page("progress/", require_GET(self.progress), "progress"),
            page("slips/", require_POST(self.slips), "slips"),
        ]
        return [*own, *super().get_urls()]

    # --- Pages -----------------------------------------------------------------------------------
    def page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The draft with whom it concerns; then how far it is; then the download."""
        batch, scope = _own_batch(request, pk)
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Issue logins anew") if batch.again else gettext("Issue logins"),
            "batch": batch,
            "may_open": bool(request.COOKIES.get(KEY_COOKIE)),
            "minutes": batches.TO_DOWNLOAD.seconds // 60,
            "back_url": reverse(f"admin:schools_{'schoolclass' if batch.classes else 'person'}_changelist"),
        }
        if batch.state == batches.State.DRAFT:
            context["choices"] = _choices(batch, scope)
        return TemplateResponse(request, "admin/accounts/login_batch.html", context)

    @sensitive_variables("private")
    def start(self, request: HttpRequest, pk: int) -> HttpResponse:
        batch, scope = _own_batch(request, pk)
        response = redirect("admin:accounts_loginbatch_page", pk)
        whom = request.POST.get("whom", batches.BOTH)
        address = request.build_absolute_uri("/")
        try:
            private = batches.start(batch, scope, whom=whom, address=address, language=get_language() or "")
        except batches.TooMany:
            _say_too_many(request)
        except batches.AnotherUnderWay:
            messages.error(
                request, gettext("Your other logins are still being made: wait until they are ready.")
            )
        else:
            if private:
                _give_key(response, pk, private)
                transaction.on_commit(partial(make_login_batch.delay, pk))
        return response

    def progress(self, request: HttpRequest, pk: int) -> JsonResponse:
        batch, _scope = _own_batch(request, pk)
        return JsonResponse({"done": batch.done, "total": batch.total, "ended": not batch.is_under_way})

    @sensitive_variables("private", "sheet")
    def slips(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The only download. A browser that did not ask is refused before anything is used up."""
        batch, _scope = _own_batch(request, pk)
        private = request.COOKIES.get(KEY_COOKIE)
        if not private:
            raise PermissionDenied
        try:
            sheet = batches.take(batch, private=private)
        except (batches.Gone, CannotOpen):
            messages.error(request, gettext("These slips are no longer there. Issue the logins anew."))
            return redirect("admin:accounts_loginbatch_page", pk)
        name = f'attachment; filename="logins-{pk}.pdf"'
        response = HttpResponse(sheet, content_type="application/pdf", headers={"Content-Disposition": name})
        response.delete_cookie(KEY_COOKIE, path=_key_path(pk), samesite="Strict")
        return response


@sensitive_variables("private")
def _give_key(response: HttpResponse, pk: int, private: str) -> None:
    response.set_cookie(
        KEY_COOKIE,
        private,
        max_age=KEY_KEPT,
        path=_key_path(pk),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def _key_path(pk: int) -> str:
    """The batch's own pages: no other request carries its key."""
    return reverse("admin:accounts_loginbatch_page", args=[pk])


def _own_batch(request: HttpRequest, pk: int) -> tuple[LoginBatch, Scope]:
    return get_object_or_404(LoginBatch, pk=pk, asked_by=request.user.pk), scope_of(request)


def _choices(batch: LoginBatch, scope: Scope) -> list[dict[str, Any]]:
    """Whom a draft can be started for, with what would happen to them."""
    whom = {batches.BOTH: _("Chosen people")}
    if batch.classes:
        whom = {
            batches.STUDENTS: _("Students"),
            batches.PARENTS: _("Parents"),
            batches.BOTH: _("Students and parents"),
        }
    return [
        {"value": value, "label": capfirst(str(label)), "people": batches.preview(batch, scope, value)}
        for value, label in whom.items()
    ]
