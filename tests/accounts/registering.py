"""A registration as a browser sends it, and the codes that went out for it."""

import re
from typing import Any

from django.test import Client
from django.urls import reverse

from messaging.models import Outgoing

SIGN_UP = "account_signup"
PHONE_CODE, EMAIL_CODE = "account_verify_phone", "account_email_verification_sent"
TYPED = {
    "as": "parent",
    "surname": "Новикова",
    "first_name": "Ольга",
    "patronymic": "Петровна",
    "birth_date": "1984-02-29",
    "phone": "8 927 123-45-67",
    "email": "Olga@family.example",
    "username": "novikova84",
    "password1": "kamu-tire-saha",
    "password2": "kamu-tire-saha",
}


def sign_up(client: Client, **changed: Any) -> Any:
    return client.post(reverse(SIGN_UP), TYPED | changed)


def last_text(channel: str) -> str:
    found = Outgoing.objects.filter(channel=channel).newest_first().first()
    return found.text if found else ""


def code_in(channel: str) -> str:
    """The code of the last SMS or letter; empty when it had none."""
    found = re.search(r"\b\d{6}\b", last_text(channel))
    return found[0] if found else ""


def confirm_phone(client: Client) -> Any:
    return client.post(reverse(PHONE_CODE), {"code": code_in("sms")})


def confirm_email(client: Client) -> Any:
    return client.post(reverse(EMAIL_CODE), {"code": code_in("email")})


def register(client: Client, **changed: Any) -> Any:
    """The whole way; the answer to the last code."""
    sign_up(client, **changed)
    confirm_phone(client)
    return confirm_email(client)
