"""ESIA's door against those who would abuse it, and against ESIA's own bad days."""

import datetime
import time
from typing import Any

import pytest
import requests
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from social_django.models import Nonce, Partial

from accounts.esia import linking
from accounts.esia.refusals import Reason
from accounts.models import EsiaLink
from schools.doors import Door, Level, Proof
from schools.models import SignIn
from tests.accounts.esia.conftest import (
    OID,
    URL,
    FakeEsia,
    answer,
    come_back,
    go,
    is_signed_in,
    refusal,
    save,
)
from tests.conftest import PASSWORD


@pytest.fixture
def linked(cast: Any, esia: FakeEsia, visit: Any) -> Any:
    """The parent, who has signed in through ESIA before."""
    client = Client()
    esia.be(cast.parent)
    come_back(client, code="code", state=go(client)["state"])
    save(client, cast.school)
    return cast.parent


def sign_in(client: Client, person: Any) -> Any:
    fields = {"username": person.account.username, "password": PASSWORD}
    return client.post(reverse("accounts:sign-in"), fields)


# --- State, code, session ---------------------------------------------------------------------------


def test_the_state_is_fresh_and_a_uuid(linked: Any, client: Client) -> None:
    first, second = go(client), go(client)
    assert first["state"] != second["state"]
    assert len(first["state"]) == 36


def test_the_plus_of_the_timestamp_reaches_esia(linked: Any, client: Client) -> None:
    location = client.post(reverse("accounts:esia"))["Location"]
    assert "%20%2B0400" in location


def test_pkce_is_asked_for(linked: Any, client: Client, esia: FakeEsia) -> None:
    asked = go(client)
    assert asked["code_challenge_method"] == "S256"
    come_back(client, code="code", state=asked["state"])
    sent = next(data for method, _url, data in reversed(esia.asked) if method == "POST")
    assert sent["code_verifier"] != asked["code_challenge"]


def test_a_state_is_good_once(linked: Any, client: Client) -> None:
    state = go(client)["state"]
    assert come_back(client, code="code", state=state)["Location"] == reverse("diary:home")
    client.logout()
    assert refusal(come_back(client, code="code", state=state)) == "unproven"


@pytest.mark.parametrize("parameters", [{}, {"code": "code"}, {"code": "code", "state": "guessed"}])
def test_a_state_that_is_not_this_sessions_proves_nothing(
    linked: Any, client: Client, parameters: dict[str, str]
) -> None:
    go(client)
    assert refusal(come_back(client, **parameters)) == "unproven"


def test_an_answer_meant_for_another_browser_signs_nobody_in(linked: Any, client: Client) -> None:
    state = go(client)["state"]
    victim = Client()
    assert refusal(come_back(victim, code="code", state=state)) == "unproven"
    assert not is_signed_in(victim)


def test_the_token_answer_must_bring_its_own_state(
    linked: Any, client: Client, esia: FakeEsia, monkeypatch: Any
) -> None:
    state = go(client)["state"]
    monkeypatch.setattr(FakeEsia, "tokens", lambda self, _state: _tokens(self, state))
    assert refusal(come_back(client, code="code", state=state)) == "unproven"


_tokens = FakeEsia.tokens


def test_a_session_known_beforehand_gets_a_new_key_when_the_person_is_known(
    cast: Any, esia: FakeEsia, client: Client
) -> None:
    esia.be(cast.parent)
    state = go(client)["state"]
    known = client.session.session_key
    come_back(client, code="code", state=state)
    half_done = client.session.session_key
    save(client, cast.school)
    assert len({known, half_done, client.session.session_key}) == 3
    stranger = Client()
    stranger.cookies["sessionid"] = str(known)
    assert refusal(save(stranger, cast.school)) == "linking-expired"


def test_the_door_wants_the_csrf_token(esia: FakeEsia, db: Any) -> None:
    assert Client(enforce_csrf_checks=True).post(reverse("accounts:esia")).status_code == 403


def test_the_pages_of_the_first_sign_in_want_it_too(cast: Any, esia: FakeEsia) -> None:
    client = Client(enforce_csrf_checks=True)
    for name in ("accounts:esia-institution", "accounts:esia-link"):
        assert client.post(reverse(name)).status_code == 403


def test_the_door_is_not_opened_by_a_link(esia: FakeEsia, db: Any, client: Client) -> None:
    assert client.get(reverse("accounts:esia"))["Location"] == reverse("front")


@pytest.mark.parametrize(
    "evil", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil"]
)
def test_the_way_on_leads_nowhere_else(linked: Any, visit: Any, evil: str) -> None:
    assert visit(next=evil)["Location"] == reverse("diary:home")


def test_the_way_on_leads_to_the_page_one_wanted(linked: Any, cast: Any, visit: Any) -> None:
    wanted = reverse("diary:week-now", args=[cast.student.pk])
    assert visit(next=wanted)["Location"] == wanted


def test_a_foreign_host_header_gets_nowhere(linked: Any) -> None:
    assert Client(headers={"host": "evil.example"}).post(reverse("accounts:esia")).status_code == 400


# --- The second factor ------------------------------------------------------------------------------


def test_a_second_factor_is_asked_for_where_it_is_set_up(linked: Any, client: Client, visit: Any) -> None:
    secret = generate_totp_secret()
    TOTP.activate(linked.account, secret)
    assert visit()["Location"] == reverse("mfa_authenticate")
    assert not is_signed_in(client)
    assert client.get(reverse("diary:home")).status_code == 302
    assert SignIn.objects.filter(door="esia").count() == 1  # of the first time


def test_the_proof_of_one_account_is_not_anothers(linked: Any, cast: Any, client: Client, visit: Any) -> None:
    """Begun through ESIA, stopped at the second factor, ended by somebody else's password."""
    TOTP.activate(linked.account, generate_totp_secret())
    visit()
    sign_in(client, cast.teacher)
    assert Proof.of_session(client.session) == Proof(Door.SCHOOL)


def test_a_password_does_not_inherit_what_esia_began_to_prove(
    linked: Any, client: Client, visit: Any
) -> None:
    """Of the same account: stopped at the second factor, then the slip's password."""
    TOTP.activate(linked.account, generate_totp_secret())
    visit()
    type(linked.account).objects.update(must_change_password=True)
    assert sign_in(client, linked)["Location"] == reverse("accounts:first-password")
    assert "proof_to_come" not in client.session


def test_who_comes_through_esia_while_somebody_else_is_in_proves_esia(
    linked: Any, cast: Any, client: Client, visit: Any
) -> None:
    sign_in(client, cast.teacher)
    assert visit()["Location"] == reverse("diary:home")
    assert client.session["_auth_user_id"] == str(linked.account.pk)
    assert Proof.of_session(client.session) == Proof(Door.ESIA, Level.VERIFIED)
    assert SignIn.objects.get(account=cast.teacher.account).ended_at


def test_who_comes_through_esia_is_not_asked_to_change_the_slips_password(linked: Any, visit: Any) -> None:
    type(linked.account).objects.update(must_change_password=True)
    assert visit()["Location"] == reverse("diary:home")


def test_what_nobody_finished_is_forgotten(cast: Any, esia: FakeEsia, visit: Any, client: Client) -> None:
    esia.be(cast.parent)
    visit()
    go(client)
    linking.forget_half_done(timezone.now() + datetime.timedelta(minutes=29))
    assert Partial.objects.exists() or Nonce.objects.exists()
    linking.forget_half_done(timezone.now() + datetime.timedelta(minutes=31))
    assert not Partial.objects.exists()
    assert not Nonce.objects.exists()


# --- ESIA's answers -----------------------------------------------------------------------------------


@pytest.mark.parametrize("forged", ["id_token", "access_token"])
def test_forged_tokens_prove_nothing(
    linked: Any, client: Client, visit: Any, forged: str, monkeypatch: Any
) -> None:
    def tokens(self: FakeEsia, state: str) -> dict[str, Any]:
        return {**_tokens(self, state), forged: self.sign({"sub": OID}, key="stranger")}

    monkeypatch.setattr(FakeEsia, "tokens", tokens)
    assert refusal(visit()) == "unproven"
    assert not is_signed_in(client)


def test_tokens_of_two_people_prove_nothing(linked: Any, visit: Any, monkeypatch: Any) -> None:
    def tokens(self: FakeEsia, state: str) -> dict[str, Any]:
        hers = _tokens(self, state)
        self.oid += 1
        return {**hers, "access_token": _tokens(self, state)["access_token"]}

    monkeypatch.setattr(FakeEsia, "tokens", tokens)
    assert refusal(visit()) == "unproven"


def test_whoever_does_not_agree_at_esia_is_not_signed_in(linked: Any, client: Client) -> None:
    state = go(client)["state"]
    denied = come_back(client, error="access_denied", error_description="ESIA-007004: x", state=state)
    assert refusal(denied) == "denied"


def test_an_expired_code_reads_like_any_failure_before_the_proof(
    linked: Any, visit: Any, client: Client, monkeypatch: Any, esia: FakeEsia
) -> None:
    state = go(client)["state"]
    error = {"error": "invalid_grant", "error_description": "ESIA-007011: x"}
    monkeypatch.setattr("social_core.backends.base.requests.request", lambda *_, **__: answer(error, 400))
    assert refusal(come_back(client, code="code", state=state)) == "unproven"


# --- Slow, down ---------------------------------------------------------------------------------------


def _slow(*_: Any, **__: Any) -> requests.Response:
    time.sleep(6)
    return answer({})


def _refused(*_: Any, **__: Any) -> requests.Response:
    raise requests.ConnectionError


def _ill(*_: Any, **__: Any) -> requests.Response:
    return answer({}, 503)


@pytest.mark.parametrize("failing", [_refused, _ill])
def test_esia_down_is_said_before_anybody_is_sent_there(
    db: Any, esia: FakeEsia, client: Client, failing: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr("social_core.backends.base.requests.request", failing)
    response = client.post(reverse("accounts:esia"))
    assert refusal(response) == "unavailable"
    page = client.get(response["Location"]).content.decode()
    assert reverse("accounts:sign-in") in page


def test_slow_is_said_within_five_seconds(
    linked: Any, client: Client, monkeypatch: Any, esia: FakeEsia
) -> None:
    state = go(client)["state"]
    monkeypatch.setattr("social_core.backends.base.requests.request", _slow)
    began = time.perf_counter()
    assert refusal(come_back(client, code="code", state=state)) == "unavailable"
    assert time.perf_counter() - began < 5


def test_down_in_the_middle_is_said_too(
    linked: Any, client: Client, monkeypatch: Any, esia: FakeEsia
) -> None:
    state = go(client)["state"]
    monkeypatch.setattr("social_core.backends.base.requests.request", _ill)
    assert refusal(come_back(client, code="code", state=state)) == "unavailable"


def test_an_outage_does_not_cost_everybody_the_wait(
    db: Any, esia: FakeEsia, client: Client, monkeypatch: Any
) -> None:
    monkeypatch.setattr("social_core.backends.base.requests.request", _ill)
    client.post(reverse("accounts:esia"))
    monkeypatch.setattr("social_core.backends.base.requests.request", None)
    assert refusal(client.post(reverse("accounts:esia"))) == "unavailable"


# --- Out, off, ended ----------------------------------------------------------------------------------


def test_signing_out_ends_esias_session_as_well(linked: Any, visit: Any, client: Client) -> None:
    visit()
    out = client.post(reverse("accounts:sign-out"))
    expected = f"{URL}/idp/ext/Logout?client_id=SCHOOLS&redirect_url=http%3A%2F%2Ftestserver%2F"
    assert out["Location"] == expected
    assert not is_signed_in(client)


def test_other_doors_are_left_without_esia(cast: Any, esia: FakeEsia, as_: Any) -> None:
    client = as_(cast.parent, Proof(Door.SCHOOL))
    assert client.post(reverse("accounts:sign-out"))["Location"] == reverse("front")


def test_where_esia_is_off_there_is_no_such_door(db: Any, client: Client) -> None:
    assert client.post(reverse("accounts:esia")).status_code == 404
    assert client.get(reverse("accounts:esia-complete")).status_code == 404
    assert reverse("accounts:esia") not in client.get("/").content.decode()


def test_where_it_is_on_the_four_doors_lead_there(db: Any, esia: FakeEsia, client: Client) -> None:
    page = client.get("/").content.decode()
    assert page.count(f'action="{reverse("accounts:esia")}"') == 4
    assert "не включён" not in client.get(f"{reverse('accounts:sign-in')}?as=parent").content.decode()


def test_an_ended_link_makes_room_for_another_identity(
    linked: Any, cast: Any, esia: FakeEsia, client: Client, visit: Any
) -> None:
    linking.end(EsiaLink.objects.get(), by=cast.region_operator.account)
    esia.be(linked, oid=OID + 1)
    visit()
    assert save(client, cast.school, answer="")["Location"] == reverse("diary:home")
    assert EsiaLink.objects.get(ended_at=None).oid == OID + 1


def test_the_operator_ends_a_link_and_nobody_else(linked: Any, cast: Any, as_: Any) -> None:
    address = reverse("admin:accounts_esialink_changelist")
    act = {"action": "end_links", "_selected_action": [str(EsiaLink.objects.get().pk)]}
    assert as_(cast.administrator).post(address, act).status_code == 404
    assert as_(cast.outsider).post(address, act).status_code == 404
    assert EsiaLink.objects.filter(ended_at=None).exists()
    as_(cast.region_operator).post(address, act)
    assert EsiaLink.objects.get().ended_by == cast.region_operator.account


def test_every_reason_has_its_page_and_says_what_to_do(db: Any, client: Client) -> None:
    for reason in Reason:
        page = client.get(reverse("accounts:esia-refused", args=[reason.value])).content.decode()
        assert len(str(reason.advice)) > 30
        assert str(reason.label) in page
    assert client.get(reverse("accounts:esia-refused", args=["x"])).status_code == 404


def test_ending_a_link_ends_the_sessions_of_the_account(
    linked: Any, cast: Any, as_: Any, client: Client, visit: Any
) -> None:
    others = as_(cast.outsider)
    visit()
    linking.end(EsiaLink.objects.get(), by=cast.region_operator.account)
    assert client.get(reverse("diary:home")).status_code == 302
    assert not SignIn.objects.filter(account=linked.account, ended_at=None).exists()
    assert others.get(reverse("diary:home")).status_code == 200
