"""How django-allauth's flows fit the portal's doors."""

import datetime
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.account.models import EmailAddress
from allauth.core import context as allauth_context
from allauth.core.exceptions import ImmediateHttpResponse, ReauthenticationRequired
from django.conf import settings
from django.contrib.sites.shortcuts import get_current_site
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import codes, signing_in
from accounts.attempts import address_of
from accounts.models import PhoneNumber, User
from accounts.security import devices, notices
from accounts.security.notices import Notice
from accounts.telephones import PhoneField
from messaging.sending import send_letter, send_sms
from schools.models import SignIn
from schools.models.documents import document_hashes

CODE_HOLDS = datetime.timedelta(seconds=settings.ACCOUNT_PHONE_VERIFICATION_TIMEOUT)

_PROOFS = {
    "reauthenticate": _("By the password"),
    "mfa_reauthenticate": _("By a code"),
    "mfa_reauthenticate:webauthn": _("By a passkey"),
    "sign-in-anew": _("By signing in anew"),
}


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "incorrect_code": _("The code does not fit. Check it and type it again."),
        "too_many_login_attempts": _("The code was wrong too often. Sign in, and a new one is sent."),
        "phone_taken": _("Another account has confirmed this telephone meanwhile."),
        "email_taken": _("Another account has confirmed this e-mail meanwhile."),
        "duplicate_email": _("This is your e-mail already."),
        "same_as_current": _("This is your telephone already."),
        "enter_current_password": _("This is not your present password."),
        "incorrect_password": _("The password does not fit. Try again."),
        "rate_limited": _("Too many attempts. Try again in a few minutes."),
    }

    def login(self, request: HttpRequest, user: Any) -> None:
        """Every flow ends here, after its codes and second factors."""
        super().login(request, user)
        records = get_authentication_records(request, user)
        signing_in.remember(request, user, second_factor=any(record["method"] == "mfa" for record in records))

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """A device that the account was never used on gets a letter sent; the very first one does not."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        if not devices.is_known(request, user) and SignIn.objects.filter(account=user)[1:2].exists():
            notices.send(Notice.NEW_DEVICE, user, device=devices.device_of(request))
        devices.remember(request, response, user)
        return response

    def get_login_stages(self) -> list[str]:
        return ["accounts.stages.FirstPasswordStage", *super().get_login_stages()]

    def get_client_ip(self, request: HttpRequest) -> str:
        return address_of(request) or "0.0.0.0"  # noqa: S104 - a Unix socket has no address

    # --- Proving again -------------------------------------------------------------------------
    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Raises ReauthenticationRequired for accounts that have nothing to prove by but their door:
        allauth itself would let them pass."""
        if signing_in.is_fresh(self.request):
            return False
        if not get_reauthentication_flows(self.request.user):
            raise ReauthenticationRequired
        return True

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        methods = super().get_reauthentication_methods(user)
        if not methods and user.is_authenticated:
            methods = [{"id": "sign-in-anew", "url": reverse("accounts:sign-in-anew")}]
        return [method | {"description": _PROOFS[method["id"]]} for method in methods]

    # --- Passwords and notices -------------------------------------------------------------------
    def set_password(self, user: Any, password: str) -> None:
        user.choose_password(password)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:security")

    def get_email_verification_redirect_url(self, email_address: Any) -> str:
        return reverse("accounts:security")

    def can_delete_email(self, email_address: Any) -> bool:
        """It is replaced by another, so that the old one hears of it."""
        return False

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: Any = None, email: str | None = None
    ) -> None:
        """allauth's notices in our words; those of an e-mail go to the old one."""
        notices.send(Notice(template_prefix), user, device=devices.device_of(self.request), to=email or "")

    def send_account_already_exists_mail(self, email: str) -> None:
        """allauth's own names pages that the portal does not have."""
        self.send_mail("account/email/account_already_exists", email, {})

    # --- Telephones ------------------------------------------------------------------------------
    def phone_form_field(self, **kwargs: Any) -> PhoneField:
        return PhoneField(**kwargs)

    def get_phone(self, user: Any) -> tuple[str, bool] | None:
        found = PhoneNumber.objects.filter(account=user).first()
        return (found.number, found.confirmed_at is not None) if found else None

    def set_phone(self, user: Any, phone: str, verified: bool) -> None:
        fields = {
            "number": phone,
            "number_hash": document_hashes(phone)[0],
            "confirmed_at": timezone.now() if verified else None,
        }
        PhoneNumber.objects.update_or_create(account=user, defaults=fields)

    def set_phone_verified(self, user: Any, phone: str) -> None:
        before = self.get_phone(user)
        self.set_phone(user, phone, True)
        if before and before[1] and before[0] != phone:
            notices.tell_old_telephone(before[0])
            notices.send(Notice.PHONE_CHANGED, user, device=devices.device_of(self.request))

    def get_user_by_phone(self, phone: str) -> User | None:
        """Whose confirmed number it is; a family may share one that nobody has confirmed."""
        confirmed = PhoneNumber.objects.filter(confirmed_at__isnull=False)
        found = confirmed.filter(number_hash__in=document_hashes(phone)).select_related("account").first()
        return found.account if found else None

    # --- Codes -----------------------------------------------------------------------------------
    # allauth keeps a code in clear in the session and sends it from there, without a hook in between.
    # That stays: sessions lie on the server alone, a code holds for 15 minutes and confirms only the
    # contact it went to; the browser gets neither.
    def send_verification_code_sms(self, user: Any, phone: str, code: str, **kwargs: Any) -> None:
        """Where another account has the number, its owner is told so in the code's place: whoever
        asked sees the same page either way."""
        self._count_code(phone)
        owner = self.get_user_by_phone(phone)
        if owner and owner.pk != user.pk:
            self._send_sms("phone_in_use", phone, {})
        else:
            self._send_sms("phone_code", phone, {"code": code})

    def send_account_already_exists_sms(self, phone: str) -> None:
        self._count_code(phone)
        self._send_sms("phone_in_use", phone, {})

    def send_confirmation_mail(self, request: HttpRequest, emailconfirmation: Any, signup: bool) -> None:
        """As with telephones, the owner of a confirmed e-mail gets another letter."""
        address = emailconfirmation.email_address
        self._count_code(address.email)
        others = EmailAddress.objects.exclude(user=address.user)
        if others.filter(email=address.email, verified=True).exists():
            self.send_account_already_exists_mail(address.email)
        else:
            super().send_confirmation_mail(request, emailconfirmation, signup)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Letters of all flows leave by `messaging`; one with a code is of no use after the code."""
        request = allauth_context.request
        words = {"request": request, "email": email, "current_site": get_current_site(request)} | context
        letter = self.render_mail(template_prefix, email, words)
        until = timezone.now() + CODE_HOLDS if "code" in context else None
        send_letter(to=email, subject=str(letter.subject), text=str(letter.body), expires_at=until)

    def _send_sms(self, name: str, phone: str, words: dict[str, str]) -> None:
        text = render_to_string(f"account/sms/{name}.txt", words).strip()
        send_sms(to=phone, text=text, expires_at=timezone.now() + CODE_HOLDS)

    def _count_code(self, contact: str) -> None:
        """Raises ImmediateHttpResponse, a page that says to wait, when too many codes went out."""
        request = allauth_context.request
        try:
            codes.count(contact, address_of(request), now=timezone.now())
        except codes.TooManyCodes as too_many:
            raise ImmediateHttpResponse(render(request, "429.html", status=429)) from too_many
