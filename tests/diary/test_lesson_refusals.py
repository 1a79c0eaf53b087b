"""Nothing that a teacher typed on the lesson page is lost, and nothing is taken without a word."""

from typing import Any

import pytest
from django.urls import reverse

from diary.models import Absence, Homework, Mark
from schedule.models import Lesson
from tests import factories as make
from tests.diary.test_lesson_page import Sheet, row_of


@pytest.fixture
def sheet(cast: Any, as_: Any) -> Sheet:
    return Sheet(as_(cast.teacher), cast.lesson)


@pytest.fixture
def mark(cast: Any) -> Mark:
    return make.MarkFactory(work__lesson=cast.lesson, student=cast.student, text="3")


# --- Two tabs ------------------------------------------------------------------------------------


@pytest.fixture
def tabs(cast: Any, as_: Any, mark: Mark) -> tuple[Sheet, Sheet]:
    return Sheet(as_(cast.teacher), cast.lesson), Sheet(as_(cast.teacher), cast.lesson)


def test_what_is_typed_over_a_mark_taken_away_meanwhile_is_told(
    cast: Any, mark: Mark, tabs: tuple[Sheet, Sheet]
) -> None:
    tabs[0].send(**{f"mark_{mark.pk}": ""})
    response = tabs[1].send(**{f"mark_{mark.pk}": "5", f"comment_mark-{mark.pk}": "исправил"})
    assert response.status_code == 422
    row = row_of(response, cast.student)
    assert "5" in row["conflicts"][0]
    assert [(each["value"], each["comment"]) for each in row["marks"]] == [("5", "исправил")]


def test_and_given_anew_when_saved_again(cast: Any, mark: Mark, tabs: tuple[Sheet, Sheet]) -> None:
    tabs[0].send(**{f"mark_{mark.pk}": ""})
    assert tabs[1].send_again(**{f"mark_{mark.pk}": "5"}).status_code == 302
    assert tabs[1].send().status_code == 302  # the same form twice gives one mark
    assert [each.value.text for each in Mark.objects.all()] == ["5"]


def test_beside_another_new_mark(cast: Any, mark: Mark, tabs: tuple[Sheet, Sheet]) -> None:
    tabs[0].send(**{f"mark_{mark.pk}": ""})
    typed = {f"mark_{mark.pk}": "5", f"new_{cast.student.pk}": "4"}
    assert tabs[1].send_again(**typed).status_code == 302
    assert sorted(each.value.text for each in Mark.objects.all()) == ["4", "5"]


@pytest.mark.parametrize("typed", ["", "3"])
def test_an_untouched_mark_taken_away_meanwhile_stays_away(
    cast: Any, mark: Mark, tabs: tuple[Sheet, Sheet], typed: str
) -> None:
    tabs[0].send(**{f"mark_{mark.pk}": ""})
    assert tabs[1].send(**{f"mark_{mark.pk}": typed}).status_code == 302
    assert not Mark.objects.exists()


def test_an_untouched_mark_changed_meanwhile_stays_changed(
    cast: Any, mark: Mark, tabs: tuple[Sheet, Sheet]
) -> None:
    tabs[0].send(**{f"mark_{mark.pk}": "5"})
    assert tabs[1].send(**{f"new_{cast.classmate.pk}": "4"}).status_code == 302
    mark.refresh_from_db()
    assert mark.value.text == "5"


def test_two_topics_at_once_show_both(cast: Any, tabs: tuple[Sheet, Sheet]) -> None:
    tabs[0].send(topic="Квадраты")
    response = tabs[1].send(topic="Кубы")
    (error,) = response.context["errors"]
    assert "Квадраты" in error["text"]
    assert "Кубы" in error["text"]
    assert response.context["form"]["topic"].errors


def test_two_absences_at_once_show_both(cast: Any, tabs: tuple[Sheet, Sheet]) -> None:
    tabs[0].send(**{f"absence_{cast.classmate.pk}": "ill"})
    response = tabs[1].send(**{f"absence_{cast.classmate.pk}": "late", f"minutes_{cast.classmate.pk}": "7"})
    (conflict,) = row_of(response, cast.classmate)["conflicts"]
    assert "болезнь" in conflict
    assert "7" in conflict


def test_homework_untouched_here_stays_as_it_was_changed_there(cast: Any, tabs: tuple[Sheet, Sheet]) -> None:
    tabs[0].send(homework_text="§ 21")
    assert tabs[1].send(topic="Кубы").status_code == 302
    assert Homework.objects.get().text == "§ 21"


# --- Comments ------------------------------------------------------------------------------------


def test_a_second_mark_has_no_comment_of_the_first(cast: Any, sheet: Sheet) -> None:
    sheet.send(**{f"new_{cast.student.pk}": "4", f"comment_new-{cast.student.pk}": "у доски"})
    sheet.open()
    sheet.send(**{f"new_{cast.student.pk}": "5"})
    assert dict(Mark.objects.values_list("value__text", "comment")) == {"4": "у доски", "5": ""}


def test_each_mark_keeps_a_comment_of_its_own(cast: Any, sheet: Sheet, mark: Mark) -> None:
    second = make.MarkFactory(
        work__lesson=cast.lesson, work__number=2, student=cast.student, text="5", comment="дополнение"
    )
    sheet.open()
    sheet.send(**{f"comment_mark-{mark.pk}": "без ошибок"})
    assert dict(Mark.objects.values_list("pk", "comment")) == {mark.pk: "без ошибок", second.pk: "дополнение"}


def test_a_comment_beside_no_new_mark_is_asked_about(cast: Any, sheet: Sheet, mark: Mark) -> None:
    response = sheet.send(**{f"comment_new-{cast.student.pk}": "старалась"})
    assert response.status_code == 422
    assert row_of(response, cast.student)["new_mark"]["comment"] == "старалась"


# --- Fields ---------------------------------------------------------------------------------------


def test_wrong_minutes_stay_on_the_page(cast: Any, sheet: Sheet) -> None:
    response = sheet.send(**{f"absence_{cast.student.pk}": "late", f"minutes_{cast.student.pk}": "95"})
    row = row_of(response, cast.student)
    assert (row["absence_code"], row["minutes_value"]) == ("late", "95")


def test_minutes_of_a_roll_changed_meanwhile_are_saved_the_second_time(
    cast: Any, tabs: tuple[Sheet, Sheet]
) -> None:
    tabs[0].send(**{f"absence_{cast.student.pk}": "late", f"minutes_{cast.student.pk}": "3"})
    typed = {f"absence_{cast.student.pk}": "late", f"minutes_{cast.student.pk}": "7"}
    assert tabs[1].send_again(**typed).status_code == 302
    assert Absence.objects.get().minutes == 7


def test_minutes_of_no_homework_ask_for_the_text(cast: Any, sheet: Sheet) -> None:
    response = sheet.send(homework_minutes="20")
    assert response.status_code == 422
    form = response.context["form"]
    assert form["homework_text"].errors
    assert form["homework_minutes"].value() == "20"


def test_homework_is_taken_back_by_emptying_its_text_alone(cast: Any, sheet: Sheet) -> None:
    sheet.send(homework_text="§ 21", homework_minutes="20")
    sheet.open()
    assert sheet.send(homework_text="").status_code == 302
    assert not Homework.objects.exists()


def test_the_summary_names_the_field_in_our_own_words(cast: Any, sheet: Sheet) -> None:
    response = sheet.send(homework_text="§ 21", homework_minutes="301", topic="я" * 501)
    texts = [error["text"] for error in response.context["errors"]]
    assert texts == [
        "Тема: Знаков 501, помещается 500: сократите.",
        "Сколько минут займёт: Число от 1 до 300.",
    ]


# --- A mark for somebody who is away --------------------------------------------------------------


@pytest.mark.parametrize("code", ["unstated", "ill", "valid"])
def test_a_mark_for_an_absent_student_is_taken_when_saved_again(cast: Any, sheet: Sheet, code: str) -> None:
    typed = {f"absence_{cast.student.pk}": code, f"new_{cast.student.pk}": "5"}
    response = sheet.send(**typed)
    assert response.status_code == 422
    row = row_of(response, cast.student)
    assert (row["new_mark"]["value"], row["is_away"], len(row["errors"])) == ("5", True, 1)
    assert not Mark.objects.exists()
    sheet.read(response.context)
    assert sheet.send().status_code == 302
    assert Mark.objects.get().value.text == "5"


@pytest.mark.parametrize("code", ["late", "exempt"])
def test_who_is_late_or_exempt_gets_marks_as_ever(cast: Any, sheet: Sheet, code: str) -> None:
    typed = {f"absence_{cast.student.pk}": code, f"new_{cast.student.pk}": "5"}
    assert sheet.send(**typed).status_code == 302


def test_an_absence_beside_a_mark_is_asked_about_too(cast: Any, mark: Mark, sheet: Sheet) -> None:
    sheet.open()
    assert sheet.send_again(**{f"absence_{cast.student.pk}": "unstated"}).status_code == 302
    assert Absence.objects.get().code == "unstated"


# --- Who only reads -------------------------------------------------------------------------------


def test_a_reader_sees_kind_and_comment_in_words(cast: Any, as_: Any, mark: Mark) -> None:
    Mark.objects.update(comment="у доски")
    page = as_(cast.class_teacher).get(reverse("diary:lesson", args=[cast.lesson.pk])).content.decode()
    assert "«у доски»" in page
    assert mark.work.kind.name in page


def test_the_outsider_changes_nothing(cast: Any, as_: Any) -> None:
    address = reverse("diary:lesson", args=[cast.lesson.pk])
    response = as_(cast.outsider).post(address, {f"praise-{cast.student.pk}": "молодец"})
    assert response.status_code == 404
    assert Lesson.objects.get(pk=cast.lesson.pk).version == 1


def test_a_comment_changed_in_one_letters_case_is_a_change(cast: Any, sheet: Sheet, mark: Mark) -> None:
    Mark.objects.update(comment="молодец")
    sheet.open()
    sheet.send(**{f"comment_mark-{mark.pk}": "Молодец"})
    assert Mark.objects.get().comment == "Молодец"
