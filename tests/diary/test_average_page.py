"""Every average opens into its table mark × weight (demand row 7)."""

import datetime
from typing import Any

import pytest
from django.urls import reverse

from diary.models import WorkKind
from schools.models import Guardianship
from tests import factories as make
from tests.conftest import NOW
from tests.queries import assert_same_statements


@pytest.fixture
def marked(cast: Any) -> None:
    """5 for an answer, 3 for a test of weight 3, and «осв»."""
    test = WorkKind.objects.get(organisation=None, code="К")
    make.MarkFactory(work__lesson=cast.lesson, student=cast.student, text="5")
    make.MarkFactory(work__lesson=cast.lesson, work__kind=test, student=cast.student, text="3")
    make.MarkFactory(work__lesson=cast.lesson, work__number=2, student=cast.student, text="осв")


@pytest.fixture
def address(cast: Any, marked: None) -> str:
    return reverse("diary:average", args=[cast.algebra.pk, cast.lesson.term_id, cast.student.pk])


def test_each_mark_has_its_contribution(cast: Any, address: str, as_: Any) -> None:
    context = as_(cast.teacher).get(address).context
    rows = [(row["text"], row["weight"], row["contribution"]) for row in context["rows"]]
    assert sorted(rows) == [("3", "3", "9"), ("5", "1", "5"), ("осв", "1", "")]
    assert (context["total"], context["weights"], context["average"]) == ("14", "4", "3,50")


def test_it_says_what_is_suggested_and_why(cast: Any, address: str, as_: Any) -> None:
    page = as_(cast.teacher).get(address).content.decode()
    assert "н/а" in page
    assert "2 отметки" in page


def test_a_family_sees_published_marks_only(cast: Any, address: str, as_: Any) -> None:
    make.MarkFactory(
        work__lesson=cast.lesson,
        work__number=3,
        student=cast.student,
        text="2",
        published_at=NOW + datetime.timedelta(hours=1),
    )
    assert as_(cast.parent).get(address).context["average"] == "3,50"
    assert as_(cast.student).get(address).context["average"] == "3,50"
    assert as_(cast.teacher).get(address).context["average"] == "3,20"


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("teacher", 200),
        ("class_teacher", 200),
        ("head_teacher", 200),
        ("student", 200),
        ("parent", 200),
        ("classmate", 404),
        ("other_parent", 404),
        ("administrator", 404),
        ("outsider", 404),
    ],
)
def test_who_may_look(cast: Any, address: str, as_: Any, who: str, status: int) -> None:
    assert as_(getattr(cast, who)).get(address).status_code == status


def test_a_guardian_without_marks_does_not_see_it(cast: Any, address: str, as_: Any) -> None:
    Guardianship.objects.filter(guardian=cast.parent).update(information=["results", "attendance"])
    assert as_(cast.parent).get(address).status_code == 404


def test_absences_stay_out_where_they_are_not_granted(cast: Any, address: str, as_: Any) -> None:
    make.AbsenceFactory(lesson=cast.lesson, student=cast.student, code="ill")
    assert "Пропущено" in as_(cast.parent).get(address).context["suggestion"].why
    Guardianship.objects.filter(guardian=cast.parent).update(information=["marks"])
    assert "Пропущено" not in as_(cast.parent).get(address).context["suggestion"].why


def test_a_course_of_another_class_has_no_average_of_the_child(cast: Any, address: str, as_: Any) -> None:
    other = make.CourseFactory(school_class=make.SchoolClassFactory(organisation=cast.school))
    foreign = reverse("diary:average", args=[other.pk, cast.lesson.term_id, cast.student.pk])
    assert as_(cast.parent).get(foreign).status_code == 404


def test_it_costs_the_same_for_any_number_of_marks(cast: Any, address: str, as_: Any) -> None:
    client = as_(cast.parent)

    def grow() -> None:
        for number in range(10, 16):
            make.MarkFactory(work__lesson=cast.lesson, work__number=number, student=cast.student)

    assert_same_statements(lambda: client.get(address), grow)
