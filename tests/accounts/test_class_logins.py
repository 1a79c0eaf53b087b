"""A student lost the password: the class teacher and a guardian hand out a new one, others do not."""

import datetime
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from accounts.models import LoginIssue, User
from schools.models import ClassTeacher, Guardianship, Person
from tests import factories as make
from tests.conftest import NOW, TODAY, Cast
from tests.queries import assert_same_statements

CLASS, CHILDREN = "accounts:class-logins", "accounts:child-logins"
BIRTHDAY = datetime.date(2027, 5, 17)  # the student's fourteenth


@pytest.fixture(autouse=True)
def _quick_hashes(settings: Any) -> None:
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.MD5PasswordHasher",
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    ]


def page_of(person: Person) -> str:
    return reverse("accounts:student-login", args=[person.pk])


def states(client: Any, name: str) -> dict[str, str]:
    context = client.get(reverse(name)).context
    found = [login for each in context.get("classes", []) for login in each["logins"]]
    return {login.student.surname: login.state for login in found or context.get("logins", [])}


@pytest.mark.parametrize(("who", "how"), [("class_teacher", "class-teacher"), ("parent", "guardian")])
def test_a_new_password_is_shown_once_and_recorded(cast: Cast, as_: Any, who: str, how: str) -> None:
    client = as_(getattr(cast, who))
    response = client.post(page_of(cast.student))
    slip = response.context["slip"]
    assert User.objects.get(person=cast.student).check_password(slip.password)
    assert slip.password in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert slip.password not in client.get(page_of(cast.student)).content.decode()
    issue = LoginIssue.objects.get()
    assert (issue.by, issue.how, issue.organisation) == (getattr(cast, who), how, cast.school)


def test_reloading_the_page_of_a_slip_issues_nothing(cast: Cast, as_: Any) -> None:
    client = as_(cast.class_teacher)
    shown = client.get(page_of(cast.student)).context["login"].stamp
    slip = client.post(page_of(cast.student), {"shown": shown}).context["slip"]
    assert client.post(page_of(cast.student), {"shown": shown}).status_code == 409
    assert User.objects.get(person=cast.student).check_password(slip.password)


def test_the_slip_can_be_saved_and_printed(cast: Cast, as_: Any) -> None:
    body = as_(cast.parent).post(page_of(cast.student)).content.decode()
    assert 'href="data:application/pdf;base64,JVBERi' in body
    assert "data-print" in body


def test_every_session_of_the_student_ends(cast: Cast, as_: Any) -> None:
    student = as_(cast.student)
    assert student.get(reverse("diary:home")).status_code == 200
    as_(cast.parent).post(page_of(cast.student))
    assert student.get(reverse("diary:home"))["Location"].startswith(reverse("accounts:sign-in"))


@pytest.mark.parametrize(
    "who", ["outsider", "other_parent", "teacher", "head_teacher", "administrator", "student", "classmate"]
)
def test_for_others_the_page_does_not_exist(cast: Cast, as_: Any, who: str) -> None:
    client, before = as_(getattr(cast, who)), User.objects.get(person=cast.student).password
    assert client.get(page_of(cast.student)).status_code == 404
    assert client.post(page_of(cast.student)).status_code == 404
    assert User.objects.get(person=cast.student).password == before


def test_it_is_a_students_login_and_no_grown_ups(cast: Cast, as_: Any) -> None:
    for person in (cast.parent, cast.teacher, cast.class_teacher):
        assert as_(cast.class_teacher).post(page_of(person)).status_code == 404


def test_rights_end_with_the_tie(cast: Cast, as_: Any) -> None:
    yesterday = TODAY - datetime.timedelta(days=1)
    ClassTeacher.objects.filter(person=cast.class_teacher).update(until=yesterday)
    Guardianship.objects.filter(guardian=cast.parent).update(until=yesterday)
    for who in (cast.class_teacher, cast.parent):
        assert as_(who).post(page_of(cast.student)).status_code == 404


def test_from_the_fourteenth_birthday_gosuslugi_is_the_door(cast: Cast, as_: Any) -> None:
    midnight = datetime.datetime.combine(BIRTHDAY, datetime.time(), tzinfo=NOW.tzinfo)
    with time_machine.travel(midnight - datetime.timedelta(seconds=1), tick=False):
        assert as_(cast.parent).post(page_of(cast.student)).status_code == 200
    with time_machine.travel(midnight, tick=False):
        response = as_(cast.parent).post(page_of(cast.student))
        assert response.status_code == 403
        assert "Госуслуги" in response.content.decode()
    assert LoginIssue.objects.count() == 1


def test_without_a_birth_date_the_file_comes_first(cast: Cast, as_: Any) -> None:
    Person.objects.filter(pk=cast.student.pk).update(birth_date=None)
    response = as_(cast.class_teacher).post(page_of(cast.student))
    assert response.status_code == 403
    assert "даты рождения" in response.content.decode()


@pytest.mark.parametrize(
    "limit",
    [{"may_sign": False}, {"may_write": False}, {"information": ["timetable"]}, {"limits": "Решение суда"}],
)
def test_a_limited_guardian_gets_no_login_that_opens_more(
    cast: Cast, as_: Any, limit: dict[str, Any]
) -> None:
    Guardianship.objects.filter(guardian=cast.parent).update(**limit)
    assert as_(cast.parent).get(page_of(cast.student)).status_code == 200
    assert as_(cast.parent).post(page_of(cast.student)).status_code == 403


def test_a_guardian_who_may_not_see_finds_nothing(cast: Cast, as_: Any) -> None:
    Guardianship.objects.filter(guardian=cast.parent).update(may_see=False)
    assert as_(cast.parent).get(page_of(cast.student)).status_code == 404


@pytest.mark.parametrize("more", ["employment", "office", "own child"])
def test_who_is_more_than_a_student_is_the_administrators(cast: Cast, as_: Any, more: str) -> None:
    {
        "employment": lambda: make.EmploymentFactory(person=cast.student, organisation=cast.other_school),
        "office": lambda: make.AppointmentFactory(person=cast.student, role=4),
        "own child": lambda: make.GuardianshipFactory(guardian=cast.student),
    }[more]()
    for who in (cast.class_teacher, cast.parent):
        assert as_(who).post(page_of(cast.student)).status_code == 403


def test_the_list_says_how_each_login_is(cast: Cast, as_: Any) -> None:
    accounts = User.objects.filter(person=cast.student)
    teacher, family = as_(cast.class_teacher), as_(cast.parent)
    assert states(teacher, CLASS) == {"Соколова": "waiting", "Ёлкин": "waiting"}
    accounts.update(last_login=NOW)
    assert states(family, CHILDREN) == {"Соколова": "used"}
    accounts.update(must_change_password=True, first_password_until=NOW)
    assert states(teacher, CLASS)["Соколова"] == "expired"
    accounts.update(is_active=False)
    assert states(family, CHILDREN) == {"Соколова": "closed"}
    Person.objects.filter(pk=cast.student.pk).update(account=None)
    assert states(teacher, CLASS)["Соколова"] == "none"


@pytest.mark.parametrize(
    "account", [None, {"is_active": False}, {"origin": "esia"}], ids=["no login", "closed", "another door"]
)
def test_without_an_open_login_there_is_nothing_to_press(cast: Cast, as_: Any, account: Any) -> None:
    if account:
        User.objects.filter(person=cast.student).update(**account)
    else:
        Person.objects.filter(pk=cast.student.pk).update(account=None)
    client = as_(cast.class_teacher)
    assert (
        "<form method"
        not in client.get(page_of(cast.student)).content.decode().partition("<main")[2].partition("</main")[0]
    )
    assert client.post(page_of(cast.student)).status_code == 403


def test_of_two_presses_the_slip_shown_last_holds(cast: Cast, as_: Any) -> None:
    client = as_(cast.parent)
    shown = [client.post(page_of(cast.student)).context["slip"].password for _press in range(2)]
    account = User.objects.get(person=cast.student)
    assert [account.check_password(password) for password in shown] == [False, True]


def test_lists_are_of_the_own_class_and_children(cast: Cast, as_: Any) -> None:
    assert "Соколова" not in as_(cast.outsider).get(reverse(CLASS)).content.decode()
    assert "Соколова" not in as_(cast.other_parent).get(reverse(CHILDREN)).content.decode()


def test_the_ways_to_them_stand_under_more_and_on_the_home_page(cast: Cast, as_: Any) -> None:
    assert reverse(CHILDREN) in as_(cast.parent).get(reverse("diary:home")).content.decode()
    assert reverse(CHILDREN) not in as_(cast.student).get(reverse("diary:home")).content.decode()
    assert reverse(CLASS) in as_(cast.class_teacher).get(reverse("more")).content.decode()
    assert reverse(CHILDREN) in as_(cast.parent).get(reverse("more")).content.decode()
    assert reverse(CHILDREN) not in as_(cast.student).get(reverse("more")).content.decode()


def test_the_number_of_statements_does_not_grow(cast: Cast, as_: Any) -> None:
    client = as_(cast.class_teacher)
    for _each in range(2):
        make.EnrolmentFactory(school_class=cast.class_7a, student__account=make.UserFactory())

    def grow() -> None:
        for _each in range(10):
            make.EnrolmentFactory(school_class=cast.class_7a, student__account=make.UserFactory())

    assert_same_statements(lambda: client.get(reverse(CLASS)), grow)


def test_a_class_teacher_here_no_more_issues_no_logins_here(cast: Any, as_: Any) -> None:
    """Leading a class at the school where the person works now opens none at the one left."""
    cast.class_teacher.employments.update(until=datetime.date(2026, 12, 15))
    make.EmploymentFactory(person=cast.class_teacher, organisation=cast.other_school)
    other = make.SchoolClassFactory(organisation=cast.other_school, letter="Б")
    make.ClassTeacherFactory(school_class=other, person=cast.class_teacher)
    client = as_(cast.class_teacher)
    assert client.get(reverse("accounts:class-logins")).status_code == 200
    assert client.get(reverse("accounts:student-login", args=[cast.student.pk])).status_code == 404
