"""The first sign-in through ESIA: the file is found, institution and question are asked, all is linked."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from social_django.models import Partial, UserSocialAuth

from accounts.models import EsiaLink, SecretQuestion, User
from schools.models import Person, SignIn
from tests import factories as make
from tests.accounts.esia.conftest import OID, SNILS, FakeEsia, is_signed_in, refusal, save
from tests.queries import assert_same_statements

KID = {
    "oid": 1_000_300_004,
    "firstName": "Мария",
    "lastName": "Соколова",
    "birthDate": "17.05.2013",
    "gender": "F",
    "snils": "000-000-600 06",
    "documents": {"elements": [{"type": "RF_BRTH_CERT", "series": "I-ЕР", "number": "300004"}]},
}


@pytest.fixture
def parent(cast: Any) -> Person:
    cast.parent.snils = SNILS
    cast.parent.save()
    found: Person = cast.parent
    return found


def test_it_asks_for_the_institution_and_a_question_and_opens_home(
    parent: Person, cast: Any, esia: FakeEsia, visit: Any, client: Client
) -> None:
    esia.be(parent)
    page = client.get(visit(**{"as": "parent"})["Location"])
    assert list(page.context["form"].fields["organisation"].queryset) == [cast.school]
    assert not is_signed_in(client)
    assert save(client, cast.school)["Location"] == reverse("diary:home")
    assert is_signed_in(client)


def test_the_identity_is_linked_to_the_account_the_person_has(
    parent: Person, cast: Any, esia: FakeEsia, visit: Any, client: Client
) -> None:
    esia.be(parent)
    visit()
    save(client, cast.school)
    assert UserSocialAuth.objects.get(provider="esia", uid=str(OID)).user == parent.account
    link = EsiaLink.objects.get()
    assert (link.person, link.basis, link.level, link.organisation) == (
        parent,
        "snils",
        "verified",
        cast.school,
    )


def test_a_person_without_an_account_gets_one_that_no_password_opens(
    parent: Person, cast: Any, esia: FakeEsia, visit: Any, client: Client
) -> None:
    Person.objects.filter(pk=parent.pk).update(account=None)
    esia.be(parent)
    visit()
    save(client, cast.school)
    account = User.objects.get(username=f"esia-{OID}")
    assert (account.origin, account.has_usable_password()) == (User.Origin.ESIA, False)
    assert Person.objects.get(pk=parent.pk).account == account


def test_a_login_that_is_taken_keeps_nobody_out(
    parent: Person, cast: Any, esia: FakeEsia, visit: Any, client: Client
) -> None:
    Person.objects.filter(pk=parent.pk).update(account=None)
    User.objects.create_user(f"esia-{OID}")
    esia.be(parent)
    visit()
    assert save(client, cast.school)["Location"] == reverse("diary:home")
    assert User.objects.filter(username__startswith=f"esia-{OID}-", person=parent).exists()


def test_the_answer_is_kept_as_a_hash_and_small_differences_do_not_count(
    parent: Person, cast: Any, esia: FakeEsia, visit: Any, client: Client
) -> None:
    esia.be(parent)
    visit()
    save(client, cast.school)
    kept = SecretQuestion.objects.get(account=parent.account)
    assert "палка" not in kept.answer.lower()
    assert kept.is_answered_by(" елка  ПАЛКА ")
    assert not kept.is_answered_by("палка")


def test_a_question_that_is_set_is_neither_asked_nor_changed(
    parent: Person, cast: Any, esia: FakeEsia, visit: Any, client: Client
) -> None:
    """The second factor comes after this page."""
    assert parent.account
    SecretQuestion.objects.create(account=parent.account, question="Старый?", answer="x")
    esia.be(parent)
    page = client.get(visit()["Location"])
    assert set(page.context["form"].fields) == {"organisation"}
    assert save(client, cast.school, question="Новый?", answer="Новый").status_code == 302
    assert (SecretQuestion.objects.get().question, SecretQuestion.objects.get().answer) == ("Старый?", "x")


def test_an_institution_that_has_nothing_to_do_with_the_person_is_refused(
    parent: Person, cast: Any, esia: FakeEsia, visit: Any, client: Client
) -> None:
    esia.be(parent)
    visit()
    response = save(client, cast.other_school)
    assert response.status_code == 422
    assert "organisation" in response.context["form"].errors
    assert not EsiaLink.objects.exists()


def test_an_empty_form_saves_nothing(parent: Person, esia: FakeEsia, visit: Any, client: Client) -> None:
    esia.be(parent)
    visit()
    response = client.post(reverse("accounts:esia-institution"), {})
    assert set(response.context["form"].errors) == {"organisation", "question", "answer"}
    assert not is_signed_in(client)


def test_staff_of_a_territory_choose_no_institution(
    cast: Any, esia: FakeEsia, visit: Any, client: Client
) -> None:
    esia.be(cast.territory_staff)
    page = client.get(visit()["Location"])
    assert "organisation" not in page.context["form"].fields
    assert save(client)["Location"] == reverse("diary:home")


def test_the_second_sign_in_is_one_click(
    parent: Person, cast: Any, esia: FakeEsia, visit: Any, client: Client
) -> None:
    esia.be(parent)
    visit()
    save(client, cast.school)
    client.post(reverse("accounts:sign-out"))
    esia.be(parent, lastName="Новая-Фамилия", snils="")
    assert visit()["Location"] == reverse("diary:home")
    assert EsiaLink.objects.count() == 1
    assert SignIn.objects.filter(account=parent.account, door="esia", level="verified").count() == 2


def test_what_esia_says_of_the_children_is_kept_encrypted(
    parent: Person, cast: Any, esia: FakeEsia, visit: Any, client: Client
) -> None:
    esia.be(parent)
    esia.kids = [KID]
    visit(**{"as": "parent"})
    save(client, cast.school)
    (kid,) = json.loads(SignIn.objects.get().children)
    assert (kid["snils"], kid["birth_date"], kid["documents"][0]["number"]) == (
        "00000060006",
        "2013-05-17",
        "300004",
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT children FROM schools_signin")
        assert "Соколова" not in cursor.fetchone()[0]


def test_only_parents_are_asked_about_their_children(
    parent: Person, cast: Any, esia: FakeEsia, visit: Any, client: Client
) -> None:
    esia.be(parent)
    esia.kids = [KID]
    visit(**{"as": "teacher"})
    save(client, cast.school)
    assert SignIn.objects.get().children == ""


def test_a_half_done_sign_in_holds_no_readable_personal_data(
    parent: Person, esia: FakeEsia, visit: Any, client: Client
) -> None:
    esia.be(parent)
    esia.kids = [KID]
    visit(**{"as": "parent"})
    (data,) = Partial.objects.values_list("data", flat=True)
    stored = json.dumps(data, ensure_ascii=False) + str(dict(client.session))
    assert not any(word in stored for word in ("Соколова", SNILS, "445 95", "id_token", "access_token"))


def test_it_is_finished_once_only(
    parent: Person, cast: Any, esia: FakeEsia, visit: Any, client: Client
) -> None:
    esia.be(parent)
    visit()
    save(client, cast.school)
    assert refusal(save(client, cast.school)) == "linking-expired"


def test_it_cannot_be_finished_in_another_session(
    parent: Person, cast: Any, esia: FakeEsia, visit: Any
) -> None:
    esia.be(parent)
    visit()
    assert refusal(save(Client(), cast.school)) == "linking-expired"


def test_it_waits_half_an_hour(parent: Person, cast: Any, esia: FakeEsia, visit: Any, client: Client) -> None:
    esia.be(parent)
    visit()
    Partial.objects.update(timestamp="2026-12-16T11:00:00+04:00")
    assert refusal(save(client, cast.school)) == "linking-expired"


def test_who_begins_anew_does_not_go_on_as_somebody_else(
    parent: Person, cast: Any, esia: FakeEsia, visit: Any, client: Client
) -> None:
    esia.be(parent)
    visit()
    esia.be(cast.outsider, snils="00000060006", oid=OID + 1)
    page = client.get(visit()["Location"])
    assert page.context["person"] == cast.outsider
    save(client, cast.other_school)
    assert EsiaLink.objects.get().person == cast.outsider


def test_the_statements_do_not_grow_with_the_institutions(
    cast: Any, esia: FakeEsia, visit: Any, client: Client
) -> None:
    def employ() -> None:
        for organisation in make.OrganisationFactory.create_batch(10):
            make.EmploymentFactory(person=cast.teacher, organisation=organisation)

    esia.be(cast.teacher)
    address = visit()["Location"]
    assert_same_statements(lambda: client.get(address), employ)


def test_a_teacher_of_two_schools_chooses_among_both(
    cast: Any, esia: FakeEsia, visit: Any, client: Client
) -> None:
    make.EmploymentFactory(person=cast.teacher, organisation=cast.other_school)
    esia.be(cast.teacher)
    page = client.get(visit()["Location"])
    assert set(page.context["form"].fields["organisation"].queryset) == {cast.school, cast.other_school}
