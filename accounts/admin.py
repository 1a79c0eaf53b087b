"""Accounts in Django admin: the region operator closes and opens them again, and no more than that.

Logins and passwords are handed out by the doors; offices are appointments; Django's groups and
permissions are not used.
"""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from social_django.models import Association, Nonce, UserSocialAuth

from accounts.esia import linking
from accounts.issuing import admin_pages as issuing_admin
from accounts.models import EsiaLink, SignInAttempt, User
from accounts.security import journal, second_factors
from schools.admin.office import CHANGE, VIEW, RegionAdmin

__all__ = ["issuing_admin"]

# People manage these for themselves at the doors; the operator has no business there.
admin.site.unregister([Group, EmailAddress, Authenticator, UserSession, UserSocialAuth, Association, Nonce])


@admin.register(User)
class UserAdmin(RegionAdmin):
    operator_may = CHANGE
    fields = ("username", "person", "is_active", "date_joined", "last_login")
    readonly_fields = ("username", "person", "date_joined", "last_login")
    list_display = ("username", "person", "is_active", "last_login")
    list_select_related = ("person",)
    search_fields = ("username", "person__sort_key")
    search_help_text = _("The login, or the beginning of the surname")
    ordering = ("username",)
    actions = ("remove_second_factor",)

    @admin.action(description=_("Remove the second factor: the telephone is lost"), permissions=["change"])
    def remove_second_factor(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Not one's own, and only after asking who it is that asks. The person gets a letter."""
        open_ones = [account for account in queryset if self.is_open_to(request, account)]
        for account in open_ones:
            second_factors.remove_all(account)
            self.log_change(request, account, "second factor removed")
        removed = ngettext(
            "%(count)d account has no second factor now.",
            "%(count)d accounts have no second factor now.",
            len(open_ones),
        )
        self.message_user(request, removed % {"count": len(open_ones)})

    def is_open_to(self, request: HttpRequest, obj: Any) -> bool:
        """Nobody closes the own account, and only a superuser another superuser's."""
        user: Any = request.user
        return bool(obj.pk != user.pk and (user.is_superuser or not obj.is_superuser))

    @admin.display(description=_("person"))
    def person(self, obj: Any) -> str:
        return str(getattr(obj, "person", ""))


@admin.register(SignInAttempt)
class SignInAttemptAdmin(RegionAdmin):
    operator_may = VIEW
    actions = None
    list_display = ("at", "username", "address", "succeeded", "why_refused")
    list_filter = ("succeeded", "refused")
    search_fields = ("username",)
    ordering = ("-pk",)

    @admin.display(description=_("why refused"))
    def why_refused(self, obj: SignInAttempt) -> Any:
        return journal.why_refused(obj.username, right=obj.succeeded, refused=obj.refused)


@admin.register(EsiaLink)
class EsiaLinkAdmin(RegionAdmin):
    """Who linked which ESIA identity by which match. The operator ends a link, for example when a
    student of 14 has got a Gosuslugi account of the own. Not the operator's own: it ends the session."""

    operator_may = VIEW
    actions = ("end_links",)
    list_display = ("at", "person", "account", "basis", "level", "organisation", "ended_at", "ended_by")
    list_select_related = ("person", "account", "organisation", "ended_by")
    list_filter = ("basis", "level")
    search_fields = ("person__sort_key",)
    search_help_text = _("The beginning of the surname")
    ordering = ("-pk",)

    @admin.action(description=_("End the link, so that another account may be linked"))
    def end_links(self, request: HttpRequest, links: QuerySet[EsiaLink]) -> None:
        for link in links.filter(ended_at=None).exclude(account=request.user.pk):
            linking.end(link, by=request.user)
