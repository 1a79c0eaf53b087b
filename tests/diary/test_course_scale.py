"""The head teacher chooses what a course is marked on, before the first mark."""

from typing import Any

import pytest
from django.urls import reverse

from diary.models import CourseGrading, Scale
from tests import factories as make


def choose(client: Any, cast: Any, code: str = "passed") -> Any:
    scale = Scale.objects.get(code=code)
    return client.post(reverse("diary:course-scale", args=[cast.algebra.pk]), {"scale": scale.pk})


@pytest.fixture
def head(cast: Any, as_: Any) -> Any:
    return as_(cast.head_teacher)


def test_a_scale_is_chosen_and_changed(cast: Any, head: Any) -> None:
    for code in ("passed", "five-point"):
        assert choose(head, cast, code).status_code == 302
        assert CourseGrading.objects.get(course=cast.algebra).scale.code == code


def test_after_the_first_mark_it_stays(cast: Any, head: Any) -> None:
    make.MarkFactory(work__lesson=cast.lesson, student=cast.student)
    assert choose(head, cast).status_code == 403
    assert head.get(reverse("diary:course-scale", args=[cast.algebra.pk])).context["has_marks"]
    assert not CourseGrading.objects.exists()


@pytest.mark.parametrize("role", ["teacher", "outsider", "administrator"])
def test_nobody_else_chooses(cast: Any, as_: Any, role: str) -> None:
    assert choose(as_(getattr(cast, role)), cast).status_code == 404
