"""A school names somebody of another school; the person confirms or refuses."""

import datetime
from typing import Any

import pytest
from django.urls import reverse

from schools.doors import Door, Level, Proof
from schools.models import Enrolment, Guardianship, Organisation, Person, TieProposal
from tests import factories as make
from tests.conftest import OPENS_EVERYTHING, TODAY, Cast
from tests.queries import statements
from tests.schools.test_admin_rows import url


def propose(person: Person, organisation: Organisation, **proposed: Any) -> TieProposal:
    return TieProposal.objects.create(person=person, organisation=organisation, proposed=proposed)


@pytest.fixture
def proposal(cast: Cast) -> TieProposal:
    """The other parent is named as another guardian of the student."""
    child = {"tie": "guardianship", "child": cast.student.pk, "kind": "trustee"}
    return propose(cast.other_parent, cast.school, **child)


def address(act: str, proposal: TieProposal) -> str:
    return reverse(f"schools:{act}", args=[proposal.pk])


def test_home_asks_and_the_page_tells_who_names_whom(cast: Cast, as_: Any, proposal: TieProposal) -> None:
    client = as_(cast.other_parent)
    [link] = client.get(reverse("diary:home")).context["proposals"]
    page = client.get(link["url"]).content.decode()
    assert cast.school.name in page
    assert cast.student.first_name in page
    assert cast.student.surname not in page


@pytest.mark.parametrize("who", ["teacher", "student", "head_teacher"])
def test_every_home_asks(cast: Cast, as_: Any, who: str) -> None:
    proposal = propose(getattr(cast, who), cast.other_school, tie="employment", position="повар")
    page = as_(getattr(cast, who)).get(reverse("diary:home"), follow=True)
    assert address("proposal", proposal) in page.content.decode()


def test_somebody_without_any_tie_is_asked(as_: Any, cast: Cast, proposal: TieProposal) -> None:
    TieProposal.objects.update(person=make.PersonFactory(account=make.UserFactory()))
    proposal.refresh_from_db()
    assert as_(proposal.person).get(reverse("diary:home")).context["proposals"]


def test_nobody_pays_who_is_not_asked(cast: Cast, as_: Any, proposal: TieProposal) -> None:
    client = as_(cast.parent)
    assert client.get(reverse("diary:home")).context["proposals"] == []
    asked = statements(lambda: client.get(reverse("diary:home")))
    assert not any('FROM "schools_tieproposal"' in sql for sql in asked)


def test_until_it_is_confirmed_nothing_opens(cast: Cast, as_: Any, proposal: TieProposal) -> None:
    client = as_(cast.other_parent)
    client.get(address("proposal", proposal))
    assert client.get(reverse("diary:home-of-child", args=[cast.student.pk])).status_code == 404
    assert not Guardianship.objects.filter(guardian=cast.other_parent, child=cast.student).exists()


def test_confirming_makes_the_tie_from_today(cast: Cast, as_: Any, proposal: TieProposal) -> None:
    client = as_(cast.other_parent)
    assert client.post(address("proposal-confirmation", proposal)).status_code == 302
    tie = Guardianship.objects.get(guardian=cast.other_parent, child=cast.student)
    assert (tie.kind, tie.since) == ("trustee", TODAY)
    proposal.refresh_from_db()
    assert (proposal.accepted, proposal.decided_by) == (True, cast.other_parent)
    assert client.get(reverse("diary:home-of-child", args=[cast.student.pk])).status_code == 200


def test_refusing_makes_none_and_is_final(cast: Cast, as_: Any, proposal: TieProposal) -> None:
    client = as_(cast.other_parent)
    client.post(address("proposal-refusal", proposal))
    for act in ("proposal-confirmation", "proposal-refusal"):
        assert client.post(address(act, proposal)).status_code == 404
    proposal.refresh_from_db()
    assert (proposal.accepted, proposal.decided_by) == (False, cast.other_parent)
    assert client.get(reverse("diary:home")).context["proposals"] == []


@pytest.mark.parametrize("who", ["outsider", "parent", "administrator", "region_operator", "student"])
def test_it_exists_for_nobody_else(cast: Cast, as_: Any, proposal: TieProposal, who: str) -> None:
    client = as_(getattr(cast, who))
    assert client.get(address("proposal", proposal)).status_code == 404
    for act in ("proposal-confirmation", "proposal-refusal"):
        assert client.post(address(act, proposal)).status_code == 404
    proposal.refresh_from_db()
    assert proposal.decided_at is None


@pytest.mark.parametrize(
    "proof", [None, Proof(Door.SCHOOL), Proof(Door.OWN), Proof(Door.ESIA, Level.STANDARD)]
)
def test_a_door_that_opens_no_diary_confirms_no_child(
    cast: Cast, as_: Any, proposal: TieProposal, proof: Any
) -> None:
    client = as_(cast.other_parent, proof=proof)
    page = client.get(address("proposal", proposal))
    assert page.context["refusal"]["advice"]
    assert client.post(address("proposal-confirmation", proposal)).status_code == 403
    proposal.refresh_from_db()
    assert proposal.decided_at is None


def test_a_tie_that_cannot_be_made_is_told_and_waits(cast: Cast, as_: Any) -> None:
    elsewhere = make.SchoolClassFactory(organisation=cast.other_school)
    proposal = propose(cast.student, cast.other_school, tie="enrolment", school_class=elsewhere.pk)
    response = as_(cast.student).post(address("proposal-confirmation", proposal), follow=True)
    assert response.redirect_chain[0][0] == address("proposal", proposal)
    assert len(list(response.context["messages"])) == 1
    assert Enrolment.objects.get(student=cast.student).school_class == cast.class_7a


def test_what_is_no_longer_there_is_told(cast: Cast, as_: Any, proposal: TieProposal) -> None:
    cast.student.enrolments.update(until=TODAY - datetime.timedelta(days=1))
    client = as_(cast.other_parent)
    assert client.get(address("proposal", proposal)).status_code == 200
    client.post(address("proposal-confirmation", proposal))
    proposal.refresh_from_db()
    assert proposal.decided_at is None


def test_confirmed_the_school_reaches_the_file(cast: Cast, as_: Any) -> None:
    proposal = propose(cast.outsider, cast.school, tie="employment", position="учитель")
    page = url(Person, "change", cast.outsider.pk)
    assert as_(cast.administrator).get(page).status_code == 404
    as_(cast.outsider, proof=OPENS_EVERYTHING).post(address("proposal-confirmation", proposal))
    assert as_(cast.administrator).get(page).status_code == 200


def test_a_get_decides_nothing(cast: Cast, as_: Any, proposal: TieProposal) -> None:
    for act in ("proposal-confirmation", "proposal-refusal"):
        assert as_(cast.other_parent).get(address(act, proposal)).status_code == 405
