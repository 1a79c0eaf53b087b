"""First logins: readable, free, shown once and kept nowhere."""

import datetime
import logging
import math
import re

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from accounts.issuing import logins
from accounts.issuing.logins import first_password, issue_logins, login_stem
from accounts.models import User
from schools.models import Person
from tests import factories as make


@pytest.fixture(autouse=True)
def _quick_hashes(settings):
    """The real ones take half a second each."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.mark.parametrize(
    ("surname", "stem"),
    [
        ("Иванов", "ivanov"),
        ("Ёлкина", "elkina"),
        ("Щукина-Юрьева", "shchukinayureva"),
        ("Müller", "muller"),
        ("О’Коннор", "okonnor"),
        ("李", "user"),
        ("Объездчиков" * 5, "obezdchikovobezdchik"),
    ],
)
def test_a_login_begins_with_the_surname_in_latin_letters(surname, stem):
    assert login_stem(surname) == stem


@given(surname=st.text())
def test_any_surname_makes_a_login(surname):
    assert re.fullmatch("[a-z]{1,20}", login_stem(surname))


def test_passwords_are_pronounceable_and_strong_enough():
    syllables = len(logins.CONSONANTS) * len(logins.VOWELS)
    assert math.log2(syllables**logins.SYLLABLES * len(logins.DIGITS) ** logins.FINAL_DIGITS) >= 40
    assert pytest.approx(40.8, abs=0.1) == logins.PASSWORD_BITS
    passwords = {first_password() for _try in range(500)}
    assert len(passwords) == 500
    assert all(re.fullmatch(r"(?:[b-z][aeiu][b-z][aeiu]-){3}[2-9]{2}", password) for password in passwords)
    assert not set("".join(passwords)) & set("l1o0cjwqxy")


@pytest.mark.django_db
def test_everybody_without_an_account_gets_one():
    people = [make.PersonFactory(surname="Иванов") for _person in range(3)]
    people.append(make.PersonFactory(account=make.UserFactory()))
    issued = issue_logins([*people, people[0]])
    assert [login.person.pk for login in issued] == [person.pk for person in people[:3]]
    for login in issued:
        account = Person.objects.get(pk=login.person.pk).account
        assert account is not None
        assert re.fullmatch(r"ivanov\d{2}", account.username)
        assert account.check_password(login.password)
        assert login.password not in account.password


@pytest.mark.django_db
def test_two_hundred_namesakes_get_two_hundred_logins():
    User.objects.bulk_create(User(username=f"ivanov{number}") for number in range(10, 100))
    issued = issue_logins([make.PersonFactory(surname="Иванов") for _person in range(110)])
    assert len({login.login for login in issued}) == 110


@pytest.mark.django_db
def test_the_number_of_statements_does_not_grow(django_assert_max_num_queries):
    people = [make.PersonFactory(surname=f"Иванов{'а' * number}") for number in range(60)]
    with django_assert_max_num_queries(12):
        issue_logins(people)


@pytest.mark.django_db
def test_a_file_merged_into_another_gets_none():
    assert issue_logins([make.PersonFactory(merged_into=make.PersonFactory())]) == []


@pytest.mark.django_db
def test_passwords_are_neither_logged_nor_represented(caplog):
    with caplog.at_level(logging.DEBUG):
        (login,) = issue_logins([make.PersonFactory()])
    assert login.password not in caplog.text
    assert login.password not in repr(login)


@pytest.mark.django_db
def test_a_failure_makes_no_account_at_all(monkeypatch):
    monkeypatch.setattr(Person.objects, "bulk_update", lambda *args: 1 / 0)
    person = make.PersonFactory()
    with pytest.raises(ZeroDivisionError):
        issue_logins([person])
    assert not User.objects.exists()


# --- The command ----------------------------------------------------------------------------------


def _run(capsys, *arguments: str) -> str:
    call_command("issue_logins", *arguments)
    return capsys.readouterr().out


def _without_accounts(cast) -> None:
    Person.objects.update(account=None)


def test_the_command_prints_a_class_with_its_parents(cast, capsys):
    _without_accounts(cast)
    out = _run(capsys, "--organisation", cast.school.code, "--class", "7 «а»", "--guardians")
    assert [name in out for name in ("Соколова Мария", "Ёлкин Артём", "Соколова Анна")] == [True] * 3
    assert not any(name in out for name in ("Кузнецова", "Чужих"))
    assert "Соколова Мария" not in _run(capsys, "--organisation", cast.school.code, "--class", "7А")


def test_the_command_prints_the_teachers_of_one_school(cast, capsys):
    _without_accounts(cast)
    out = _run(capsys, "--organisation", cast.school.code, "--teachers")
    assert "Кузнецова Елена" in out
    assert not any(name in out for name in ("Чужих", "Соколова"))


def test_who_left_gets_none(cast, capsys):
    _without_accounts(cast)
    cast.teacher.employments.update(until=datetime.date(2026, 12, 15))
    cast.student.enrolments.update(until=datetime.date(2026, 12, 15))
    out = _run(capsys, "--organisation", cast.school.code, "--teachers", "--class", "7А", "--guardians")
    assert not any(name in out for name in ("Кузнецова Елена", "Соколова"))
    assert "Ёлкин" in out


@pytest.mark.parametrize(
    "arguments",
    [
        ["--organisation", "1"],
        ["--organisation", "0", "--teachers"],
        ["--organisation", "1", "--class", "11Я"],
    ],
)
def test_the_command_says_what_is_wrong(cast, arguments):
    cast.school.code = "1"
    cast.school.save()
    with pytest.raises(CommandError):
        call_command("issue_logins", *arguments)
