"""Django admin, opened by appointment."""

from functools import cache, update_wrapper
from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.urls import resolve, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from schools.admin.scope import choices, holds_an_office
from schools.doors import opens_admin


class ChoicesJsonView(AutocompleteJsonView):
    """What is typed into a field finds what the field accepts, and nothing else."""

    def get_queryset(self) -> Any:
        found = choices(self.admin_site, self.source_field, self.request)
        found, _distinct = self.model_admin.get_search_results(self.request, found, self.term)
        return found

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        target: Any = self.model_admin
        return {**super().serialize_result(obj, to_field_name), "text": target.name_to_choose(obj)}


class AppointedAdminSite(AdminSite):
    """Open to who holds an office today (`schools.admin.scope`) and showed a second factor. For other
    people it does not exist."""

    site_header = site_title = "АСУ РСО"
    index_title = _("Administration")

    def has_permission(self, request: HttpRequest) -> bool:
        return holds_an_office(request.user) and opens_admin(getattr(request.user, "proof", None))

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        inner = super().admin_view(view, cacheable)

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))
            if not holds_an_office(request.user):
                raise Http404
            if not self.has_permission(request):
                return redirect_to_login(request.get_full_path(), resolve_url(settings.SECOND_FACTOR_URL))
            response: HttpResponse = inner(request, *args, **kwargs)
            return response

        return update_wrapper(guarded, inner)

    def get_urls(self) -> list[Any]:
        """Without the door that leads from any row to its page: it asks nobody's rights."""
        return [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The portal has doors of its own."""
        wanted = request.GET.get("next") or reverse("admin:index")
        return redirect_to_login(wanted, resolve_url(settings.LOGIN_URL))

    def logout(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """The portal has one way out, too: it writes the journal and ends Gosuslugi's session."""
        return resolve(resolve_url(settings.SIGN_OUT_URL)).func(request)

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return redirect(settings.LOGIN_REDIRECT_URL)

    def password_change_done(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return redirect(settings.LOGIN_REDIRECT_URL)

    def autocomplete_view(self, request: HttpRequest) -> Any:
        return ChoicesJsonView.as_view(admin_site=self)(request)


@cache
def RegionAdminSite() -> AppointedAdminSite:
    """Django's default site. Django imports this package to make it, and the package's modules ask
    for the default site to register with: both must get the same one."""
    return AppointedAdminSite()
