"""The rules of a school's journal: set by its head teacher, for the terms that are open."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError
from django.urls import reverse

from diary.averages import averages_of
from diary.models import JournalRules, WorkKind
from schools.models import TermClosure
from tests import factories as make
from tests.conftest import NOW

RULES = {
    "version": "0",
    "rounds_up_from": "0.60",
    "fewest_marks": "4",
    "marks_published_at": "18:00",
    "overdue_points": "two",
    "behaviour": "words",
}


@pytest.fixture
def address(cast: Any) -> str:
    return reverse("diary:rules", args=[cast.school.pk])


def kind(code: str, organisation: Any = None) -> WorkKind:
    return WorkKind.objects.get(organisation=organisation, code=code)


def set_weights(client: Any, cast: Any, **weights: str) -> Any:
    """By letters; what is not named stays."""
    kinds = WorkKind.objects.of(cast.school.pk)
    typed = {f"weight-{kind.pk}": weights.get(kind.code, str(kind.weight)) for kind in kinds}
    return client.post(reverse("diary:rules-weights", args=[cast.school.pk]), typed)


def test_the_head_teacher_sets_them(cast: Any, address: str, as_: Any) -> None:
    assert as_(cast.head_teacher).post(address, RULES).status_code == 302
    rules = JournalRules.objects.get(organisation=cast.school)
    assert (rules.rounds_up_from, rules.fewest_marks, rules.behaviour) == (Decimal("0.60"), 4, "words")
    assert rules.version == 1


def test_rules_changed_meanwhile_are_shown_first(cast: Any, address: str, as_: Any) -> None:
    client = as_(cast.head_teacher)
    client.post(address, RULES)
    assert client.post(address, RULES | {"fewest_marks": "1"}).status_code == 422
    assert JournalRules.objects.get().fewest_marks == 4


def test_nonsense_is_told_at_its_field(cast: Any, address: str, as_: Any) -> None:
    response = as_(cast.head_teacher).post(address, RULES | {"rounds_up_from": "1.5"})
    assert response.status_code == 422
    assert "rounds_up_from" in response.context["rules_form"].errors


def test_a_new_weight_counts_in_open_terms(cast: Any, as_: Any) -> None:
    make.MarkFactory(work__lesson=cast.lesson, student=cast.student, text="5")
    make.MarkFactory(work__lesson=cast.lesson, work__kind=kind("К"), student=cast.student, text="2")
    assert set_weights(as_(cast.head_teacher), cast, К="1").status_code == 302
    average = averages_of(cast.algebra, cast.lesson.term, [cast.student.pk])
    assert average == {cast.student.pk: Decimal("3.50")}
    assert kind("К").weight == 3  # other schools keep theirs


def test_a_closed_term_keeps_its_weights(cast: Any, as_: Any) -> None:
    make.MarkFactory(work__lesson=cast.lesson, student=cast.student, text="5")
    make.MarkFactory(work__lesson=cast.lesson, work__kind=kind("К"), student=cast.student, text="2")
    TermClosure.objects.create(term=cast.lesson.term, at=NOW, by=cast.head_teacher)
    set_weights(as_(cast.head_teacher), cast, К="1")
    average = averages_of(cast.algebra, cast.lesson.term, [cast.student.pk])
    assert average == {cast.student.pk: Decimal("2.75")}


def test_a_weight_that_did_not_change_makes_no_kind(cast: Any, as_: Any) -> None:
    set_weights(as_(cast.head_teacher), cast)
    assert not WorkKind.objects.filter(organisation=cast.school).exists()


def test_a_kind_of_the_schools_own_is_added(cast: Any, as_: Any) -> None:
    typed = {"code": "пр", "name": "проверочная работа", "weight": "1.5"}
    address = reverse("diary:rules-kinds", args=[cast.school.pk])
    assert as_(cast.head_teacher).post(address, typed).status_code == 302
    assert WorkKind.objects.of(cast.school.pk).last().code == "ПР"  # type: ignore[union-attr]
    assert as_(cast.head_teacher).post(address, typed).status_code == 422
    assert "ПР" not in WorkKind.objects.of(cast.other_school.pk).values_list("code", flat=True)


def test_the_page_tells_who_changed_what(cast: Any, address: str, as_: Any) -> None:
    client = as_(cast.head_teacher)
    client.post(address, RULES)
    set_weights(client, cast, К="2")
    set_weights(client, cast, К="4")
    changes = client.get(address).context["changes"]
    assert {change.who for change in changes} == {"Орлов\u00a0С.\u00a0П."}
    assert ("2,00", "4,00") in [(change.before, change.after) for change in changes]
    assert ("3", "4") in [(change.before, change.after) for change in changes]


def test_no_result_is_suggested_from_no_marks(cast: Any, address: str, as_: Any) -> None:
    response = as_(cast.head_teacher).post(address, RULES | {"fewest_marks": "0"})
    assert response.status_code == 422
    assert "fewest_marks" in response.context["rules_form"].errors
    with pytest.raises(IntegrityError, match="rules_want_a_mark"):
        JournalRules.objects.create(organisation=cast.school, fewest_marks=0)


def test_something_must_count(cast: Any, as_: Any) -> None:
    client, letters = as_(cast.head_teacher), list(WorkKind.objects.of(cast.school.pk))
    response = set_weights(client, cast, **{kind.code: "0" for kind in letters})
    assert response.status_code == 422
    assert response.context["weights_form"].errors[f"weight-{letters[0].pk}"]
    assert set_weights(client, cast, **{kind.code: "0" for kind in letters[1:]}).status_code == 302


def test_the_summary_says_what_is_wrong_with_each_field(cast: Any, address: str, as_: Any) -> None:
    typed = RULES | {"fewest_marks": "0", "version": "7"}
    text = as_(cast.head_teacher).post(address, typed).content.decode()
    assert re.search(r'<a href="#id_fewest_marks">[^<]+: [^<]+</a>', text)
    assert text.count("error-summary-title") == 1


@pytest.mark.parametrize("who", ["teacher", "class_teacher", "administrator", "parent", "outsider"])
def test_nobody_else_sees_the_page(cast: Any, address: str, as_: Any, who: str) -> None:
    client = as_(getattr(cast, who))
    assert client.get(address).status_code == 404
    assert client.post(address, RULES).status_code == 404
    assert set_weights(client, cast, К="1").status_code == 404
