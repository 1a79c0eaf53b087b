"""Results of a course: what is suggested, what the teacher decides, and why (product map §4.4)."""

import datetime
import re
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from diary.models import CourseGrading, JournalRules, Result, Scale, ScaleValue
from schools.models import Term, TermClosure, YearClosure
from tests import factories as make
from tests.conftest import NOW, TODAY
from tests.queries import assert_same_statements

WHOLE_YEAR: dict[str, Any] = {"first_grade": 1, "last_grade": 11}


@pytest.fixture
def term(cast: Any) -> Term:
    return Term.objects.get(pk=cast.lesson.term_id)


def give(cast: Any, student: Any, *texts: str) -> None:
    for text in texts:
        lesson = make.LessonFactory(
            course=cast.algebra,
            term=cast.lesson.term,
            planned_teacher=cast.teacher,
            date=datetime.date(2026, 11, 2) + datetime.timedelta(days=cast.algebra.lessons.count()),
        )
        make.MarkFactory(work__lesson=lesson, student=student, text=text)


class Column:
    """The page with one column open, and its form."""

    def __init__(self, client: Any, cast: Any, key: str) -> None:
        self.client = client
        self.url = reverse("diary:results-of", args=[cast.algebra.pk, key])
        self.accept_url = reverse("diary:results-acceptance", args=[cast.algebra.pk, key])
        self.read()

    def read(self) -> None:
        self.response = self.client.get(self.url)
        self.text = self.response.content.decode()
        fields = re.findall(r'<input[^>]* name="([^"]+)" value="([^"]*)"', self.text)
        self.fields = dict(fields)

    def rows(self) -> list[tuple[str, str, str]]:
        return [(row["average"], row["suggestion"], row["value"]) for row in self.response.context["rows"]]

    def save(self, **typed: str) -> Any:
        """`result_12="5"`"""
        return self.client.post(self.url, self.fields | {k.replace("_", "-"): v for k, v in typed.items()})


@pytest.fixture
def column(cast: Any, as_: Any, term: Term) -> Column:
    """The second quarter: Ёлкин has 4.67, Соколова two marks only."""
    give(cast, cast.classmate, "5", "4", "5")
    give(cast, cast.student, "3", "4")
    return Column(as_(cast.teacher), cast, f"term-{term.pk}")


def test_average_and_suggestion_stand_beside_the_decision(column: Column) -> None:
    assert column.rows() == [("4,67", "5", ""), ("3,50", "н/а", "")]


def test_the_schools_own_rule_is_used(cast: Any, column: Column) -> None:
    JournalRules.objects.create(organisation=cast.school, rounds_up_from=Decimal("0.70"), fewest_marks=2)
    column.read()
    assert [suggested for _average, suggested, _value in column.rows()] == ["4", "3"]


def test_a_decision_keeps_what_was_suggested(cast: Any, column: Column) -> None:
    assert column.save(**{f"result_{cast.classmate.pk}": "4"}).status_code == 302
    result = Result.objects.get()
    assert (result.value.text, str(result.suggestion), result.average) == ("4", "5", Decimal("4.67"))
    assert (result.by, result.student, result.term_id) == (cast.teacher, cast.classmate, cast.lesson.term_id)


def test_far_from_suggested_wants_a_reason(cast: Any, column: Column) -> None:
    typed = {f"result_{cast.classmate.pk}": "3", f"result_{cast.student.pk}": "н"}
    response = column.save(**typed)
    assert response.status_code == 422
    assert [row["value"] for row in response.context["rows"]] == ["3", "н/а"]
    assert response.context["rows"][0]["shows_reason"]
    assert column.save(**typed, **{f"reason_{cast.classmate.pk}": "Списывал"}).status_code == 302
    assert Result.objects.get(student=cast.classmate).reason == "Списывал"


def test_a_word_for_a_number_wants_a_reason_too(cast: Any, column: Column) -> None:
    assert column.save(**{f"result_{cast.student.pk}": "4"}).status_code == 422
    assert column.save(**{f"result_{cast.classmate.pk}": "осв"}).status_code == 422


def test_the_database_wants_the_reason_as_well(cast: Any, term: Term) -> None:
    values = {value.text: value for value in ScaleValue.objects.filter(scale__code="five-point")}
    fields = {"course": cast.algebra, "student": cast.student, "year": cast.algebra.year, "by": cast.teacher}
    with pytest.raises(IntegrityError, match="far from"):
        Result.objects.create(
            **fields, kind="term", term=term, value=values["3"], suggestion=values["5"], at=NOW
        )


def test_what_is_not_on_the_scale_is_told_at_its_cell(cast: Any, column: Column) -> None:
    response = column.save(**{f"result_{cast.classmate.pk}": "7", f"result_{cast.student.pk}": "н/а"})
    assert response.status_code == 422
    assert "7" in response.context["rows"][0]["error"]
    assert Result.objects.get().student == cast.student


def test_emptying_takes_the_decision_back(cast: Any, column: Column) -> None:
    column.save(**{f"result_{cast.classmate.pk}": "5"})
    column.read()
    column.save(**{f"result_{cast.classmate.pk}": ""})
    assert not Result.objects.exists()
    assert Result.pgh_event_model.objects.count() == 2  # type: ignore[attr-defined]


def test_a_cell_changed_meanwhile_is_refused_alone(cast: Any, column: Column, as_: Any) -> None:
    twin = Column(as_(cast.teacher), cast, column.url.split("/")[-2])
    twin.save(**{f"result_{cast.classmate.pk}": "5"})
    response = column.save(**{f"result_{cast.classmate.pk}": "4", f"result_{cast.student.pk}": "н"})
    assert response.status_code == 422
    assert "5" in response.context["rows"][0]["error"]
    assert sorted(Result.objects.values_list("value__text", flat=True)) == ["5", "н/а"]


def test_a_suggestion_that_changed_meanwhile_is_shown_first(cast: Any, column: Column) -> None:
    give(cast, cast.classmate, "2", "2")
    response = column.save(**{f"result_{cast.classmate.pk}": "5"})
    assert response.status_code == 422
    assert not Result.objects.exists()


def test_the_same_form_twice_is_one_decision(cast: Any, column: Column) -> None:
    for _twice in range(2):
        assert column.save(**{f"result_{cast.classmate.pk}": "5"}).status_code == 302
    assert Result.objects.get().version == 1


def test_a_reason_holds_words(cast: Any, column: Column) -> None:
    typed = {f"result_{cast.classmate.pk}": "3"}
    for reason in ("4", "!!", "12 а"):
        response = column.save(**typed, **{f"reason_{cast.classmate.pk}": reason})
        assert response.status_code == 422
        assert response.context["rows"][0]["is_of_reason"]
        assert response.context["errors"][0]["anchor"] == f"reason-{cast.classmate.pk}"
    assert not Result.objects.exists()


# --- All suggestions at once ----------------------------------------------------------------------


SURE = {"sure": "1"}


def decided() -> list[str]:
    return sorted(Result.objects.values_list("value__text", flat=True))


def test_while_the_term_goes_on_it_is_asked_first(column: Column) -> None:
    asked = column.client.post(column.accept_url)
    assert asked.status_code == 422
    assert [line["value"].text for line in asked.context["lines"]] == ["5"]
    assert decided() == []


def test_only_certified_suggestions_are_accepted(column: Column) -> None:
    assert column.client.post(column.accept_url, SURE).status_code == 302
    assert decided() == ["5"]


def test_not_certified_is_a_choice_of_its_own(column: Column) -> None:
    assert (column.response.context["certified"], column.response.context["not_certified"]) == (1, 1)
    column.client.post(column.accept_url, SURE | {"not_certified": "on"})
    assert decided() == ["5", "н/а"]


def test_on_the_last_day_nothing_is_asked(column: Column, term: Term, cast: Any) -> None:
    Term.objects.filter(pk=term.pk).update(until=TODAY)
    assert column.client.post(column.accept_url).status_code == 302
    assert decided() == ["5"]


def test_an_acceptance_is_undone_as_far_as_nothing_changed(column: Column, cast: Any) -> None:
    column.save(**{f"result_{cast.student.pk}": "н"})
    Result.objects.update(at=NOW - datetime.timedelta(minutes=1))  # the tests' clock stands still
    back = column.client.post(column.accept_url, SURE)
    page = column.client.get(back.url)
    assert page.context["undo_count"] == 1
    undoing = {"accepted": page.context["accepted_token"]}
    assert column.client.post(page.context["undo_url"], undoing).status_code == 302
    assert decided() == ["н/а"]
    column.client.post(page.context["undo_url"], undoing)
    assert decided() == ["н/а"]


def test_what_was_changed_since_stays(column: Column, cast: Any) -> None:
    page = column.client.get(column.client.post(column.accept_url, SURE).url)
    column.read()
    column.save(**{f"result_{cast.classmate.pk}": "4"})
    column.client.post(page.context["undo_url"], {"accepted": page.context["accepted_token"]})
    assert decided() == ["4"]


def test_a_forged_undoing_empties_nothing(column: Column, cast: Any, as_: Any) -> None:
    page = column.client.get(column.client.post(column.accept_url, SURE).url)
    column.client.post(page.context["undo_url"], {"accepted": "forged"})
    token = {"accepted": page.context["accepted_token"]}
    assert as_(cast.head_teacher).post(page.context["undo_url"], token).status_code == 403
    assert as_(cast.outsider).post(page.context["undo_url"], token).status_code == 404
    assert decided() == ["5"]


def test_what_is_decided_stays_when_the_rest_is_accepted(cast: Any, column: Column) -> None:
    column.save(**{f"result_{cast.classmate.pk}": "4"})
    column.client.post(column.accept_url, SURE | {"not_certified": "on"})
    assert Result.objects.get(student=cast.classmate).value.text == "4"
    assert Result.objects.get(student=cast.student).value.text == "н/а"


def test_who_missed_most_lessons_is_not_certified(cast: Any, column: Column) -> None:
    for lesson in cast.algebra.lessons.all()[:4]:
        make.AbsenceFactory(lesson=lesson, student=cast.classmate, code="ill")
    column.read()
    assert column.rows()[0] == ("4,67", "н/а", "")


def test_who_is_exempt_from_all_lessons_is_exempt(cast: Any, column: Column) -> None:
    for lesson in cast.algebra.lessons.all():
        make.AbsenceFactory(lesson=lesson, student=cast.student, code="exempt")
    column.read()
    assert column.rows()[1] == ("3,50", "осв", "")


def test_passed_or_not(cast: Any, as_: Any, term: Term) -> None:
    scale = Scale.objects.get(code="passed")
    CourseGrading.objects.create(course=cast.algebra, scale=scale)
    work = make.WorkFactory(lesson=cast.lesson, scale=scale)
    make.MarkFactory(work=work, student=cast.classmate, text="зч")
    column = Column(as_(cast.teacher), cast, f"term-{term.pk}")
    assert column.rows() == [("", "зч", ""), ("", "н/а", "")]
    column.save(**{f"result_{cast.classmate.pk}": "з", f"result_{cast.student.pk}": "а"})
    assert sorted(Result.objects.values_list("value__text", flat=True)) == ["зч", "н/а"]


def test_grade_1_has_no_results(cast: Any, as_: Any) -> None:
    first = make.SchoolClassFactory(organisation=cast.school, grade=1)
    course = make.CourseFactory(school_class=first)
    make.AssignmentFactory(course=course, teacher=cast.teacher)
    make.EnrolmentFactory(school_class=first)
    response = as_(cast.teacher).get(reverse("diary:results", args=[course.pk]))
    assert not response.context["may_write"]
    assert response.context["rows"][0]["suggestion"] == ""


def decide(cast: Any, term: Term | None, text: str, kind: str = "term", **fields: Any) -> Result:
    course = fields.pop("course", cast.algebra)
    return Result.objects.create(
        course=course,
        student=cast.classmate,
        year=course.year,
        kind=kind,
        term=term,
        value=ScaleValue.objects.get(scale__code="five-point", text=text),
        by=cast.teacher,
        at=NOW,
        **fields,
    )


@pytest.fixture
def quarters(cast: Any, term: Term) -> list[Term]:
    """The second one is the cast's and the last one: the year is nearly over."""
    first = make.TermFactory(
        organisation=cast.school,
        number=1,
        since=datetime.date(2026, 9, 1),
        until=datetime.date(2026, 10, 25),
    )
    return [first, term]


def test_the_year_is_suggested_from_its_terms(cast: Any, quarters: list[Term], as_: Any) -> None:
    decide(cast, quarters[0], "4")
    column = Column(as_(cast.teacher), cast, "year")
    assert column.rows()[0] == ("", "", "")
    decide(cast, quarters[1], "5")
    column.read()
    assert column.rows()[0] == ("4,50", "5", "")


def test_a_result_of_the_class_left_counts_for_the_year(cast: Any, quarters: list[Term], as_: Any) -> None:
    before = make.CourseFactory(
        school_class=make.SchoolClassFactory(organisation=cast.school), subject=cast.algebra.subject
    )
    decide(cast, quarters[0], "3", course=before)
    decide(cast, quarters[1], "4")
    assert Column(as_(cast.teacher), cast, "year").rows()[0] == ("3,50", "4", "")


def test_the_final_result_of_grade_9_is_made_of_year_and_examination(
    cast: Any, quarters: list[Term], as_: Any
) -> None:
    cast.class_7a.grade = 9
    cast.class_7a.save(update_fields=["grade"])
    decide(cast, None, "3", "year")
    decide(cast, None, "4", "exam")
    assert Column(as_(cast.teacher), cast, "final").rows()[0] == ("3,50", "4", "")


def test_the_final_result_of_grade_11_is_made_of_both_years(
    cast: Any, quarters: list[Term], as_: Any
) -> None:
    cast.class_7a.grade = 11
    cast.class_7a.save(update_fields=["grade"])
    last_year = make.YearFactory(since=datetime.date(2025, 9, 1), until=datetime.date(2026, 8, 31))
    before = make.CourseFactory(
        school_class=make.SchoolClassFactory(organisation=cast.school, year=last_year, grade=10),
        subject=cast.algebra.subject,
    )
    decide(cast, None, "3", "year", course=before)
    for term, text in zip(quarters, "45", strict=True):
        decide(cast, term, text)
    decide(cast, None, "5", "year")
    assert Column(as_(cast.teacher), cast, "final").rows()[0][0] == "4,25"


def test_an_examination_can_be_added_in_any_grade(cast: Any, quarters: list[Term], as_: Any) -> None:
    column = Column(as_(cast.teacher), cast, "exam")
    column.save(**{f"result_{cast.classmate.pk}": "4"})
    assert Result.objects.get().kind == "exam"


def test_a_closed_term_is_read_only(cast: Any, column: Column, term: Term) -> None:
    TermClosure.objects.create(term=term, at=NOW, by=cast.head_teacher)
    assert column.save(**{f"result_{cast.classmate.pk}": "5"}).status_code == 403
    assert column.client.post(column.accept_url).status_code == 403


def test_a_closed_year_takes_no_more_results(cast: Any, quarters: list[Term]) -> None:
    decide(cast, quarters[0], "4")
    YearClosure.objects.create(organisation=cast.school, year=cast.algebra.year, at=NOW, by=cast.head_teacher)
    for kind in ("year", "exam", "final"):
        with pytest.raises(IntegrityError, match="year is closed"), transaction.atomic():
            decide(cast, None, "4", kind)


def test_a_result_is_of_its_courses_year(cast: Any) -> None:
    with pytest.raises(IntegrityError, match="another year"):
        decide(cast, make.TermFactory(organisation=cast.other_school), "4")


@pytest.mark.parametrize(
    ("who", "seen", "written"),
    [
        ("teacher", 200, 302),
        ("head_teacher", 200, 403),
        ("class_teacher", 200, 403),
        ("administrator", 404, 404),
        ("parent", 404, 404),
        ("student", 404, 404),
        ("outsider", 404, 404),
    ],
)
def test_who_sees_and_who_decides(
    cast: Any, column: Column, as_: Any, who: str, seen: int, written: int
) -> None:
    client = as_(getattr(cast, who))
    assert client.get(column.url).status_code == seen
    assert client.post(column.url, column.fields).status_code == written
    assert client.post(column.accept_url, SURE).status_code == written


def test_a_class_teacher_sees_the_own_class_of_a_group_only(cast: Any, as_: Any) -> None:
    other = make.SchoolClassFactory(organisation=cast.school)
    group = make.GroupFactory(organisation=cast.school, classes=[cast.class_7a, other])
    course = make.CourseFactory(school_class=None, group=group)
    make.MembershipFactory(group=group, student=cast.student)
    make.MembershipFactory(group=group, student=make.EnrolmentFactory(school_class=other).student)
    response = as_(cast.class_teacher).get(reverse("diary:results", args=[course.pk]))
    assert [row["pk"] for row in response.context["rows"]] == [cast.student.pk]


def test_the_page_costs_the_same_for_any_class(cast: Any, column: Column) -> None:
    def grow() -> None:
        for _number in range(6):
            give(cast, make.EnrolmentFactory(school_class=cast.class_7a).student, "4", "5", "3")

    assert_same_statements(column.read, grow)
