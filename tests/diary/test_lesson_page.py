"""The teacher fills a lesson in: topic, roll call, marks and homework in one form."""

import datetime
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.urls import reverse

from diary.lesson.entries import NoLongerOpen, save_lesson
from diary.lesson.page import LessonPage
from diary.models import (
    Absence,
    CourseGrading,
    Homework,
    Mark,
    Scale,
    Work,
    WorkKind,
    weight_in_force,
)
from schedule.models import Lesson
from schools.models import TermClosure
from tests import factories as make
from tests.conftest import NOW
from tests.queries import assert_same_statements, statements
from tests.schools.test_admin_rows import request_of


class Sheet:
    """The lesson page as a teacher's browser has it: opened once, then sent."""

    def __init__(self, client: Any, lesson: Lesson) -> None:
        self.client, self.address = client, reverse("diary:lesson", args=[lesson.pk])
        self.open()

    def open(self) -> None:
        self.read(self.client.get(self.address).context)

    def read(self, context: Any) -> None:
        """Take over what a page shows: the one asked for, or the one that refused a form."""
        self.fields = {field["name"]: field["value"] for field in context["versions"]}
        self.fields |= {name: context["form"][name].value() or "" for name in context["form"].fields}
        for row in context["rows"]:
            self.fields |= {
                row["absence_name"]: row["absence_code"],
                row["minutes_name"]: row["minutes_value"],
            }
            self.fields |= {row["carry_name"]: "1"} if row["carry"] else {}
            self.fields |= {remark["name"]: remark["value"] for remark in row["remarks"]}
            self.fields |= {field["name"]: field["value"] for field in row["versions"]}
            for mark in (*row["marks"], row["new_mark"]):
                self.fields |= {mark["name"]: mark["value"], mark["comment_name"]: mark["comment"]}
                self.fields[mark["kind_name"]] = mark["kind_code"]
            self.fields |= {mark["version_name"]: mark["version"] for mark in row["marks"]}

    def send(self, **changed: Any) -> Any:
        typed = {
            name if name in self.fields else name.replace("_", "-", 1): value
            for name, value in changed.items()
        }
        return self.client.post(self.address, self.fields | typed)

    def send_again(self, **changed: Any) -> Any:
        """What a refused form shows, sent once more as it stands."""
        self.read(self.send(**changed).context)
        return self.send()


def row_of(response: Any, student: Any) -> Any:
    return next(row for row in response.context["rows"] if row["pk"] == student.pk)


@pytest.fixture
def sheet(cast: Any, as_: Any) -> Sheet:
    return Sheet(as_(cast.teacher), cast.lesson)


def test_a_mark_makes_its_work_by_itself(cast: Any, sheet: Sheet) -> None:
    response = sheet.send(
        **{f"new_{cast.student.pk}": "5", f"comment_new-{cast.student.pk}": "решила двумя способами"}
    )
    assert response.status_code == 302
    mark = Mark.objects.get(student=cast.student)
    assert (mark.value.text, mark.work.kind.code, mark.work.lesson) == ("5", "О", cast.lesson)
    assert (mark.comment, mark.year) == ("решила двумя способами", cast.algebra.year)


def test_a_second_mark_in_one_lesson_is_a_second_work(cast: Any, sheet: Sheet) -> None:
    sheet.send(**{f"new_{cast.student.pk}": "4"})
    sheet.open()
    sheet.send(**{f"new_{cast.student.pk}": "5"})
    works = Work.objects.filter(marks__student=cast.student).order_by("number")
    assert [work.number for work in works] == [1, 2]


def test_sending_the_same_form_twice_gives_one_mark(cast: Any, sheet: Sheet) -> None:
    for _double_click in range(2):
        assert sheet.send(**{f"new_{cast.student.pk}": "5"}).status_code == 302
    assert Mark.objects.filter(student=cast.student).count() == 1


def test_a_changed_mark_gets_a_version(cast: Any, sheet: Sheet) -> None:
    mark = make.MarkFactory(work__lesson=cast.lesson, student=cast.student, text="4")
    sheet.open()
    sheet.send(**{f"mark_{mark.pk}": "5"})
    mark.refresh_from_db()
    assert (mark.value.text, mark.version) == ("5", 2)


def test_an_emptied_cell_keeps_its_history(cast: Any, sheet: Sheet) -> None:
    mark = make.MarkFactory(work__lesson=cast.lesson, student=cast.student, text="2")
    sheet.open()
    sheet.send(**{f"mark_{mark.pk}": ""})
    assert not Mark.objects.exists()
    events = apps.get_model("diary", "MarkEvent").objects.filter(pgh_obj_id=mark.pk).order_by("pgh_id")
    assert [event.pgh_label for event in events] == ["insert", "delete"]
    assert events.last().pgh_context["person"] == cast.teacher.pk


def test_a_wrong_mark_is_refused_alone_and_nothing_typed_is_lost(cast: Any, sheet: Sheet) -> None:
    response = sheet.send(
        **{
            f"new_{cast.student.pk}": "7",
            f"comment_new-{cast.student.pk}": "старалась",
            f"new_{cast.classmate.pk}": "4",
            "topic": "Разность квадратов",
        }
    )
    assert response.status_code == 422
    assert Mark.objects.get().student == cast.classmate
    cast.lesson.refresh_from_db()
    assert cast.lesson.topic == "Разность квадратов"
    row = next(row for row in response.context["rows"] if row["pk"] == cast.student.pk)
    assert (row["new_mark"]["value"], row["new_mark"]["comment"]) == ("7", "старалась")
    assert "«7»" in row["errors"][0] or "“7”" in row["errors"][0]


def test_the_refused_form_sent_again_when_mended_saves_the_rest(cast: Any, sheet: Sheet) -> None:
    sheet.send(**{f"new_{cast.student.pk}": "7", f"new_{cast.classmate.pk}": "4"})
    sheet.open()
    assert sheet.send(**{f"new_{cast.student.pk}": "5"}).status_code == 302
    assert sorted(mark.value.text for mark in Mark.objects.all()) == ["4", "5"]


def test_two_teachers_at_one_mark_the_second_is_told(cast: Any, sheet: Sheet, as_: Any) -> None:
    mark = make.MarkFactory(work__lesson=cast.lesson, student=cast.student, text="3")
    make.AssignmentFactory(course=cast.algebra, teacher=cast.class_teacher)
    sheet.open()
    colleague = Sheet(as_(cast.class_teacher), cast.lesson)
    colleague.send(**{f"mark_{mark.pk}": "4"})
    response = sheet.send(**{f"mark_{mark.pk}": "5"})
    assert response.status_code == 422
    row = next(row for row in response.context["rows"] if row["pk"] == cast.student.pk)
    assert "4" in row["conflicts"][0]
    assert row["marks"][0]["value"] == "5"
    mark.refresh_from_db()
    assert mark.value.text == "4"


def test_a_cell_one_did_not_touch_leaves_the_colleagues_entry(cast: Any, sheet: Sheet, as_: Any) -> None:
    make.AssignmentFactory(course=cast.algebra, teacher=cast.class_teacher)
    colleague = Sheet(as_(cast.class_teacher), cast.lesson)
    colleague.send(**{f"absence_{cast.student.pk}": "ill"})
    assert sheet.send(topic="Разность квадратов").status_code == 302
    assert Absence.objects.get().code == "ill"


def test_the_first_form_of_the_lesson_calls_the_roll(cast: Any, sheet: Sheet) -> None:
    sheet.send(**{f"absence_{cast.student.pk}": "unstated"})
    cast.lesson.refresh_from_db()
    assert (cast.lesson.roll_called_by, cast.lesson.state) == (cast.teacher, Lesson.State.HELD)
    assert Absence.objects.get().student == cast.student


def test_before_the_lesson_begins_nobody_is_counted_present(cast: Any, sheet: Sheet) -> None:
    with time_machine.travel(NOW.replace(hour=7), tick=False):
        sheet.send(topic="Разность квадратов")
    cast.lesson.refresh_from_db()
    assert cast.lesson.roll_called_at is None


def test_minutes_go_with_being_late(cast: Any, sheet: Sheet) -> None:
    pk = cast.student.pk
    sheet.send(**{f"absence_{pk}": "late", f"minutes_{pk}": "7"})
    assert (Absence.objects.get().code, Absence.objects.get().minutes) == ("late", 7)
    sheet.open()
    assert sheet.send(**{f"minutes_{pk}": "700"}).status_code == 422
    sheet.open()
    sheet.send(**{f"absence_{pk}": "", f"minutes_{pk}": "7"})
    assert not Absence.objects.exists()


def test_homework_goes_to_the_chosen_lesson(cast: Any, sheet: Sheet) -> None:
    friday = make.LessonFactory(
        course=cast.algebra,
        term=cast.lesson.term,
        date=datetime.date(2026, 12, 18),
        planned_teacher=cast.teacher,
    )
    sheet.open()
    sheet.client.post(sheet.address, sheet.fields | {"homework_text": "§ 21, № 388", "homework_minutes": 20})
    homework = Homework.objects.get()
    assert (homework.due_lesson, homework.due_on, homework.minutes) == (friday, friday.date, 20)


def test_future_lessons_take_homework_but_no_marks(cast: Any, as_: Any) -> None:
    future = make.LessonFactory(
        course=cast.algebra,
        term=cast.lesson.term,
        date=datetime.date(2026, 12, 18),
        planned_teacher=cast.teacher,
    )
    sheet = Sheet(as_(cast.teacher), future)
    sheet.send(**{f"new_{cast.student.pk}": "5", "topic": "Куб суммы"})
    future.refresh_from_db()
    assert future.topic == "Куб суммы"
    assert not Mark.objects.exists()


def test_a_closed_term_is_read_only(cast: Any, sheet: Sheet) -> None:
    TermClosure.objects.create(term=cast.lesson.term, at=NOW, by=cast.head_teacher)
    assert sheet.client.get(sheet.address).context["may_edit"] is False
    assert sheet.send(**{f"new_{cast.student.pk}": "5"}).status_code == 403


def test_the_substitute_writes_this_lesson_and_no_other(cast: Any, as_: Any) -> None:
    other = make.LessonFactory(
        course=cast.algebra, term=cast.lesson.term, number=3, planned_teacher=cast.teacher
    )
    cast.lesson.substitute(cast.administrator, by=cast.head_teacher)
    client = as_(cast.administrator)
    assert Sheet(client, cast.lesson).send(topic="Замена").status_code == 302
    assert client.get(reverse("diary:lesson", args=[other.pk])).status_code == 404


@pytest.mark.parametrize("who", ["teacher", "class_teacher", "head_teacher"])
def test_a_teacher_who_left_yesterday_gets_404(cast: Any, as_: Any, who: str) -> None:
    person = getattr(cast, who)
    person.employments.update(until=datetime.date(2026, 12, 15))
    assert as_(person).get(reverse("diary:lesson", args=[cast.lesson.pk])).status_code == 404


@pytest.fixture
def mixed_lesson(cast: Any) -> Lesson:
    """Of a group of 7 «А» and 7 «Б»: the student, and a stranger to the class teacher of 7 «А»."""
    class_7b = make.SchoolClassFactory(organisation=cast.school, letter="Б")
    group = make.GroupFactory(organisation=cast.school, classes=[cast.class_7a, class_7b])
    stranger = make.EnrolmentFactory(school_class=class_7b, student__surname="Посторонняя").student
    for student in (cast.student, stranger):
        make.MembershipFactory(student=student, group=group)
    course = make.CourseFactory(school_class=None, group=group)
    make.AssignmentFactory(course=course, teacher=cast.teacher)
    return make.LessonFactory(course=course, term=cast.lesson.term, planned_teacher=cast.teacher, number=4)


def names_on(client: Any, lesson: Lesson) -> list[str]:
    rows = client.get(reverse("diary:lesson", args=[lesson.pk])).context["rows"]
    return [row["name"].split()[0] for row in rows]


def test_a_class_teacher_sees_the_own_class_in_a_mixed_group(
    cast: Any, as_: Any, mixed_lesson: Lesson
) -> None:
    assert names_on(as_(cast.class_teacher), mixed_lesson) == ["Соколова"]


@pytest.mark.parametrize("who", ["teacher", "head_teacher"])
def test_who_teaches_or_heads_sees_the_whole_group(
    cast: Any, as_: Any, mixed_lesson: Lesson, who: str
) -> None:
    assert names_on(as_(getattr(cast, who)), mixed_lesson) == ["Посторонняя", "Соколова"]


def test_a_class_teacher_who_teaches_the_group_sees_it_whole(
    cast: Any, as_: Any, mixed_lesson: Lesson
) -> None:
    make.AssignmentFactory(course=mixed_lesson.course, teacher=cast.class_teacher)
    assert len(names_on(as_(cast.class_teacher), mixed_lesson)) == 2


def test_a_colleague_who_gave_the_course_away_gets_404(cast: Any, as_: Any) -> None:
    cast.teacher.teaching_assignments.update(until=datetime.date(2026, 12, 15))
    assert as_(cast.teacher).get(reverse("diary:lesson", args=[cast.lesson.pk])).status_code == 404


def test_a_term_closed_while_the_page_was_open_takes_nothing(cast: Any, sheet: Sheet) -> None:
    user = request_of(cast.teacher).user
    page = LessonPage(Lesson.objects.for_page(user).get(pk=cast.lesson.pk), reader=user, now=NOW)
    assert page.may_edit
    TermClosure.objects.create(term=cast.lesson.term, at=NOW, by=cast.head_teacher)
    with pytest.raises(NoLongerOpen):
        save_lesson(page, {f"new-{cast.student.pk}": "5"}, by=cast.teacher)


def test_a_changed_scale_begins_another_work(cast: Any, sheet: Sheet) -> None:
    sheet.send(**{f"new_{cast.classmate.pk}": "5"})
    CourseGrading.objects.create(course=cast.algebra, scale=Scale.objects.get(code="passed"))
    sheet.open()
    sheet.send(**{f"new_{cast.student.pk}": "зч"})
    mark = Mark.objects.get(student=cast.student)
    assert mark.work.scale == mark.value.scale


def test_groups_of_grade_one_get_no_marks_either(cast: Any, as_: Any) -> None:
    first = make.SchoolClassFactory(organisation=cast.school, grade=1)
    group = make.GroupFactory(organisation=cast.school, classes=[first])
    course = make.CourseFactory(group=group, school_class=None)
    make.AssignmentFactory(course=course, teacher=cast.teacher)
    lesson = make.LessonFactory(course=course, term=cast.lesson.term)
    context = as_(cast.teacher).get(reverse("diary:lesson", args=[lesson.pk])).context
    assert context["has_marks"] is False


def test_marks_of_strangers_are_ignored(cast: Any, sheet: Sheet) -> None:
    stranger = make.PersonFactory()
    sheet.send(**{f"new_{stranger.pk}": "5", f"absence_{stranger.pk}": "ill"})
    assert not Mark.objects.exists()
    assert not Absence.objects.exists()


def test_grade_one_gets_no_marks(cast: Any, sheet: Sheet) -> None:
    cast.class_7a.grade = 1
    cast.class_7a.save(update_fields=["grade"])
    assert sheet.send(**{f"new_{cast.student.pk}": "5"}).status_code == 422
    assert not Mark.objects.exists()


def test_an_empty_post_changes_nothing(cast: Any, sheet: Sheet) -> None:
    make.AbsenceFactory(lesson=cast.lesson, student=cast.student)
    mark = make.MarkFactory(work__lesson=cast.lesson, student=cast.student)
    sheet.client.post(sheet.address, {})
    assert Absence.objects.exists()
    assert Mark.objects.filter(pk=mark.pk).exists()
    cast.lesson.refresh_from_db()
    assert cast.lesson.roll_called_at is None


def test_statements_are_equal_for_2_and_for_30_students(cast: Any, as_: Any) -> None:
    client, address = as_(cast.teacher), reverse("diary:lesson", args=[cast.lesson.pk])

    def grow() -> None:
        for _student in range(28):
            enrolment = make.EnrolmentFactory(school_class=cast.class_7a)
            make.MarkFactory(
                work__lesson=cast.lesson, work__number=enrolment.pk % 30000, student=enrolment.student
            )
            make.AbsenceFactory(lesson=cast.lesson, student=enrolment.student)

    assert_same_statements(lambda: client.get(address), grow)
    assert len(statements(lambda: client.get(address))) <= 10


def test_a_kind_of_another_school_is_refused(cast: Any, sheet: Sheet) -> None:
    foreign = WorkKind.objects.create(organisation=cast.other_school, code="Ч1", name="Чужая")
    fields = sheet.fields | {"mark_kind": foreign.pk, f"new-{cast.student.pk}": "5"}
    assert sheet.client.post(sheet.address, fields).status_code == 422
    assert not Mark.objects.exists()


def test_homework_for_a_lesson_of_another_course_is_refused(cast: Any, sheet: Sheet) -> None:
    foreign = make.LessonFactory()
    fields = sheet.fields | {"homework_text": "§ 1", "homework_due": foreign.pk}
    assert sheet.client.post(sheet.address, fields).status_code == 422
    assert not Homework.objects.exists()


def test_a_mark_of_another_lesson_stays_as_it_is(cast: Any, sheet: Sheet) -> None:
    mark = make.MarkFactory(student=cast.student, text="2")
    sheet.client.post(sheet.address, sheet.fields | {f"mark-{mark.pk}": "5", f"shown-mark-{mark.pk}": "1:2:"})
    mark.refresh_from_db()
    assert mark.value.text == "2"


@pytest.mark.parametrize("text", ["٥", "5\x00", "55", "5.0", "-5", "<b>5</b>", "5" * 5000, "😀", "Ё"])
def test_what_is_not_on_the_scale_is_refused_in_words(cast: Any, sheet: Sheet, text: str) -> None:
    response = sheet.send(**{f"new_{cast.student.pk}": text, f"comment_new-{cast.student.pk}": "a\x00b"})
    if text == "5\x00":  # NUL is left out: the rest is a five
        assert Mark.objects.get().comment == "ab"
    else:
        assert response.status_code == 422
        assert not Mark.objects.exists()


def test_letters_of_the_scale_are_taken_in_either_case(cast: Any, sheet: Sheet) -> None:
    sheet.send(**{f"new_{cast.student.pk}": "ОСВ", f"comment_new-{cast.student.pk}": "Ёлка 🎄"})
    mark = Mark.objects.get()
    assert (mark.value.text, mark.comment) == ("осв", "Ёлка 🎄")


def test_a_comment_that_is_too_long_is_refused_and_kept_on_the_page(cast: Any, sheet: Sheet) -> None:
    long = "я" * 301
    response = sheet.send(**{f"new_{cast.student.pk}": "5", f"comment_new-{cast.student.pk}": long})
    assert response.status_code == 422
    row = next(row for row in response.context["rows"] if row["pk"] == cast.student.pk)
    assert (row["new_mark"]["value"], row["new_mark"]["comment"]) == ("5", long)


def test_so_is_one_for_a_mark_that_stands_already(cast: Any, sheet: Sheet) -> None:
    mark = make.MarkFactory(work__lesson=cast.lesson, student=cast.student, text="5")
    sheet.open()
    response = sheet.send(**{f"comment_mark-{mark.pk}": "я" * 301})
    assert len(row_of(response, cast.student)["marks"][0]["comment"]) == 301


@pytest.mark.parametrize("pk", [0, 2**63, 10**30])
def test_a_number_no_lesson_has_gets_404(cast: Any, as_: Any, pk: int) -> None:
    assert as_(cast.teacher).get(f"/lessons/{pk}/").status_code == 404


def test_saving_the_topic_leaves_homework_for_a_cancelled_lesson_where_it_is(cast: Any, sheet: Sheet) -> None:
    days = [datetime.date(2026, 12, day) for day in (18, 21)]
    due, later = (make.LessonFactory(course=cast.algebra, term=cast.lesson.term, date=day) for day in days)
    homework = make.HomeworkFactory(lesson=cast.lesson, due_lesson=due, due_on=due.date)
    due.cancel(by=cast.head_teacher)
    sheet.open()
    choices = dict(sheet.client.get(sheet.address).context["form"].fields["homework_due"].choices)
    assert list(choices) == [due.pk, later.pk]
    assert "отмен" in choices[due.pk]
    assert sheet.send(topic="Разность квадратов").status_code == 302
    homework.refresh_from_db()
    assert (homework.due_lesson, homework.due_on, homework.version) == (due, due.date, 1)


def test_saving_the_topic_leaves_homework_in_a_week_where_it_is(cast: Any, sheet: Sheet) -> None:
    homework = make.HomeworkFactory(lesson=cast.lesson, due_on=datetime.date(2026, 12, 23))
    make.LessonFactory(course=cast.algebra, term=cast.lesson.term, date=datetime.date(2026, 12, 18))
    sheet.open()
    sheet.send(topic="Разность квадратов")
    homework.refresh_from_db()
    assert (homework.due_lesson, homework.due_on) == (None, datetime.date(2026, 12, 23))


def test_the_weight_kept_when_the_term_was_closed_is_the_one_shown(cast: Any, sheet: Sheet) -> None:
    mark = make.MarkFactory(work__lesson=cast.lesson, work__weight=3, student=cast.student)
    row = next(r for r in sheet.client.get(sheet.address).context["rows"] if r["pk"] == cast.student.pk)
    assert row["marks"][0]["kind"].endswith("3")
    assert Mark.objects.values_list(weight_in_force("work"), flat=True).get() == mark.work.weight_in_force
