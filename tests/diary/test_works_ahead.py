"""What families see of planned tests and of owed works."""

import datetime
from typing import Any

from django.urls import reverse

from diary.models import Point, WorkKind
from tests import factories as make
from tests.queries import assert_same_statements

FRIDAY = datetime.date(2026, 12, 18)


def week(client: Any, student: Any) -> Any:
    return client.get(reverse("diary:week-now", args=[student.pk]))


def ahead(client: Any, student: Any) -> list[tuple[str, str, bool]]:
    days = week(client, student).context["days"]
    return [
        (work.text, work.due, work.is_overdue)
        for day in days
        for lesson in day.lessons
        for work in lesson.ahead
    ]


def owe(cast: Any, due_on: datetime.date = FRIDAY, **work: Any) -> Point:
    owed = make.WorkFactory(lesson=cast.lesson, **work)
    return Point.objects.create(work=owed, student=cast.student, due_on=due_on, by=cast.teacher)


def plan_test(cast: Any, day: datetime.date = FRIDAY, title: str = "Контрольная № 3") -> Any:
    lesson = make.LessonFactory(course=cast.algebra, term=cast.lesson.term, date=day, number=4)
    test = WorkKind.objects.get(organisation=None, code="К")
    return make.WorkFactory(lesson=lesson, kind=test, title=title)


def test_the_family_sees_what_is_owed_and_until_when(cast: Any, as_: Any) -> None:
    owe(cast)
    for reader in (cast.student, cast.parent):
        assert ahead(as_(reader), cast.student) == [("Ответ на уроке", "18\u00a0декабря", False)]
    assert "Долг:" in week(as_(cast.parent), cast.student).content.decode()
    assert ahead(as_(cast.other_parent), cast.classmate) == []


def test_the_day_after_it_is_overdue(cast: Any, as_: Any) -> None:
    point = owe(cast, due_on=datetime.date(2026, 12, 16))
    assert ahead(as_(cast.parent), cast.student)[0][2] is False
    Point.objects.filter(pk=point.pk).update(due_on=datetime.date(2026, 12, 15))
    assert ahead(as_(cast.parent), cast.student)[0][2] is True


def test_the_mark_settles_it_for_the_family_too(cast: Any, as_: Any) -> None:
    make.MarkFactory(work=owe(cast).work, student=cast.student)
    assert ahead(as_(cast.parent), cast.student) == []


def test_a_planned_test_is_seen_beforehand_and_not_afterwards(cast: Any, as_: Any) -> None:
    plan_test(cast)
    plan_test(cast, day=datetime.date(2026, 12, 15), title="Вчерашняя")
    assert ahead(as_(cast.parent), cast.student) == [("Контрольная № 3", "", False)]


def test_without_the_grants_nothing_is_seen(cast: Any, as_: Any) -> None:
    owe(cast)
    plan_test(cast)
    cast.parent.guardianships.update(information=["timetable"])
    assert ahead(as_(cast.parent), cast.student) == [("Контрольная № 3", "", False)]
    cast.parent.guardianships.update(information=["marks"])
    assert ahead(as_(cast.parent), cast.student) == [("Ответ на уроке", "18\u00a0декабря", False)]


def test_an_outsider_sees_nothing_of_it(cast: Any, as_: Any) -> None:
    owe(cast)
    assert week(as_(cast.outsider), cast.student).status_code == 404


def test_the_week_costs_the_same_with_many(cast: Any, as_: Any) -> None:
    client = as_(cast.parent)

    def more() -> None:
        for number in range(2, 8):
            owe(cast, number=number)
            plan_test(cast, day=FRIDAY + datetime.timedelta(days=number))

    assert_same_statements(lambda: week(client, cast.student), more)
