"""How django-allauth's flows fit the portal's doors."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest

from accounts import signing_in
from accounts.attempts import address_of


class AccountAdapter(DefaultAccountAdapter):
    def login(self, request: HttpRequest, user: Any) -> None:
        """Every flow ends here, after its codes and second factors."""
        super().login(request, user)
        records = get_authentication_records(request, user)
        signing_in.remember(request, user, second_factor=any(record["method"] == "mfa" for record in records))

    def get_login_stages(self) -> list[str]:
        return ["accounts.stages.FirstPasswordStage", *super().get_login_stages()]

    def get_client_ip(self, request: HttpRequest) -> str:
        return address_of(request) or "0.0.0.0"  # noqa: S104 - a Unix socket has no address
