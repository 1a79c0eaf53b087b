"""Mark receipts: a family reads who gave a mark of its child, what it was before, and when."""

import datetime
from typing import Any

import pghistory
import pytest
from django.urls import reverse

from diary.models import Absence, Mark, ScaleValue
from schools.models import Guardianship, Information
from tests import factories as make
from tests.conftest import NOW
from tests.diary.test_cell_history import written

pytestmark = pytest.mark.django_db


def receipt(cast: Any, student: Any = None) -> str:
    return reverse("diary:cell-history", args=[cast.lesson.pk, (student or cast.student).pk])


def give(cast: Any, text: str, **values: Any) -> Mark:
    with pghistory.context(person=cast.teacher.pk, means="web", path="/lessons/12/"):
        mark = make.MarkFactory(work__lesson=cast.lesson, student=cast.student, text=text, **values)
    written(0)
    return mark


def change(cast: Any, mark: Mark, text: str) -> None:
    value = ScaleValue.objects.get(scale__code="five-point", text=text)
    with pghistory.context(person=cast.teacher.pk, means="web", path="/lessons/12/"):
        Mark.objects.filter(pk=mark.pk).update(value=value)
    written(1)


def grant(cast: Any, *kinds: Information) -> None:
    Guardianship.objects.filter(guardian=cast.parent).update(information=[str(kind) for kind in kinds])


@pytest.mark.parametrize("who", ["parent", "student"])
def test_a_family_reads_what_a_mark_was_and_who_changed_it(cast: Any, as_: Any, who: str) -> None:
    change(cast, give(cast, "3"), "4")
    page = as_(getattr(cast, who)).get(receipt(cast)).content.decode()
    assert "<del>3</del>" in page
    assert "<ins>4</ins>" in page
    assert cast.teacher.short_name in page
    assert reverse("diary:lesson", args=[cast.lesson.pk]) not in page.replace(receipt(cast), "")


def test_nothing_is_told_of_a_mark_before_its_hour(cast: Any, as_: Any) -> None:
    give(cast, "2", published_at=NOW + datetime.timedelta(hours=6))
    assert "<ins>2</ins>" not in as_(cast.parent).get(receipt(cast)).content.decode()


def test_an_emptied_mark_stays_in_the_receipt(cast: Any, as_: Any) -> None:
    give(cast, "5").delete()
    written(1)
    page = as_(cast.parent).get(receipt(cast)).content.decode()
    assert "<del>5</del>" in page


def test_a_tie_that_grants_no_marks_shows_absences_alone(cast: Any, as_: Any) -> None:
    give(cast, "4")
    make.AbsenceFactory(lesson=cast.lesson, student=cast.student, code=Absence.Code.ILL)
    grant(cast, Information.ATTENDANCE)
    page = as_(cast.parent).get(receipt(cast)).content.decode()
    assert "<ins>4</ins>" not in page
    assert page.count("history-line") == 1


def test_another_familys_receipt_does_not_exist(cast: Any, as_: Any) -> None:
    give(cast, "4")
    for person in (cast.other_parent, cast.classmate, cast.outsider, cast.administrator):
        assert as_(person).get(receipt(cast)).status_code == 404
    assert as_(cast.parent).get(receipt(cast, cast.classmate)).status_code == 404


def test_a_lesson_of_another_class_is_no_receipt(cast: Any, as_: Any) -> None:
    other = make.CourseFactory(school_class=make.SchoolClassFactory(organisation=cast.school))
    lesson = make.LessonFactory(course=other, term=cast.lesson.term)
    address = reverse("diary:cell-history", args=[lesson.pk, cast.student.pk])
    assert as_(cast.parent).get(address).status_code == 404


def test_a_guardian_whose_tie_ended_reads_no_receipt(cast: Any, as_: Any) -> None:
    Guardianship.objects.filter(guardian=cast.parent).update(until=datetime.date(2026, 12, 15))
    assert as_(cast.parent).get(receipt(cast)).status_code == 404


def test_the_week_and_the_home_page_lead_to_the_receipt(cast: Any, as_: Any) -> None:
    give(cast, "4")
    for address in (reverse("diary:home"), reverse("diary:week-now", args=[cast.student.pk])):
        assert receipt(cast) in as_(cast.parent).get(address).content.decode()


def test_results_have_a_receipt_of_their_own(cast: Any, as_: Any) -> None:
    with pghistory.context(person=cast.teacher.pk, means="web", path="/"):
        make.ResultFactory(course=cast.algebra, student=cast.student, term=cast.lesson.term)
    address = reverse("diary:result-history", args=[cast.student.pk, cast.algebra.pk])
    assert "history-line" in as_(cast.parent).get(address).content.decode()
    assert as_(cast.other_parent).get(address).status_code == 404
    grant(cast, Information.MARKS)
    assert as_(cast.parent).get(address).status_code == 404
