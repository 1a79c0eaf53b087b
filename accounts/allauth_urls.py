"""The pages of django-allauth that the portal keeps, each with its guard; its others do not exist.

Their templates, words and forms are ours (`templates/account`, `templates/mfa`, `accounts.security_forms`).
"""

from typing import Any

from allauth.account import views as account
from allauth.account.decorators import reauthentication_required
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkey
from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.generic import RedirectView

from accounts import security_views
from accounts.registration_views import SignUp


def moved_to(name: str) -> Any:
    return login_not_required(RedirectView.as_view(pattern_name=name, query_string=True))


def guarded(view: Any) -> Any:
    """Shown only to who has proved within the last minutes to be the account's holder."""
    return never_cache(reauthentication_required(view))


urlpatterns = [
    path("", RedirectView.as_view(pattern_name="accounts:security")),
    # The doors in and out are the portal's own; allauth's flows lead here by name.
    path("login/", moved_to("accounts:sign-in"), name="account_login"),
    path("logout/", moved_to("front"), name="account_logout"),
    path("signup/", SignUp.as_view(), name="account_signup"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("email/", guarded(account.email), name="account_email"),
    path("confirm-email/", account.email_verification_sent, name="account_email_verification_sent"),
    path("phone/change/", guarded(account.change_phone), name="account_change_phone"),
    path("phone/verify/", account.verify_phone, name="account_verify_phone"),
    path("password/change/", security_views.password_change, name="account_change_password"),
    path("sessions/", security_views.sessions, name="usersessions_list"),
    path("2fa/", second_factor.index, name="mfa_index"),
    path("2fa/authenticate/", second_factor.authenticate, name="mfa_authenticate"),
    path("2fa/reauthenticate/", second_factor.reauthenticate, name="mfa_reauthenticate"),
    path("2fa/totp/activate/", never_cache(totp.activate_totp), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path(
        "2fa/recovery-codes/", never_cache(recovery_codes.view_recovery_codes), name="mfa_view_recovery_codes"
    ),
    path(
        "2fa/recovery-codes/generate/",
        guarded(recovery_codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path("2fa/webauthn/", passkey.list_webauthn, name="mfa_list_webauthn"),
    path("2fa/webauthn/add/", passkey.add_webauthn, name="mfa_add_webauthn"),
    path("2fa/webauthn/reauthenticate/", passkey.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("2fa/webauthn/keys/<int:pk>/remove/", passkey.remove_webauthn, name="mfa_remove_webauthn"),
    path("2fa/webauthn/keys/<int:pk>/edit/", passkey.edit_webauthn, name="mfa_edit_webauthn"),
]
