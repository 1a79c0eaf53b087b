"""The people and lessons of a loaded region."""

import datetime
from collections import Counter
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from accounts.models import User
from demo import cast
from demo.loading import Request
from demo.names import patronymic, surname_for
from diary.averages import averages_of
from diary.models import Absence, AbsenceNote, BehaviourMark, Homework, Mark, Result, Work
from schedule.models import Lesson, LessonChange, TimetableEntry
from schools.chains.verifying import Verification
from schools.models import (
    ClassTeacher,
    Enrolment,
    Guardianship,
    Organisation,
    Person,
    Region,
    Term,
    Territory,
)

pytestmark = pytest.mark.usefixtures("region", "_database")


@pytest.fixture
def _database(django_db_blocker: Any) -> Any:
    with django_db_blocker.unblock():
        yield


def person(username: str) -> Person:
    found = User.objects.get(username=username).person
    assert isinstance(found, Person)
    return found


def age(born: datetime.date | None, on: datetime.date) -> int:
    assert born is not None
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def test_the_map_is_the_whole_regions_and_marked_as_a_demo() -> None:
    assert Region.objects.get().demo_since is not None
    assert Territory.objects.count() > 10


@pytest.mark.parametrize("login", cast.LOGINS, ids=lambda login: login.username)
def test_fixed_logins_sign_in(login: cast.Login) -> None:
    client = Client()
    assert client.login(username=login.username, password=cast.PASSWORD)
    assert person(login.username).full_name == f"{login.surname} {login.first_name} {login.patronymic}"


@pytest.mark.parametrize("login", cast.LOGINS, ids=lambda login: login.username)
def test_home_page_opens_for_every_login(login: cast.Login) -> None:
    client = Client()
    typed = {"username": login.username, "password": cast.PASSWORD}
    assert client.post(reverse("accounts:sign-in"), typed, follow=True).status_code == 200
    assert client.get(reverse("diary:home"), follow=True).status_code == 200


@pytest.mark.parametrize("sex", ["m", "f"])
def test_names_agree_with_sex(sex: str) -> None:
    ending = "на" if sex == "f" else "ич"
    for someone in Person.objects.filter(sex=sex).exclude(patronymic=""):
        assert someone.patronymic.endswith(ending), someone
        assert not (someone.surname.endswith(("ова", "ева", "ина", "ская")) and sex == "m"), someone


def test_children_have_their_fathers_name_and_surname() -> None:
    fathers = Guardianship.objects.filter(kind="father").select_related("guardian", "child")
    assert fathers
    for tie in fathers:
        child, father = tie.child, tie.guardian
        assert child.patronymic == patronymic(father.first_name, child.sex)
        assert child.surname == surname_for(father.surname, child.sex)


def test_the_children_are_12_and_15_and_the_youngest_is_in_another_territory(region: Request) -> None:
    children = {tie.child for tie in person("parent").guardianships.select_related("child")}
    assert {person("student"), person("student15")} < children
    assert sorted(age(child.birth_date, region.today) for child in children) == [9, 12, 15]
    territories = {
        tie.school_class.organisation.locality.municipality.territory_id
        for tie in Enrolment.objects.filter(student__in=children)
    }
    assert len(territories) == 2


def test_unusual_names_are_there() -> None:
    assert Person.objects.filter(enrolments__isnull=False, patronymic="").exists()
    assert Person.objects.filter(surname__icontains="ё").exists()
    assert max(len(someone.full_name) for someone in Person.objects.all()) > 45


def test_some_families_have_several_children_and_some_one_guardian() -> None:
    children = Counter(Guardianship.objects.filter(kind="mother").values_list("guardian", flat=True))
    assert max(children.values()) >= 2
    guardians = Counter(Guardianship.objects.values_list("child", flat=True))
    assert set(guardians.values()) == {1, 2}


def test_somebody_is_at_two_schools_to_try_the_switch_with() -> None:
    assert person("headteacher").employments.count() == 2


def test_no_room_is_taken_twice() -> None:
    entries = TimetableEntry.objects.filter(room__shared=False)
    taken = Counter(entries.values_list("room", "weekday", "shift", "number"))
    assert max(taken.values()) == 1


def test_every_class_has_a_class_teacher() -> None:
    assert set(ClassTeacher.objects.values_list("school_class", flat=True)) == set(
        Enrolment.objects.values_list("school_class", flat=True)
    )


def test_the_teacher_teaches_on_every_weekday_and_the_parents_child() -> None:
    entries = TimetableEntry.objects.filter(teacher=person("teacher"))
    assert set(entries.values_list("weekday", flat=True)) == {1, 2, 3, 4, 5}
    child_class = person("student").enrolments.get().school_class
    assert entries.filter(course__school_class=child_class).exists()
    assert entries.values("course__school_class").distinct().count() > 1


def test_the_class_teacher_leads_and_teaches_the_students_class() -> None:
    led = person("classteacher").classes_led.get().school_class
    assert led == person("student").enrolments.get().school_class
    assert TimetableEntry.objects.filter(teacher=person("classteacher"), course__school_class=led).exists()


def test_the_second_shift_ends_by_seven() -> None:
    second = Lesson.objects.filter(shift=2)
    assert second.exists()
    assert all(lesson.ends <= datetime.time(19) for lesson in second)


def test_journal_is_kept_up_to_today_and_not_further(region: Request) -> None:
    past = Lesson.objects.filter(date__lt=region.today).exclude(state="cancelled")
    kept = past.filter(roll_called_by__isnull=False).exclude(topic="").count()
    assert kept > 0.95 * past.count()
    assert not Lesson.objects.filter(date__gt=region.today, roll_called_by__isnull=False).exists()
    assert not Mark.objects.filter(work__date__gt=region.today).exists()
    today = Lesson.objects.filter(date=region.today).exclude(state="cancelled")
    assert 0 < today.filter(state="held").count() < today.count()


def test_homework_for_tomorrow_is_there(region: Request) -> None:
    assert Homework.objects.filter(due_on=region.today + datetime.timedelta(days=1)).exists()
    assert Homework.objects.filter(text__contains="№\u00a0").exists()


def test_grade_1_has_no_marks_and_the_others_do() -> None:
    graded = set(Mark.objects.values_list("student__enrolments__school_class__grade", flat=True))
    assert graded == {3, 6, 9, 10}


def test_nobody_absent_has_a_mark_in_that_lesson() -> None:
    away = Absence.objects.exclude(code="late").values_list("student", "lesson")
    marked = Mark.objects.values_list("student", "work__lesson")
    assert not set(away) & set(marked)


def test_planned_tests_and_every_kind_of_change_are_there(region: Request) -> None:
    assert Work.objects.filter(date__gt=region.today, marks=None).exists()
    assert set(LessonChange.objects.values_list("kind", flat=True)) == {"cancelled", "moved", "substituted"}


def test_history_says_where_the_marks_come_from() -> None:
    events = apps.get_model("diary", "MarkEvent")._default_manager.filter(pgh_label="insert")
    assert events.count() == Mark.objects.count()
    assert {event.pgh_context["means"] for event in events[:10]} == {"demo"}


def test_organisation_codes_are_well_formed() -> None:
    for code in Organisation.objects.values_list("code", flat=True):
        assert len(code) == 13
        assert int(code[:12]) % 11 % 10 == int(code[12])


def test_its_history_verifies(region: Request) -> None:
    assert [str(finding) for finding in Verification().findings()] == []


def test_terms_that_are_over_have_their_results(region: Request) -> None:
    over = Term.objects.filter(until__lt=region.today)
    results = Result.objects.filter(kind="term")
    assert set(results.values_list("term", flat=True)) == set(over.values_list("pk", flat=True))
    assert missing(over.values_list("pk", flat=True)) == 0
    assert results.exclude(reason="").exists()
    assert BehaviourMark.objects.exists()


def missing(terms: Any) -> int:
    """Students of a course with marks in a term who have no result of it."""
    marks = Mark.objects.filter(work__lesson__term__in=terms)
    marked = set(marks.values_list("work__lesson__term", "work__course", "student"))
    return len(marked - set(Result.objects.values_list("term", "course", "student")))


def test_a_result_follows_from_the_stored_marks(region: Request) -> None:
    for result in Result.objects.select_related("course__subject", "term").order_by("pk")[:50]:
        found = averages_of(result.course, result.term, [result.student_id])  # type: ignore[arg-type]
        assert found[result.student_id] == result.average


def test_notes_of_every_outcome_are_there(region: Request) -> None:
    notes = AbsenceNote.objects.filter(student=person("student"))
    kinds = set(notes.values_list("outcome__kind", flat=True))
    assert kinds == {"accepted", "refused", None}
    assert not Absence.objects.filter(
        student=person("student"),
        lesson__date__range=(notes.accepted().get().since, notes.accepted().get().until),
        code=Absence.Code.UNSTATED,
    )
