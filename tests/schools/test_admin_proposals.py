"""An import's proposals for other schools' people: the operator accepts or refuses them."""

from typing import Any

import pytest

from schools.models import Employment, Person, TieProposal
from tests.conftest import Cast
from tests.schools.test_admin_rows import url


@pytest.fixture
def proposal(cast: Cast) -> TieProposal:
    proposed = {"tie": "employment", "position": "учитель"}
    return TieProposal.objects.create(person=cast.outsider, organisation=cast.school, proposed=proposed)


def decide(client: Any, proposal: TieProposal, action: str) -> Any:
    data = {"action": action, "_selected_action": [proposal.pk]}
    response = client.post(url(TieProposal, "changelist"), data, follow=True)
    proposal.refresh_from_db()
    return response


def test_until_it_is_decided_the_school_sees_nothing(cast: Cast, as_: Any, proposal: TieProposal) -> None:
    client = as_(cast.administrator)
    assert client.get(url(Person, "change", cast.outsider.pk)).status_code == 404
    assert decide(client, proposal, "accept").status_code == 404
    assert proposal.decided_at is None


def test_accepting_makes_the_tie(cast: Cast, as_: Any, proposal: TieProposal) -> None:
    decide(as_(cast.region_operator), proposal, "accept")
    assert (proposal.accepted, proposal.decided_by) == (True, cast.region_operator)
    assert cast.outsider.employments.get(organisation=cast.school).position == "учитель"
    client = as_(cast.administrator)
    page = client.get(url(Person, "change", cast.outsider.pk))
    assert "surname" not in page.context["adminform"].form.fields


def test_refusing_makes_none_and_is_final(cast: Cast, as_: Any, proposal: TieProposal) -> None:
    decide(as_(cast.region_operator), proposal, "refuse")
    decide(as_(cast.region_operator), proposal, "accept")
    assert proposal.accepted is False
    assert not Employment.objects.filter(person=cast.outsider, organisation=cast.school).exists()


@pytest.mark.parametrize("tie", ["enrolment", "guardianship", "nonsense"])
def test_rows_of_another_school_are_not_tied(cast: Cast, as_: Any, proposal: TieProposal, tie: str) -> None:
    proposal.organisation = cast.other_school
    proposal.proposed = {"tie": tie, "school_class": cast.class_7a.pk, "child": cast.student.pk}
    proposal.save()
    decide(as_(cast.region_operator), proposal, "accept")
    assert proposal.decided_at is None


def test_a_contradicting_tie_is_told_and_waits(cast: Cast, as_: Any, proposal: TieProposal) -> None:
    proposal.person, proposal.organisation = cast.student, cast.school
    proposal.proposed = {"tie": "enrolment", "school_class": cast.class_7a.pk}
    proposal.save()
    response = decide(as_(cast.region_operator), proposal, "accept")
    assert "Соколова" in str(next(iter(response.context["messages"])))
    assert proposal.decided_at is None


def test_nobody_decides_on_themselves(cast: Cast, as_: Any, proposal: TieProposal) -> None:
    proposal.person = cast.region_operator
    proposal.save()
    decide(as_(cast.region_operator), proposal, "accept")
    assert proposal.decided_at is None
