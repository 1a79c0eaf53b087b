"""Gateways that take an SMS. settings.SMS_GATEWAY names one: `http`, `outbox`, `console`, or the
dotted path of a class of the region's own, for a provider with another protocol.
"""

import sys
from typing import Protocol

import requests
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

CONNECT_SECONDS, ANSWER_SECONDS = 3.05, 10
# The message itself is what the provider does not like; whatever else it answers may pass.
REFUSALS = {400, 410, 413, 422}


class NotSent(Exception):
    """Said by a few words without addresses and numbers; `temporary` when trying again may help."""

    def __init__(self, reason: str, *, temporary: bool) -> None:
        super().__init__(reason)
        self.temporary = temporary


class Gateway(Protocol):
    """Hands one SMS over: `to` in E.164, `key` the same at each attempt at one message.

    Returning means that the provider has taken it. Raises NotSent.
    """

    def send(self, *, to: str, text: str, key: str) -> None: ...


class OutboxGateway:
    """Development: the row itself is the portal's outbox, so nothing is left to do."""

    def send(self, *, to: str, text: str, key: str) -> None:
        pass


class ConsoleGateway:
    """Development: the SMS is shown where the worker's lines are."""

    def send(self, *, to: str, text: str, key: str) -> None:
        sys.stdout.write(f"SMS {to}: {text}\n")
        sys.stdout.flush()


class HttpGateway:
    """POST of `{"to", "text", "from", "key"}` in JSON to settings.SMS_URL.

    The token goes in `Authorization: Bearer …`, the key in `Idempotency-Key` as well. Taken when the
    answer is 2xx. An answer that speaks of our set-up (401, 403, 404, a redirect) is temporary: the
    message waits until the operator has mended it.
    """

    def send(self, *, to: str, text: str, key: str) -> None:
        status = self._post({"to": to, "text": text, "from": settings.SMS_SENDER, "key": key})
        if not 200 <= status < 300:
            raise NotSent(f"the SMS gateway answered {status}", temporary=status not in REFUSALS)

    def _post(self, message: dict[str, str]) -> int:
        headers = {"Authorization": f"Bearer {settings.SMS_TOKEN}", "Idempotency-Key": message["key"]}
        try:
            with requests.post(
                settings.SMS_URL,
                json=message,
                headers=headers,
                timeout=(CONNECT_SECONDS, ANSWER_SECONDS),
                allow_redirects=False,  # the token is for this address alone
                stream=True,  # the answer's body is not read: it may repeat the number, or never end
            ) as answer:
                return answer.status_code
        except requests.Timeout as error:
            raise NotSent("the SMS gateway did not answer in time", temporary=True) from error
        except requests.RequestException as error:
            raise NotSent("the SMS gateway cannot be reached", temporary=True) from error


GATEWAYS: dict[str, type[Gateway]] = {
    "outbox": OutboxGateway,
    "console": ConsoleGateway,
    "http": HttpGateway,
}


def chosen_gateway() -> Gateway:
    """The gateway of settings.SMS_GATEWAY. Raises ImproperlyConfigured when that leads nowhere."""
    name = settings.SMS_GATEWAY
    try:
        gateway = GATEWAYS.get(name) or import_string(name)
    except ImportError as error:
        raise ImproperlyConfigured(
            f"SMS_GATEWAY={name} leads nowhere: set http, or a class's path."
        ) from error
    return gateway()
