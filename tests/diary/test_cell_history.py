"""The history of a cell, of a result and of a homework, as people read it."""

import datetime
from typing import Any

import pghistory
import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from diary.corrections.words import cause_words
from diary.history.reading import Line, cell_history, homework_history, result_history
from diary.models import Absence, Correction, Homework, Mark, Point, Result, ScaleValue
from schools.closures import correcting
from schools.history import acting
from tests import factories as make
from tests.conftest import NOW
from tests.diary.test_lesson_page import Sheet
from tests.queries import assert_same_statements

LESSON_PAGE = "/lessons/12/"


def enter(cast: Any, path: str = LESSON_PAGE) -> Any:
    """As the middleware does for a request of the teacher."""
    return pghistory.context(person=cast.teacher.pk, means="web", path=path)


def written(days_after: int, hour: int = 12) -> None:
    """Triggers take the database's time: what was written last is put where the test wants it."""
    moment = NOW.replace(hour=hour) + datetime.timedelta(days=days_after)
    with connection.cursor() as cursor:
        for table in ("mark", "absence", "remark", "homework", "result", "point"):
            cursor.execute(
                f"UPDATE diary_{table}event SET pgh_created_at = %s "  # noqa: S608
                "WHERE pgh_created_at = now()",
                [moment],
            )


def told(lines: list[Line]) -> list[tuple[str, str, str]]:
    return [(line.what, line.was, line.became) for line in lines]


@pytest.fixture
def mark(cast: Any) -> Mark:
    with enter(cast):
        mark = make.MarkFactory(work__lesson=cast.lesson, student=cast.student, text="3")
    written(0)
    return mark


def give(mark: Mark, text: str) -> None:
    Mark.objects.filter(pk=mark.pk).update(value=ScaleValue.objects.get(scale__code="five-point", text=text))


def test_a_mark_its_change_and_its_emptying(cast: Any, mark: Mark) -> None:
    with enter(cast, "/journals/5/entries/"):
        give(mark, "4")
    written(1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pghistory.context_metadata', '', true)")
        cursor.execute("DELETE FROM diary_mark")
    written(2)
    lines = cell_history(cast.lesson, cast.student)
    kind = "отметка, ответ на уроке"
    assert told(lines) == [(kind, "4", ""), (kind, "3", "4"), (kind, "", "3")]
    assert [line.who for line in lines] == ["", *[cast.teacher.short_name] * 2]
    assert [line.means for line in lines] == ["в базе данных, мимо портала", "в журнале", "на странице урока"]


def test_what_was_entered_late_says_by_how_many_days(cast: Any, mark: Mark) -> None:
    with enter(cast):
        make.AbsenceFactory(lesson=cast.lesson, student=cast.student, code="late", minutes=7)
    written(3, hour=0)
    late, on_the_day = cell_history(cast.lesson, cast.student)
    assert (late.became, late.days_late, on_the_day.days_late) == ("опоздание, 7 мин", 3, 0)


def test_midnight_is_the_regions(cast: Any, mark: Mark) -> None:
    """23:59 in Samara is the day of the lesson, 00:00 is one day late."""
    midnight = datetime.datetime.combine(cast.lesson.date, datetime.time(), tzinfo=NOW.tzinfo)
    for minutes, late in ((-1, 0), (0, 1)):
        moment = midnight + datetime.timedelta(days=1, minutes=minutes)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE diary_markevent SET pgh_created_at = %s", [moment])
        assert cell_history(cast.lesson, cast.student)[0].days_late == late


def test_what_a_program_made_is_not_late(cast: Any) -> None:
    with acting(means="demo"):
        make.MarkFactory(work__lesson=cast.lesson, student=cast.student)
    written(30)
    (line,) = cell_history(cast.lesson, cast.student)
    assert (line.days_late, line.means) == (0, "программой demo")


def test_remarks_and_points_are_told(cast: Any, mark: Mark) -> None:
    with enter(cast):
        make.RemarkFactory(lesson=cast.lesson, student=cast.student)
        Point.objects.create(
            work=make.WorkFactory(lesson=cast.lesson, number=2),
            student=cast.student,
            due_on=datetime.date(2026, 12, 20),
            by=cast.teacher,
        )
    assert {("похвала", "", "«Помогла соседу»"), ("точка, ответ на уроке", "", "до 20\xa0декабря")} < set(
        told(cell_history(cast.lesson, cast.student))
    )


def test_a_correction_gives_its_reason(cast: Any, mark: Mark) -> None:
    correction = Correction.objects.create(
        course=cast.algebra, term=cast.lesson.term, student=cast.student, subject="mark", work=mark.work,
        cause="appeal", reason="Комиссия 17.12", asked_by=cast.teacher, asked_at=NOW,
    )  # fmt: skip
    with enter(cast), correcting(correction.pk):
        give(mark, "5")
    line = next(line for line in cell_history(cast.lesson, cast.student) if line.became == "5")
    assert "Комиссия 17.12" in line.reason
    assert "апелляция" in line.reason


def test_a_comment_is_part_of_what_is_told(cast: Any, mark: Mark) -> None:
    Mark.objects.filter(pk=mark.pk).update(comment="списывал")
    written(1)
    assert cell_history(cast.lesson, cast.student)[0].became == "3, «списывал»"


def test_what_changes_nothing_to_read_is_left_out(cast: Any, mark: Mark) -> None:
    Mark.objects.filter(pk=mark.pk).update(version=2)
    assert len(cell_history(cast.lesson, cast.student)) == 1


def test_another_students_cell_is_another(cast: Any, mark: Mark) -> None:
    assert cell_history(cast.lesson, cast.classmate) == []


def test_a_family_sees_what_was_published(cast: Any) -> None:
    evening = NOW.replace(hour=18)
    with enter(cast):
        mark = make.MarkFactory(
            work__lesson=cast.lesson, student=cast.student, text="2", published_at=evening
        )
    written(0, hour=13)
    give(mark, "3")
    written(0, hour=14)
    before = cell_history(cast.lesson, cast.student, published_at=evening.replace(hour=15))
    after = cell_history(cast.lesson, cast.student, published_at=evening.replace(hour=19))
    assert (told(before), told(after)) == ([], [("отметка, ответ на уроке", "", "3")])


def test_a_mark_taken_back_before_it_was_published_was_never_there(cast: Any) -> None:
    evening = NOW.replace(hour=18)
    mark = make.MarkFactory(work__lesson=cast.lesson, student=cast.student, published_at=evening)
    written(0, hour=13)
    mark.delete()
    written(0, hour=14)
    assert cell_history(cast.lesson, cast.student, published_at=evening.replace(hour=19)) == []


def test_the_history_of_a_result(cast: Any, mark: Mark) -> None:
    cell = {"course": cast.algebra, "student": cast.student, "value": mark.value, "by": cast.teacher}
    with enter(cast):
        Result.objects.create(
            **cell, kind="term", term=cast.lesson.term, year=cast.algebra.year, at=NOW, reason="Старался"
        )
    (line,) = result_history(cast.algebra.pk, cast.student)
    assert (line.became, line.days_late) == ("3, «Старался»", 0)


def test_the_history_of_homework(cast: Any) -> None:
    with enter(cast):
        make.HomeworkFactory(lesson=cast.lesson, text="§ 21")
    written(1)
    Homework.objects.update(text="§ 22")
    written(2)
    changed, made = homework_history(cast.lesson)
    assert (made.became, made.days_late) == ("«§ 21», на 18\xa0декабря", 1)
    assert changed.was == made.became


def test_statements_do_not_grow(cast: Any, mark: Mark) -> None:
    with enter(cast):
        make.AbsenceFactory(lesson=cast.lesson, student=cast.student)
        give(mark, "4")

    def grow() -> None:
        for number in range(2, 12):
            with enter(cast):
                make.MarkFactory(work__lesson=cast.lesson, work__number=number, student=cast.student)

    assert_same_statements(lambda: cell_history(cast.lesson, cast.student), grow)


# --- Pages ---------------------------------------------------------------------------------------


def page(client: Client, cast: Any, student: Any = None) -> Any:
    student = student or cast.student
    return client.get(reverse("diary:cell-history", args=[cast.lesson.pk, student.pk]))


def test_the_page_tells_it_in_words(cast: Any, as_: Any, mark: Mark) -> None:
    with enter(cast):
        give(mark, "4")
    written(3)
    html = page(as_(cast.teacher), cast).content.decode()
    for words in ("Соколова Мария", "<del>3</del>", "<ins>4</ins>", "внесено через 3 дня", "Кузнецова"):
        assert words in html


def test_an_empty_cell_says_so(cast: Any, as_: Any) -> None:
    assert "Здесь ничего не вносили" in page(as_(cast.teacher), cast).content.decode()


@pytest.mark.parametrize("who", ["outsider", "other_parent", "classmate", "administrator"])
def test_others_do_not_read_it(cast: Any, as_: Any, who: str) -> None:
    assert page(as_(getattr(cast, who)), cast).status_code == 404


def test_a_class_teacher_reads_no_more_than_the_own_class(cast: Any, as_: Any) -> None:
    stranger = make.PersonFactory()
    assert page(as_(cast.class_teacher), cast, stranger).status_code == 404
    assert page(as_(cast.class_teacher), cast).status_code == 200


def test_the_lesson_page_leads_there_and_says_what_was_late(cast: Any, as_: Any, mark: Mark) -> None:
    with enter(cast):
        make.AbsenceFactory(lesson=cast.lesson, student=cast.classmate, code="ill")
    written(2)
    for person in (cast.teacher, cast.head_teacher):
        html = as_(person).get(reverse("diary:lesson", args=[cast.lesson.pk])).content.decode()
        assert reverse("diary:cell-history", args=[cast.lesson.pk, cast.student.pk]) in html
        assert html.count("внесено через 2 дня") == 1


def test_what_was_entered_in_the_lesson_is_not_marked(cast: Any, as_: Any) -> None:
    with time_machine.travel(timezone.now()):
        sheet = Sheet(as_(cast.teacher), cast.lesson)
        sheet.send(**{f"absence_{cast.student.pk}": "ill"})
    assert Absence.objects.exists()
    written(0)
    html = as_(cast.teacher).get(reverse("diary:lesson", args=[cast.lesson.pk])).content.decode()
    assert "внесено через" not in html


# --- The family ----------------------------------------------------------------------------------


def receipt_at(client: Client, cast: Any, hour: int) -> str:
    with time_machine.travel(NOW.replace(hour=hour), tick=False):
        response = page(client, cast)
    assert response.status_code == 200
    return str(response.content.decode())


@pytest.mark.parametrize("who", ["parent", "student"])
def test_a_family_reads_who_changed_the_mark_and_how_late(cast: Any, as_: Any, mark: Mark, who: str) -> None:
    with enter(cast):
        give(mark, "4")
    written(3)
    html = receipt_at(as_(getattr(cast, who)), cast, 13)
    for words in ("<del>3</del>", "<ins>4</ins>", "внесено через 3 дня", "Кузнецова", "В дневник"):
        assert words in html
    assert reverse("diary:lesson", args=[cast.lesson.pk]) + "#" not in html


def test_a_family_reads_nothing_of_an_unpublished_mark(cast: Any, as_: Any, mark: Mark) -> None:
    mark.delete()
    written(0, hour=10)
    secret = {"work__number": 2, "comment": "Пока тайна", "published_at": NOW.replace(hour=18)}
    make.MarkFactory(work__lesson=cast.lesson, student=cast.student, text="2", **secret)
    written(0, hour=12)
    assert "Пока тайна" not in receipt_at(as_(cast.parent), cast, 17)
    assert "Пока тайна" in receipt_at(as_(cast.parent), cast, 19)


def test_an_emptied_mark_stays_told(cast: Any, as_: Any, mark: Mark) -> None:
    mark.delete()
    written(1)
    html = receipt_at(as_(cast.parent), cast, 13)
    assert "<del>3</del>" in html
    assert "очищено" in html


def test_a_guardian_reads_what_the_file_grants(cast: Any, as_: Any, mark: Mark) -> None:
    make.AbsenceFactory(lesson=cast.lesson, student=cast.student, code="late", minutes=7)
    written(0)
    for granted, marks, absences in ((["attendance"], 0, 1), (["marks"], 1, 0)):
        cast.parent.guardianships.update(information=granted)
        html = receipt_at(as_(cast.parent), cast, 13)
        assert (html.count("<ins>3</ins>"), html.count("опоздание, 7 мин")) == (marks, absences)
    cast.parent.guardianships.update(information=["timetable"])
    assert page(as_(cast.parent), cast).status_code == 404


def test_a_guardianship_that_ended_opens_nothing(cast: Any, as_: Any, mark: Mark) -> None:
    cast.parent.guardianships.update(until=NOW.date() - datetime.timedelta(days=1))
    assert page(as_(cast.parent), cast).status_code == 404


def test_a_parent_opens_no_cell_of_a_classmate(cast: Any, as_: Any) -> None:
    address = reverse("diary:cell-history", args=[cast.lesson.pk, cast.classmate.pk])
    assert as_(cast.parent).get(address).status_code == 404


def test_a_lesson_of_another_class_is_not_the_childs(cast: Any, as_: Any) -> None:
    address = reverse("diary:cell-history", args=[make.LessonFactory().pk, cast.student.pk])
    assert as_(cast.parent).get(address).status_code == 404


def test_the_reason_of_a_correction_stays_the_schools(cast: Any, as_: Any, mark: Mark) -> None:
    correction = Correction.objects.create(
        course=cast.algebra, term=cast.lesson.term, student=cast.student, subject="mark", work=mark.work,
        cause="appeal", reason="Комиссия 17.12", asked_by=cast.teacher, asked_at=NOW,
    )  # fmt: skip
    with enter(cast), correcting(correction.pk):
        give(mark, "5")
    written(1)
    html = receipt_at(as_(cast.parent), cast, 13)
    assert cause_words("appeal") in html
    assert "Комиссия" not in html


def test_the_week_and_home_lead_to_the_receipt(cast: Any, as_: Any, mark: Mark) -> None:
    address = reverse("diary:cell-history", args=[cast.lesson.pk, cast.student.pk])
    for name in ("week-now", "home-of-child"):
        html = as_(cast.parent).get(reverse(f"diary:{name}", args=[cast.student.pk])).content.decode()
        assert f'href="{address}"' in html


def result_page(client: Client, cast: Any, course: Any = None) -> Any:
    address = reverse("diary:result-history", args=[cast.student.pk, (course or cast.algebra).pk])
    return client.get(address)


def test_a_family_reads_the_history_of_results(cast: Any, as_: Any, mark: Mark) -> None:
    cell = {"course": cast.algebra, "student": cast.student, "value": mark.value, "by": cast.teacher}
    with enter(cast):
        Result.objects.create(**cell, kind="term", term=cast.lesson.term, year=cast.algebra.year, at=NOW)
    assert "<ins>3</ins>" in result_page(as_(cast.parent), cast).content.decode()
    cast.parent.guardianships.update(information=["marks"])
    assert result_page(as_(cast.parent), cast).status_code == 404


@pytest.mark.parametrize("who", ["outsider", "other_parent", "classmate", "teacher"])
def test_nobody_else_opens_it(cast: Any, as_: Any, who: str) -> None:
    assert result_page(as_(getattr(cast, who)), cast).status_code == 404


def test_results_of_a_course_that_is_not_the_childs(cast: Any, as_: Any) -> None:
    assert result_page(as_(cast.parent), cast, make.CourseFactory()).status_code == 404
