"""A lesson's form that cannot be taken is offered again with all that was typed, without JavaScript."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from diary.models import Mark, WorkKind
from tests.diary.homework import upload

OWN, STRANGER = "http://testserver", "http://stranger.example"


@pytest.fixture
def strict(cast: Any, as_: Any) -> Client:
    """The teacher's browser, which must send a token."""
    client = as_(cast.teacher)
    client.handler.enforce_csrf_checks = True
    return client


def send(client: Client, cast: Any, origin: str, **fields: str) -> Any:
    address = reverse("diary:lesson", args=[cast.lesson.pk])
    kind = str(WorkKind.objects.get(organisation=None, code="О").pk)
    typed = {"mark_kind": kind, f"new-{cast.student.pk}": "5", "topic": "<b>Кубы</b>", **fields}
    return client.post(address, typed, headers={"origin": origin})


def test_a_turned_token_offers_the_form_again(cast: Any, strict: Client) -> None:
    response = send(strict, cast, OWN)
    assert response.status_code == 403
    assert (f"new-{cast.student.pk}", "5") in response.context["fields"]
    assert "<b>" not in response.content.decode()
    token = str(response.context["csrf_token"])
    assert send(strict, cast, OWN, csrfmiddlewaretoken=token).status_code == 302
    assert Mark.objects.get().value.text == "5"


def test_a_strangers_form_is_not_offered(cast: Any, strict: Client) -> None:
    response = send(strict, cast, STRANGER)
    assert response.status_code == 403
    assert response.context["fields"] == []


def test_only_pages_where_much_is_typed_are(cast: Any, strict: Client) -> None:
    response = strict.post(reverse("accounts:sign-in"), {"password": "secret"}, headers={"origin": OWN})
    assert "secret" not in response.content.decode()


def test_an_ended_session_offers_the_form_again(cast: Any, as_: Any) -> None:
    response = send(as_(None), cast, OWN)
    assert response.status_code == 403
    assert ("topic", "<b>Кубы</b>") in response.context["fields"]
    assert "no-store" in response["Cache-Control"]
    assert not Mark.objects.exists()


def test_but_not_a_strangers(cast: Any, as_: Any) -> None:
    response = send(as_(None), cast, STRANGER)
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("accounts:sign-in"))


def test_the_outsiders_own_form_changes_nothing_either(cast: Any, as_: Any) -> None:
    assert send(as_(cast.outsider), cast, OWN).status_code == 404
    assert not Mark.objects.exists()


def test_files_are_said_to_be_chosen_again(cast: Any, as_: Any) -> None:
    response = send(as_(None), cast, OWN, homework_files=upload())  # type: ignore[arg-type]
    assert response.context["had_files"]
    assert ("topic", "<b>Кубы</b>") in response.context["fields"]


def test_every_ticked_student_of_a_homework_is_offered_again(cast: Any, as_: Any) -> None:
    address = reverse("diary:homework-new", args=[cast.lesson.pk])
    typed = {"text": "§ 5", "students": [cast.student.pk, cast.classmate.pk]}
    response = as_(None).post(address, typed, headers={"origin": OWN})
    offered = [value for name, value in response.context["fields"] if name == "students"]
    assert offered == [str(cast.student.pk), str(cast.classmate.pk)]
