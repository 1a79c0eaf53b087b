"""Providers that really listen: an SMS gateway over HTTP, a mail server over SMTP."""

import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

import pytest
from aiosmtpd.controller import Controller


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Provider:
    """Answers every POST with `status`; keeps what came as (headers, message)."""

    url: str = ""
    status: int = 200
    silent: bool = False
    taken: list[tuple[Any, dict[str, str]]] = field(default_factory=list)
    over: Event = field(default_factory=Event)


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            provider.taken.append((self.headers, json.loads(body)))
            if provider.silent:
                provider.over.wait(20)
                return
            self.send_response(provider.status)
            self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            pass

    return Handler


@pytest.fixture
def provider() -> Iterator[Provider]:
    provider = Provider()
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(provider)) as server:
        provider.url = f"http://127.0.0.1:{server.server_port}/send"
        Thread(target=server.serve_forever, args=[0.05], daemon=True).start()
        yield provider
        provider.over.set()
        server.shutdown()


@pytest.fixture
def http_gateway(settings: Any, provider: Provider) -> Provider:
    settings.SMS_GATEWAY, settings.SMS_URL = "http", provider.url
    settings.SMS_TOKEN, settings.SMS_SENDER = "a-token", "ASURSO"
    return provider


@dataclass
class Mailbox:
    """What the mail server took; its answer to each recipient and to each letter."""

    port: int = 0
    to_recipient: str = "250 OK"
    to_letter: str = "250 OK"
    taken: list[Any] = field(default_factory=list)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        envelope.rcpt_tos.append(address)
        return self.to_recipient

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.taken.append(envelope)
        return self.to_letter


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    box = Mailbox(port=free_port())
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    yield box
    controller.stop()


@pytest.fixture
def mail_server(settings: Any, mailbox: Mailbox) -> Mailbox:
    settings.MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", mailbox.port
    settings.DEFAULT_FROM_EMAIL = "АСУ РСО <portal@school.example>"
    return mailbox
