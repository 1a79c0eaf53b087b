"""Which file is whose: by SNILS, by name and birth date, by the school's login; never a guess."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import EsiaLink, SignInAttempt, User
from schools.models import Person
from tests import factories as make
from tests.accounts.esia.conftest import OID, SNILS, FakeEsia, is_signed_in, link, refusal, save

OTHER_SNILS = "00000060006"
INSTITUTION, LINK = "accounts:esia-institution", "accounts:esia-link"


def page_of(response: Any) -> str:
    return {reverse(INSTITUTION): INSTITUTION, reverse(LINK): LINK}[response["Location"]]


def with_snils(person: Person, snils: str = SNILS) -> Person:
    person.snils = snils
    person.save()
    return person


def cause(client: Client) -> str:
    return str(client.get(reverse(LINK)).context["cause"].value)


def test_a_checked_snils_finds_the_file_whatever_the_surname_is_now(
    cast: Any, esia: FakeEsia, visit: Any
) -> None:
    esia.be(with_snils(cast.parent), lastName="Девичья")
    assert page_of(visit()) == INSTITUTION


@pytest.mark.parametrize("level", ["standard", "verified", "child"])
def test_name_and_birth_date_find_the_only_file_that_has_both(
    cast: Any, esia: FakeEsia, visit: Any, client: Client, level: str
) -> None:
    esia.be(cast.student, level=level)
    assert page_of(visit()) == INSTITUTION
    save(client, cast.school)
    assert EsiaLink.objects.get().basis == "name"


@pytest.mark.parametrize(("surname", "first_name"), [("ЕЛКИН", "Артем"), ("Ёлкин", "артём")])
def test_yo_and_capital_letters_do_not_matter(
    cast: Any, esia: FakeEsia, visit: Any, surname: str, first_name: str
) -> None:
    esia.be(cast.classmate, lastName=surname, firstName=first_name)
    assert page_of(visit()) == INSTITUTION


def test_a_hyphen_is_as_good_as_a_blank(cast: Any, esia: FakeEsia, visit: Any) -> None:
    person = make.PersonFactory(surname="Ёлкина-Ель", birth_date=datetime.date(1990, 1, 1))
    esia.be(person, lastName="Елкина Ель")
    assert page_of(visit()) == INSTITUTION


def test_a_name_without_a_patronymic_is_found(cast: Any, esia: FakeEsia, visit: Any) -> None:
    esia.be(make.PersonFactory(patronymic="", birth_date=datetime.date(1990, 1, 1)))
    assert page_of(visit()) == INSTITUTION


def test_two_files_of_one_name_and_birth_date_are_not_guessed_between(
    cast: Any, esia: FakeEsia, visit: Any, client: Client
) -> None:
    same = {
        name: getattr(cast.parent, name) for name in ("surname", "first_name", "patronymic", "birth_date")
    }
    make.PersonFactory(**same)
    esia.be(cast.parent)
    assert page_of(visit()) == LINK
    assert cause(client) == "several"


def test_a_merged_file_is_nobodys(cast: Any, esia: FakeEsia, visit: Any) -> None:
    same = {
        name: getattr(cast.parent, name) for name in ("surname", "first_name", "patronymic", "birth_date")
    }
    make.PersonFactory(**same, merged_into=cast.parent)
    esia.be(cast.parent)
    assert page_of(visit()) == INSTITUTION


def test_a_namesake_with_another_snils_is_not_the_person(
    cast: Any, esia: FakeEsia, visit: Any, client: Client
) -> None:
    esia.be(with_snils(cast.parent, OTHER_SNILS), snils=SNILS)
    assert page_of(visit()) == LINK
    assert cause(client) == "other-snils"


def test_a_simplified_account_is_never_matched_by_name(
    cast: Any, esia: FakeEsia, visit: Any, client: Client
) -> None:
    birth_date = f"{cast.student.birth_date:%d.%m.%Y}"
    esia.be(with_snils(cast.student), level="simplified", birthDate=birth_date)
    assert page_of(visit()) == LINK
    assert cause(client) == "simplified"


def test_a_snils_that_is_still_being_checked_matches_nothing(cast: Any, esia: FakeEsia, visit: Any) -> None:
    esia.be(with_snils(cast.student), level="standard", verifying=True)
    assert page_of(visit()) == LINK


def test_a_simplified_account_links_with_the_schools_login(
    cast: Any, esia: FakeEsia, visit: Any, client: Client
) -> None:
    esia.be(cast.student, level="simplified")
    visit()
    assert page_of(link(client, cast.student)) == INSTITUTION
    assert save(client, cast.school)["Location"] == reverse("diary:home")
    assert (EsiaLink.objects.get().person, EsiaLink.objects.get().basis) == (cast.student, "login")


def test_a_stranger_may_register(cast: Any, esia: FakeEsia, visit: Any, client: Client) -> None:
    esia.be(make.PersonFactory.build(surname="Незнамова"))
    page = client.get(visit()["Location"]).content.decode()
    assert reverse("account_signup") in page


def test_a_wrong_password_says_no_more_than_at_the_schools_door(
    cast: Any, esia: FakeEsia, visit: Any, client: Client
) -> None:
    esia.be(cast.student, level="simplified")
    visit()
    wrong = link(client, cast.student, "wrong")
    fields = {"username": "nobody", "password": "wrong"}
    unknown = client.post(reverse(LINK), fields)
    assert wrong.status_code == unknown.status_code == 422
    assert wrong.context["form"].non_field_errors() == unknown.context["form"].non_field_errors()


def test_guessing_passwords_is_slowed_down_here_too(
    cast: Any, esia: FakeEsia, visit: Any, client: Client
) -> None:
    esia.be(cast.student, level="simplified")
    visit()
    for _guess in range(5):
        link(client, cast.student, "wrong")
    assert link(client, cast.student).status_code == 422
    assert not EsiaLink.objects.exists()


def test_a_file_merged_meanwhile_is_looked_for_anew(
    cast: Any, esia: FakeEsia, visit: Any, client: Client
) -> None:
    esia.be(cast.parent)
    visit()
    Person.objects.filter(pk=cast.parent.pk).update(merged_into=make.PersonFactory())
    assert refusal(save(client, cast.school)) == "linking-expired"


# --- Refused after the proof ------------------------------------------------------------------------


def test_a_cancelled_account_is_refused(cast: Any, esia: FakeEsia, visit: Any) -> None:
    esia.be(cast.parent, status="DELETED")
    assert refusal(visit()) == "cancelled"


def test_a_closed_account_is_refused_in_words(cast: Any, esia: FakeEsia, visit: Any, client: Client) -> None:
    User.objects.filter(pk=cast.parent.account.pk).update(is_active=False)
    esia.be(cast.parent)
    visit()
    assert refusal(save(client, cast.school)) == "closed"
    assert not is_signed_in(client)


def test_a_refusal_after_the_proof_is_in_the_journal_of_attempts(
    cast: Any, esia: FakeEsia, visit: Any
) -> None:
    esia.be(cast.parent, status="DELETED")
    visit()
    assert SignInAttempt.objects.get().username == f"esia-{OID}"


def test_a_second_identity_of_a_linked_person_is_refused(
    cast: Any, esia: FakeEsia, visit: Any, client: Client
) -> None:
    esia.be(cast.parent)
    visit()
    save(client, cast.school)
    client.post(reverse("accounts:sign-out"))
    esia.be(cast.parent, oid=OID + 1)
    assert refusal(visit()) == "second-identity"


def test_a_second_identity_that_was_quicker_is_refused_at_the_end(
    cast: Any, esia: FakeEsia, visit: Any, client: Client
) -> None:
    esia.be(cast.parent)
    visit()
    EsiaLink.objects.create(
        account=cast.parent.account, person=cast.parent, oid=OID + 1, basis="snils", level="verified"
    )
    assert refusal(save(client, cast.school)) == "second-identity"
    assert not is_signed_in(client)


def test_one_identity_for_two_people_is_refused(cast: Any, esia: FakeEsia, visit: Any) -> None:
    """The link of another file is there, python-social-auth's row is lost."""
    EsiaLink.objects.create(
        account=cast.other_parent.account, person=cast.other_parent, oid=OID, basis="login", level="verified"
    )
    esia.be(cast.parent)
    assert refusal(visit()) == "two-people"


def test_a_parents_snils_in_the_students_file_opens_nothing(cast: Any, esia: FakeEsia, visit: Any) -> None:
    with_snils(cast.student)
    esia.be(cast.parent, snils=SNILS)
    assert refusal(visit()) == "student-record"


def test_a_parent_with_the_childs_slip_is_told_the_cure(
    cast: Any, esia: FakeEsia, visit: Any, client: Client
) -> None:
    esia.be(cast.parent, birthDate="01.01.1986")  # not as in the own file: nothing matches
    visit()
    assert refusal(link(client, cast.student)) == "student-record"
    assert not EsiaLink.objects.exists()


def test_a_childs_account_does_not_open_a_parents_file(
    cast: Any, esia: FakeEsia, visit: Any, client: Client
) -> None:
    with_snils(cast.parent)
    esia.be(cast.student, level="child", snils=SNILS)
    assert refusal(visit()) == "adult-record"


def test_a_simplified_account_of_another_first_name_is_refused(
    cast: Any, esia: FakeEsia, visit: Any, client: Client
) -> None:
    esia.be(cast.parent, level="simplified")
    visit()
    assert refusal(link(client, cast.student)) == "other-data"


def test_a_wrong_birth_date_in_the_students_own_file_gets_other_words(
    cast: Any, esia: FakeEsia, visit: Any
) -> None:
    esia.be(with_snils(cast.student), birthDate="18.05.2012", level="standard")
    assert refusal(visit()) == "other-data"


def test_a_login_without_a_file_waits(
    cast: Any, esia: FakeEsia, visit: Any, client: Client, password_hash: str
) -> None:
    Person.objects.filter(pk=cast.student.pk).update(account=None)
    esia.be(cast.student, level="simplified")
    visit()
    assert refusal(link(client, cast.student)) == "no-file"


def test_a_login_with_a_second_factor_is_not_linked_by_its_password(
    cast: Any, esia: FakeEsia, visit: Any, client: Client
) -> None:
    cast.teacher.account.authenticator_set.create(type="totp", data={"secret": "x"})
    esia.be(cast.teacher, level="simplified")
    visit()
    assert refusal(link(client, cast.teacher)) == "second-factor"


def test_the_outsider_stays_in_the_other_school(
    cast: Any, esia: FakeEsia, visit: Any, client: Client
) -> None:
    esia.be(cast.outsider)
    visit()
    save(client, cast.other_school)
    assert client.get(reverse("diary:week-now", args=[cast.student.pk])).status_code == 404
