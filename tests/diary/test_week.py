"""The family's week: what stands in it, for whom, and at what cost."""

import datetime
from typing import Any

import pytest
from django.urls import reverse

from diary.models import WorkKind
from schools.models import Information
from tests import factories as make
from tests.queries import assert_same_statements, statements

FRIDAY = datetime.date(2026, 12, 18)


@pytest.fixture
def week_of(cast: Any, as_: Any) -> Any:
    def read(reader: Any, student: Any = None, monday: str = "2026-12-14") -> Any:
        student = student or cast.student
        return as_(reader).get(f"/diary/{student.pk}/{monday}/")

    return read


def lessons(response: Any) -> list[Any]:
    return [lesson for day in response.context["days"] for lesson in day.lessons]


def test_a_mark_stands_at_its_lesson_with_kind_weight_and_comment(cast: Any, week_of: Any) -> None:
    test = WorkKind.objects.get(organisation=None, code="К")
    make.MarkFactory(
        work__lesson=cast.lesson, work__kind=test, student=cast.student, text="4", comment="Две ошибки"
    )
    [lesson] = lessons(week_of(cast.parent))
    [mark] = lesson.marks
    assert (mark.text, mark.tone, mark.kind, mark.comment) == (
        "4",
        "four",
        "контрольная работа",
        "Две ошибки",
    )
    assert "3" in mark.weight


def test_a_mark_of_the_future_hour_is_not_shown_yet(cast: Any, week_of: Any) -> None:
    later = datetime.datetime(2026, 12, 16, 18, tzinfo=datetime.UTC)
    make.MarkFactory(work__lesson=cast.lesson, student=cast.student, published_at=later)
    assert not lessons(week_of(cast.parent))[0].marks


def test_a_classmates_mark_is_nowhere(cast: Any, week_of: Any) -> None:
    make.MarkFactory(work__lesson=cast.lesson, student=cast.classmate, comment="чужое")
    response = week_of(cast.parent)
    assert not lessons(response)[0].marks
    assert "чужое" not in response.content.decode()


def test_homework_stands_on_the_day_it_is_due(cast: Any, week_of: Any) -> None:
    friday = make.LessonFactory(course=cast.algebra, term=cast.lesson.term, date=FRIDAY)
    make.HomeworkFactory(lesson=cast.lesson, due_lesson=friday, due_on=FRIDAY, minutes=20)
    given, due = lessons(week_of(cast.student))
    assert (given.homework, due.homework[0].text) == ([], "§\u00a021, №\u00a0388")


def test_homework_follows_its_lesson_to_another_week(cast: Any, week_of: Any) -> None:
    homework = make.HomeworkFactory(lesson=cast.lesson, due_lesson=cast.lesson, due_on=cast.lesson.date)
    bell = make.BellFactory(organisation=cast.school)
    cast.lesson.move(datetime.date(2026, 12, 23), bell, by=cast.head_teacher)
    [lesson] = lessons(week_of(cast.parent, monday="2026-12-21"))
    assert lesson.homework[0].text == homework.text


def test_homework_for_a_day_without_the_lesson_is_shown_all_the_same(cast: Any, week_of: Any) -> None:
    make.HomeworkFactory(lesson=cast.lesson, due_on=datetime.date(2026, 12, 23))
    [line] = lessons(week_of(cast.parent, monday="2026-12-21"))
    assert (line.subject, len(line.homework)) == ("Алгебра", 1)


@pytest.mark.parametrize("monday", ["2000-01-03", "2099-12-28"])
def test_the_first_and_the_last_week_have_pages(cast: Any, week_of: Any, monday: str) -> None:
    assert week_of(cast.parent, monday=monday).status_code == 200


def test_homework_for_one_student_is_not_anothers(cast: Any, week_of: Any) -> None:
    homework = make.HomeworkFactory(lesson=cast.lesson, due_lesson=cast.lesson, due_on=cast.lesson.date)
    homework.students.add(cast.classmate)
    assert not lessons(week_of(cast.parent))[0].homework
    assert lessons(week_of(cast.other_parent, cast.classmate))[0].homework


def test_a_substitution_shows_who_was_and_who_is(cast: Any, week_of: Any) -> None:
    room = make.RoomFactory(organisation=cast.school, name="214")
    cast.lesson.substitute(cast.class_teacher, by=cast.head_teacher, room=room)
    [lesson] = lessons(week_of(cast.parent))
    assert (lesson.teacher, lesson.was_teacher) == ("Петрова\u00a0Т.\u00a0А.", "Кузнецова\u00a0Е.\u00a0В.")
    assert lesson.change.kind == "substituted"
    assert "214" in lesson.room


def test_a_cancelled_lesson_says_so(cast: Any, week_of: Any) -> None:
    cast.lesson.cancel(by=cast.head_teacher)
    [lesson] = lessons(week_of(cast.parent))
    assert lesson.cancelled
    assert lesson.change.kind == "cancelled"


def test_a_moved_lesson_shows_at_both_places(cast: Any, week_of: Any) -> None:
    bell = make.BellFactory(organisation=cast.school, number=4)
    cast.lesson.move(FRIDAY, bell, by=cast.head_teacher)
    days = {day.date: day.lessons for day in week_of(cast.parent).context["days"]}
    [gone], [here] = days[datetime.date(2026, 12, 16)], days[FRIDAY]
    assert (gone.cancelled, gone.number, here.cancelled, here.number) == (True, 2, False, 4)


def test_a_lesson_moved_to_another_week_leaves_its_sign(cast: Any, week_of: Any) -> None:
    bell = make.BellFactory(organisation=cast.school)
    cast.lesson.move(datetime.date(2026, 12, 23), bell, by=cast.head_teacher)
    [gone] = lessons(week_of(cast.parent))
    assert gone.change.kind == "moved"


def test_a_student_of_a_group_sees_the_groups_lessons_only(cast: Any, week_of: Any) -> None:
    groups = [make.GroupFactory(organisation=cast.school, classes=[cast.class_7a]) for _group in range(2)]
    for number, group in enumerate(groups, start=5):
        course = make.CourseFactory(group=group, school_class=None, subject__name=f"Английский {number}")
        make.LessonFactory(course=course, term=cast.lesson.term, number=number)
    make.MembershipFactory(student=cast.student, group=groups[0])
    assert [lesson.subject for lesson in lessons(week_of(cast.student))] == ["Алгебра", "Английский 5"]


def test_lessons_follow_the_class_the_student_was_in_that_day(cast: Any, week_of: Any) -> None:
    cast.student.enrolments.update(until=datetime.date(2026, 12, 16))
    new_class = make.SchoolClassFactory(organisation=cast.school)
    make.EnrolmentFactory(student=cast.student, school_class=new_class, since=datetime.date(2026, 12, 17))
    course = make.CourseFactory(school_class=new_class, subject__name="Химия")
    for day in (16, 17):
        date = datetime.date(2026, 12, day)
        make.LessonFactory(course=course, term=cast.lesson.term, date=date, number=6)
    assert [lesson.subject for lesson in lessons(week_of(cast.student))] == ["Алгебра", "Химия"]


def test_a_grant_without_marks_hides_them(cast: Any, week_of: Any) -> None:
    make.MarkFactory(work__lesson=cast.lesson, student=cast.student, text="5", comment="не для всех")
    cast.parent.guardianships.update(information=[Information.TIMETABLE, Information.HOMEWORK])
    response = week_of(cast.parent)
    assert lessons(response)[0].teacher
    assert not lessons(response)[0].marks
    assert "не для всех" not in response.content.decode()


def test_a_grant_without_timetable_shows_only_lessons_with_something(cast: Any, week_of: Any) -> None:
    cast.parent.guardianships.update(information=[Information.MARKS])
    assert lessons(week_of(cast.parent)) == []
    make.MarkFactory(work__lesson=cast.lesson, student=cast.student)
    [lesson] = lessons(week_of(cast.parent))
    assert (lesson.teacher, lesson.room) == ("", "")


@pytest.mark.parametrize("change", [{"until": datetime.date(2026, 12, 15)}, {"may_see": False}])
def test_a_guardian_struck_off_gets_404(cast: Any, week_of: Any, change: dict[str, Any]) -> None:
    cast.parent.guardianships.update(**change)
    assert week_of(cast.parent).status_code == 404


@pytest.mark.parametrize("role", ["other_parent", "teacher", "class_teacher", "administrator", "outsider"])
def test_nobody_else_reads_the_diary(cast: Any, week_of: Any, role: str) -> None:
    assert week_of(getattr(cast, role)).status_code == 404


@pytest.mark.parametrize("day", ["2026-12-15", "1999-12-27", "2026-13-01", "2026-02-30"])
def test_only_a_monday_is_the_address_of_a_week(cast: Any, week_of: Any, day: str) -> None:
    assert week_of(cast.parent, monday=day).status_code == 404


def test_a_switch_of_child_keeps_the_week(cast: Any, week_of: Any) -> None:
    brother = make.EnrolmentFactory(
        school_class=make.SchoolClassFactory(organisation=cast.other_school)
    ).student
    make.GuardianshipFactory(guardian=cast.parent, child=brother)
    tabs = week_of(cast.parent, monday="2026-12-21").context["children"]
    assert tabs[1]["url"] == reverse("diary:week", args=[brother.pk, datetime.date(2026, 12, 21)])


def test_statements_do_not_grow_with_lessons(cast: Any, as_: Any) -> None:
    client, address = as_(cast.parent), f"/diary/{cast.student.pk}/2026-12-14/"
    make.HomeworkFactory(lesson=cast.lesson, due_lesson=cast.lesson, due_on=cast.lesson.date)

    def grow() -> None:
        for number in range(3, 40):
            lesson = make.LessonFactory(course=cast.algebra, term=cast.lesson.term, number=number)
            make.MarkFactory(work__lesson=lesson, student=cast.student)
            make.HomeworkFactory(lesson=lesson, due_lesson=lesson, due_on=lesson.date)

    assert_same_statements(lambda: client.get(address), grow)
    assert len(statements(lambda: client.get(address))) <= 10


def test_title_and_print_name_the_child_and_the_class(cast: Any, as_: Any) -> None:
    page = as_(cast.parent).get(reverse("diary:week-now", args=[cast.student.pk])).content.decode()
    title = page.partition("<title>")[2].partition("</title>")[0]
    whom = f"{cast.student.roll_name}, {cast.class_7a.label}"
    assert title.startswith(whom)
    assert f'<p class="print-who">{whom}</p>' in page


def test_a_full_week_is_under_sixty_kilobytes(cast: Any, as_: Any) -> None:
    for day in range(14, 19):
        for number in range(3, 11):
            lesson = make.LessonFactory(
                course=cast.algebra,
                term=cast.lesson.term,
                planned_teacher=cast.teacher,
                date=datetime.date(2026, 12, day),
                number=number,
                topic="Разложение многочлена на множители",
            )
            make.MarkFactory(work__lesson=lesson, student=cast.student, comment="Хорошо отвечала")
            make.HomeworkFactory(lesson=lesson, due_lesson=lesson, due_on=lesson.date)
    page = as_(cast.parent).get(f"/diary/{cast.student.pk}/2026-12-14/").content
    assert 30_000 < len(page) < 60_000
