"""The chains of history and their seals in Django admin: to read, for the region operator alone."""

from typing import Any

import pytest
from django.urls import reverse

from schools.chains.sealing import seal
from schools.models import HistoryChain, HistoryRetirement, HistorySeal
from tests import factories as make
from tests.conftest import NOW
from tests.queries import assert_same_statements

MODELS = ["historychain", "historyseal", "historyretirement"]


@pytest.fixture
def kept(cast: Any) -> dict[str, int]:
    make.MarkFactory(work__lesson=cast.lesson, student=cast.student)
    seal(NOW)
    chain = HistoryChain.objects.get()
    part = HistoryRetirement.objects.create(
        chain=chain,
        act="removed",
        since=1,
        until=2,
        digest="0" * 64,
        at=NOW,
        by="А",
        reason="Б",
        signature="",
    )
    return {
        "historychain": chain.pk,
        "historyseal": HistorySeal.objects.get().pk,
        "historyretirement": part.pk,
    }


@pytest.mark.parametrize("model", MODELS)
def test_the_region_operator_reads(cast: Any, as_: Any, kept: dict[str, int], model: str) -> None:
    client, page = as_(cast.region_operator), f"admin:schools_{model}"
    assert client.get(reverse(f"{page}_changelist")).status_code == 200
    assert client.get(reverse(f"{page}_change", args=[kept[model]])).status_code == 200


@pytest.mark.parametrize("model", MODELS)
def test_nobody_writes(cast: Any, as_: Any, kept: dict[str, int], model: str) -> None:
    client, page = as_(cast.region_operator), f"admin:schools_{model}"
    assert client.get(reverse(f"{page}_add")).status_code == 403
    assert client.post(reverse(f"{page}_change", args=[kept[model]]), {"reason": "иначе"}).status_code == 403
    assert client.post(reverse(f"{page}_delete", args=[kept[model]]), {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("person", ["administrator", "head_teacher", "outsider"])
def test_to_others_it_does_not_exist(cast: Any, as_: Any, kept: dict[str, int], person: str) -> None:
    client = as_(getattr(cast, person))
    for model in MODELS:
        assert client.get(reverse(f"admin:schools_{model}_changelist")).status_code in (403, 404, 302)


def test_a_chain_shows_its_last_records(cast: Any, as_: Any, kept: dict[str, int]) -> None:
    address = reverse("admin:schools_historychain_change", args=[kept["historychain"]])
    page = as_(cast.region_operator).get(address).content.decode()
    assert "diary_markevent" in page


def test_statements_do_not_grow(cast: Any, as_: Any, kept: dict[str, int]) -> None:
    client, address = as_(cast.region_operator), reverse("admin:schools_historychain_changelist")

    def grow() -> None:
        for number in range(3, 8):
            course = make.CourseFactory(school_class=cast.class_7a)
            lesson = make.LessonFactory(course=course, term=cast.lesson.term, number=number)
            make.AbsenceFactory(lesson=lesson, student=cast.student)

    assert_same_statements(lambda: client.get(address), grow)
