"""What `verify_history` finds, and what it passes over."""

import datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from diary.models import Absence, Mark, Remark
from schools import tasks
from schools.chains.retiring import Decision, NotClosed, TooYoung, anonymise, remove_year
from schools.chains.sealing import seal
from schools.chains.verifying import Verification
from schools.models import HistoryChain, HistoryLink, HistoryRetirement, HistorySeal, SealedHead, YearClosure
from tests import factories as make
from tests.conftest import NOW
from tests.diary.test_history_chain import FORGED, findings
from tests.queries import statements

DAY = datetime.timedelta(days=1)
LATER = datetime.datetime(2032, 9, 1, 12, tzinfo=datetime.UTC)
DECISION = Decision(by="Архивариус", reason="Истёк срок хранения", at=LATER)


def run(statement: str) -> None:
    """As the role that owns the tables, which may do everything."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(statement)
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@pytest.fixture
def mark(cast: Any) -> Mark:
    """Given, changed twice: records 2 to 4 after its work's."""
    mark = make.MarkFactory(work__lesson=cast.lesson, student=cast.student, text="3")
    for comment in ("раз", "два"):
        Mark.objects.filter(pk=mark.pk).update(comment=comment)
    return mark


def kinds() -> list[str]:
    return [finding.split(":")[0] for finding in findings()]


def test_what_nobody_touched_is_whole(mark: Mark) -> None:
    seal(NOW)
    out = StringIO()
    call_command("verify_history", stdout=out)
    assert "The history is whole: 4 records in 1 chains." in out.getvalue()


def test_findings_are_lines_and_an_error(mark: Mark) -> None:
    run("UPDATE diary_markevent SET value_id = value_id + 1 WHERE comment = 'раз'")
    out = StringIO()
    with pytest.raises(CommandError, match="1 findings in 4 records in 1 chains"):
        call_command("verify_history", stdout=out)
    assert out.getvalue().startswith(f"altered: course {mark.work.course_id}, term ")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE diary_markevent SET pgh_context = '{\"person\": 1}' WHERE comment = 'раз'",
        "UPDATE diary_markevent SET pgh_created_at = pgh_created_at + interval '1 s' WHERE comment = 'раз'",
        "UPDATE schools_historylink SET digest = sha256('') WHERE number = 4",
    ],
)
def test_an_altered_record_is_found(mark: Mark, change: str) -> None:
    run(change)
    assert kinds() == ["altered"]


def test_a_removed_event_is_found(mark: Mark) -> None:
    run("DELETE FROM diary_markevent WHERE comment = 'раз'")
    assert kinds() == ["removed"]


def test_an_event_removed_with_its_link_is_found(mark: Mark) -> None:
    run("DELETE FROM diary_markevent WHERE comment = 'раз'; DELETE FROM schools_historylink WHERE number = 3")
    assert kinds() == ["removed"]
    assert "records 3 to 3 are gone" in findings()[0]


def test_renumbering_what_follows_does_not_hide_it(mark: Mark) -> None:
    run("DELETE FROM diary_markevent WHERE comment = 'раз'; DELETE FROM schools_historylink WHERE number = 3")
    run("UPDATE schools_historylink SET number = 3 WHERE number = 4")
    assert kinds() == ["altered"]


CUT = "DELETE FROM diary_markevent WHERE comment = 'два'; DELETE FROM schools_historylink WHERE number = 4"


def test_a_tail_cut_off_after_a_seal_is_found(mark: Mark) -> None:
    seal(NOW)
    run(CUT)
    run("ALTER TABLE diary_mark DISABLE TRIGGER USER; UPDATE diary_mark SET comment = 'раз'")
    assert kinds() == ["cut off"]
    assert "seal 1 knows 4 records, 3 are there" in findings()[0]


def test_a_tail_written_anew_after_a_seal_is_found(mark: Mark) -> None:
    seal(NOW)
    run(CUT)
    Mark.objects.update(comment="иначе")
    assert kinds() == ["not as sealed"]


def test_a_whole_chain_that_is_gone_is_found(mark: Mark) -> None:
    seal(NOW)
    run("DELETE FROM schools_historychain; DELETE FROM schools_historylink; DELETE FROM diary_workevent")
    run("DELETE FROM diary_markevent")
    assert kinds()[0] == "cut off"


def test_an_event_inserted_past_the_triggers_is_found(mark: Mark) -> None:
    run("ALTER TABLE diary_markevent DISABLE TRIGGER USER")
    run(FORGED)
    assert kinds()[0] == "inserted"


def test_a_backdated_event_is_found(mark: Mark) -> None:
    """Even where the one who forged it made its link fit."""
    run(
        "UPDATE diary_markevent SET pgh_created_at = pgh_created_at - interval '2 days' WHERE comment = 'два'"
    )
    assert "out of order" in kinds()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE diary_mark SET value_id = value_id + 1",
        "DELETE FROM diary_mark",
        "INSERT INTO diary_absence (student_id, lesson_id, code, version) "
        "SELECT mark.student_id, work.lesson_id, 'ill', 1 "
        "FROM diary_mark AS mark JOIN diary_work AS work ON work.id = work_id",
    ],
)
def test_a_row_changed_without_an_event_is_found(mark: Mark, change: str) -> None:
    run("ALTER TABLE diary_mark DISABLE TRIGGER USER; ALTER TABLE diary_absence DISABLE TRIGGER USER")
    run(change)
    assert kinds() == ["changed without an event"]


# --- Seals ---------------------------------------------------------------------------------------


def test_a_seal_takes_in_what_grew(cast: Any, mark: Mark) -> None:
    assert [seal(NOW).heads, seal(NOW + DAY).heads] == [1, 0]
    Mark.objects.update(comment="три")
    assert seal(NOW + 2 * DAY).heads == 1
    assert findings() == []


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE schools_sealedhead SET digest = sha256('')",
        "UPDATE schools_historyseal SET at = at - interval '1 day'",
        "UPDATE schools_historyseal SET digest = repeat('0', 64)",
        "UPDATE schools_historyseal SET signature = repeat('0', 64)",
    ],
)
def test_a_changed_seal_is_found(mark: Mark, change: str) -> None:
    seal(NOW)
    run(change)
    assert "bad seal" in kinds()


def test_a_removed_seal_is_found_by_the_next(mark: Mark) -> None:
    seal(NOW)
    Mark.objects.update(comment="три")
    seal(NOW + DAY)
    run("DELETE FROM schools_sealedhead WHERE seal_id = 1; DELETE FROM schools_historyseal WHERE number = 1")
    assert kinds() == ["bad seal"]


def test_seals_of_an_old_key_hold_while_we_have_it(mark: Mark, settings: Any) -> None:
    seal(NOW)
    old = settings.HISTORY_SEAL_KEYS
    settings.HISTORY_SEAL_KEYS = ["new", *old]
    seal(NOW + DAY)
    assert findings() == []
    settings.HISTORY_SEAL_KEYS = ["new"]
    assert kinds() == ["bad seal"]


def test_a_seal_kept_elsewhere_is_asked_for(mark: Mark) -> None:
    line = StringIO()
    call_command("seal_history", stdout=line)
    digest = line.getvalue().split()[-1]
    call_command("verify_history", kept=digest, stdout=StringIO())
    run("DELETE FROM schools_sealedhead; DELETE FROM schools_historyseal")
    seal(NOW + DAY)
    with pytest.raises(CommandError):
        call_command("verify_history", kept=digest, stdout=StringIO())


def test_the_worker_writes_the_line_to_the_log(mark: Mark, caplog: Any) -> None:
    tasks.seal_history()
    assert HistorySeal.objects.get().digest in caplog.text


def add_head(seal_number: int, number: int) -> None:
    for chain in HistoryChain.objects.all():
        SealedHead.objects.create(chain=chain, number=number, digest=b"made up", seal_id=seal_number)


def test_a_complete_seal_takes_no_more_heads(mark: Mark) -> None:
    seal(NOW)
    with pytest.raises(IntegrityError, match="complete"), transaction.atomic():
        add_head(1, 1_000_000)


@pytest.mark.parametrize("number", [5, 1_000_000])
def test_a_head_of_a_forged_seal_hides_nothing(mark: Mark, number: int) -> None:
    """Neither from the seals that follow, nor from whoever trusts what was sealed."""
    seal(NOW)
    add_head(2, number)
    HistorySeal.objects.create(number=2, at=NOW, heads=1, digest="0" * 64, signature="0" * 64)
    for day, comment in enumerate(("три", "четыре"), start=1):
        Mark.objects.update(comment=comment)
        seal(NOW + day * DAY)
    assert SealedHead.objects.filter(seal=4, number=6).exists()
    run("UPDATE diary_markevent SET value_id = value_id + 1 WHERE comment = 'четыре'")
    found = Verification(since=NOW + DAY / 2).findings()
    assert {finding.kind.value for finding in found} >= {"bad seal", "altered"}


# --- In part -------------------------------------------------------------------------------------


def test_what_was_sealed_before_a_day_can_be_trusted(mark: Mark) -> None:
    seal(NOW)
    run("UPDATE diary_markevent SET value_id = value_id + 1 WHERE comment = 'раз'")
    call_command("verify_history", since=NOW.date() + DAY, stdout=StringIO())
    with pytest.raises(CommandError):
        call_command("verify_history", since=NOW.date(), stdout=StringIO())


def test_one_course_can_be_verified_alone(cast: Any, mark: Mark) -> None:
    run("UPDATE diary_markevent SET value_id = value_id + 1 WHERE comment = 'раз'")
    other = make.CourseFactory(school_class=cast.class_7a)
    lesson = make.LessonFactory(course=other, term=cast.lesson.term, number=4)
    make.AbsenceFactory(lesson=lesson, student=cast.student)
    call_command("verify_history", course=other.pk, stdout=StringIO())
    with pytest.raises(CommandError):
        call_command("verify_history", course=cast.algebra.pk, stdout=StringIO())


def test_statements_do_not_grow_with_the_records(mark: Mark) -> None:
    before = len(statements(findings))
    for number in range(20):
        Mark.objects.update(comment=str(number))
    assert len(statements(findings)) == before


# --- Retention and anonymising -------------------------------------------------------------------


def close_year(cast: Any) -> None:
    for school in (cast.school, cast.other_school):
        YearClosure.objects.create(organisation=school, year=cast.algebra.year, at=NOW, by=cast.head_teacher)


@pytest.fixture
def closed_year(cast: Any, mark: Mark) -> Any:
    close_year(cast)
    return cast.algebra.year


def test_a_retired_year_verifies(cast: Any, closed_year: Any) -> None:
    seal(NOW)
    assert remove_year(closed_year, DECISION) == (1, 4)
    assert Mark.pgh_event_model.objects.count() == 0  # type: ignore[attr-defined]
    assert findings() == []


def test_behaviour_goes_with_its_year(cast: Any, mark: Mark) -> None:
    make.BehaviourMarkFactory(school_class=cast.class_7a, student=cast.student, term=cast.lesson.term)
    close_year(cast)
    assert remove_year(cast.algebra.year, DECISION) == (2, 5)
    assert HistoryLink.objects.count() == 0


def test_a_chain_goes_on_after_its_beginning_was_retired(cast: Any, closed_year: Any) -> None:
    remove_year(closed_year, DECISION)
    make.AbsenceFactory(lesson=cast.lesson, student=cast.classmate)
    seal(NOW)
    assert findings() == []
    Absence.objects.all().delete()
    assert remove_year(closed_year, DECISION) == (1, 2)
    assert findings() == []


def test_a_record_that_we_did_not_sign_excuses_nothing(closed_year: Any) -> None:
    seal(NOW)
    remove_year(closed_year, DECISION)
    run("UPDATE schools_historyretirement SET reason = 'иначе'")
    assert set(kinds()) >= {"bad retirement", "cut off"}


def test_a_young_year_and_an_open_one_stay(cast: Any, mark: Mark) -> None:
    with pytest.raises(TooYoung):
        remove_year(cast.algebra.year, Decision(by="А", reason="Б", at=NOW))
    with pytest.raises(NotClosed):
        remove_year(cast.algebra.year, DECISION)


def test_the_command_removes_nothing_too_early(cast: Any, mark: Mark) -> None:
    with pytest.raises(CommandError, match="kept until 2032-08-31"):
        call_command("retire_history", year=2026, by="Архивариус", reason="Срок", stdout=StringIO())


def test_texts_about_a_student_go_and_the_rest_is_proved(cast: Any, mark: Mark) -> None:
    make.RemarkFactory(lesson=cast.lesson, student=cast.student)
    make.RemarkFactory(lesson=cast.lesson, student=cast.classmate)
    Mark.objects.update(comment="")
    Remark.objects.filter(student=cast.student).delete()
    seal(NOW)
    assert anonymise(cast.student, DECISION) == 4
    assert set(Mark.pgh_event_model.objects.values_list("comment", flat=True)) == {""}  # type: ignore[attr-defined]
    assert findings() == []


def test_what_the_journal_still_says_stays_in_its_last_event(cast: Any, mark: Mark) -> None:
    assert anonymise(cast.student, DECISION) == 1
    assert set(Mark.pgh_event_model.objects.values_list("comment", flat=True)) == {"", "два"}  # type: ignore[attr-defined]
    assert findings() == []


def test_what_anonymising_left_cannot_be_altered(cast: Any, mark: Mark) -> None:
    Mark.objects.update(comment="")
    anonymise(cast.student, DECISION)
    run("UPDATE diary_markevent SET value_id = value_id + 1")
    assert "altered" in kinds()


def test_anonymising_again_takes_the_earlier_record_in(cast: Any, mark: Mark) -> None:
    make.RemarkFactory(lesson=cast.lesson, student=cast.classmate)
    Mark.objects.update(comment="")
    make.RemarkFactory(lesson=cast.lesson, student=cast.student)
    Remark.objects.all().delete()
    anonymise(cast.student, DECISION)
    anonymise(cast.classmate, DECISION)
    assert HistoryRetirement.objects.count() == 2
    assert findings() == []
