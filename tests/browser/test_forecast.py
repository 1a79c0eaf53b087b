"""Imaginary marks are counted while they are chosen, and leave no trace in the address."""

from typing import Any

import pytest
from django.urls import reverse

from tests import factories as make

pytestmark = pytest.mark.browser


def test_an_imagined_mark_is_counted_at_once(cast: Any, visitor: Any) -> None:
    for number, text in enumerate(("4", "4", "4"), start=1):
        make.MarkFactory(work__lesson=cast.lesson, work__number=number, student=cast.student, text=text)
    address = reverse("diary:subject", args=[cast.student.pk, cast.algebra.pk])
    page = visitor(cast.parent).open(address)
    page.select_option("#mark-1", "5")
    page.get_by_text("Выйдет 4,25. Итог: 4.").wait_for()
    assert page.url.endswith(address)
