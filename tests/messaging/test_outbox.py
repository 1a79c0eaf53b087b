"""The outbox: everybody's in development, nobody's in production."""

import subprocess
import sys
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories as make
from tests.asurso.test_settings import PRODUCTION, ROOT, start
from tests.queries import assert_same_statements

OUTBOX = "/outbox/"


def test_a_code_is_read_before_one_is_signed_in(db: Any, client: Client) -> None:
    sms: Any = make.OutgoingFactory()
    page = client.get(OUTBOX).content.decode()
    assert '<span class="outbox-copy">481516</span>' in page
    assert "Никому его не говорите" in client.get(f"{OUTBOX}{sms.pk}/").content.decode()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *(("Код: 481516.", "481516"), ("Ваш код PLKF-RDXF", "PLKF-RDXF")),
        *(
            ("Позвоните +79271234567", None),
            ("https://portal/reset/481516/", None),
            ("5 «Б», каб. 214", None),
        ),
    ],
)
def test_a_code_is_told_from_other_numbers(db: Any, client: Client, text: str, code: str | None) -> None:
    make.OutgoingFactory(text=text)
    assert [shown["code"] for shown in client.get(OUTBOX).context["messages_shown"]] == [code]


def test_a_link_in_a_letter_leads_on_and_its_html_stays_words(db: Any, client: Client) -> None:
    letter: Any = make.LetterFactory(text="http://localhost/reset/x/", html="<script>alert(1)</script>")
    page = client.get(f"{OUTBOX}{letter.pk}/").content.decode()
    assert 'href="http://localhost/reset/x/"' in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_newest_comes_first_and_fifty_make_a_page(db: Any, client: Client) -> None:
    rows = [make.OutgoingFactory(text=f"Сообщение {number}") for number in range(51)]
    first, second = client.get(OUTBOX), client.get(OUTBOX, {"page": 2})
    assert first.context["messages_shown"][0]["title"] == rows[-1].text
    assert len(first.context["messages_shown"]) == 50
    assert [shown["title"] for shown in second.context["messages_shown"]] == [rows[0].text]


def test_statements_do_not_grow_with_messages(db: Any, client: Client) -> None:
    make.OutgoingFactory.create_batch(2)
    assert_same_statements(lambda: client.get(OUTBOX), lambda: make.LetterFactory.create_batch(10))


def test_an_empty_outbox_says_how_to_fill_it(db: Any, client: Client) -> None:
    assert "Пока ничего не отправлено" in client.get(OUTBOX).content.decode()


def test_every_footer_leads_to_it(db: Any, client: Client) -> None:
    assert f'href="{OUTBOX}"' in client.get("/").content.decode()


def test_switched_off_it_is_nowhere(cast: Any, as_: Any, settings: Any) -> None:
    settings.OUTBOX = False
    sms: Any = make.OutgoingFactory()
    for visitor in (as_(None), as_(cast.outsider), as_(cast.region_operator)):
        assert visitor.get(OUTBOX).status_code == 404
        assert visitor.get(reverse("messaging:outgoing", args=[sms.pk])).status_code == 404
        assert OUTBOX not in visitor.get("/help/").content.decode()


def test_production_has_no_such_address() -> None:
    asks = "from django.urls import resolve; resolve('/help/'); resolve('/outbox/')"
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", asks]
    done = subprocess.run(command, cwd=ROOT, env=PRODUCTION, capture_output=True, text=True)
    assert "Resolver404" in done.stderr
    assert "'path': 'outbox/'" in done.stderr


@pytest.mark.parametrize(
    "name", ["outbox", "console", "messaging.gateways.OutboxGateway", "messaging.gateways.ConsoleGateway"]
)
def test_production_refuses_a_gateway_that_sends_nothing(name: str) -> None:
    assert "SMS_GATEWAY" in start(SMS_GATEWAY=name).stderr


@pytest.mark.parametrize("address", ["consolemail:", "dummymail:", "filemail:///tmp/mail"])
def test_production_refuses_mail_that_goes_nowhere(address: str) -> None:
    assert "Set EMAIL_URL" in start(EMAIL_URL=address).stderr


@pytest.mark.parametrize("wrong", [{"SMS_URL": "http://provider.example"}, {"SMS_TOKEN": ""}])
def test_production_wants_a_gateway_that_nobody_can_listen_to(wrong: dict[str, str]) -> None:
    assert "Set SMS_URL" in start(**wrong).stderr


def test_a_gateway_of_the_regions_own_needs_no_address_of_ours() -> None:
    done = start(SMS_GATEWAY="messaging.gateways.HttpGateway", SMS_URL="", SMS_TOKEN="")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["htttp", "region.sms.Gateway"])
def test_a_gateway_that_is_not_there_is_found_at_the_start(name: str) -> None:
    assert f"SMS_GATEWAY={name} leads nowhere" in start(SMS_GATEWAY=name).stderr
