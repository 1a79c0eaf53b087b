"""The own phrase bank: kept, offered where one writes, and nobody else's business."""

from typing import Any

import pytest
from django.urls import reverse

from diary.models import Phrase
from tests import factories as make
from tests.queries import assert_same_statements

PRAISED = "молодец, сам нашёл ошибку"


@pytest.fixture
def client(cast: Any, as_: Any) -> Any:
    return as_(cast.teacher)


def keep(client: Any, text: str = PRAISED, kind: str = "comment") -> Any:
    return client.post(reverse("diary:phrases"), {"text": text, "kind": kind})


def test_a_kept_phrase_is_offered_on_the_lesson_page(cast: Any, client: Any) -> None:
    assert keep(client).status_code == 302
    keep(client, "не готов к уроку", "remark")
    page = client.get(reverse("diary:lesson", args=[cast.lesson.pk]))
    offered = {each["kind"]: each["texts"] for each in page.context["phrases"]}
    assert offered == {"comment": [PRAISED], "remark": ["не готов к уроку"]}
    assert f'<option value="{PRAISED}">' in page.content.decode()


def test_the_grid_offers_it_where_comments_are_written(cast: Any, client: Any, as_: Any) -> None:
    keep(client)
    address = reverse("diary:journal", args=[cast.algebra.pk])
    page = client.get(address).content.decode()
    assert f'<option value="{PRAISED}">' in page
    assert 'data-phrases="phrases-comment"' in page
    assert PRAISED not in as_(cast.head_teacher).get(address).content.decode()


@pytest.mark.parametrize("text", ["", "   ", "я" * 301])
def test_nothing_and_too_much_are_no_phrases(client: Any, text: str) -> None:
    assert keep(client, text).status_code == 422


def test_a_phrase_is_kept_once_a_kind(client: Any) -> None:
    keep(client)
    again = keep(client)
    assert again.status_code == 422
    assert "Такая фраза у вас уже есть." in again.content.decode()
    assert keep(client, kind="praise").status_code == 302


def test_two_teachers_may_keep_the_same(cast: Any, client: Any, as_: Any) -> None:
    keep(client)
    assert keep(as_(cast.class_teacher)).status_code == 302


def test_nobody_else_sees_or_removes_it(cast: Any, client: Any, as_: Any) -> None:
    keep(client)
    phrase = Phrase.objects.get()
    for other in (cast.head_teacher, cast.class_teacher, cast.outsider, cast.administrator):
        assert PRAISED not in as_(other).get(reverse("diary:phrases")).content.decode()
        assert as_(other).post(reverse("diary:phrase-removal", args=[phrase.pk])).status_code == 404
    lesson = reverse("diary:lesson", args=[cast.lesson.pk])
    assert PRAISED not in as_(cast.head_teacher).get(lesson).content.decode()


def test_it_is_removed_by_its_owner(client: Any) -> None:
    keep(client)
    client.post(reverse("diary:phrase-removal", args=[Phrase.objects.get().pk]))
    assert not Phrase.objects.exists()


def test_what_is_written_often_is_kept_by_one_press(cast: Any, client: Any) -> None:
    for number in range(1, 4):
        make.MarkFactory(work__lesson=cast.lesson, work__number=number, student=cast.student, comment=PRAISED)
    make.MarkFactory(work__lesson=cast.lesson, work__number=4, student=cast.student, comment="раз")
    assert [each["text"] for each in client.get(reverse("diary:phrases")).context["often"]] == [PRAISED]
    keep(client)
    assert client.get(reverse("diary:phrases")).context["often"] == []


def test_the_bank_costs_the_same_for_many(client: Any) -> None:
    def more() -> None:
        for number in range(6):
            keep(client, f"фраза {number}")

    assert_same_statements(lambda: client.get(reverse("diary:phrases")), more)
