"""Points on the pages: put from the lesson, seen in its rows and in the course's list, settled by a mark."""

import datetime
from typing import Any

import pytest
from django.urls import reverse

from diary.models import JournalRules, Mark, Point, WorkKind
from schedule.models import Lesson
from schools.models import TermClosure
from tests import factories as make
from tests.conftest import NOW, TODAY
from tests.diary.test_lesson_page import Sheet, row_of
from tests.queries import assert_same_statements

FRIDAY = datetime.date(2026, 12, 18)


def kind(code: str = "К") -> int:
    return WorkKind.objects.get(organisation=None, code=code).pk


def owe(client: Any, cast: Any, *students: Any, **more: Any) -> Any:
    pks = [student.pk for student in students]
    typed = {"kind": kind(), "due_on": FRIDAY.isoformat(), "students": pks} | more
    return client.post(reverse("diary:point-new", args=[cast.lesson.pk]), typed)


@pytest.fixture
def client(cast: Any, as_: Any) -> Any:
    return as_(cast.teacher)


@pytest.fixture
def point(cast: Any, client: Any) -> Point:
    owe(client, cast, cast.student)
    return Point.objects.get()


def test_a_point_for_several_is_for_one_work(cast: Any, client: Any) -> None:
    assert owe(client, cast, cast.student, cast.classmate).status_code == 302
    assert {(point.due_on, point.work.kind.code) for point in Point.objects.all()} == {(FRIDAY, "К")}
    assert len({point.work_id for point in Point.objects.all()}) == 1


def test_who_was_away_is_chosen_to_begin_with(cast: Any, client: Any) -> None:
    make.AbsenceFactory(lesson=cast.lesson, student=cast.student)
    make.AbsenceFactory(lesson=cast.lesson, student=cast.classmate, code="late")
    form = client.get(reverse("diary:point-new", args=[cast.lesson.pk])).context["form"]
    assert form.initial == {"students": [cast.student.pk], "due_on": cast.lesson.term.until, "kind": None}


def test_at_a_test_it_is_the_test_that_is_owed(cast: Any, client: Any) -> None:
    test = WorkKind.objects.get(organisation=None, code="К")
    make.WorkFactory(lesson=cast.lesson, kind=test, title="Контрольная № 3")
    form = client.get(reverse("diary:point-new", args=[cast.lesson.pk])).context["form"]
    assert form.initial["kind"] == test.pk


@pytest.mark.parametrize(
    "wrong", [{"students": []}, {"due_on": "2026-12-15"}, {"due_on": "завтра"}, {"due_on": "2027-01-15"}]
)
def test_what_makes_no_sense_is_refused_and_kept(cast: Any, client: Any, wrong: Any) -> None:
    response = owe(client, cast, cast.student, **wrong)
    assert response.status_code == 422
    assert not Point.objects.exists()
    assert "error-summary" in response.content.decode()


def test_a_student_of_another_class_cannot_owe(cast: Any, client: Any) -> None:
    assert owe(client, cast, make.PersonFactory()).status_code == 422


def test_the_cell_of_the_student_offers_the_owed_work(cast: Any, client: Any, point: Point) -> None:
    sheet = Sheet(client, cast.lesson)
    row = row_of(client.get(sheet.address), cast.student)
    assert ([owed.due for owed in row["points"]], row["new_mark"]["kind_code"]) == (["18.12"], "К")
    sheet.send(**{f"new_{cast.student.pk}": "4"})
    assert Mark.objects.get().work == point.work
    assert not row_of(client.get(sheet.address), cast.student)["points"]


def test_a_mark_of_another_kind_leaves_it_open(cast: Any, client: Any, point: Point) -> None:
    Sheet(client, cast.lesson).send(**{f"new_{cast.student.pk}": "4", f"kind-new-{cast.student.pk}": "О"})
    assert Point.objects.open().get() == point


def test_a_mark_moved_to_the_owed_kind_settles_it(cast: Any, client: Any, point: Point) -> None:
    mark = make.MarkFactory(work__lesson=cast.lesson, student=cast.student)
    Sheet(client, cast.lesson).send(**{f"kind-mark-{mark.pk}": "К", f"mark-{mark.pk}": "3"})
    assert Mark.objects.get(pk=mark.pk).work == point.work
    assert not Point.objects.open().exists()


def closing(client: Any, point: Point) -> str:
    return " ".join(client.get(reverse("diary:point", args=[point.pk])).context["closing"])


def test_its_page_says_what_closes_it(cast: Any, client: Any, point: Point) -> None:
    assert "просрочен" in closing(client, point)
    JournalRules.objects.create(organisation=cast.school, overdue_points="two")
    assert "двойкой" in closing(client, point)
    make.MarkFactory(work=point.work, student=cast.student, text="4", comment="сдал позже")
    assert "отметкой 4" in closing(client, point)
    assert "сдал позже" in closing(client, point)


def test_it_is_put_off_and_taken_back(cast: Any, client: Any, point: Point) -> None:
    address = reverse("diary:point", args=[point.pk])
    later = {"due_on": "2026-12-21", "version": 1}
    assert client.post(address, later).status_code == 302
    assert client.post(address, later).status_code == 422
    withdrawal = reverse("diary:point-withdrawal", args=[point.pk])
    client.post(withdrawal, {"version": 1})
    assert Point.objects.get().due_on == datetime.date(2026, 12, 21)
    client.post(withdrawal, {"version": 2})
    assert not Point.objects.exists()


def lists_of(client: Any, cast: Any) -> dict[str, list[str]]:
    context = client.get(reverse("diary:course-points", args=[cast.algebra.pk])).context
    return {each["title"]: [line["name"] for line in each["points"]] for each in context["lists"]}


def test_the_list_of_the_course_begins_with_the_overdue(cast: Any, client: Any, point: Point) -> None:
    owe(client, cast, cast.classmate, due_on=TODAY.isoformat())
    Point.objects.filter(pk=point.pk).update(due_on=TODAY - datetime.timedelta(days=1))
    assert lists_of(client, cast) == {
        "Срок прошёл": [cast.student.roll_name],
        "Ждём": [cast.classmate.roll_name],
    }
    make.MarkFactory(work=point.work, student=cast.student)
    assert lists_of(client, cast)["Закрытые"] == [cast.student.roll_name]


def test_the_head_teacher_and_the_class_teacher_read_the_list(cast: Any, as_: Any, point: Point) -> None:
    for reader in (cast.head_teacher, cast.class_teacher):
        page = as_(reader).get(reverse("diary:course-points", args=[cast.algebra.pk]))
        assert reverse("diary:point", args=[point.pk]) not in page.content.decode()
        assert cast.student.roll_name in page.content.decode()


def test_a_class_teacher_sees_of_a_group_the_own_students(cast: Any, as_: Any) -> None:
    other = make.SchoolClassFactory(organisation=cast.school)
    group = make.GroupFactory(organisation=cast.school, classes=[cast.class_7a, other])
    course = make.CourseFactory(school_class=None, group=group)
    lesson = make.LessonFactory(course=course, term=cast.lesson.term, number=5)
    stranger = make.EnrolmentFactory(school_class=other).student
    for number, student in enumerate((cast.student, stranger), start=1):
        make.MembershipFactory(student=student, group=group)
        work = make.WorkFactory(lesson=lesson, number=number)
        Point.objects.create(work=work, student=student, due_on=FRIDAY, by=lesson.teacher)
    page = as_(cast.class_teacher).get(reverse("diary:course-points", args=[course.pk])).content.decode()
    assert cast.student.roll_name in page
    assert stranger.roll_name not in page


def test_a_substitute_sees_only_the_own_lesson_s_points(
    cast: Any, as_: Any, outlasted: Any, point: Point
) -> None:
    assert lists_of(as_(outlasted.substitute), cast) == {}
    own = Lesson.objects.get(teacher=outlasted.substitute)
    make_work = make.WorkFactory(lesson=own)
    Point.objects.create(work=make_work, student=cast.student, due_on=FRIDAY, by=outlasted.substitute)
    assert lists_of(as_(outlasted.substitute), cast) == {"Ждём": [cast.student.roll_name]}


@pytest.mark.parametrize(
    ("role", "status"), [("outsider", 404), ("parent", 404), ("class_teacher", 403), ("head_teacher", 403)]
)
def test_only_the_lesson_s_teacher_puts_points(
    cast: Any, as_: Any, point: Point, role: str, status: int
) -> None:
    client = as_(getattr(cast, role))
    assert owe(client, cast, cast.classmate).status_code == status
    for name in ("diary:point", "diary:point-withdrawal"):
        assert client.post(reverse(name, args=[point.pk]), {"version": 1}).status_code == status
    assert Point.objects.get() == point


def test_not_in_a_closed_term_and_not_before_the_lesson(cast: Any, client: Any, point: Point) -> None:
    friday = make.LessonFactory(course=cast.algebra, term=cast.lesson.term, date=FRIDAY)
    assert client.get(reverse("diary:point-new", args=[friday.pk])).status_code == 403
    TermClosure.objects.create(term=cast.lesson.term, at=NOW, by=cast.head_teacher)
    assert owe(client, cast, cast.classmate).status_code == 403
    assert client.post(reverse("diary:point", args=[point.pk]), {"version": 1}).status_code == 403


def test_the_lists_cost_the_same_for_many(cast: Any, client: Any, point: Point) -> None:
    def more() -> None:
        students = [make.EnrolmentFactory(school_class=cast.class_7a).student for _each in range(6)]
        owe(client, cast, *students)

    assert_same_statements(lambda: lists_of(client, cast), more)


def test_the_lesson_costs_the_same_with_many(cast: Any, client: Any, point: Point) -> None:
    address = reverse("diary:lesson", args=[cast.lesson.pk])

    def more() -> None:
        students = [make.EnrolmentFactory(school_class=cast.class_7a).student for _each in range(6)]
        owe(client, cast, *students)

    assert_same_statements(lambda: client.get(address), more)


def test_the_same_form_sent_twice_owes_once(cast: Any, client: Any) -> None:
    for _time in range(2):
        assert owe(client, cast, cast.student).status_code == 302
    assert Point.objects.count() == 1
