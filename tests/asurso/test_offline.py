"""What the portal tells a reader's device about keeping a page."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from asurso.offline import KEPT


@pytest.mark.parametrize("role", ["parent", "student"])
def test_a_family_may_keep_home_and_week(cast: Any, as_: Any, role: str) -> None:
    reader = getattr(cast, role)
    for path in ("/home/", f"/home/{cast.student.pk}/", f"/diary/{cast.student.pk}/"):
        answer = as_(reader).get(path)
        assert answer["X-Keep-Offline"] == "1"
        assert answer["X-Reader"] == str(reader.account.pk)


@pytest.mark.parametrize("path", ["/more/", "/security/", "/account/email/", "/diary/"])
def test_nothing_else_is_kept(cast: Any, as_: Any, path: str) -> None:
    answer = as_(cast.parent).get(path)
    assert "X-Keep-Offline" not in answer
    assert answer["X-Reader"] == str(cast.parent.account.pk)


@pytest.mark.parametrize("role", ["teacher", "class_teacher", "head_teacher", "administrator"])
def test_pages_of_staff_are_never_kept(cast: Any, as_: Any, role: str) -> None:
    client = as_(getattr(cast, role))
    for path in ("/home/", "/lessons/", "/journals/", f"/diary/{cast.student.pk}/"):
        assert "X-Keep-Offline" not in client.get(path)


def test_a_refusal_is_not_kept(cast: Any, as_: Any) -> None:
    answer = as_(cast.other_parent).get(f"/diary/{cast.student.pk}/")
    assert answer.status_code == 404
    assert "X-Keep-Offline" not in answer


def test_a_page_for_everybody_names_no_reader(db: Any, client: Client) -> None:
    assert "X-Reader" not in client.get("/help/")


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/home/", True),
        ("/diary/7/2026-12-14/", True),
        ("/diary/7/subjects/", True),
        ("/diary/7/homework/", True),
        ("/diary/7/attendance/", False),
        ("/diary/7/reports/", False),
        ("/homework/7/", False),
        ("/journals/7/", False),
        ("/admin/home/", False),
    ],
)
def test_the_list_of_kept_pages(path: str, *, kept: bool) -> None:
    assert bool(KEPT.fullmatch(path)) == kept


def test_the_page_without_a_connection_tells_nothing_of_its_reader(cast: Any, as_: Any) -> None:
    page = as_(cast.parent).get(reverse("offline")).content.decode()
    assert cast.parent.surname not in page
    assert "csrfmiddlewaretoken" not in page
    assert "data-person" not in page


def test_the_worker_is_asked_for_anew_and_may_serve_the_whole_portal(db: Any, client: Client) -> None:
    answer = client.get("/service-worker.js")
    assert answer["Cache-Control"] == "no-cache"
    assert answer["Content-Type"].startswith("text/javascript")
    assert "importScripts" in answer.content.decode()
    assert "worker-src 'self'" in answer["Content-Security-Policy"]


@pytest.mark.parametrize(("language", "name"), [("ru", "АСУ\N{NO-BREAK SPACE}РСО"), ("en", "ASU RSO")])
def test_the_manifest_speaks_the_readers_language(db: Any, client: Client, language: str, name: str) -> None:
    client.post(reverse("set-language"), {"language": language})
    manifest = client.get("/manifest.webmanifest").json()
    assert (manifest["short_name"], manifest["lang"]) == (name, language)
    assert {icon["sizes"] for icon in manifest["icons"]} == {"192x192", "512x512"}
