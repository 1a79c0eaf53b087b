"""The family's subjects of a term, and one subject of a child."""

import datetime
from decimal import Decimal
from itertools import cycle
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse

from diary.models import JournalRules, Point, ScaleValue, StandingOptOut, WorkKind
from diary.subjects.chart import chart
from schools.models import Guardianship, TermClosure
from tests import factories as make
from tests.conftest import NOW, TODAY
from tests.diary.closed import asked, close, lesson_of_autumn
from tests.queries import assert_same_statements, statements

DAY = datetime.timedelta(days=1)
NUMBERS = cycle(range(7, 200))  # lessons of a day that do not meet
LAST_WEEK = datetime.date(2026, 12, 9)


def marked(cast: Any, student: Any, *texts: str, date: datetime.date = LAST_WEEK, **kwargs: Any) -> None:
    """Marks of a lesson of algebra, seen by families on its evening."""
    lesson = make.LessonFactory(
        course=cast.algebra, term=cast.lesson.term, date=date, number=next(NUMBERS),
        planned_teacher=cast.teacher,
    )  # fmt: skip
    published = datetime.datetime.combine(date, datetime.time(15), NOW.tzinfo)
    for number, text in enumerate(texts, start=1):
        made = {"work__number": number, "published_at": published, "text": text, **kwargs}
        make.MarkFactory(work__lesson=lesson, student=student, **made)


def classmates(cast: Any, count: int, text: str = "4") -> list[Any]:
    """Others of the class with a mark of last week each."""
    found = []
    for number in range(count):
        found.append(make.PersonFactory(surname=f"Одноклассник{number}"))
        make.EnrolmentFactory(student=found[-1], school_class=cast.class_7a)
        marked(cast, found[-1], text)
    return found


def page(client: Any, cast: Any, name: str = "diary:subjects-of", *more: Any) -> Any:
    return client.get(reverse(name, args=[cast.student.pk, *more]))


def algebra(client: Any, cast: Any, **query: Any) -> Any:
    address = reverse("diary:subject", args=[cast.student.pk, cast.algebra.pk])
    return client.get(address, query).context


def card(client: Any, cast: Any) -> Any:
    return page(client, cast).context["subjects"][0]


def test_the_short_address_leads_to_the_own_or_first_child(cast: Any, as_: Any) -> None:
    for person in (cast.student, cast.parent):
        response = as_(person).get(reverse("diary:subjects"))
        assert response["Location"] == reverse("diary:subjects-of", args=[cast.student.pk])


def test_a_card_has_the_marks_and_the_average(cast: Any, as_: Any) -> None:
    marked(cast, cast.student, "5", "4")
    found = card(as_(cast.parent), cast)
    assert [mark["text"] for mark in found["marks"]] == ["5", "4"]
    assert (found["name"], found["average"]) == ("Алгебра", "4,50")


def test_a_mark_leads_to_its_history(cast: Any, as_: Any) -> None:
    make.MarkFactory(work__lesson=cast.lesson, student=cast.student)
    address = reverse("diary:cell-history", args=[cast.lesson.pk, cast.student.pk])
    assert card(as_(cast.parent), cast)["marks"][0]["url"] == address


def test_marks_that_are_not_published_are_not_there(cast: Any, as_: Any) -> None:
    marked(cast, cast.student, "5")
    marked(cast, cast.student, "2", date=TODAY, published_at=NOW + DAY)
    assert card(as_(cast.parent), cast)["average"] == "5,00"
    assert algebra(as_(cast.student), cast)["average"] == "5,00"


def test_a_course_without_marks_stands_apart(cast: Any, as_: Any) -> None:
    context = page(as_(cast.parent), cast).context
    assert [subject["name"] for subject in context["without"]] == ["Алгебра"]
    assert not context["subjects"]


def test_results_of_the_year_stand_beside(cast: Any, as_: Any) -> None:
    make.ResultFactory(course=cast.algebra, term=cast.lesson.term, student=cast.student, text="4")
    make.ResultFactory(course=cast.algebra, term=None, kind="year", student=cast.student, text="5")
    lines = card(as_(cast.parent), cast)["year"]
    assert [line["text"] for line in lines] == ["4", "5"]


def test_a_correction_of_a_closed_term_is_labelled(cast: Any, as_: Any) -> None:
    lesson = lesson_of_autumn(cast)
    mark = make.MarkFactory(work__lesson=lesson, student=cast.student, text="3")
    close(cast, lesson)
    four = ScaleValue.objects.get(scale__code="five-point", text="4")
    wish = asked(cast, lesson, subject="mark", work=mark.work, code="", was="3", value=four)
    as_(cast.head_teacher).post(reverse("diary:correction-approval", args=[wish.pk]))
    context = page(as_(cast.parent), cast, "diary:subjects-of-term", lesson.term_id).context
    (chip,) = context["subjects"][0]["marks"]
    assert (chip["text"], chip["is_corrected"]) == ("4", True)


def test_what_is_not_granted_is_not_there(cast: Any, as_: Any) -> None:
    marked(cast, cast.student, "5")
    make.ResultFactory(course=cast.algebra, term=cast.lesson.term, student=cast.student, text="4")
    tie = Guardianship.objects.filter(guardian=cast.parent)
    tie.update(information=["results"])
    found = card(as_(cast.parent), cast)
    assert (found["marks"], found["average"], found["year"][0]["text"]) == ([], "", "4")
    tie.update(information=["marks"])
    assert card(as_(cast.parent), cast)["year"] == []
    tie.update(information=["timetable", "attendance"])
    assert page(as_(cast.parent), cast).status_code == 404


def test_each_term_has_its_address(cast: Any, as_: Any) -> None:
    first = make.TermFactory(
        organisation=cast.school, number=1, since=datetime.date(2026, 9, 1), until=datetime.date(2026, 10, 25)
    )
    later = make.TermFactory(
        organisation=cast.school, number=3, since=datetime.date(2027, 1, 11), until=datetime.date(2027, 3, 20)
    )
    client = as_(cast.parent)
    assert page(client, cast, "diary:subjects-of-term", first.pk).context["term_label"] == "1-я четверть"
    assert [tab["label"] for tab in page(client, cast).context["tabs"]] == ["1-я четверть", "2-я четверть"]
    assert page(client, cast, "diary:subjects-of-term", later.pk).status_code == 404
    foreign = make.TermFactory(organisation=cast.other_school)
    assert page(client, cast, "diary:subjects-of-term", foreign.pk).status_code == 404


def test_a_course_of_another_class_is_not_the_childs(cast: Any, as_: Any) -> None:
    other = make.CourseFactory(school_class=make.SchoolClassFactory(organisation=cast.school))
    address = reverse("diary:subject", args=[cast.student.pk, other.pk])
    assert as_(cast.parent).get(address).status_code == 404


@pytest.mark.parametrize("who", ["other_parent", "classmate", "outsider", "head_teacher", "class_teacher"])
def test_nobody_else_opens_them(cast: Any, as_: Any, who: str) -> None:
    marked(cast, cast.student, "5")
    client = as_(getattr(cast, who))
    for name, more in (("subjects-of", []), ("debts-of", []), ("subject", [cast.algebra.pk])):
        assert page(client, cast, f"diary:{name}", *more).status_code == 404


def test_a_group_of_the_child_is_among_the_courses(cast: Any, as_: Any) -> None:
    groups = [make.GroupFactory(organisation=cast.school, classes=[cast.class_7a]) for _number in range(2)]
    own, other = [make.CourseFactory(school_class=None, group=group) for group in groups]
    make.MembershipFactory(student=cast.student, group=groups[0])
    names = {subject["name"] for subject in page(as_(cast.parent), cast).context["without"]}
    assert own.subject.name in names
    assert other.subject.name not in names
    assert page(as_(cast.parent), cast, "diary:subject", own.pk).status_code == 200
    assert page(as_(cast.parent), cast, "diary:subject", other.pk).status_code == 404


def test_who_changed_class_has_the_subject_once_with_all_marks(cast: Any, as_: Any) -> None:
    marked(cast, cast.student, "5")
    cast.student.enrolments.update(until=TODAY - DAY)
    new = make.SchoolClassFactory(organisation=cast.school)
    make.CourseFactory(school_class=new, subject=cast.algebra.subject)
    make.EnrolmentFactory(student=cast.student, school_class=new, since=TODAY)
    subjects = page(as_(cast.parent), cast).context["subjects"]
    assert [(subject["name"], subject["average"]) for subject in subjects] == [("Алгебра", "5,00")]


# --- The class beside ------------------------------------------------------------------------------


def test_the_class_is_told_to_one_decimal_for_five_and_more(cast: Any, as_: Any) -> None:
    marked(cast, cast.student, "5")
    classmates(cast, 3)
    assert card(as_(cast.parent), cast)["others"] == ""
    classmates(cast, 1)
    cache.clear()
    assert card(as_(cast.parent), cast)["others"] == "4,2"


def test_marks_of_this_week_move_the_class_on_monday(cast: Any, as_: Any) -> None:
    marked(cast, cast.student, "5")
    others = classmates(cast, 4)
    marked(cast, others[0], "2", "2", "2", date=TODAY)
    assert card(as_(cast.parent), cast)["others"] == "4,2"


def test_a_mark_published_late_waits_for_monday_too(cast: Any, as_: Any) -> None:
    """A lesson of last week, but seen since yesterday."""
    marked(cast, cast.student, "5")
    others = classmates(cast, 4)
    marked(cast, others[0], "2", "2", "2", date=LAST_WEEK, published_at=NOW - DAY)
    assert card(as_(cast.parent), cast)["others"] == "4,2"


def test_who_left_the_class_is_told_of_it_no_more(cast: Any, as_: Any) -> None:
    marked(cast, cast.student, "5")
    classmates(cast, 5)
    cast.student.enrolments.update(until=TODAY - DAY)
    found = card(as_(cast.parent), cast)
    assert (found["average"], found["others"]) == ("5,00", "")
    assert algebra(as_(cast.parent), cast)["others"] == ""


@pytest.mark.parametrize("switch", ["school", "family"])
def test_nothing_of_the_class_where_it_is_switched_off(cast: Any, as_: Any, switch: str) -> None:
    marked(cast, cast.student, "5")
    classmates(cast, 4)
    if switch == "school":
        JournalRules.objects.create(organisation=cast.school, shows_standing=False)
    else:
        StandingOptOut.objects.create(student=cast.student, by=cast.parent, at=NOW)
    context = page(as_(cast.parent), cast).context
    assert (context["subjects"][0]["others"], context["shows_class"]) == ("", False)
    assert context["subjects"][0]["chart"].others == ""
    assert algebra(as_(cast.parent), cast)["others"] == ""


def test_the_picture_moves_by_week_and_is_told_in_words(cast: Any, as_: Any) -> None:
    marked(cast, cast.student, "3", date=datetime.date(2026, 12, 2))
    marked(cast, cast.student, "5")
    context = algebra(as_(cast.parent), cast)
    assert [row["own"] for row in context["trend_rows"]] == ["4,00", "4,00", "3,00"]
    assert "3,00; 4,00; 4,00" in context["trend"]


def test_all_pictures_have_one_scale() -> None:
    found = chart([Decimal(2), Decimal(5)], [None, None], width=120, height=40, margin=6)
    assert found is not None
    assert found.own == "6.0,34.0 114.0,6.0"
    assert chart([Decimal(87)], [None]) is None


# --- The forecast on the page ----------------------------------------------------------------------


def test_imagined_marks_are_counted_and_not_kept(cast: Any, as_: Any) -> None:
    marked(cast, cast.student, "4", "4")
    test = WorkKind.objects.get(organisation=None, code="К")
    forecast = algebra(as_(cast.parent), cast, kind=[test.pk], mark=["5"])["forecast"]
    assert forecast["answer"]["average"] == "4,60"
    assert forecast["answer"]["value"].text == "5"
    assert algebra(as_(cast.parent), cast)["average"] == "4,00"


@pytest.mark.parametrize("query", [{"kind": "x", "mark": "5"}, {"kind": "1", "mark": "осв"}, {"mark": "5"}])
def test_an_imagined_nothing_is_left_out(cast: Any, as_: Any, query: Any) -> None:
    assert algebra(as_(cast.parent), cast, **query)["forecast"]["answer"] is None


def test_it_tells_the_shortest_ways(cast: Any, as_: Any) -> None:
    marked(cast, cast.student, "4", "4", "5")
    goals = algebra(as_(cast.parent), cast)["forecast"]["goals"]
    assert [(goal["text"], goal["ways"][0]["count"]) for goal in goals] == [("5", 1)]


def test_the_next_test_shows_what_each_mark_makes(cast: Any, as_: Any) -> None:
    marked(cast, cast.student, "4", "4")
    test = WorkKind.objects.get(organisation=None, code="К")
    friday = make.LessonFactory(course=cast.algebra, term=cast.lesson.term, date=TODAY + 2 * DAY)
    make.WorkFactory(lesson=friday, kind=test, title="Контрольная № 2")
    (ahead,) = algebra(as_(cast.parent), cast)["forecast"]["tests"]
    assert ahead["title"] == "Контрольная № 2"
    assert [mark["average"] for mark in ahead["marks"]] == ["4,60", "4,00", "3,40"]


def test_a_closed_term_has_no_forecast(cast: Any, as_: Any) -> None:
    marked(cast, cast.student, "4")
    TermClosure.objects.create(term=cast.lesson.term, at=NOW, by=cast.head_teacher)
    assert algebra(as_(cast.parent), cast)["forecast"] is None


def test_grade_one_has_no_marks_and_no_forecast(cast: Any, as_: Any) -> None:
    cast.class_7a.grade = 1
    cast.class_7a.save()
    assert page(as_(cast.parent), cast).context["is_without_marks"]
    assert algebra(as_(cast.parent), cast)["forecast"] is None


# --- Debts -----------------------------------------------------------------------------------------


def owe(cast: Any, due: datetime.date, **work: Any) -> Point:
    made = make.WorkFactory(lesson=cast.lesson, **work)
    return Point.objects.create(work=made, student=cast.student, due_on=due, by=cast.teacher)


def debts(client: Any, cast: Any) -> Any:
    return client.get(reverse("diary:debts-of", args=[cast.student.pk])).context


def test_a_debt_says_what_to_do_by_when_and_the_rule(cast: Any, as_: Any) -> None:
    owe(cast, TODAY + 3 * DAY, title="Контрольная № 1")
    (debt,) = debts(as_(cast.student), cast)["owed"]
    assert (debt["what"], debt["due"], debt["is_soon"]) == ("Контрольная № 1", "19\u00a0декабря", True)
    assert debt["teacher"] == "Кузнецова\u00a0Е.\u00a0В."
    assert "правило школы" in debt["rule"]


def test_the_rule_of_the_school_is_told_in_its_words(cast: Any, as_: Any) -> None:
    JournalRules.objects.create(organisation=cast.school, overdue_points="two")
    owe(cast, TODAY - DAY)
    (debt,) = debts(as_(cast.parent), cast)["owed"]
    assert debt["is_overdue"]
    assert "двойка" in debt["rule"]


def test_a_closed_debt_stays_with_its_mark(cast: Any, as_: Any) -> None:
    point = owe(cast, TODAY)
    make.MarkFactory(work=point.work, student=cast.student, text="4")
    context = debts(as_(cast.parent), cast)
    assert not context["owed"]
    assert context["closed"][0]["text"] == "4"


def test_a_mark_not_yet_seen_closes_its_debt_without_a_value(cast: Any, as_: Any) -> None:
    point = owe(cast, TODAY)
    make.MarkFactory(work=point.work, student=cast.student, text="2", published_at=NOW + DAY)
    context = debts(as_(cast.parent), cast)
    assert (context["owed"], context["closed"][0]["text"]) == ([], "")


def test_debts_are_shown_with_the_marks_only(cast: Any, as_: Any) -> None:
    owe(cast, TODAY)
    Guardianship.objects.filter(guardian=cast.parent).update(information=["results"])
    assert as_(cast.parent).get(reverse("diary:debts-of", args=[cast.student.pk])).status_code == 404
    assert algebra(as_(cast.parent), cast)["owed"] == []


# --- What they cost --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["subjects-of", "subject", "debts-of"])
def test_they_cost_the_same_for_any_number_of_rows(cast: Any, as_: Any, name: str) -> None:
    marked(cast, cast.student, "5", "4")
    client = as_(cast.parent)
    more = [cast.algebra.pk] if name == "subject" else []
    address = reverse(f"diary:{name}", args=[cast.student.pk, *more])

    def grow() -> None:
        for number in range(10):
            course = make.CourseFactory(school_class=cast.class_7a)
            lesson = make.LessonFactory(course=course, term=cast.lesson.term, date=LAST_WEEK)
            make.MarkFactory(work__lesson=lesson, student=cast.student)
            owe(cast, TODAY, number=30 + number)
            make.MarkFactory(work__lesson=cast.lesson, work__number=50 + number, student=cast.student)
        assert len(statements(lambda: client.get(address))) <= 10  # the averages of the class read anew

    owe(cast, TODAY, number=29)
    assert_same_statements(lambda: client.get(address), grow)
