"""One homework with its addressees, links and files: written by whoever writes the lesson."""

import datetime
from typing import Any

import pytest
from django.apps import apps
from django.urls import reverse

from diary.models import Homework, HomeworkFile, HomeworkLink
from schools.models import TermClosure
from tests import factories as make
from tests.conftest import NOW
from tests.diary.homework import HomeworkPage, upload
from tests.diary.test_lesson_page import Sheet
from tests.queries import assert_same_statements

FRIDAY = datetime.date(2026, 12, 18)


@pytest.fixture
def friday(cast: Any) -> Any:
    return make.LessonFactory(course=cast.algebra, term=cast.lesson.term, date=FRIDAY)


@pytest.fixture
def homework(cast: Any, friday: Any) -> Homework:
    found: Homework = make.HomeworkFactory(lesson=cast.lesson, due_lesson=friday, due_on=FRIDAY, minutes=20)
    return found


@pytest.fixture
def new(cast: Any, friday: Any, as_: Any) -> HomeworkPage:
    return HomeworkPage(as_(cast.teacher), lesson=cast.lesson)


@pytest.fixture
def sheet(cast: Any, homework: Homework, as_: Any) -> HomeworkPage:
    return HomeworkPage(as_(cast.teacher), homework=homework)


def test_a_homework_for_one_student_is_set(cast: Any, new: HomeworkPage, friday: Any) -> None:
    response = new.send(text="§ 5, повторить", minutes=15, whom="students", students=[cast.student.pk])
    assert response.status_code == 302
    made = Homework.objects.get()
    assert (made.text, made.minutes, made.due_lesson, list(made.students.all())) == (
        "§ 5, повторить",
        15,
        friday,
        [cast.student],
    )


def test_a_homework_for_a_group_is_set(cast: Any, as_: Any, friday: Any) -> None:
    group = make.GroupFactory(organisation=cast.school, classes=[cast.class_7a])
    HomeworkPage(as_(cast.teacher), lesson=cast.lesson).send(text="§ 5", whom="group", group=group.pk)
    assert Homework.objects.get().group == group


def test_several_stand_at_one_lesson_and_its_form_writes_the_one_for_all(
    cast: Any, new: HomeworkPage, as_: Any
) -> None:
    new.send(text="для одной", whom="students", students=[cast.student.pk])
    sheet = Sheet(as_(cast.teacher), cast.lesson)
    assert sheet.fields["homework_text"] == ""
    sheet.send(homework_text="для всех")
    assert list(Homework.objects.order_by("pk").values_list("text", flat=True)) == ["для одной", "для всех"]


def test_a_students_homework_names_the_student_at_the_lesson(cast: Any, new: HomeworkPage, as_: Any) -> None:
    new.send(text="для одной", whom="students", students=[cast.student.pk])
    page = as_(cast.teacher).get(reverse("diary:lesson", args=[cast.lesson.pk]))
    [line] = page.context["homework"]["lines"]
    assert line["whom"] == cast.student.roll_name


def test_the_same_form_sent_twice_sets_one(cast: Any, new: HomeworkPage) -> None:
    for _double_click in range(2):
        assert new.send(text="§ 5", links__0__url="https://resh.edu.ru/7").status_code == 302
    assert (Homework.objects.count(), HomeworkLink.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("text", {"text": ""}),
        ("text", {"text": "я" * 2001}),
        ("minutes", {"text": "§ 5", "minutes": 301}),
        ("students", {"text": "§ 5", "whom": "students"}),
        ("due", {"text": "§ 5", "due": 1}),
        ("whom", {"text": "§ 5", "whom": "nobody"}),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(new: HomeworkPage, field: str, typed: Any) -> None:
    response = new.send(**typed)
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert not Homework.objects.exists()


def test_a_student_of_another_class_cannot_be_named(cast: Any, new: HomeworkPage) -> None:
    stranger = make.EnrolmentFactory().student
    response = new.send(text="§ 5", whom="students", students=[stranger.pk])
    assert (response.status_code, Homework.objects.count()) == (422, 0)


def test_a_group_of_another_class_cannot_be_chosen(cast: Any, as_: Any, friday: Any) -> None:
    make.GroupFactory(organisation=cast.school, classes=[cast.class_7a])
    other = make.GroupFactory(organisation=cast.school)
    sheet = HomeworkPage(as_(cast.teacher), lesson=cast.lesson)
    response = sheet.send(text="§ 5", whom="group", group=other.pk)
    assert (response.status_code, Homework.objects.count()) == (422, 0)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://files.example/a", "resh.edu.ru", "https://"])
def test_only_addresses_of_the_web_are_links(sheet: HomeworkPage, url: str) -> None:
    response = sheet.send(links__0__url=url, links__0__title="Урок")
    assert response.status_code == 422
    assert not HomeworkLink.objects.exists()
    assert response.context["links"].forms[0]["url"].value() == url


def test_an_emptied_address_takes_the_link_away(sheet: HomeworkPage, homework: Homework) -> None:
    sheet.send(links__0__url="https://resh.edu.ru/7", links__0__title="Видеоурок")
    sheet.open()
    assert sheet.fields["links-0-title"] == "Видеоурок"
    sheet.send(links__0__url="", links__0__title="")
    assert not homework.links.exists()


def test_files_of_a_refused_new_homework_are_asked_for_again(new: HomeworkPage) -> None:
    response = new.send(text="", uploads=[upload()])
    assert "uploads" in response.context["form"].errors
    assert not HomeworkFile.objects.exists()


def test_files_are_kept_though_the_text_is_refused(sheet: HomeworkPage, homework: Homework) -> None:
    response = sheet.send(text="", minutes="25", uploads=[upload()])
    assert response.status_code == 422
    assert [file.label for file in response.context["files"]] == ["задание.pdf"]
    assert response.context["form"]["minutes"].value() == "25"
    sheet.read(response.context)
    assert sheet.send(text="§ 9").status_code == 302


def test_a_file_is_removed_and_its_history_stays(sheet: HomeworkPage, homework: Homework) -> None:
    sheet.send(uploads=[upload()])
    sheet.open()
    sheet.send(remove=[homework.files.get().pk])
    assert not homework.files.exists()
    events = apps.get_model("diary", "HomeworkFileEvent").objects.order_by("pgh_id")
    assert [(event.pgh_label, event.name) for event in events] == [
        ("insert", "задание.pdf"),
        ("delete", "задание.pdf"),
    ]


def test_a_file_of_another_homework_is_not_removed(cast: Any, sheet: HomeworkPage) -> None:
    sheet.send(uploads=[upload()])
    file = HomeworkFile.objects.get()
    other = make.HomeworkFactory(lesson=cast.lesson)
    other_page = HomeworkPage(sheet.client, homework=other)
    other_page.send(remove=[file.pk])
    assert HomeworkFile.objects.filter(pk=file.pk).exists()


def test_an_empty_post_changes_nothing(sheet: HomeworkPage, homework: Homework) -> None:
    assert sheet.client.post(sheet.address, {}).status_code == 422
    homework.refresh_from_db()
    assert (homework.version, homework.minutes) == (1, 20)


def test_two_teachers_at_one_homework_the_second_is_told(
    cast: Any, sheet: HomeworkPage, homework: Homework
) -> None:
    colleague = HomeworkPage(sheet.client, homework=homework)
    colleague.send(text="§ 8")
    response = sheet.send(text="§ 9")
    assert response.status_code == 422
    assert "§ 8" in str(response.context["form"].errors["text"])
    sheet.read(response.context)
    sheet.send(text="§ 9")
    homework.refresh_from_db()
    assert homework.text == "§ 9"


def test_it_is_taken_back_with_all_that_belongs_to_it(sheet: HomeworkPage, homework: Homework) -> None:
    sheet.send(uploads=[upload()], links__0__url="https://resh.edu.ru/7")
    sheet.open()
    address = reverse("diary:homework-removal", args=[homework.pk])
    sheet.client.post(address, {"version": sheet.fields["version"]})
    left = Homework.objects.count(), HomeworkFile.objects.count(), HomeworkLink.objects.count()
    assert left == (0, 0, 0)


def test_it_is_not_taken_back_unseen(sheet: HomeworkPage, homework: Homework) -> None:
    sheet.send(text="§ 8")
    response = sheet.client.post(reverse("diary:homework-removal", args=[homework.pk]), {"version": "1"})
    assert response["Location"] == reverse("diary:homework", args=[homework.pk])
    assert Homework.objects.exists()


WRITES = {
    "read": lambda sheet: sheet.client.get(sheet.address),
    "save": lambda sheet: sheet.send(text="§ 9", uploads=[upload()]),
    "take back": lambda sheet: sheet.client.post(sheet.address + "removal/", {"version": "1"}),
    "copy": lambda sheet: sheet.client.post(sheet.address + "copies/", {}),
}


@pytest.mark.parametrize("what", WRITES)
@pytest.mark.parametrize(
    ("who", "status"),
    [("class_teacher", 403), ("head_teacher", 403), ("parent", 404), ("student", 404), ("outsider", 404)],
)
def test_nobody_else_writes_it(
    cast: Any, sheet: HomeworkPage, homework: Homework, as_: Any, what: str, who: str, status: int
) -> None:
    sheet.client = as_(getattr(cast, who))
    assert WRITES[what](sheet).status_code == status
    homework.refresh_from_db()
    assert (homework.text, homework.files.count()) == ("§\u00a021, №\u00a0388", 0)


@pytest.mark.parametrize("what", WRITES)
@pytest.mark.parametrize("who", ["former_teacher", "substitute"])
def test_nor_who_taught_it_once_or_another_lesson(
    cast: Any, outlasted: Any, sheet: HomeworkPage, as_: Any, what: str, who: str
) -> None:
    sheet.client = as_(getattr(outlasted, who))
    assert WRITES[what](sheet).status_code == 404


def test_the_substitute_of_the_lesson_writes_it(cast: Any, as_: Any, homework: Homework) -> None:
    cast.lesson.substitute(cast.class_teacher, by=cast.head_teacher)
    sheet = HomeworkPage(as_(cast.class_teacher), homework=homework)
    assert sheet.send(text="§ 9").status_code == 302


@pytest.mark.parametrize("what", WRITES)
def test_a_closed_term_stays_closed(cast: Any, sheet: HomeworkPage, what: str) -> None:
    TermClosure.objects.create(term=cast.lesson.term, at=NOW, by=cast.head_teacher)
    assert WRITES[what](sheet).status_code == 403
    assert not HomeworkFile.objects.exists()


def test_a_class_teacher_sees_only_the_own_students_homework(cast: Any, as_: Any) -> None:
    group = make.GroupFactory(organisation=cast.school, classes=[cast.class_7a, make.SchoolClassFactory()])
    course = make.CourseFactory(group=group, school_class=None)
    lesson = make.LessonFactory(course=course, term=cast.lesson.term)
    other = make.EnrolmentFactory(school_class=group.classes.exclude(pk=cast.class_7a.pk).get()).student
    for student in (other, cast.student):
        make.MembershipFactory(group=group, student=student)
    make.HomeworkFactory(lesson=lesson, text="чужое").students.add(other)
    make.HomeworkFactory(lesson=lesson, text="своё").students.add(cast.student)
    page = as_(cast.class_teacher).get(reverse("diary:lesson", args=[lesson.pk]))
    assert [line["text"] for line in page.context["homework"]["lines"]] == ["своё"]


def test_statements_do_not_grow_with_files_links_and_students(
    cast: Any, sheet: HomeworkPage, homework: Any
) -> None:
    homework.students.add(cast.student)
    homework.links.create(url="https://resh.edu.ru/0")

    def grow() -> None:
        for number in range(1, 6):
            homework.links.create(url=f"https://resh.edu.ru/{number}")
            student = make.EnrolmentFactory(school_class=cast.class_7a).student
            homework.students.add(student)

    assert_same_statements(lambda: sheet.client.get(sheet.address), grow)


def test_statements_of_the_lesson_do_not_grow_with_homework(cast: Any, as_: Any, homework: Homework) -> None:
    client, address = as_(cast.teacher), reverse("diary:lesson", args=[cast.lesson.pk])

    def grow() -> None:
        for _number in range(5):
            more = make.HomeworkFactory(lesson=cast.lesson)
            more.students.add(cast.student)
            more.links.create(url="https://resh.edu.ru/0")

    assert_same_statements(lambda: client.get(address), grow)
