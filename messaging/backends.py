"""Django's e-mail backend: what Django and its libraries send becomes rows like everything else."""

from collections.abc import Sequence
from email.utils import parseaddr

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend

from messaging.sending import send_letter


class CannotBeKept(Exception):
    """A row has no place for attachments."""


class OutgoingBackend(BaseEmailBackend):
    """A letter a recipient, so that nobody reads who else got it. The sender is always the portal;
    headers of the message's own are not kept."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """The number of messages taken. Raises CannotBeKept, and ValidationError for no address."""
        for message in email_messages:
            if message.attachments:
                raise CannotBeKept(message.subject)
            for recipient in message.recipients():
                self._write(message, parseaddr(recipient)[1])
        return len(email_messages)

    def _write(self, message: EmailMessage, to: str) -> None:
        html = _html_of(message)
        text = str(message.body)
        send_letter(to=to, subject=str(message.subject), text=text, html=html)


def _html_of(message: EmailMessage) -> str:
    alternatives = message.alternatives if isinstance(message, EmailMultiAlternatives) else []
    return next((str(content) for content, kind in alternatives if kind == "text/html"), "")
