"""Pages that belong to no app."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from schools.models import Region


def test_healthz_answers_when_database_and_cache_do(db: Any, client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}


def test_healthz_needs_no_session(db: Any, client: Client) -> None:
    assert not client.get("/healthz").cookies


def test_the_front_page_names_the_region_and_has_four_doors(db: Any, client: Client) -> None:
    Region.objects.create(name="Самарская область")
    page = client.get("/").content.decode()
    assert "Самарская область" in page
    assert all(f"?as={door}" in page for door in ("parent", "student", "teacher", "staff"))


def test_a_choice_of_language_is_kept_on_the_device(db: Any, client: Client) -> None:
    response = client.post(reverse("set-language"), {"language": "en", "next": "/help/"}, follow=True)
    assert response.request["PATH_INFO"] == "/help/"
    assert '<html lang="en"' in response.content.decode()


def test_a_choice_of_colours_is_kept_on_the_device(db: Any, client: Client) -> None:
    response = client.post(reverse("set-theme"), {"theme": "dark", "next": "/help/"}, follow=True)
    assert 'data-bs-theme="dark"' in response.content.decode()


@pytest.mark.parametrize("name", ["set-language", "set-theme"])
@pytest.mark.parametrize("evil", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_a_choice_leads_nowhere_else(db: Any, client: Client, name: str, evil: str) -> None:
    assert client.post(reverse(name), {"next": evil})["Location"] == reverse("front")


@pytest.mark.parametrize("choice", [{"language": "xx"}, {"language": ""}, {}])
def test_an_unknown_language_is_russian(db: Any, client: Client, choice: dict[str, str]) -> None:
    client.post(reverse("set-language"), choice)
    assert '<html lang="ru"' in client.get("/help/").content.decode()


def test_a_wrong_address_gets_a_calm_page(db: Any, client: Client) -> None:
    response = client.get("/help/nowhere/")
    assert response.status_code == 404
    assert "Этой страницы нет" in response.content.decode()


def test_the_content_security_policy_forbids_inline_scripts_and_styles(db: Any, client: Client) -> None:
    policy = client.get("/")["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe-inline" not in policy


@pytest.mark.parametrize(
    ("address", "now"),
    [
        ("/about.html", "/"),
        ("/asp/sso/esia/crosslogin", "/"),
        ("/angular/school/main/", "/"),
    ],
)
def test_addresses_of_the_old_portal_lead_to_the_new_pages(
    db: Any, client: Client, address: str, now: str
) -> None:
    response = client.get(f"{address}?returnUrl=https://evil.example/&next=//evil.example")
    assert (response.status_code, response["Location"]) == (301, now)


def test_help_leads_to_recovery_and_security(db: Any, client: Client) -> None:
    page = client.get(reverse("help")).content.decode()
    for name in ("accounts:recovery", "accounts:security"):
        assert f'href="{reverse(name)}"' in page
    assert "Логины класса" in page


def links(client: Client) -> list[str]:
    return [link["url"] for link in client.get(reverse("more")).context["links"]]


def test_more_leads_a_family_to_what_the_bar_has_no_room_for(cast: Any, as_: Any) -> None:
    ways = links(as_(cast.parent))
    for name in ("attendance", "debts", "standing", "reports", "calendar"):
        assert reverse(f"diary:{name}") in ways
    assert reverse("schedule:classes") not in ways  # it is in the bar


def test_more_leads_staff_to_no_childs_pages(cast: Any, as_: Any) -> None:
    assert reverse("diary:attendance") not in links(as_(cast.teacher))
