"""People are found by what an administrator has at hand: a first name, a class, a role."""

from typing import Any

import pytest

from diary.models import Mark
from schools.models import Person
from tests import factories as make
from tests.conftest import Cast
from tests.schools.test_admin_rows import url


def found(client: Any, **query: str) -> set[Person]:
    return set(client.get(url(Person, "changelist"), query).context["cl"].result_list)


@pytest.mark.parametrize(
    "text", ["Мария", "мария соколова", "соколова м", "Андреевна", "7 А", "7а соколова", "7 «А» мар"]
)
def test_by_any_part_of_the_name_and_by_class(cast: Cast, as_: Any, text: str) -> None:
    people = found(as_(cast.administrator), q=text)
    assert cast.student in people
    assert cast.teacher not in people


def test_yo_is_ye(cast: Cast, as_: Any) -> None:
    assert cast.classmate in found(as_(cast.administrator), q="артем елк")


@pytest.mark.parametrize("text", ["8 А", "7 Б", "Мария Ёлкин"])
def test_what_does_not_fit_finds_nobody(cast: Cast, as_: Any, text: str) -> None:
    assert not found(as_(cast.administrator), q=text)


def test_a_class_of_another_school_finds_nobody_here(cast: Cast, as_: Any) -> None:
    ninth = make.SchoolClassFactory(organisation=cast.other_school, grade=9, letter="Я")
    child = make.EnrolmentFactory(school_class=ninth).student
    make.EmploymentFactory(person=child, organisation=cast.school)
    assert not found(as_(cast.administrator), q="9 Я")
    assert cast.student not in found(as_(cast.outsider), q="Мария")


def test_the_region_begins_with_the_surname(cast: Cast, as_: Any) -> None:
    client = as_(cast.region_operator)
    assert cast.student in found(client, q="Сокол Мария")
    assert cast.student not in found(client, q="Мария")


@pytest.mark.parametrize(
    ("role", "who"),
    [
        ("student", {"student", "classmate"}),
        ("guardian", {"parent", "other_parent"}),
        ("employee", {"teacher", "class_teacher", "head_teacher", "administrator"}),
        ("class-teacher", {"class_teacher"}),
    ],
)
def test_by_role(cast: Cast, as_: Any, role: str, who: set[str]) -> None:
    assert found(as_(cast.administrator), role=role) == {getattr(cast, name) for name in who}


def test_headings_decline_nothing(cast: Cast, as_: Any) -> None:
    operator, administrator = as_(cast.region_operator), as_(cast.administrator)
    assert operator.get(url(Mark, "changelist")).context["title"] == "Отметки"
    assert administrator.get(url(Person, "change", cast.student.pk)).context["title"] == "Человек"
    assert administrator.get(url(Person, "add")).context["title"] == "Новая запись: человек"
