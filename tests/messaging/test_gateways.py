"""The SMS gateway over HTTP, against a server that listens."""

from typing import Any

import pytest

from messaging import gateways
from messaging.gateways import ConsoleGateway, HttpGateway, NotSent, OutboxGateway, chosen_gateway
from tests.messaging.conftest import Provider, free_port

SMS = {"to": "+79271234567", "text": "Код: 481516", "key": "12-20261216"}


def refusal() -> NotSent:
    with pytest.raises(NotSent) as raised:
        HttpGateway().send(**SMS)
    assert "9271234567" not in str(raised.value)
    return raised.value


def test_a_message_arrives_with_the_token_the_sender_and_its_key(http_gateway: Provider) -> None:
    HttpGateway().send(**SMS)
    [(headers, message)] = http_gateway.taken
    assert message == SMS | {"from": "ASURSO"}
    assert headers["Authorization"] == "Bearer a-token"
    assert headers["Idempotency-Key"] == SMS["key"]


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_it_is_taken(http_gateway: Provider, status: int) -> None:
    http_gateway.status = status
    HttpGateway().send(**SMS)


@pytest.mark.parametrize("status", [500, 502, 503, 429, 408, 401, 403, 404, 302])
def test_trying_again_may_help(http_gateway: Provider, status: int) -> None:
    http_gateway.status = status
    assert refusal().temporary


@pytest.mark.parametrize("status", [400, 422])
def test_trying_again_does_not_help(http_gateway: Provider, status: int) -> None:
    http_gateway.status = status
    assert not refusal().temporary


def test_a_redirect_is_not_followed_with_the_token(http_gateway: Provider) -> None:
    http_gateway.status = 307
    assert refusal().temporary
    assert len(http_gateway.taken) == 1


def test_a_provider_that_does_not_answer_is_tried_again(
    http_gateway: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateways, "ANSWER_SECONDS", 0.2)
    http_gateway.silent = True
    assert refusal().temporary


def test_a_provider_that_cannot_be_reached_is_tried_again(http_gateway: Provider, settings: Any) -> None:
    settings.SMS_URL = f"http://127.0.0.1:{free_port()}/"
    assert refusal().temporary


def test_the_console_shows_the_message(capsys: Any) -> None:
    ConsoleGateway().send(**SMS)
    assert capsys.readouterr().out == "SMS +79271234567: Код: 481516\n"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        *(("outbox", OutboxGateway), ("console", ConsoleGateway), ("http", HttpGateway)),
        ("messaging.gateways.HttpGateway", HttpGateway),
    ],
)
def test_a_setting_chooses(settings: Any, name: str, expected: type) -> None:
    settings.SMS_GATEWAY = name
    assert type(chosen_gateway()) is expected
