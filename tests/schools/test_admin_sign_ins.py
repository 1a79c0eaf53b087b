"""The journal of sign-ins in Django admin."""

from typing import Any

import pytest
from django.urls import reverse

from schools.models import SignIn

LIST = "admin:schools_signin_changelist"


@pytest.fixture
def sign_ins(cast: Any) -> dict[str, SignIn]:
    return {
        name: SignIn.objects.create(account=person.account, person=person, door="school", session_hash=name)
        for name, person in cast.people().items()
    }


def shown(client: Any) -> set[str]:
    return {row.session_hash for row in client.get(reverse(LIST)).context["cl"].result_list}


def test_an_administrator_sees_the_own_schools_people(cast: Any, as_: Any, sign_ins: Any):
    found = shown(as_(cast.administrator))
    assert {"student", "parent", "teacher", "class_teacher", "head_teacher"} <= found
    assert not {"outsider", "territory_staff", "region_operator"} & found


def test_the_outsider_sees_nobody_of_ours(cast: Any, as_: Any, sign_ins: Any):
    assert shown(as_(cast.outsider)) == {"outsider"}
    row = reverse("admin:schools_signin_change", args=[sign_ins["student"].pk])
    assert as_(cast.outsider).get(row).status_code == 404


def test_the_region_operator_sees_all(cast: Any, as_: Any, sign_ins: Any):
    assert shown(as_(cast.region_operator)) == set(sign_ins)


@pytest.mark.parametrize("person", ["administrator", "region_operator"])
def test_nobody_changes_it(cast: Any, as_: Any, sign_ins: Any, person: str):
    client = as_(getattr(cast, person))
    row = reverse("admin:schools_signin_change", args=[sign_ins["student"].pk])
    assert client.get(row).status_code == 200
    assert client.post(row, {"door": "demo"}).status_code == 403
    assert client.get(reverse("admin:schools_signin_add")).status_code == 403
    delete = reverse("admin:schools_signin_delete", args=[sign_ins["student"].pk])
    assert client.post(delete, {"post": "yes"}).status_code == 403


def test_it_tells_neither_the_session_nor_what_esia_said_of_children(cast: Any, as_: Any, sign_ins: Any):
    SignIn.objects.filter(pk=sign_ins["parent"].pk).update(children='[{"firstName": "Мария"}]')
    row = reverse("admin:schools_signin_change", args=[sign_ins["parent"].pk])
    page = as_(cast.region_operator).get(row).content.decode()
    assert "firstName" not in page


def test_it_says_which_rule_kept_a_role_shut(cast: Any, as_: Any, sign_ins: Any):
    SignIn.objects.filter(pk=sign_ins["student"].pk).update(refusals=["fourteen"])
    assert "С 14-летия" in as_(cast.administrator).get(reverse(LIST)).content.decode()


def test_others_do_not_know_of_it(cast: Any, as_: Any):
    for person in (cast.teacher, cast.head_teacher, cast.territory_staff, cast.parent):
        assert as_(person).get(reverse(LIST)).status_code == 404
