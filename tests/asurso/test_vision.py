"""The special version for low vision: one cookie, on every page, for everybody."""

from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from asurso.views import server_error
from asurso.vision import Vision, vision_from


def test_one_press_switches_it_on_and_it_is_remembered(db: Any, client: Client) -> None:
    client.post(reverse("vision"), {"vision": "black-34", "next": "/help/"})
    page = client.get("/help/").content.decode()
    assert 'data-vision="black" data-vision-size="34"' in page
    assert "css/vision.css" in page


def test_the_ordinary_version_asks_for_no_style_sheet_of_it(db: Any, client: Client) -> None:
    client.post(reverse("vision"), {"vision": "white-28"})
    client.post(reverse("vision"), {"vision": ""})
    page = client.get("/help/").content.decode()
    assert "data-vision" not in page
    assert "css/vision.css" not in page


@pytest.mark.parametrize("nonsense", ["", "white", "white-29", "pink-28", "white-28-28", "<script>", "😀-28"])
def test_anything_unknown_is_the_ordinary_version(nonsense: str) -> None:
    assert vision_from(nonsense) is None


def test_size_and_background_are_chosen_apart() -> None:
    chosen = Vision("blue", "34")
    assert [choice["value"] for choice in chosen.sizes()] == ["blue-28", "blue-34", "blue-40"]
    assert [choice["value"] for choice in chosen.schemes() if choice["chosen"]] == ["blue-34"]


@pytest.mark.parametrize("path", ["/", "/help/", "/sign-in/", "/nowhere/", "/vision/"])
def test_the_way_in_stands_on_pages_for_everybody(db: Any, client: Client, path: str) -> None:
    assert "Версия для слабовидящих" in client.get(path).content.decode()


@pytest.mark.parametrize("role", ["parent", "student", "teacher", "head_teacher"])
def test_and_on_the_pages_of_everybody(cast: Any, as_: Any, role: str) -> None:
    assert 'action="/vision/"' in as_(getattr(cast, role)).get("/more/").content.decode()


def test_the_page_of_a_fault_keeps_the_version() -> None:
    request = RequestFactory(HTTP_COOKIE="vision=white-40").get("/")
    response = server_error(request)
    assert response.status_code == 500
    assert 'data-vision-size="40"' in response.content.decode()


def test_a_choice_leads_nowhere_else(db: Any, client: Client) -> None:
    response = client.post(reverse("vision"), {"vision": "white-28", "next": "https://evil.example/"})
    assert response["Location"] == reverse("front")
