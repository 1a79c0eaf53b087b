"""First passwords: until when they hold, whom they end, who issued them."""

import datetime
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from accounts.issuing.logins import NoLogin, issue_logins, reissue
from accounts.models import LoginIssue, User
from tests import factories as make
from tests.accounts.test_sign_in import sign_in
from tests.conftest import NOW, PASSWORD, Cast
from tests.schools.test_admin_rows import url


@pytest.fixture(autouse=True)
def _quick_hashes(settings: Any) -> None:
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.MD5PasswordHasher",
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    ]


def reissued(cast: Cast) -> Any:
    how = LoginIssue.How.CLASS_TEACHER
    return reissue(cast.student, by=cast.class_teacher, how=how, organisation=cast.school)


def test_a_first_password_must_be_changed_and_expires(cast: Cast, settings: Any) -> None:
    settings.FIRST_PASSWORD_DAYS = 10
    (login,) = issue_logins([make.PersonFactory()])
    account = User.objects.get(username=login.login)
    assert account.must_change_password
    assert account.first_password_until == login.until == NOW + datetime.timedelta(days=10)
    assert not account.first_password_expired(login.until - datetime.timedelta(seconds=1))
    assert account.first_password_expired(login.until)


def test_the_persons_own_password_holds_for_good(cast: Cast) -> None:
    (login,) = issue_logins([make.PersonFactory()])
    account = User.objects.get(username=login.login)
    account.choose_password("own-password-1")
    account.refresh_from_db()
    assert (account.must_change_password, account.first_password_until) == (False, None)
    assert account.check_password("own-password-1")


def test_the_database_refuses_an_expiry_without_a_forced_change(cast: Cast) -> None:
    with pytest.raises(IntegrityError):
        User.objects.filter(person=cast.student).update(first_password_until=NOW)


def test_an_expired_first_password_says_whom_to_ask(cast: Cast, client: Client) -> None:
    login = reissued(cast)
    with time_machine.travel(login.until, tick=False):
        page = sign_in(client, login.login, login.password)
        assert page.status_code == 422
        (words,) = page.context["form"].non_field_errors()
        assert "классного руководителя" in words
        assert sign_in(client, login.login, "wrong").context["form"].non_field_errors() != [words]


def test_a_new_password_ends_the_old_one_and_every_session(cast: Cast, as_: Any, client: Client) -> None:
    phone, school_pc = as_(cast.student), as_(cast.student)
    assert phone.get(reverse("diary:home")).status_code == 200
    login = reissued(cast)
    for device in (phone, school_pc):
        assert device.get(reverse("diary:home"))["Location"].startswith(reverse("accounts:sign-in"))
    assert sign_in(client, login.login).status_code == 422
    assert User.objects.get(username=login.login).check_password(login.password)
    assert login.password != PASSWORD


def test_nobody_elses_session_ends(cast: Cast, as_: Any) -> None:
    mother = as_(cast.parent)
    reissued(cast)
    assert mother.get(reverse("diary:home")).status_code == 200


def test_the_journal_says_who_when_and_on_what_ground(cast: Cast) -> None:
    reissued(cast)
    issue = LoginIssue.objects.get()
    assert (issue.person, issue.account) == (cast.student, cast.student.account)
    assert (issue.by, issue.how, issue.again) == (cast.class_teacher, "class-teacher", True)
    assert (issue.organisation, issue.at) == (cast.school, NOW)


def test_a_command_leaves_its_trace_too(cast: Cast) -> None:
    newcomer = make.PersonFactory()
    issue_logins([newcomer], organisations={newcomer.pk: cast.school.pk})
    issue = LoginIssue.objects.get()
    assert (issue.by, issue.how, issue.again) == (None, "command", False)
    assert issue.organisation == cast.school


def test_without_an_open_login_of_a_school_there_is_nothing_to_issue_anew(cast: Cast) -> None:
    account = User.objects.filter(person=cast.student)
    for closed in ({"is_active": False}, {"is_active": True, "origin": "esia"}, {"origin": "registered"}):
        account.update(**closed)
        with pytest.raises(NoLogin):
            reissued(cast)
    assert not LoginIssue.objects.exists()


def test_the_administrator_reads_the_journal_of_the_own_school_alone(cast: Cast, as_: Any) -> None:
    reissued(cast)
    list_of_issues = url(LoginIssue, "changelist")
    assert "Соколова Мария" in as_(cast.administrator).get(list_of_issues).content.decode()
    assert "Соколова Мария" in as_(cast.region_operator).get(list_of_issues).content.decode()
    assert "Соколова Мария" not in as_(cast.outsider).get(list_of_issues).content.decode()
    assert as_(cast.class_teacher).get(list_of_issues).status_code == 404


def test_nobody_writes_in_the_journal(cast: Cast, as_: Any) -> None:
    reissued(cast)
    page = url(LoginIssue, "change", LoginIssue.objects.get().pk)
    for who in (cast.administrator, cast.region_operator):
        client = as_(who)
        assert client.post(page, {"again": ""}).status_code == 403
        assert client.post(url(LoginIssue, "delete", LoginIssue.objects.get().pk)).status_code == 403
        assert client.get(url(LoginIssue, "add")).status_code == 403
