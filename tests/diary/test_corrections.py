"""Corrections of closed terms: asked by the course's teacher, answered by another head teacher."""

import datetime
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connections, transaction
from django.urls import reverse

from diary.corrections import asking, deciding
from diary.corrections.cells import address_of
from diary.models import (
    LONGEST_REASON,
    Absence,
    Correction,
    JournalRules,
    Mark,
    Result,
    ScaleValue,
    Work,
    WorkKind,
)
from schools.models import Appointment, TermClosure, YearClosure
from tests import factories as make
from tests.conftest import NOW, TODAY, restore_standard_rows
from tests.diary.closed import asked, close, give_result, lesson_of_autumn
from tests.queries import assert_same_statements

WHY = {"cause": "mistake", "reason": "Ёлкину поставила его пятёрку 🙈"}


@pytest.fixture
def autumn(cast: Any) -> Any:
    """A lesson of the closed quarter: the student has a 3 and the result 4, the classmate was ill."""
    lesson = lesson_of_autumn(cast)
    mark = make.MarkFactory(work__lesson=lesson, student=cast.student, text="3")
    Work.objects.filter(pk=mark.work_id).update(weight=Decimal(2))
    make.AbsenceFactory(lesson=lesson, student=cast.classmate, code="ill")
    give_result(cast, cast.student, lesson, "3")
    JournalRules.objects.create(organisation=cast.school, fewest_marks=1)
    close(cast, lesson)
    return lesson


@pytest.fixture
def mark(autumn: Any) -> Mark:
    return Mark.objects.select_related("work").get()


def value(text: str) -> ScaleValue:
    return ScaleValue.objects.get(scale__code="five-point", text=text)


def of_mark(cast: Any, mark: Mark, text: str | None, **fields: Any) -> Correction:
    given = {"subject": "mark", "work": mark.work, "code": "", "was": "3", **fields}
    return asked(cast, mark.work.lesson, value=value(text) if text else None, **given)


def here(lesson: Any, student: Any, **rest: Any) -> str:
    return address_of(lesson=lesson.pk, student=student.pk, **rest)


def approve(as_: Any, person: Any, correction: Correction, **typed: str) -> Any:
    return as_(person).post(reverse("diary:correction-approval", args=[correction.pk]), typed, follow=True)


def refuse(as_: Any, person: Any, correction: Correction, **typed: str) -> Any:
    return as_(person).post(reverse("diary:correction-refusal", args=[correction.pk]), typed, follow=True)


# --- Asking --------------------------------------------------------------------------------------
def test_the_cell_offers_its_marks_one_more_and_the_attendance(cast: Any, as_: Any, mark: Mark) -> None:
    lesson = mark.work.lesson
    page = as_(cast.teacher).get(here(lesson, cast.student))
    for rest in ({"work": mark.work_id}, {"subject": "mark"}, {"subject": "absence"}):
        assert here(lesson, cast.student, **rest).replace("&", "&amp;") in page.content.decode()


def test_the_lesson_leads_to_it(cast: Any, as_: Any, autumn: Any) -> None:
    lesson = reverse("diary:lesson", args=[autumn.pk])
    way = here(autumn, cast.student).replace("&", "&amp;")
    assert way in as_(cast.teacher).get(lesson).content.decode()
    for reader in (cast.head_teacher, cast.class_teacher):
        assert way not in as_(reader).get(lesson).content.decode()


def test_a_teacher_asks_to_change_a_mark(cast: Any, as_: Any, mark: Mark) -> None:
    typed = {"value": value("5").pk, **WHY}
    response = as_(cast.teacher).post(here(mark.work.lesson, cast.student, work=mark.work_id), typed)
    assert response.status_code == 302
    correction = Correction.objects.get()
    assert (correction.was, str(correction.value), correction.reason) == ("3", "5", WHY["reason"])
    assert correction.is_waiting
    assert str(Mark.objects.get().value) == "3"


def test_a_teacher_asks_for_a_resit_of_a_test(cast: Any, as_: Any, autumn: Any) -> None:
    test = WorkKind.objects.get(code="К")
    typed = {"value": value("4").pk, "kind": test.pk, "cause": "resit", "reason": "Пересдал 12 декабря"}
    as_(cast.teacher).post(here(autumn, cast.classmate, subject="mark"), typed)
    correction = Correction.objects.get()
    assert (correction.kind, correction.work, correction.was) == (test, None, "")


def test_a_teacher_asks_to_let_somebody_have_been_there(cast: Any, as_: Any, autumn: Any) -> None:
    as_(cast.teacher).post(here(autumn, cast.classmate, subject="absence"), {"code": "here", **WHY})
    correction = Correction.objects.get()
    assert (correction.was, correction.code) == ("ill", "")


def test_a_teacher_asks_for_another_result(cast: Any, as_: Any, autumn: Any) -> None:
    result = Result.objects.get()
    as_(cast.teacher).post(address_of(result=result.pk), {"value": value("4").pk, **WHY})
    correction = Correction.objects.get()
    assert (correction.subject, correction.was, str(correction.value)) == ("result", "3", "4")


def test_a_missing_result_is_asked_for_by_course_term_and_student(cast: Any, as_: Any, autumn: Any) -> None:
    where = address_of(course=autumn.course_id, term=autumn.term_id, student=cast.classmate.pk)
    assert as_(cast.teacher).post(where, {"value": value("4").pk, **WHY}).status_code == 302
    assert Correction.objects.get().was == ""


def test_the_mark_of_a_work_without_a_lesson_is_asked_for_by_its_work(cast: Any, as_: Any) -> None:
    lesson = lesson_of_autumn(cast)
    project = make.WorkFactory(lesson=None, course=cast.algebra, date=lesson.date)
    close(cast, lesson)
    where = address_of(work=project.pk, student=cast.student.pk)
    assert as_(cast.teacher).post(where, {"value": value("4").pk, **WHY}).status_code == 302
    correction = Correction.objects.get()
    approve(as_, cast.head_teacher, correction)
    assert Mark.objects.get().correction == correction


def test_at_a_cancelled_lesson_there_is_nothing_to_correct(cast: Any, as_: Any) -> None:
    lesson = lesson_of_autumn(cast, roll_called_by=None, roll_called_at=None)
    lesson.cancel(by=cast.head_teacher)
    close(cast, lesson)
    assert as_(cast.teacher).get(here(lesson, cast.student)).status_code == 404


def test_a_result_cannot_be_taken_away(cast: Any, as_: Any, autumn: Any) -> None:
    where = address_of(result=Result.objects.get().pk)
    assert as_(cast.teacher).post(where, {"value": "none", **WHY}).status_code == 422


def test_what_is_left_out_is_said_at_the_field_and_nothing_typed_is_lost(
    cast: Any, as_: Any, autumn: Any
) -> None:
    where = here(autumn, cast.classmate, subject="absence")
    response = as_(cast.teacher).post(where, {"reason": "Ёж 🦔"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "Ёж 🦔" in page
    assert 'id="id_code_error"' in page
    assert 'id="id_cause_error"' in page


def test_a_reason_may_be_long_but_not_endless(cast: Any, as_: Any, autumn: Any) -> None:
    where, longest = here(autumn, cast.classmate, subject="absence"), "Ё\r\n" * (LONGEST_REASON // 2)
    send = as_(cast.teacher).post
    too_long = send(where, {**WHY, "code": "here", "reason": longest + "🎄🎄"})
    assert too_long.status_code == 422
    assert "🎄" in too_long.content.decode()
    assert send(where, {**WHY, "code": "here", "reason": "я" * 200_000}).status_code == 422
    assert send(where, {**WHY, "code": "here", "reason": longest}).status_code == 302


def test_minutes_go_with_being_late(cast: Any, as_: Any, autumn: Any) -> None:
    where = here(autumn, cast.student, subject="absence")
    assert as_(cast.teacher).post(where, {**WHY, "code": "ill", "minutes": "5"}).status_code == 422
    assert as_(cast.teacher).post(where, {**WHY, "code": "late", "minutes": "5"}).status_code == 302


def test_asking_for_what_stands_there_is_refused(cast: Any, as_: Any, autumn: Any) -> None:
    where = here(autumn, cast.classmate, subject="absence")
    assert as_(cast.teacher).post(where, {**WHY, "code": "ill"}).status_code == 422


def test_one_request_of_a_cell_waits(cast: Any, as_: Any, mark: Mark) -> None:
    first = of_mark(cast, mark, "5")
    where = here(mark.work.lesson, cast.student, work=mark.work_id)
    assert reverse("diary:correction", args=[first.pk]) in as_(cast.teacher).get(where).content.decode()
    typed = {"value": value("4").pk, **WHY}
    assert as_(cast.teacher).post(where, typed).status_code == 422
    with pytest.raises(IntegrityError, match="one_correction_of_a_cell_waits"):
        of_mark(cast, mark, "4")


def test_in_an_open_term_nothing_is_asked(cast: Any, as_: Any) -> None:
    response = as_(cast.teacher).post(
        here(cast.lesson, cast.student, subject="absence"), {**WHY, "code": "ill"}
    )
    assert response.status_code == 422
    assert "Период открыт" in response.content.decode()
    assert not Correction.objects.exists()


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("class_teacher", 403),
        ("head_teacher", 403),
        ("administrator", 404),
        ("region_operator", 404),
        ("parent", 404),
        ("outsider", 404),
    ],
)
def test_nobody_else_asks(cast: Any, as_: Any, autumn: Any, role: str, status: int) -> None:
    where = here(autumn, cast.student, subject="absence")
    client = as_(getattr(cast, role))
    assert client.get(where).status_code == status
    assert client.post(where, {**WHY, "code": "ill"}).status_code == status
    result = address_of(result=Result.objects.get().pk)
    assert client.post(result, {**WHY, "value": value("5").pk}).status_code == status
    assert not Correction.objects.exists()


def test_the_substitute_of_an_old_lesson_does_not_ask(cast: Any, as_: Any, outlasted: Any) -> None:
    lesson = lesson_of_autumn(cast)
    lesson.substitute(outlasted.substitute, by=cast.head_teacher)
    close(cast, lesson)
    where = here(lesson, cast.student, subject="absence")
    assert as_(outlasted.substitute).get(where).status_code == 403


@pytest.mark.parametrize("address", ["", "?lesson=x&student=1", "?result=0", "?lesson=9&student=" + "9" * 30])
def test_an_address_of_nothing_is_not_found(cast: Any, as_: Any, address: str) -> None:
    assert as_(cast.teacher).get(reverse("diary:correction-new") + address).status_code == 404


def test_a_student_of_another_class_is_not_found(cast: Any, as_: Any, autumn: Any) -> None:
    stranger = make.PersonFactory()
    assert as_(cast.teacher).get(here(autumn, stranger)).status_code == 404
    where = address_of(course=autumn.course_id, term=autumn.term_id, student=stranger.pk)
    assert as_(cast.teacher).get(where).status_code == 404


# --- Answering -----------------------------------------------------------------------------------
def test_an_approved_mark_is_written_and_labelled(cast: Any, as_: Any, mark: Mark) -> None:
    correction = of_mark(cast, mark, "5")
    page = approve(as_, cast.head_teacher, correction).content.decode()
    now = Mark.objects.get()
    assert (str(now.value), now.correction, now.version) == ("5", correction, 2)
    event = Mark.pgh_event_model.objects.latest("pgh_id")  # type: ignore[attr-defined]
    assert event.pgh_context["correction"] == correction.pk
    assert event.pgh_context["person"] == cast.head_teacher.pk
    assert "Одобрено" in page
    assert "Орлов" in page


def test_a_mark_is_taken_away_and_its_work_stays(cast: Any, as_: Any, mark: Mark) -> None:
    approve(as_, cast.head_teacher, of_mark(cast, mark, None))
    assert not Mark.objects.exists()
    assert Work.objects.filter(pk=mark.work_id).exists()


def test_a_mark_for_a_work_that_others_wrote_is_added(cast: Any, as_: Any, mark: Mark) -> None:
    correction = of_mark(cast, mark, "4", student=cast.classmate, was="", cause="resit")
    approve(as_, cast.head_teacher, correction)
    added = Mark.objects.get(student=cast.classmate)
    assert (added.work, added.correction) == (mark.work, correction)


def test_one_more_mark_weighs_what_its_kind_did(cast: Any, as_: Any, mark: Mark) -> None:
    WorkKind.objects.update(weight=Decimal(9))
    correction = of_mark(cast, mark, "5", work=None, kind=mark.work.kind, was="", student=cast.classmate)
    second = of_mark(cast, mark, "4", work=None, kind=mark.work.kind, was="")
    for each in (correction, second):
        approve(as_, cast.head_teacher, each)
    made = Mark.objects.get(student=cast.student, correction=second).work
    assert (made.number, made.weight) == (2, Decimal(2))
    assert Mark.objects.get(student=cast.classmate).work == mark.work


def test_an_absence_is_taken_away_put_and_changed(cast: Any, as_: Any, autumn: Any) -> None:
    was_there = asked(cast, autumn, student=cast.classmate, was="ill", code="")
    late = asked(cast, autumn, code="late", minutes=7)
    for correction in (was_there, late):
        approve(as_, cast.head_teacher, correction)
    absence = Absence.objects.get()
    assert (absence.student, absence.code, absence.minutes) == (cast.student, "late", 7)
    assert absence.correction == late


def test_a_result_changes_by_its_own_correction(cast: Any, as_: Any, autumn: Any) -> None:
    correction = asked(cast, autumn, subject="result", lesson=None, code="", value=value("4"), was="3")
    approve(as_, cast.head_teacher, correction)
    result = Result.objects.get()
    assert (str(result.value), result.correction, result.by) == ("4", correction, cast.teacher)
    assert (str(result.suggestion), result.average) == ("3", Decimal("3.00"))


def test_a_corrected_mark_leaves_the_result_and_hints_at_it(cast: Any, as_: Any, mark: Mark) -> None:
    page = approve(as_, cast.head_teacher, of_mark(cast, mark, "5")).content.decode()
    assert str(Result.objects.get().value) == "3"
    assert "теперь был бы 5, а стоит 3" in page
    assert "5,00" in page  # and why


def test_a_refusal_wants_words_and_writes_nothing(cast: Any, as_: Any, mark: Mark) -> None:
    correction = of_mark(cast, mark, "5")
    assert refuse(as_, cast.head_teacher, correction, answer=" ").status_code == 422
    refuse(as_, cast.head_teacher, correction, answer="Приложите работу 📎")
    correction.refresh_from_db()
    assert correction.approved is False
    assert correction.answer == "Приложите работу 📎"
    assert str(Mark.objects.get().value) == "3"
    own = as_(cast.teacher).get(reverse("diary:correction", args=[correction.pk]))
    assert "Приложите работу 📎" in own.content.decode()


def test_what_has_changed_since_is_told_and_not_written(cast: Any, as_: Any, autumn: Any) -> None:
    correction = asked(cast, autumn, student=cast.classmate, was="ill", code="")
    Absence.objects.update(code="valid", version=2)  # the class teacher gave it its reason
    response = approve(as_, cast.head_teacher, correction)
    assert response.status_code == 422
    assert "уже другое" in response.content.decode()
    correction.refresh_from_db()
    assert correction.is_waiting
    assert Absence.objects.get().code == "valid"


def test_nobody_answers_their_own(cast: Any, as_: Any, autumn: Any) -> None:
    make.AssignmentFactory(course=cast.algebra, teacher=cast.head_teacher)
    correction = asked(cast, autumn, asked_by=cast.head_teacher)
    page = as_(cast.head_teacher).get(reverse("diary:correction", args=[correction.pk])).content.decode()
    assert "ответит другой завуч" in page
    assert approve(as_, cast.head_teacher, correction).status_code == 403
    make.AppointmentFactory(
        person=cast.class_teacher, role=Appointment.Role.HEAD_TEACHER, organisation=cast.school
    )
    assert approve(as_, cast.class_teacher, correction).status_code == 200
    assert Absence.objects.filter(student=cast.student).exists()


def test_the_second_answer_is_told_of_the_first(cast: Any, as_: Any, autumn: Any) -> None:
    correction = asked(cast, autumn)
    approve(as_, cast.head_teacher, correction)
    page = refuse(as_, cast.head_teacher, correction, answer="Нет").content.decode()
    assert "уже ответили" in page
    assert Correction.objects.get().approved


@pytest.mark.parametrize(
    ("role", "status"),
    [("teacher", 403), ("class_teacher", 404), ("administrator", 404), ("student", 404), ("outsider", 404)],
)
def test_nobody_else_answers(cast: Any, as_: Any, autumn: Any, role: str, status: int) -> None:
    correction = asked(cast, autumn)
    person = getattr(cast, role)
    assert approve(as_, person, correction).status_code == status
    assert refuse(as_, person, correction, answer="Нет").status_code == status
    assert Correction.objects.get().is_waiting


def test_a_superuser_without_a_person_sees_none(cast: Any, as_: Any, autumn: Any) -> None:
    correction = asked(cast, autumn)
    root = make.UserFactory(is_superuser=True)
    assert as_(root).get(reverse("diary:correction", args=[correction.pk])).status_code == 404
    assert approve(as_, root, correction).status_code == 404


def test_a_teacher_who_left_reads_them_no_more(cast: Any, as_: Any, autumn: Any) -> None:
    correction = asked(cast, autumn)
    cast.teacher.employments.update(until=TODAY - datetime.timedelta(days=1))
    assert as_(cast.teacher).get(reverse("diary:correction", args=[correction.pk])).status_code == 404


def test_a_closed_year_takes_no_more(cast: Any, as_: Any, autumn: Any) -> None:
    correction = asked(cast, autumn)
    YearClosure.objects.create(organisation=cast.school, year=autumn.term.year, at=NOW, by=cast.head_teacher)
    assert approve(as_, cast.head_teacher, correction).status_code == 422
    with pytest.raises(asking.YearIsClosed):
        asking.ask(Correction(**cell(cast, autumn)), by=cast.teacher, at=NOW)


def cell(cast: Any, lesson: Any) -> dict[str, Any]:
    return {
        "course": lesson.course,
        "term": lesson.term,
        "student": cast.classmate,
        "subject": "absence",
        "lesson": lesson,
        "cause": "mistake",
        "reason": "Была",
    }


# --- The database --------------------------------------------------------------------------------
def test_plain_sql_writes_nothing_without_a_correction(cast: Any, autumn: Any) -> None:
    writes = (
        "UPDATE diary_mark SET version = version + 1",
        "DELETE FROM diary_absence",
        "UPDATE diary_result SET version = version + 1",
        "UPDATE diary_work SET weight = 1",
    )
    for sql in writes:
        with (
            pytest.raises(IntegrityError, match="term is closed"),
            transaction.atomic(),
            connections["default"].cursor() as cursor,
        ):
            cursor.execute(sql)


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": ""},
        {"cause": "whim"},
        {"subject": "result", "lesson": None, "code": ""},
        {"subject": "mark", "lesson": None, "code": ""},
        {"minutes": 5},
        {"decided_by_own": True},
        {"refused_in_silence": True},
    ],
)
def test_the_database_refuses_nonsense(cast: Any, autumn: Any, wrong: dict[str, Any]) -> None:
    decided = {"decided_at": NOW, "approved": True}
    if wrong.pop("decided_by_own", False):
        wrong = {**decided, "decided_by": cast.teacher}
    if wrong.pop("refused_in_silence", False):
        wrong = {**decided, "decided_by": cast.head_teacher, "approved": False}
    with pytest.raises(IntegrityError), transaction.atomic():
        asked(cast, autumn, **wrong)


@pytest.mark.django_db(transaction=True)
def test_of_two_approvals_at_once_one_writes(cast: Any) -> None:
    restore_standard_rows()
    lesson = lesson_of_autumn(cast)
    close(cast, lesson)
    correction = asked(cast, lesson)

    def answer(_number: int) -> str:
        try:
            deciding.approve(correction.pk, by=cast.head_teacher, at=NOW)
        except deciding.AlreadyDecided:
            return "late"
        finally:
            connections.close_all()
        return "approved"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(answer, range(2))) == ["approved", "late"]
    assert Absence.objects.get().version == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_requests_at_once_one_waits(cast: Any) -> None:
    restore_standard_rows()
    lesson = lesson_of_autumn(cast)
    close(cast, lesson)

    def send(_number: int) -> str:
        try:
            asking.ask(Correction(**cell(cast, lesson), code="ill"), by=cast.teacher, at=NOW)
        except asking.AskedAlready:
            return "late"
        finally:
            connections.close_all()
        return "asked"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(send, range(2))) == ["asked", "late"]


# --- Lists and labels ----------------------------------------------------------------------------
def test_waiting_ones_come_first(cast: Any, as_: Any, autumn: Any) -> None:
    answered = asked(cast, autumn)
    deciding.approve(answered.pk, by=cast.head_teacher, at=NOW)
    asked(cast, autumn, student=cast.classmate, was="ill", code="")
    for reader in (cast.head_teacher, cast.teacher):
        page = as_(reader).get(reverse("diary:corrections")).content.decode()
        assert page.index("Ёлкин") < page.index("Соколова Мария")


def test_a_list_costs_the_same_however_long(cast: Any, as_: Any, autumn: Any) -> None:
    asked(cast, autumn)
    client = as_(cast.head_teacher)

    def grow() -> None:
        for number in range(5, 12):
            lesson = lesson_of_autumn(cast, term=autumn.term, number=number)
            asked(cast, lesson, decided_by=cast.head_teacher, decided_at=NOW, approved=True)

    TermClosure.objects.filter(term=autumn.term).delete()
    assert_same_statements(lambda: client.get(reverse("diary:corrections")), grow)


def test_homes_tell_of_what_waits_and_what_was_answered(cast: Any, as_: Any, autumn: Any) -> None:
    correction = asked(cast, autumn)
    office = as_(cast.head_teacher).get(reverse("diary:home")).content.decode()
    assert reverse("diary:terms") in office
    assert reverse("diary:corrections") in office
    day = reverse("diary:teacher-today")
    assert "Исправления: ждёт 1" in as_(cast.teacher).get(day).content.decode()
    deciding.refuse(correction.pk, by=cast.head_teacher, at=NOW, answer="Нет")
    assert "Исправления: отказано 1" in as_(cast.teacher).get(day).content.decode()


@pytest.fixture
def corrected(cast: Any, mark: Mark) -> Any:
    """Of the student: the 3 became a 5, and one more mark was taken away again."""
    deciding.approve(of_mark(cast, mark, "5", cause="appeal").pk, by=cast.head_teacher, at=NOW)
    gone = asked(cast, mark.work.lesson, student=cast.classmate, was="ill", code="")
    deciding.approve(gone.pk, by=cast.head_teacher, at=NOW)
    return mark.work.lesson


def test_the_week_labels_what_was_corrected(cast: Any, as_: Any, corrected: Any) -> None:
    week = as_(cast.parent).get(reverse("diary:week", args=[cast.student.pk, datetime.date(2026, 10, 12)]))
    page = week.content.decode()
    assert "исправление" in page
    assert "было: 3, стало: 5" in page
    assert "Апелляция" in page
    assert "16\u00a0декабря" in page
    assert "перепутала" not in page  # the reason is the school's


def test_what_was_taken_away_is_labelled_as_well(cast: Any, as_: Any, corrected: Any) -> None:
    monday = datetime.date(2026, 10, 12)
    page = as_(cast.other_parent).get(reverse("diary:week", args=[cast.classmate.pk, monday]))
    assert "было: болезнь, стало: на" in page.content.decode()


def test_home_tells_the_family_of_it(cast: Any, as_: Any, corrected: Any) -> None:
    page = as_(cast.parent).get(reverse("diary:home")).content.decode()
    assert "исправление" in page
    assert "Алгебра, 16\u00a0октября" in page
    assert "было: 3, стало: 5" in page


def test_a_guardian_who_may_not_see_marks_sees_no_correction_of_one(
    cast: Any, as_: Any, corrected: Any
) -> None:
    cast.parent.guardianships.update(information=["timetable", "attendance"])
    for address in ("diary:home", "diary:week-now"):
        where = (
            reverse(address)
            if address == "diary:home"
            else reverse("diary:week", args=[cast.student.pk, datetime.date(2026, 10, 12)])
        )
        assert "было: 3" not in as_(cast.parent).get(where).content.decode()


def test_the_lesson_labels_it(cast: Any, as_: Any, corrected: Any) -> None:
    page = as_(cast.head_teacher).get(reverse("diary:lesson", args=[corrected.pk])).content.decode()
    assert "было: 3, стало: 5" in page
    assert "было: болезнь" in page
