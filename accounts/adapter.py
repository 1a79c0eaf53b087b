"""How django-allauth's flows fit the portal's doors."""

import datetime
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.models import EmailAddress
from allauth.core import context as allauth_context
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.contrib.sites.shortcuts import get_current_site
from django.http import HttpRequest
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import codes, signing_in
from accounts.attempts import address_of
from accounts.models import PhoneNumber, User
from accounts.telephones import PhoneField
from messaging.sending import send_letter, send_sms
from schools.models.documents import document_hashes

CODE_HOLDS = datetime.timedelta(seconds=settings.ACCOUNT_PHONE_VERIFICATION_TIMEOUT)


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "incorrect_code": _("The code does not fit. Check it and type it again."),
        "too_many_login_attempts": _("The code was wrong too often. Sign in, and a new one is sent."),
        "phone_taken": _("Another account has confirmed this telephone meanwhile."),
        "email_taken": _("Another account has confirmed this e-mail meanwhile."),
    }

    def login(self, request: HttpRequest, user: Any) -> None:
        """Every flow ends here, after its codes and second factors."""
        super().login(request, user)
        records = get_authentication_records(request, user)
        signing_in.remember(request, user, second_factor=any(record["method"] == "mfa" for record in records))

    def get_login_stages(self) -> list[str]:
        return ["accounts.stages.FirstPasswordStage", *super().get_login_stages()]

    def get_client_ip(self, request: HttpRequest) -> str:
        return address_of(request) or "0.0.0.0"  # noqa: S104 - a Unix socket has no address

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
        self.set_phone(user, phone, True)

    def get_user_by_phone(self, phone: str) -> User | None:
        """Whose confirmed number it is; a family may share one that nobody has confirmed."""
        confirmed = PhoneNumber.objects.filter(confirmed_at__isnull=False)
        found = confirmed.filter(number_hash__in=document_hashes(phone)).select_related("account").first()
        return found.account if found else None

    # --- Codes -----------------------------------------------------------------------------------
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
        address = address_of(request)
        if not codes.may_send(contact, address, now=timezone.now()):
            raise ImmediateHttpResponse(render(request, "429.html", status=429))
        codes.record(contact, address)
