"""A guardian's note on an absence: filed, seen, withdrawn, answered, and what absences take from it."""

import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from diary.history.reading import cell_history
from diary.homework.files import remove_unused
from diary.models import Absence, AbsenceNote, NoteOutcome
from diary.notes import answering
from diary.notes.filing import withdraw
from diary.notes.outcomes import AnsweredAlready
from schools.models import ClassTeacher, Enrolment, Guardianship, TermClosure, YearClosure
from tests import factories as make
from tests.conftest import NOW, TODAY
from tests.diary.test_journal_entries import Cell
from tests.queries import assert_same_statements

MONDAY = datetime.date(2026, 12, 14)
FRIDAY = datetime.date(2026, 12, 18)


def send(client: Any, cast: Any, day: datetime.date | None = None, **typed: Any) -> Any:
    """A whole day's illness today; of the lessons of `day`, where it is given."""
    name, key = ("note-new-lessons", [day]) if day else ("note-new", [])
    address = reverse(f"diary:{name}", args=[cast.student.pk, *key])
    typed = {"reason": "ill"} | ({} if day else {"since": TODAY}) | typed
    return client.post(address, typed)


def answer(client: Any, note: AbsenceNote, what: str = "acceptance", **typed: Any) -> Any:
    return client.post(reverse(f"diary:note-{what}", args=[note.pk]), typed)


def code_of(absence: Absence) -> str:
    absence.refresh_from_db()
    return absence.code


@pytest.fixture
def missed(cast: Any) -> Absence:
    return make.AbsenceFactory(lesson=cast.lesson, student=cast.student)


@pytest.fixture
def note(cast: Any) -> AbsenceNote:
    return make.NoteFactory(student=cast.student, school_class=cast.class_7a, by=cast.parent)


# --- Filing ------------------------------------------------------------------------------------------


def test_a_parent_files_days_from_a_phone(cast: Any, as_: Any) -> None:
    response = send(as_(cast.parent), cast, since=MONDAY, until=FRIDAY, text="Ёлка 🎄")
    assert response["Location"] == reverse("diary:attendance-of", args=[cast.student.pk])
    note = AbsenceNote.objects.get()
    assert (note.since, note.until, note.reason, note.text) == (MONDAY, FRIDAY, "ill", "Ёлка 🎄")
    assert (note.by, note.school_class, note.at) == (cast.parent, cast.class_7a, NOW)


def test_one_day_needs_no_last_day(cast: Any, as_: Any) -> None:
    send(as_(cast.parent), cast, until="")
    assert AbsenceNote.objects.get().until == TODAY


def test_a_parent_files_lessons_of_a_day(cast: Any, as_: Any) -> None:
    send(as_(cast.parent), cast, TODAY, numbers=[2], reason="valid", text="Суд")
    note = AbsenceNote.objects.get()
    assert (note.since, note.until, note.lesson_numbers) == (TODAY, TODAY, [2])


def test_lessons_are_those_of_the_day(cast: Any, as_: Any) -> None:
    assert send(as_(cast.parent), cast, TODAY, numbers=[7]).status_code == 422
    assert send(as_(cast.parent), cast, TODAY).status_code == 422
    assert not AbsenceNote.objects.exists()


def test_a_day_is_chosen_without_javascript(cast: Any, as_: Any) -> None:
    address = reverse("diary:note-day", args=[cast.student.pk])
    chosen = as_(cast.parent).get(address, {"day": FRIDAY})
    assert chosen["Location"] == reverse("diary:note-new-lessons", args=[cast.student.pk, FRIDAY])
    assert as_(cast.parent).get(address)["Location"] == reverse("diary:note-new", args=[cast.student.pk])


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"reason": ""},
        {"reason": "invalid"},
        {"reason": "valid"},
        {"reason": "valid", "text": "  "},
        {"since": ""},
        {"since": "2026-02-30"},
        {"since": TODAY, "until": MONDAY},
        {"since": TODAY, "until": TODAY + datetime.timedelta(days=92)},
        {"since": datetime.date(2026, 8, 31)},
        {"since": datetime.date(2027, 8, 31), "until": datetime.date(2027, 9, 1)},
        {"text": "а" * 501},
        {"text": "\x00"},
    ],
)
def test_what_makes_no_note_is_told(cast: Any, as_: Any, typed: dict[str, Any]) -> None:
    typed = typed or {"reason": "", "since": ""}
    assert send(as_(cast.parent), cast, **typed).status_code == 422
    assert not AbsenceNote.objects.exists()


def test_sent_twice_it_is_one_note(cast: Any, as_: Any) -> None:
    assert send(as_(cast.parent), cast).status_code == send(as_(cast.parent), cast).status_code == 302
    assert AbsenceNote.objects.count() == 1


def test_a_note_on_days_that_have_one_is_refused_in_words(cast: Any, note: Any, as_: Any) -> None:
    response = send(as_(cast.parent), cast, since=MONDAY, until=FRIDAY)
    assert response.status_code == 422
    assert "Об этом уже есть заявление: 16\u00a0декабря" in response.content.decode()


def test_other_lessons_of_a_day_take_another_note(cast: Any, as_: Any) -> None:
    make.LessonFactory(course=cast.algebra, term=cast.lesson.term, number=5)
    for number in (2, 5):
        assert send(as_(cast.parent), cast, TODAY, numbers=[number]).status_code == 302
    assert send(as_(cast.parent), cast).status_code == 422
    assert AbsenceNote.objects.count() == 2


def test_after_a_refusal_the_days_are_free_again(cast: Any, note: Any, as_: Any) -> None:
    answering.refuse(note.pk, by=cast.class_teacher, at=NOW, words="Нет справки")
    assert send(as_(cast.parent), cast).status_code == 302
    assert AbsenceNote.objects.count() == 2


def test_after_the_year_is_closed_nobody_files(cast: Any, as_: Any) -> None:
    close_year(cast)
    assert send(as_(cast.parent), cast).status_code == 422


def test_the_class_of_the_day_answers_for_it(cast: Any, as_: Any) -> None:
    Enrolment.objects.filter(student=cast.student).update(until=MONDAY)
    moved = make.SchoolClassFactory(organisation=cast.school, letter="Б")
    tuesday = MONDAY + datetime.timedelta(days=1)
    make.EnrolmentFactory(student=cast.student, school_class=moved, since=tuesday)
    send(as_(cast.parent), cast, since=MONDAY)
    send(as_(cast.parent), cast, since=tuesday)
    classes = AbsenceNote.objects.order_by("since").values_list("school_class", flat=True)
    assert list(classes) == [cast.class_7a.pk, moved.pk]


# --- Who may file ------------------------------------------------------------------------------------


def test_a_student_of_any_age_cannot_file(cast: Any, as_: Any) -> None:
    client, address = as_(cast.student), reverse("diary:note-new", args=[cast.student.pk])
    assert client.get(address).status_code == send(client, cast).status_code == 403
    assert (
        "note-new" not in client.get(reverse("diary:attendance-of", args=[cast.student.pk])).content.decode()
    )
    assert not AbsenceNote.objects.exists()


def test_a_guardian_who_may_not_sign_cannot_file(cast: Any, as_: Any) -> None:
    Guardianship.objects.filter(guardian=cast.parent).update(may_sign=False)
    assert send(as_(cast.parent), cast).status_code == 403


def test_a_guardian_who_does_not_see_attendance_knows_no_notes(cast: Any, note: Any, as_: Any) -> None:
    Guardianship.objects.filter(guardian=cast.parent).update(information=["marks"])
    client = as_(cast.parent)
    assert send(client, cast).status_code == 404
    assert client.get(reverse("diary:absence-note", args=[note.pk])).status_code == 404


@pytest.mark.parametrize("role", ["other_parent", "teacher", "class_teacher", "head_teacher", "outsider"])
def test_for_others_there_is_nothing_to_file(cast: Any, as_: Any, role: str) -> None:
    assert send(as_(getattr(cast, role)), cast).status_code == 404


# --- The file ----------------------------------------------------------------------------------------


@pytest.fixture
def with_file(cast: Any, as_: Any) -> AbsenceNote:
    upload = SimpleUploadedFile("Справка.pdf", b"%PDF-1.7 certificate")
    send(as_(cast.parent), cast, upload=upload)
    return AbsenceNote.objects.get()


def test_a_file_goes_with_the_note(cast: Any, with_file: AbsenceNote, as_: Any) -> None:
    assert (with_file.name, with_file.content_type) == ("Справка.pdf", "application/pdf")
    response = as_(cast.class_teacher).get(reverse("diary:absence-note-file", args=[with_file.pk]))
    assert b"".join(response.streaming_content) == b"%PDF-1.7 certificate"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize("content", [b"", b"MZ\x90\x00"])
def test_a_file_that_is_not_what_it_says_is_refused(cast: Any, as_: Any, content: bytes) -> None:
    response = send(as_(cast.parent), cast, upload=SimpleUploadedFile("a.pdf", content))
    assert response.status_code == 422
    assert not AbsenceNote.objects.exists()


@pytest.mark.parametrize("role", ["other_parent", "teacher", "outsider", "administrator"])
def test_others_get_no_file(cast: Any, with_file: AbsenceNote, as_: Any, role: str) -> None:
    client = as_(getattr(cast, role))
    assert client.get(reverse("diary:absence-note-file", args=[with_file.pk])).status_code == 404


def test_a_note_without_a_file_has_none(cast: Any, note: AbsenceNote, as_: Any) -> None:
    assert as_(cast.parent).get(reverse("diary:absence-note-file", args=[note.pk])).status_code == 404


def test_files_of_notes_are_not_cleared_away(with_file: AbsenceNote, settings: Any) -> None:
    settings.REMOVED_FILES_DAYS = -1
    assert remove_unused(at=datetime.datetime.now(datetime.UTC)) == 0
    assert with_file.file.storage.exists(str(with_file.file.name))


# --- Accepting ---------------------------------------------------------------------------------------


def test_one_click_gives_the_reason_to_all_lessons_of_the_days(cast: Any, missed: Any, as_: Any) -> None:
    monday = make.LessonFactory(course=cast.algebra, term=cast.lesson.term, date=MONDAY)
    past = make.AbsenceFactory(lesson=monday, student=cast.student, code="invalid")
    note = make.NoteFactory(
        student=cast.student, school_class=cast.class_7a, by=cast.parent, since=MONDAY, until=FRIDAY
    )
    response = answer(as_(cast.class_teacher), note)
    assert response["Location"] == reverse("diary:class-absences", args=[cast.class_7a.pk])
    assert (code_of(missed), code_of(past)) == ("ill", "ill")
    assert (note.outcome.kind, note.outcome.by, note.outcome.at) == ("accepted", cast.class_teacher, NOW)


def test_a_note_on_lessons_touches_no_other_lesson(cast: Any, missed: Any, as_: Any) -> None:
    fifth = make.LessonFactory(course=cast.algebra, term=cast.lesson.term, number=5)
    other = make.AbsenceFactory(lesson=fifth, student=cast.student)
    note = make.NoteFactory(
        student=cast.student, school_class=cast.class_7a, by=cast.parent, lesson_numbers=[5]
    )
    answer(as_(cast.class_teacher), note)
    assert (code_of(missed), code_of(other)) == ("unstated", "ill")


def test_nobody_else_is_touched(cast: Any, note: Any, as_: Any) -> None:
    theirs = make.AbsenceFactory(lesson=cast.lesson, student=cast.classmate)
    late = make.AbsenceFactory(lesson=cast.lesson, student=cast.student, code="late", minutes=5)
    answer(as_(cast.class_teacher), note)
    assert (code_of(theirs), code_of(late)) == ("unstated", "late")


def test_in_a_closed_term_a_note_is_still_accepted(cast: Any, missed: Any, note: Any, as_: Any) -> None:
    TermClosure.objects.create(term=cast.lesson.term, at=NOW, by=cast.head_teacher)
    answer(as_(cast.class_teacher), note)
    assert code_of(missed) == "ill"


def close_year(cast: Any) -> None:
    YearClosure.objects.create(
        organisation=cast.school, year=cast.class_7a.year, at=NOW, by=cast.head_teacher
    )


def test_after_the_year_is_closed_nobody_answers(cast: Any, missed: Any, note: Any, as_: Any) -> None:
    close_year(cast)
    client = as_(cast.class_teacher)
    assert answer(client, note).status_code == answer(client, note, "refusal", words="—").status_code == 403
    assert code_of(missed) == "unstated"


def test_the_history_names_the_note_as_the_cause(cast: Any, missed: Any, note: Any, as_: Any) -> None:
    answer(as_(cast.class_teacher), note)
    newest = cell_history(cast.lesson, cast.student)[0]
    assert newest.reason == "заявление семьи от 16\u00a0декабря: болезнь"
    assert (newest.was, newest.became) == ("причина не указана", "болезнь")
    assert newest.who == cast.class_teacher.short_name


def test_after_the_class_teacher_changes_the_new_one_answers(
    cast: Any, missed: Any, note: Any, as_: Any
) -> None:
    ClassTeacher.objects.filter(school_class=cast.class_7a).update(until=MONDAY)
    make.ClassTeacherFactory(school_class=cast.class_7a, person=cast.teacher, since=TODAY)
    assert answer(as_(cast.class_teacher), note).status_code == 404
    assert answer(as_(cast.teacher), note).status_code == 302
    assert code_of(missed) == "ill"


@pytest.mark.parametrize(
    ("role", "status"),
    [("parent", 403), ("student", 403), ("head_teacher", 403), ("teacher", 404), ("outsider", 404)],
)
def test_only_the_class_teacher_answers(cast: Any, note: Any, as_: Any, role: str, status: int) -> None:
    client = as_(getattr(cast, role))
    assert answer(client, note).status_code == status
    assert answer(client, note, "refusal", words="Нет").status_code == status
    assert AbsenceNote.objects.waiting().exists()


# --- Refusing and taking back ------------------------------------------------------------------------


def test_a_refusal_says_why_and_the_family_reads_it(cast: Any, missed: Any, note: Any, as_: Any) -> None:
    assert answer(as_(cast.class_teacher), note, "refusal", words="Нет справки").status_code == 302
    page = as_(cast.parent).get(reverse("diary:attendance-of", args=[cast.student.pk]))
    assert "Нет справки" in page.content.decode()
    assert code_of(missed) == "unstated"


@pytest.mark.parametrize("words", ["", "  ", "а" * 301])
def test_a_refusal_without_words_is_none(cast: Any, note: Any, as_: Any, words: str) -> None:
    assert answer(as_(cast.class_teacher), note, "refusal", words=words).status_code == 422
    assert AbsenceNote.objects.waiting().exists()


def test_who_filed_takes_it_back(cast: Any, note: Any, as_: Any) -> None:
    assert answer(as_(cast.parent), note, "withdrawal").status_code == 302
    assert NoteOutcome.objects.get().kind == "withdrawn"


def test_another_guardian_reads_the_note_and_cannot_take_it_back(cast: Any, note: Any, as_: Any) -> None:
    make.GuardianshipFactory(guardian=cast.other_parent, child=cast.student)
    client = as_(cast.other_parent)
    assert client.get(reverse("diary:absence-note", args=[note.pk])).status_code == 200
    assert answer(client, note, "withdrawal").status_code == 403


@pytest.mark.parametrize("first", ["accept", "refuse", "withdraw"])
def test_a_note_has_one_outcome(cast: Any, missed: Any, note: Any, as_: Any, first: str) -> None:
    if first == "withdraw":
        withdraw(note, by=cast.parent, at=NOW)
    else:
        words = {"words": "Нет"} if first == "refuse" else {}
        getattr(answering, first)(note.pk, by=cast.class_teacher, at=NOW, **words)
    became = code_of(missed)
    teacher, parent = as_(cast.class_teacher), as_(cast.parent)
    for late in (answer(teacher, note), answer(parent, note, "withdrawal")):
        assert late["Location"] == reverse("diary:absence-note", args=[note.pk])
    with pytest.raises(AnsweredAlready):
        answering.refuse(note.pk, by=cast.class_teacher, at=NOW, words="Нет")
    assert (NoteOutcome.objects.count(), code_of(missed)) == (1, became)


# --- What is entered later ---------------------------------------------------------------------------


@pytest.fixture
def accepted(cast: Any, note: AbsenceNote) -> AbsenceNote:
    answering.accept(note.pk, by=cast.class_teacher, at=NOW)
    return note


def call_roll(client: Any, cast: Any, code: str, shown: str = "0::") -> Any:
    typed = {f"absence-{cast.student.pk}": code, f"shown-absence-{cast.student.pk}": shown}
    typed |= {f"absence-{cast.classmate.pk}": "", f"shown-absence-{cast.classmate.pk}": "0::"}
    return client.post(reverse("diary:lesson", args=[cast.lesson.pk]), typed)


def test_an_absence_entered_later_takes_the_reason(cast: Any, accepted: Any, as_: Any) -> None:
    assert call_roll(as_(cast.teacher), cast, "unstated").status_code == 302
    assert code_of(Absence.objects.get()) == "ill"
    assert "заявление семьи" in cell_history(cast.lesson, cast.student)[0].reason


def test_the_same_roll_sent_twice_is_no_conflict(cast: Any, accepted: Any, as_: Any) -> None:
    call_roll(as_(cast.teacher), cast, "unstated")
    assert call_roll(as_(cast.teacher), cast, "unstated").status_code == 302
    assert Absence.objects.get().version == 1


@pytest.mark.parametrize("code", ["valid", "late", "exempt"])
def test_what_the_teacher_says_otherwise_stays(cast: Any, accepted: Any, as_: Any, code: str) -> None:
    call_roll(as_(cast.teacher), cast, code)
    assert code_of(Absence.objects.get()) == code


def test_others_of_the_roll_take_no_reason(cast: Any, as_: Any) -> None:
    note = make.NoteFactory(student=cast.classmate, school_class=cast.class_7a, by=cast.other_parent)
    answering.accept(note.pk, by=cast.class_teacher, at=NOW)
    call_roll(as_(cast.teacher), cast, "unstated")
    assert code_of(Absence.objects.get()) == "unstated"


def test_a_note_that_waits_gives_no_reason(cast: Any, note: Any, as_: Any) -> None:
    call_roll(as_(cast.teacher), cast, "unstated")
    assert code_of(Absence.objects.get()) == "unstated"


def test_the_teacher_sees_an_accepted_note_on_the_roll(cast: Any, note: Any, as_: Any) -> None:
    address = reverse("diary:lesson", args=[cast.lesson.pk])
    client = as_(cast.teacher)
    assert "заявлено: болезнь" not in client.get(address).content.decode()
    answering.accept(note.pk, by=cast.class_teacher, at=NOW)
    assert "заявлено: болезнь" in client.get(address).content.decode()


def test_the_teacher_sees_it_in_the_grid_without_the_parent_s_words(cast: Any, as_: Any) -> None:
    note = make.NoteFactory(
        student=cast.student, school_class=cast.class_7a, by=cast.parent, until=FRIDAY, text="Ветрянка"
    )
    answering.accept(note.pk, by=cast.class_teacher, at=NOW)
    grid = as_(cast.teacher).get(reverse("diary:journal", args=[cast.algebra.pk])).content.decode()
    assert "б\u00a016–18" in grid
    assert "заявлено: болезнь, 16–18\u00a0декабря" in grid
    assert "Ветрянка" not in grid


def test_in_the_grid_it_takes_the_reason_too(cast: Any, accepted: Any, as_: Any) -> None:
    cell = Cell(as_(cast.teacher), cast.lesson, cast.student, cast.teacher)
    answer = cell.send(absence={"code": "unstated", "minutes": None}).json()
    assert (answer["state"], answer["cell"]["absence"]["code"]) == ("saved", "ill")
    assert "заявление семьи" in cell_history(cast.lesson, cast.student)[0].reason


# --- The class teacher's page ------------------------------------------------------------------------


def test_notes_wait_on_the_page_of_absences_and_are_counted_at_home(cast: Any, note: Any, as_: Any) -> None:
    client = as_(cast.class_teacher)
    page = client.get(reverse("diary:class-absences", args=[cast.class_7a.pk]))
    assert [line["pk"] for line in page.context["notes"]["waiting"]] == [note.pk]
    assert "1 заявление ждёт" in client.get(reverse("diary:teacher-today")).content.decode()


def test_the_head_teacher_reads_notes_without_buttons(cast: Any, note: Any, as_: Any) -> None:
    page = (
        as_(cast.head_teacher).get(reverse("diary:class-absences", args=[cast.class_7a.pk])).content.decode()
    )
    assert reverse("diary:absence-note", args=[note.pk]) in page
    assert reverse("diary:note-acceptance", args=[note.pk]) not in page


def test_many_notes_cost_no_more_statements(cast: Any, note: Any, as_: Any) -> None:
    client = as_(cast.class_teacher)

    def more() -> None:
        for _each in range(6):
            student = make.EnrolmentFactory(school_class=cast.class_7a).student
            make.NoteFactory(student=student, school_class=cast.class_7a, by=cast.other_parent)

    assert_same_statements(lambda: client.get(reverse("diary:class-absences", args=[cast.class_7a.pk])), more)
