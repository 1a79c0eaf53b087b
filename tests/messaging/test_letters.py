"""Letters, against a mail server that listens."""

from email import message_from_bytes, policy
from typing import Any

import pytest

from messaging.gateways import NotSent
from messaging.letters import send_by_mail
from tests import factories as make
from tests.messaging.conftest import Mailbox, free_port

pytestmark = pytest.mark.django_db


def refusal() -> NotSent:
    with pytest.raises(NotSent) as raised:
        send_by_mail(make.LetterFactory())
    assert "anna" not in str(raised.value)
    return raised.value


def test_a_letter_arrives_in_words_and_in_html(mail_server: Mailbox) -> None:
    send_by_mail(make.LetterFactory(text="Код: 481516", html="<b>481516</b>"))
    [envelope] = mail_server.taken
    letter: Any = message_from_bytes(envelope.content, policy=policy.default)
    assert envelope.rcpt_tos == ["anna@family.example"]
    assert envelope.mail_from == "portal@school.example"
    assert letter["Subject"] == "Новый пароль"
    assert letter.get_body(["plain"]).get_content().strip() == "Код: 481516"
    assert letter.get_body(["html"]).get_content().strip() == "<b>481516</b>"


def test_each_attempt_carries_the_same_number(mail_server: Mailbox) -> None:
    letter: Any = make.LetterFactory()
    send_by_mail(letter)
    send_by_mail(letter)
    first, second = (message_from_bytes(envelope.content)["Message-ID"] for envelope in mail_server.taken)
    assert first == second == f"<{letter.key}@school.example>"


@pytest.mark.parametrize(("answer", "temporary"), [("450 full", True), ("550 no such user", False)])
def test_what_the_server_says_of_the_recipient(mail_server: Mailbox, answer: str, temporary: bool) -> None:
    mail_server.to_recipient = answer
    assert refusal().temporary is temporary


@pytest.mark.parametrize(("answer", "temporary"), [("451 later", True), ("554 no", False)])
def test_what_the_server_says_of_the_letter(mail_server: Mailbox, answer: str, temporary: bool) -> None:
    mail_server.to_letter = answer
    assert refusal().temporary is temporary


def test_a_password_that_the_server_does_not_take_is_our_affair(mail_server: Mailbox, settings: Any) -> None:
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "portal", "wrong"
    assert refusal().temporary


def test_a_server_that_cannot_be_reached_is_tried_again(mail_server: Mailbox, settings: Any) -> None:
    settings.EMAIL_PORT = free_port()
    assert refusal().temporary
