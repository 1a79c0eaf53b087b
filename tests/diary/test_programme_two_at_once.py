"""Two teachers of one course at its programme in the very same moment."""

from typing import Any

import pytest
from django.urls import reverse

from diary.models import LessonProgramme, TopicTaught
from tests import factories as make
from tests.conftest import restore_standard_rows
from tests.diary.test_lesson_page import Sheet
from tests.diary.test_programme_import import ROWS, Importing, book
from tests.diary.test_programme_page import TOPIC
from tests.diary.test_two_at_once import at_once


@pytest.fixture
def committed(transactional_db: None) -> None:
    restore_standard_rows()


@pytest.fixture
def both(committed: None, cast: Any, as_: Any) -> list[Any]:
    make.AssignmentFactory(course=cast.algebra, teacher=cast.class_teacher)
    return [as_(cast.teacher), as_(cast.class_teacher)]


def places(cast: Any) -> list[int]:
    return list(cast.algebra.topics.order_by("order").values_list("order", flat=True))


def test_two_first_topics_begin_one_programme(cast: Any, both: list[Any]) -> None:
    address = reverse("diary:topic-new", args=[cast.algebra.pk])
    assert at_once(*(lambda client=client: client.post(address, TOPIC) for client in both)) == [302, 302]
    assert places(cast) == [1, 2]
    assert LessonProgramme.objects.count() == 1


def test_topics_moved_at_once_keep_their_places_apart(cast: Any, both: list[Any]) -> None:
    topics = [make.TopicFactory(course=cast.algebra) for _number in range(4)]
    moves = [(topics[0].pk, "4"), (topics[3].pk, "1")]

    def move(client: Any, pk: int, place: str) -> Any:
        address = reverse("diary:topic-place", args=[cast.algebra.pk, pk])
        return client.post(address, {f"place-{pk}": place})

    requests = [
        lambda client=client, pk=pk, place=place: move(client, pk, place)
        for client, (pk, place) in zip(both, moves, strict=True)
    ]
    assert at_once(*requests) == [302, 302]
    assert places(cast) == [1, 2, 3, 4]


def test_one_preview_confirmed_twice_is_one_import(cast: Any, both: list[Any]) -> None:
    importing = Importing(cast, both[0])
    draft = importing.upload(book(ROWS)).context["draft"]
    assert at_once(lambda: importing.confirm(draft), lambda: importing.confirm(draft)) == [200, 200]
    assert places(cast) == [1, 2, 3]


def test_of_two_who_take_topics_for_a_lesson_one_is_told(cast: Any, both: list[Any]) -> None:
    topics = [make.TopicFactory(course=cast.algebra) for _number in range(2)]
    sheets = [Sheet(client, cast.lesson) for client in both]
    requests = [
        lambda sheet=sheet, topic=topic: sheet.send(programme_topic=topic.pk)
        for sheet, topic in zip(sheets, topics, strict=True)
    ]
    assert sorted(at_once(*requests)) == [302, 422]
    assert TopicTaught.objects.count() == 1
