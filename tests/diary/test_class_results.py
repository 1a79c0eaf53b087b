"""The summary sheet of a class, and the behaviour mark in its variants."""

import re
from typing import Any

import pytest
from django.db import IntegrityError
from django.urls import reverse

from diary.models import BehaviourMark, JournalRules, Result, ScaleValue
from schools.models import TermClosure, YearClosure
from tests import factories as make
from tests.conftest import NOW
from tests.queries import assert_same_statements


def decide(cast: Any, student: Any, text: str, course: Any = None) -> Result:
    course = course or cast.algebra
    return Result.objects.create(
        course=course,
        student=student,
        year=course.year,
        kind="term",
        term=cast.lesson.term,
        value=ScaleValue.objects.get(scale__code="five-point", text=text),
        by=cast.teacher,
        at=NOW,
    )


@pytest.fixture
def address(cast: Any) -> str:
    return reverse("diary:class-results", args=[cast.class_7a.pk])


@pytest.fixture
def behaviour(cast: Any) -> str:
    JournalRules.objects.create(organisation=cast.school, behaviour="words")
    return reverse("diary:behaviour", args=[cast.class_7a.pk, f"term-{cast.lesson.term_id}"])


def rows(response: Any) -> list[list[str]]:
    return [[cell["text"] for cell in row["cells"]] for row in response.context["rows"]]


def test_it_shows_students_and_subjects(cast: Any, address: str, as_: Any) -> None:
    biology = make.CourseFactory(school_class=cast.class_7a, subject__name="Биология")
    make.CourseFactory(school_class=cast.class_7a, subject__name="Разговоры о важном")
    lesson = make.LessonFactory(course=biology, term=cast.lesson.term)
    make.MarkFactory(work__lesson=lesson, student=cast.student)
    decide(cast, cast.classmate, "4")
    response = as_(cast.class_teacher).get(address)
    assert [subject["name"] for subject in response.context["subjects"]] == ["Алгебра", "Биология"]
    assert rows(response) == [["4", ""], ["", ""]]


def test_groups_of_a_subject_are_one_column(cast: Any, address: str, as_: Any) -> None:
    english = make.SubjectFactory(organisation=cast.school, name="Английский язык")
    for student, text in ((cast.student, "5"), (cast.classmate, "3")):
        group = make.GroupFactory(organisation=cast.school, classes=[cast.class_7a])
        make.MembershipFactory(group=group, student=student)
        decide(cast, student, text, make.CourseFactory(school_class=None, group=group, subject=english))
    response = as_(cast.head_teacher).get(address)
    assert rows(response) == [["3"], ["5"]]
    assert response.context["subjects"][0]["average"] == "4,00"


def test_what_was_decided_in_another_class_stands_here(cast: Any, address: str, as_: Any) -> None:
    other = make.CourseFactory(
        school_class=make.SchoolClassFactory(organisation=cast.school), subject=cast.algebra.subject
    )
    decide(cast, cast.student, "5", other)
    decide(cast, cast.classmate, "4")
    assert rows(as_(cast.class_teacher).get(address)) == [["4"], ["5"]]


class Form:
    def __init__(self, client: Any, cast: Any, action: str) -> None:
        self.client, self.action = client, action
        page = client.get(reverse("diary:class-results", args=[cast.class_7a.pk])).content.decode()
        self.fields = dict(re.findall(r'<input[^>]* name="([^"]+)" value="([^"]*)"', page))

    def send(self, **typed: str) -> Any:
        return self.client.post(
            self.action, self.fields | {key.replace("_", "-"): text for key, text in typed.items()}
        )


def test_the_class_teacher_marks_behaviour(cast: Any, behaviour: str, as_: Any) -> None:
    form = Form(as_(cast.class_teacher), cast, behaviour)
    assert form.send(**{f"behaviour_{cast.student.pk}": "прим."}).status_code == 302
    mark = BehaviourMark.objects.get()
    assert (mark.value.text, mark.student, mark.by) == ("прим.", cast.student, cast.class_teacher)


def test_behaviour_is_changed_and_taken_back(cast: Any, behaviour: str, as_: Any) -> None:
    for text in ("прим.", "удовл."):
        Form(as_(cast.class_teacher), cast, behaviour).send(**{f"behaviour_{cast.student.pk}": text})
    assert BehaviourMark.objects.get().version == 2
    Form(as_(cast.class_teacher), cast, behaviour).send(**{f"behaviour_{cast.student.pk}": ""})
    assert not BehaviourMark.objects.exists()


def test_behaviour_changed_meanwhile_is_refused(cast: Any, behaviour: str, as_: Any) -> None:
    first, second = [Form(as_(cast.class_teacher), cast, behaviour) for _twice in range(2)]
    first.send(**{f"behaviour_{cast.student.pk}": "прим."})
    response = second.send(**{f"behaviour_{cast.student.pk}": "неуд."})
    assert response.status_code == 422
    assert BehaviourMark.objects.get().value.text == "прим."


@pytest.mark.parametrize(
    ("variant", "values"),
    [
        ("passed", ["зч", "нз"]),
        ("words", ["прим.", "удовл.", "неуд."]),
        ("five-point", ["5", "4", "3", "2", "1"]),
        ("none", []),
    ],
)
def test_the_school_chooses_the_variant(
    cast: Any, address: str, as_: Any, variant: str, values: list[str]
) -> None:
    JournalRules.objects.create(organisation=cast.school, behaviour=variant)
    context = as_(cast.class_teacher).get(address).context
    assert context["values"] == values
    assert context["may_write"] == bool(values)


@pytest.mark.parametrize(
    ("who", "seen", "written"),
    [
        ("class_teacher", 200, 302),
        ("head_teacher", 200, 403),
        ("teacher", 404, 404),
        ("administrator", 404, 404),
        ("parent", 404, 404),
        ("outsider", 404, 404),
    ],
)
def test_who_sees_and_who_marks(
    cast: Any, address: str, behaviour: str, as_: Any, who: str, seen: int, written: int
) -> None:
    client = as_(getattr(cast, who))
    assert client.get(address).status_code == seen
    assert client.post(behaviour, {}).status_code == written


def test_in_a_closed_term_behaviour_stays(cast: Any, behaviour: str, as_: Any) -> None:
    TermClosure.objects.create(term=cast.lesson.term, at=NOW, by=cast.head_teacher)
    assert as_(cast.class_teacher).post(behaviour, {}).status_code == 403


def mark_behaviour(cast: Any, **fields: Any) -> BehaviourMark:
    value = ScaleValue.objects.get(scale__code="behaviour", text="прим.")
    whose = {"school_class": cast.class_7a, "student": cast.student, "by": cast.class_teacher}
    return BehaviourMark.objects.create(**whose, value=value, at=NOW, **fields)


def test_in_a_closed_year_behaviour_stays(cast: Any) -> None:
    YearClosure.objects.create(organisation=cast.school, year=cast.algebra.year, at=NOW, by=cast.head_teacher)
    with pytest.raises(IntegrityError, match="year is closed"):
        mark_behaviour(cast)


def test_behaviour_is_of_a_term_of_the_classs_school(cast: Any) -> None:
    with pytest.raises(IntegrityError, match="another school"):
        mark_behaviour(cast, term=make.TermFactory(organisation=cast.other_school))


def test_the_sheet_costs_the_same_for_any_class(cast: Any, address: str, as_: Any) -> None:
    client = as_(cast.class_teacher)
    decide(cast, cast.student, "5")

    def grow() -> None:
        for _number in range(5):
            course = make.CourseFactory(school_class=cast.class_7a)
            decide(cast, make.EnrolmentFactory(school_class=cast.class_7a).student, "4", course)

    assert_same_statements(lambda: client.get(address), grow)
