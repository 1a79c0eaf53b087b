"""One homework set in the teacher's parallel classes by one action."""

import datetime
from typing import Any

import pytest
from django.urls import reverse

from diary.homework.copying import targets
from diary.models import Homework, HomeworkFile
from schools.models import Course, TermClosure
from tests import factories as make
from tests.conftest import NOW, TODAY
from tests.diary.homework import HomeworkPage, upload
from tests.queries import assert_same_statements

THURSDAY, FRIDAY = datetime.date(2026, 12, 17), datetime.date(2026, 12, 18)


def parallel(
    cast: Any, *, grade: int = 7, letter: str = "Б", teacher: Any = None, subject: Any = None
) -> Course:
    """A course of another class of the school, with lessons on Thursday and Friday."""
    school_class = make.SchoolClassFactory(organisation=cast.school, grade=grade, letter=letter)
    course: Course = make.CourseFactory(school_class=school_class, subject=subject or cast.algebra.subject)
    make.AssignmentFactory(course=course, teacher=teacher or cast.teacher)
    for day in (THURSDAY, FRIDAY):
        make.LessonFactory(
            course=course, term=cast.lesson.term, date=day, planned_teacher=teacher or cast.teacher
        )
    return course


@pytest.fixture
def homework(cast: Any) -> Homework:
    found: Homework = make.HomeworkFactory(lesson=cast.lesson, due_on=FRIDAY, minutes=20, text="§ 5")
    found.links.create(url="https://resh.edu.ru/7", title="Видеоурок")
    return found


@pytest.fixture
def twin(cast: Any) -> Course:
    return parallel(cast)


def page(client: Any, homework: Homework) -> Any:
    return client.get(reverse("diary:homework-copies", args=[homework.pk]))


def send(client: Any, homework: Homework, *courses: Course) -> Any:
    """All the page's boxes as they stand, or those of `courses`."""
    shown = page(client, homework).context["targets"]
    typed: dict[str, Any] = {f"shown-{target.course.pk}": target.token for target in shown}
    typed["course"] = [course.pk for course in courses]
    return client.post(reverse("diary:homework-copies", args=[homework.pk]), typed)


def test_it_goes_to_the_next_lesson_with_files_links_and_minutes(
    cast: Any, homework: Homework, twin: Course, as_: Any
) -> None:
    client = as_(cast.teacher)
    HomeworkPage(client, homework=homework).send(uploads=[upload()])
    assert send(client, homework, twin).status_code == 200
    copied = Homework.objects.get(course=twin)
    assert (copied.text, copied.minutes, copied.lesson.date, copied.due_on) == ("§ 5", 20, THURSDAY, FRIDAY)
    assert copied.links.get().title == "Видеоурок"
    assert len({file.file.name for file in HomeworkFile.objects.all()}) == 1


def test_a_lesson_of_the_same_topic_is_preferred(cast: Any, homework: Homework, twin: Course) -> None:
    cast.lesson.topic = "Кубы"
    cast.lesson.save(update_fields=["topic"])
    twin.lessons.filter(date=FRIDAY).update(topic="Кубы")
    homework.refresh_from_db()
    [target] = targets(homework, by=cast.teacher, on=TODAY)
    assert (target.lesson.date, target.due, target.due_on) == (
        FRIDAY,
        None,
        FRIDAY + datetime.timedelta(days=7),
    )


def test_several_classes_at_once(cast: Any, homework: Homework, twin: Course, as_: Any) -> None:
    third = parallel(cast, letter="В")
    response = send(as_(cast.teacher), homework, twin, third)
    assert [outcome["done"] for outcome in response.context["outcomes"]] == [True, True]
    assert Homework.objects.filter(course__in=[twin, third]).count() == 2


def test_only_own_courses_of_the_subject_and_the_grade_are_offered(cast: Any, homework: Homework) -> None:
    parallel(cast, grade=8, letter="Г")
    parallel(cast, letter="Д", subject=make.SubjectFactory(organisation=cast.school))
    parallel(cast, letter="Е", teacher=cast.class_teacher)
    assert targets(homework, by=cast.teacher, on=TODAY) == []


def test_a_course_that_was_not_offered_is_not_written(cast: Any, homework: Homework, as_: Any) -> None:
    other = parallel(cast, teacher=cast.class_teacher)
    assert send(as_(cast.teacher), homework, other).status_code == 422
    assert not Homework.objects.filter(course=other).exists()


def test_where_something_is_set_the_teacher_is_asked(
    cast: Any, homework: Homework, twin: Course, as_: Any
) -> None:
    make.HomeworkFactory(lesson=twin.lessons.get(date=THURSDAY), text="§ 4")
    client = as_(cast.teacher)
    shown = page(client, homework).content.decode()
    assert "§ 4" in shown
    assert "checked" not in shown.partition('name="course"')[2].partition(">")[0]
    send(client, homework, twin)
    assert Homework.objects.filter(course=twin).count() == 2


def test_what_was_set_meanwhile_is_told(cast: Any, homework: Homework, twin: Course, as_: Any) -> None:
    client = as_(cast.teacher)
    [target] = page(client, homework).context["targets"]
    make.HomeworkFactory(lesson=twin.lessons.get(date=THURSDAY), text="§ 4")
    typed = {"course": twin.pk, f"shown-{twin.pk}": target.token}
    response = client.post(reverse("diary:homework-copies", args=[homework.pk]), typed)
    assert (response.status_code, response.context["outcomes"][0]["done"]) == (422, False)
    assert Homework.objects.filter(course=twin).count() == 1


def test_sent_twice_it_is_set_once(cast: Any, homework: Homework, twin: Course, as_: Any) -> None:
    for _twice in range(2):
        assert send(as_(cast.teacher), homework, twin).status_code == 200
    assert Homework.objects.filter(course=twin).count() == 1


def test_a_closed_term_is_refused(cast: Any, homework: Homework, as_: Any) -> None:
    twin = parallel(cast)
    closed = make.TermFactory(
        organisation=cast.school, number=3, since=datetime.date(2027, 1, 11), until=datetime.date(2027, 3, 20)
    )
    twin.lessons.update(term=closed)
    TermClosure.objects.create(term=closed, at=NOW, by=cast.head_teacher)
    response = send(as_(cast.teacher), homework, twin)
    assert (response.status_code, response.context["outcomes"][0]["done"]) == (422, False)
    assert not Homework.objects.filter(course=twin).exists()


def test_no_class_ticked_is_said(cast: Any, homework: Homework, twin: Course, as_: Any) -> None:
    response = send(as_(cast.teacher), homework)
    assert (response.status_code, response.context["nothing_chosen"]) == (422, True)


def test_the_outsider_copies_nothing(cast: Any, homework: Homework, twin: Course, as_: Any) -> None:
    address = reverse("diary:homework-copies", args=[homework.pk])
    assert as_(cast.outsider).post(address, {"course": twin.pk}).status_code == 404


def test_statements_do_not_grow_with_classes(cast: Any, homework: Homework, twin: Course, as_: Any) -> None:
    client = as_(cast.teacher)

    def grow() -> None:
        for letter in "ВГДЕ":
            parallel(cast, letter=letter)

    assert_same_statements(lambda: page(client, homework), grow)


def test_what_is_for_one_student_is_told_to_no_other_class(
    cast: Any, as_: Any, homework: Homework, twin: Course
) -> None:
    homework.students.add(cast.student)
    client = as_(cast.teacher)
    assert page(client, homework).status_code == 403
    typed = {"course": [twin.pk], f"shown-{twin.pk}": ""}
    assert client.post(reverse("diary:homework-copies", args=[homework.pk]), typed).status_code == 403
    assert not Homework.objects.filter(course=twin).exists()


def test_a_key_of_five_thousand_digits_is_no_key(as_: Any, cast: Any, homework: Homework) -> None:
    client, endless = as_(cast.teacher), "9" * 5000
    copies = reverse("diary:homework-copies", args=[homework.pk])
    assert client.post(copies, {"course": endless}).status_code == 422
    assert (
        client.post(reverse("diary:homework-removal", args=[homework.pk]), {"version": endless}).status_code
        == 302
    )
    assert Homework.objects.filter(pk=homework.pk).exists()
