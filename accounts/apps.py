from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        """What django-allauth tells of second factors belongs to the proof of the running session."""
        from allauth.account.signals import authentication_step_completed  # noqa: PLC0415
        from allauth.mfa.signals import authenticator_added  # noqa: PLC0415

        authentication_step_completed.connect(_factor_shown)
        authenticator_added.connect(_factor_set_up)


def _factor_shown(sender: Any, *, request: Any, method: str, **_kwargs: Any) -> None:
    if method == "mfa":
        _prove(request)


def _factor_set_up(sender: Any, *, request: Any, authenticator: Any, **_kwargs: Any) -> None:
    """Whoever sets a factor up has just shown it."""
    if authenticator.type != "recovery_codes":
        _prove(request)


def _prove(request: Any) -> None:
    from accounts.signing_in import prove_second_factor  # noqa: PLC0415 - models are ready by now

    prove_second_factor(request)
