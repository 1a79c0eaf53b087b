"""A letter on its way to the mail server, and what the server may say."""

import smtplib

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from messaging.gateways import NotSent
from messaging.models import Outgoing


def send_by_mail(outgoing: Outgoing) -> None:
    """Hand the letter to settings.MAIL_TRANSPORT. Raises NotSent.

    Only what the server says for good (5xx) about this recipient or this letter ends the attempts:
    a refused password or sender is our set-up, and the letter waits until that is mended.
    """
    try:
        _message(outgoing).send()
    except smtplib.SMTPRecipientsRefused as error:
        [(code, _words)] = error.recipients.values()
        raise NotSent(f"the mail server refused the recipient: {code}", temporary=code < 500) from error
    except smtplib.SMTPDataError as error:
        code = error.smtp_code
        raise NotSent(f"the mail server refused the letter: {code}", temporary=code < 500) from error
    except (smtplib.SMTPException, OSError) as error:
        raise NotSent(f"the mail server: {type(error).__name__}", temporary=True) from error


def _message(outgoing: Outgoing) -> EmailMultiAlternatives:
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ")
    message = EmailMultiAlternatives(
        subject=outgoing.subject,
        body=outgoing.text,
        to=[outgoing.recipient],
        headers={
            "Content-Language": outgoing.language,
            # The same at each attempt: mail programs show a repetition once.
            "Message-ID": f"<{outgoing.key}@{host}>",
            # No holiday replies to a machine (RFC 3834).
            "Auto-Submitted": "auto-generated",
        },
        connection=get_connection(settings.MAIL_TRANSPORT),
    )
    if outgoing.html:
        message.attach_alternative(outgoing.html, "text/html")
    return message
