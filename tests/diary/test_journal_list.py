"""The list of journals: whose are whose, at the same price for any number."""

import datetime
from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse
from django.utils import timezone

from diary.models import SavedEntry
from diary.tasks import forget_saved_entries
from tests import factories as make
from tests.queries import assert_same_statements


def sections(client: Any) -> dict[str, list[str]]:
    page = client.get(reverse("diary:journals"))
    assert page.status_code == 200
    return {
        section["key"]: [
            f"{each['label']}: {journal['subject']}"
            for each in section["classes"]
            for journal in each["journals"]
        ]
        for section in page.context["sections"]
    }


ALGEBRA = "7\u00a0«А»: Алгебра"


def test_a_teacher_finds_the_own_courses(cast: Any, as_: Any) -> None:
    make.CourseFactory(school_class=cast.class_7a, subject__name="История")
    assert sections(as_(cast.teacher)) == {"mine": [ALGEBRA]}


def test_a_substitute_finds_the_course_of_the_lesson(cast: Any, outlasted: Any, as_: Any) -> None:
    assert sections(as_(outlasted.substitute)) == {"substituted": [ALGEBRA]}


def test_the_class_teacher_finds_the_courses_of_the_class_and_its_groups(cast: Any, as_: Any) -> None:
    group = make.GroupFactory(organisation=cast.school, classes=[cast.class_7a], name="7 «А», английский")
    make.CourseFactory(school_class=None, group=group, subject__name="Английский язык")
    make.CourseFactory(school_class=make.SchoolClassFactory(organisation=cast.school))
    english = "7 «А», английский: Английский язык"
    assert sections(as_(cast.class_teacher)) == {"led": [ALGEBRA, english]}


def test_the_head_teacher_finds_the_schools_by_class(cast: Any, as_: Any) -> None:
    grade_5 = make.SchoolClassFactory(organisation=cast.school, grade=5, letter="Б")
    make.CourseFactory(school_class=grade_5, subject__name="Музыка")
    assert sections(as_(cast.head_teacher)) == {"headed": ["5\u00a0«Б»: Музыка", ALGEBRA]}


def test_the_outsider_and_the_former_teacher_find_nothing_of_it(cast: Any, outlasted: Any, as_: Any) -> None:
    assert ALGEBRA not in str(sections(as_(cast.outsider)))
    assert as_(outlasted.former_teacher).get(reverse("diary:journals")).status_code == 404


def test_families_have_no_journals(cast: Any, as_: Any) -> None:
    for person in (cast.student, cast.parent):
        assert as_(person).get(reverse("diary:journals")).status_code == 404


def test_the_bar_leads_there(cast: Any, as_: Any) -> None:
    page = as_(cast.teacher).get(reverse("diary:journals"))
    current = [place["url"] for place in page.context["site"]["nav"] if place["current"]]
    assert current == [reverse("diary:journals")]


@pytest.mark.parametrize("name", ["results", "programme", "topic-new", "programmes", "corrections"])
def test_pages_of_the_journals_stand_under_them(cast: Any, as_: Any, name: str) -> None:
    of = [] if name in ("programmes", "corrections") else [cast.algebra.pk]
    page = as_(cast.teacher).get(reverse(f"diary:{name}", args=of))
    current = [place["url"] for place in page.context["site"]["nav"] if place["current"]]
    assert current == [reverse("diary:journals")]


def test_the_day_and_the_lesson_lead_to_the_journal(cast: Any, as_: Any) -> None:
    address = reverse("diary:journal-of-term", args=[cast.algebra.pk, cast.lesson.term.pk])
    for page in (reverse("diary:teacher-today"), reverse("diary:lesson", args=[cast.lesson.pk])):
        assert address in as_(cast.teacher).get(page).content.decode()


def test_statements_do_not_grow_with_courses(cast: Any, as_: Any) -> None:
    client = as_(cast.head_teacher)

    def grow() -> None:
        for _number in range(8):
            school_class = make.SchoolClassFactory(organisation=cast.school)
            make.CourseFactory(school_class=school_class)

    assert_same_statements(lambda: client.get(reverse("diary:journals")), grow)


def test_answers_are_forgotten_after_two_months(cast: Any) -> None:
    for number in (1, 2):
        SavedEntry.objects.create(key=UUID(int=number), person=cast.teacher, status=200, answer={})
    SavedEntry.objects.filter(key=UUID(int=2)).update(at=timezone.now() - datetime.timedelta(days=61))
    forget_saved_entries()
    assert [entry.key for entry in SavedEntry.objects.all()] == [UUID(int=1)]


def test_a_substituted_journal_opens_in_the_term_of_the_lesson(cast: Any, as_: Any, outlasted: Any) -> None:
    page = as_(outlasted.substitute).get(reverse("diary:journals")).content.decode()
    assert reverse("diary:journal-of-term", args=[cast.algebra.pk, cast.lesson.term_id]) in page


def test_going_back_to_a_journal_asks_anew(cast: Any, as_: Any) -> None:
    response = as_(cast.teacher).get(reverse("diary:journal", args=[cast.algebra.pk]))
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("who", ["class_teacher", "head_teacher"])
def test_whoever_sees_a_class_whole_finds_its_results_and_its_print(cast: Any, as_: Any, who: str) -> None:
    page = as_(getattr(cast, who)).get(reverse("diary:journals")).content.decode()
    for name in ("diary:class-results", "diary:class-journal-print"):
        assert reverse(name, args=[cast.class_7a.pk]) in page
        assert (
            reverse(name, args=[cast.class_7a.pk])
            not in as_(cast.teacher).get(reverse("diary:journals")).content.decode()
        )
