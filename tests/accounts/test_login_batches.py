"""Logins for a class or a school from Django admin: whose, how far, downloaded once, kept nowhere."""

import datetime
import json
import logging
from base64 import b64decode
from collections.abc import Iterable
from typing import Any

import pytest
from celery.app.task import Task
from django.contrib.sessions.models import Session
from django.core import serializers
from django.core.cache import cache
from django.urls import reverse

from accounts.issuing import batches, logins
from accounts.issuing.sealing import CannotOpen, new_pair, open_sealed
from accounts.models import EsiaLink, LoginBatch, LoginIssue, User
from accounts.tasks import clear_login_batches, make_login_batch
from schools.models import Appointment, Person, SchoolClass
from tests import factories as make
from tests.conftest import NOW, TODAY, Cast
from tests.queries import assert_same_statements
from tests.schools.test_admin_rows import request_of, url

STATE = LoginBatch.State


@pytest.fixture(autouse=True)
def _quick_hashes(settings: Any) -> None:
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.MD5PasswordHasher",
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    ]


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What went to the workers, who are not there."""
    sent: list[tuple[Any, ...]] = []
    monkeypatch.setattr(
        Task, "apply_async", lambda self, args=(), kwargs=None, **rest: sent.append((args, kwargs))
    )
    return sent


@pytest.fixture
def passwords(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every first password that was made."""
    made: list[str] = []
    real = logins.first_password

    def remembered() -> str:
        made.append(real())
        return made[-1]

    monkeypatch.setattr(logins, "first_password", remembered)
    return made


@pytest.fixture
def newcomers(cast: Cast) -> list[Person]:
    """Two students of 7 «А» without a login, and the mother of one."""
    students = [make.EnrolmentFactory(school_class=cast.class_7a).student for _each in range(2)]
    mother = make.GuardianshipFactory(child=students[0]).guardian
    return [*students, mother]


def choose(client: Any, rows: Iterable[Any], *, anew: bool = False) -> Any:
    """The action on a list; answers the draft's page, or None when there is no draft."""
    rows = list(rows)
    name = "issue_logins_anew" if anew else "issue_logins"
    data = {"action": name, "_selected_action": [row.pk for row in rows]}
    return client.post(url(type(rows[0]), "changelist"), data)


def draft(client: Any, rows: Iterable[Any], *, anew: bool = False) -> LoginBatch:
    assert choose(client, rows, anew=anew).status_code == 302
    return LoginBatch.objects.latest("pk")


def at(batch: LoginBatch, page: str) -> str:
    return reverse(f"admin:accounts_loginbatch_{page}", args=[batch.pk])


def start(client: Any, batch: LoginBatch, whom: str = "both") -> Any:
    return client.post(at(batch, "start"), {"whom": whom})


def made(client: Any, rows: Iterable[Any], *, anew: bool = False, whom: str = "both") -> LoginBatch:
    batch = draft(client, rows, anew=anew)
    start(client, batch, whom)
    batches.run(batch.pk)
    batch.refresh_from_db()
    return batch


def key_of(client: Any) -> str:
    """What the browser keeps of its batch."""
    value: str = client.cookies["login_slips"].value
    return value


def with_login(people: Iterable[Person]) -> set[int]:
    numbers = [person.pk for person in people]
    return set(Person.objects.filter(pk__in=numbers, account__isnull=False).values_list("pk", flat=True))


# --- From the choice to the download ---------------------------------------------------------------


def test_a_class_gets_its_slips(cast: Cast, as_: Any, newcomers: Any, queue: Any) -> None:
    client = as_(cast.administrator)
    batch = made(client, [cast.class_7a])
    assert (batch.state, batch.done, batch.total) == (STATE.READY, 3, 3)
    response = client.post(at(batch, "slips"))
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF")
    assert "no-store" in response["Cache-Control"]
    assert with_login(newcomers) == {person.pk for person in newcomers}


@pytest.mark.parametrize(("whom", "which"), [("students", slice(0, 2)), ("parents", slice(2, 3))])
def test_of_a_class_one_chooses_whom(
    cast: Cast, as_: Any, newcomers: Any, queue: Any, whom: str, which: slice
) -> None:
    made(as_(cast.administrator), [cast.class_7a], whom=whom)
    assert with_login(newcomers) == {person.pk for person in newcomers[which]}


def test_the_draft_says_what_will_happen(cast: Cast, as_: Any, newcomers: Any) -> None:
    User.objects.filter(person=cast.student).update(last_login=NOW)
    client = as_(cast.administrator)
    page = client.get(at(draft(client, [cast.class_7a]), "page"))
    students, parents, both = (choice["people"] for choice in page.context["choices"])
    assert (len(students.fresh), students.used, students.unused) == (2, [cast.student], [cast.classmate])
    assert (len(parents.fresh), len(both.fresh)) == (1, 3)


def test_who_has_a_login_keeps_it(cast: Cast, as_: Any, newcomers: Any, queue: Any) -> None:
    before = User.objects.get(person=cast.student).password
    made(as_(cast.administrator), [cast.class_7a])
    assert User.objects.get(person=cast.student).password == before


def test_issued_anew_everybody_gets_a_slip_and_sessions_end(
    cast: Cast, as_: Any, newcomers: Any, queue: Any
) -> None:
    student = as_(cast.student)
    batch = made(as_(cast.administrator), [cast.student, newcomers[0]], anew=True)
    assert batch.done == 2
    assert student.get(reverse("diary:home"))["Location"].startswith(reverse("accounts:sign-in"))


def test_the_journal_names_the_administrator(cast: Cast, as_: Any, newcomers: Any, queue: Any) -> None:
    made(as_(cast.administrator), [cast.student, newcomers[0]], anew=True)
    issues = LoginIssue.objects.all()
    assert {(issue.by, issue.how, issue.organisation) for issue in issues} == {
        (cast.administrator, "office", cast.school)
    }
    assert {issue.person_id: issue.again for issue in issues} == {
        cast.student.pk: True,
        newcomers[0].pk: False,
    }


def test_the_page_under_way_works_without_javascript(
    cast: Cast, as_: Any, newcomers: Any, queue: Any
) -> None:
    client = as_(cast.administrator)
    batch = draft(client, newcomers)
    start(client, batch)
    LoginBatch.objects.filter(pk=batch.pk).update(state=STATE.RUNNING, done=2)
    body = client.get(at(batch, "page")).content.decode()
    assert '<noscript><meta http-equiv="refresh"' in body
    assert '<progress max="3" value="2"' in body
    assert client.get(at(batch, "progress")).json() == {"done": 2, "total": 3, "ended": False}


def test_pages_have_neither_inline_styles_nor_scripts(
    cast: Cast, as_: Any, newcomers: Any, queue: Any
) -> None:
    client = as_(cast.administrator)
    batch = draft(client, [cast.class_7a])
    for state in STATE:
        LoginBatch.objects.filter(pk=batch.pk).update(state=state)
        body = client.get(at(batch, "page")).content.decode()
        assert " style=" not in body
        assert "<script>" not in body


# --- Kept nowhere ----------------------------------------------------------------------------------


def test_the_slips_are_downloaded_once(cast: Cast, as_: Any, newcomers: Any, queue: Any) -> None:
    client = as_(cast.administrator)
    batch = made(client, newcomers)
    key = batches._cache_key(batch.pk)
    assert cache.get(key)
    client.post(at(batch, "slips"))
    batch.refresh_from_db()
    assert (batch.state, cache.get(key)) == (STATE.TAKEN, None)
    assert not key_of(client)
    assert client.post(at(batch, "slips")).status_code == 403


def test_of_two_downloads_at_once_one_gets_the_sheet(
    cast: Cast, as_: Any, newcomers: Any, queue: Any
) -> None:
    client = as_(cast.administrator)
    batch = made(client, newcomers)
    private = key_of(client)
    assert batches.take(batch, private=private).startswith(b"%PDF")
    with pytest.raises(batches.Gone):
        batches.take(batch, private=private)


def test_another_session_of_the_same_person_opens_nothing(
    cast: Cast, as_: Any, newcomers: Any, queue: Any
) -> None:
    mine, other = as_(cast.administrator), as_(cast.administrator)
    batch = made(mine, newcomers)
    assert other.post(at(batch, "slips")).status_code == 403
    with pytest.raises(CannotOpen):
        batches.take(batch, private=new_pair()[0])
    assert mine.post(at(batch, "slips")).content.startswith(b"%PDF")


def test_no_password_is_left_in_rows_the_cache_the_queue_or_logs(
    cast: Cast, as_: Any, newcomers: Any, queue: Any, passwords: Any, caplog: Any
) -> None:
    with caplog.at_level(logging.DEBUG):
        client = as_(cast.administrator)
        batch = made(client, [cast.class_7a])
        sealed = cache.get(batches._cache_key(batch.pk))
        client.post(at(batch, "slips"))
    rows = [*LoginBatch.objects.all(), *LoginIssue.objects.all(), *User.objects.all(), *Session.objects.all()]
    kept = serializers.serialize("json", rows) + json.dumps(client.session.items().__repr__()) + caplog.text
    assert len(passwords) == 3
    for password in passwords:
        assert password not in kept
        assert password.encode() not in sealed
        assert password not in repr(queue)
    assert b"%PDF" not in sealed


def test_neither_the_cache_nor_a_session_has_a_key_that_opens_the_sheet(
    cast: Cast, as_: Any, newcomers: Any, queue: Any
) -> None:
    client = as_(cast.administrator)
    batch = made(client, newcomers)
    backend: Any = cache
    redis = backend._cache.get_client(None)
    lying = b"".join(name + redis.get(name) for name in redis.scan_iter() if redis.type(name) == b"string")
    rows = [row.get_decoded() for row in Session.objects.all()]
    kept = lying + repr([rows, client.session.items()]).encode()
    sealed, private = cache.get(batches._cache_key(batch.pk)), key_of(client)
    assert open_sealed(sealed, private=private).startswith(b"%PDF")
    assert sealed in lying
    assert private.encode() not in kept
    assert b64decode(private) not in kept
    assert b"login_slips" not in kept


def test_the_key_goes_with_the_batchs_own_pages_alone(
    cast: Cast, as_: Any, newcomers: Any, queue: Any, settings: Any
) -> None:
    settings.SESSION_COOKIE_SECURE = True
    client = as_(cast.administrator)
    batch = draft(client, newcomers)
    cookie = start(client, batch).cookies["login_slips"]
    assert (cookie["path"], cookie["max-age"]) == (at(batch, "page"), 60 * 60)
    assert (cookie["httponly"], cookie["secure"], cookie["samesite"]) == (True, True, "Strict")


def test_a_key_that_is_none_opens_nothing(cast: Cast, as_: Any, newcomers: Any, queue: Any) -> None:
    client = as_(cast.administrator)
    batch = made(client, newcomers)
    client.cookies["login_slips"] = "no key"
    assert client.post(at(batch, "slips"))["Location"] == at(batch, "page")
    batch.refresh_from_db()
    assert batch.state == STATE.READY


def test_the_worker_is_told_the_number_of_a_row_alone(
    cast: Cast, as_: Any, newcomers: Any, queue: Any, django_capture_on_commit_callbacks: Any
) -> None:
    client = as_(cast.administrator)
    batch = draft(client, newcomers)
    with django_capture_on_commit_callbacks(execute=True):
        start(client, batch)
    assert queue == [((batch.pk,), {})]
    assert make_login_batch.ignore_result


def test_what_was_not_downloaded_in_time_is_gone(cast: Cast, as_: Any, newcomers: Any, queue: Any) -> None:
    client = as_(cast.administrator)
    batch = made(client, newcomers)
    cache.delete(batches._cache_key(batch.pk))  # as its half an hour does
    batches.clear(NOW + batches.TO_DOWNLOAD + datetime.timedelta(seconds=1))
    batch.refresh_from_db()
    assert batch.state == STATE.EXPIRED
    response = client.post(at(batch, "slips"))
    assert response["Location"] == at(batch, "page")
    assert made(client, newcomers, anew=True).state == STATE.READY


def test_the_sheet_lies_in_the_cache_for_half_an_hour(
    cast: Cast, as_: Any, newcomers: Any, queue: Any
) -> None:
    batch = made(as_(cast.administrator), newcomers)
    backend: Any = cache
    key = backend.make_key(batches._cache_key(batch.pk))
    left = backend._cache.get_client(key).ttl(key)
    assert 0 < left <= 30 * 60


def test_a_batch_that_no_worker_answers_for_ends_as_failed(cast: Cast, as_: Any, newcomers: Any) -> None:
    batch = draft(as_(cast.administrator), newcomers)
    LoginBatch.objects.filter(pk=batch.pk).update(
        state=STATE.RUNNING, changed_at=datetime.datetime.now(datetime.UTC) - datetime.timedelta(minutes=11)
    )
    clear_login_batches()
    batch.refresh_from_db()
    assert batch.state == STATE.FAILED


def test_yesterdays_batches_are_forgotten(cast: Cast, as_: Any, newcomers: Any) -> None:
    draft(as_(cast.administrator), newcomers)
    batches.clear(NOW + datetime.timedelta(days=1, seconds=1))
    assert not LoginBatch.objects.exists()


def test_a_failure_changes_nobodys_login(
    cast: Cast, as_: Any, newcomers: Any, queue: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "slips_pdf", lambda *args, **kwargs: 1 / 0)
    client = as_(cast.administrator)
    batch = draft(client, newcomers)
    start(client, batch)
    with pytest.raises(ZeroDivisionError):
        batches.run(batch.pk)
    batch.refresh_from_db()
    assert batch.state == STATE.FAILED
    assert with_login(newcomers) == set()


# --- Twice -----------------------------------------------------------------------------------------


def test_a_second_press_starts_nothing_more(
    cast: Cast, as_: Any, newcomers: Any, queue: Any, django_capture_on_commit_callbacks: Any
) -> None:
    client = as_(cast.administrator)
    batch = draft(client, newcomers)
    with django_capture_on_commit_callbacks(execute=True):
        assert start(client, batch)["Location"] == start(client, batch)["Location"] == at(batch, "page")
    assert len(queue) == 1
    batches.run(batch.pk)
    assert client.post(at(batch, "slips")).content.startswith(b"%PDF")


def test_a_task_delivered_twice_makes_nothing_more(
    cast: Cast, as_: Any, newcomers: Any, queue: Any, passwords: Any
) -> None:
    batch = made(as_(cast.administrator), newcomers)
    batches.run(batch.pk)
    assert len(passwords) == 3


def test_an_asker_has_one_batch_under_way(cast: Cast, as_: Any, newcomers: Any, queue: Any) -> None:
    client = as_(cast.administrator)
    first, second = draft(client, newcomers[:1]), draft(client, newcomers[1:])
    start(client, first)
    start(client, second)
    second.refresh_from_db()
    assert second.state == STATE.DRAFT


def test_nothing_to_do_starts_nothing(cast: Cast, as_: Any, queue: Any) -> None:
    client = as_(cast.administrator)
    batch = draft(client, [cast.student])
    start(client, batch)
    batch.refresh_from_db()
    assert (batch.state, queue) == (STATE.DRAFT, [])


def test_too_many_at_once_are_refused(
    cast: Cast, as_: Any, newcomers: Any, queue: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "MOST_PEOPLE", 2)
    client = as_(cast.administrator)
    assert choose(client, newcomers).status_code == 302
    assert not LoginBatch.objects.exists()
    batch = draft(client, [cast.class_7a])
    start(client, batch)
    batch.refresh_from_db()
    assert batch.state == STATE.DRAFT


# --- Whose -----------------------------------------------------------------------------------------


def test_the_outsider_reaches_nobody_of_this_school(cast: Cast, as_: Any, newcomers: Any, queue: Any) -> None:
    client = as_(cast.outsider)
    for rows in (newcomers, [cast.class_7a]):
        choose(client, rows)
        forged = LoginBatch.objects.latest("pk")
        forged.people = [person.pk for person in newcomers]
        forged.save()
        start(client, forged)
    assert with_login(newcomers) == set()
    assert not queue


@pytest.mark.parametrize("who", ["outsider", "region_operator", "head_teacher", "class_teacher", "parent"])
def test_anothers_batch_does_not_exist(cast: Cast, as_: Any, newcomers: Any, queue: Any, who: str) -> None:
    batch = made(as_(cast.administrator), newcomers)
    client = as_(getattr(cast, who))
    assert {client.get(at(batch, page)).status_code for page in ("page", "progress")} == {404}
    assert {client.post(at(batch, page)).status_code for page in ("start", "slips")} == {404}


def test_start_and_download_are_posts(cast: Cast, as_: Any, newcomers: Any) -> None:
    client = as_(cast.administrator)
    batch = draft(client, newcomers)
    assert {client.get(at(batch, page)).status_code for page in ("start", "slips")} == {405}


def elsewhere(cast: Cast, person: Person) -> dict[str, Any]:
    other_class = make.SchoolClassFactory(organisation=cast.other_school)
    role = Appointment.Role
    return {
        "works": lambda: make.EmploymentFactory(person=person, organisation=cast.other_school),
        "teaches": lambda: make.AssignmentFactory(
            teacher=person, course=make.CourseFactory(school_class=other_class)
        ),
        "leads": lambda: make.ClassTeacherFactory(person=person, school_class=other_class),
        "administers": lambda: make.AppointmentFactory(
            person=person, role=role.SCHOOL_ADMINISTRATOR, organisation=cast.other_school
        ),
        "territory": lambda: make.AppointmentFactory(
            person=person,
            role=role.TERRITORY_STAFF,
            territory=cast.school.locality.municipality.territory,
        ),
        "region": lambda: make.AppointmentFactory(person=person, role=role.REGION_OPERATOR),
    }


def sorted_out(cast: Cast, person: Person, *, again: bool) -> Any:
    scope = batches.scope_of_user(request_of(cast.administrator).user, on=TODAY)
    return batches.sort_out([person.pk], scope, again=again)


@pytest.mark.parametrize("tie", ["works", "teaches", "leads", "administers", "territory", "region"])
@pytest.mark.parametrize("has_login", [True, False])
def test_nobody_takes_over_an_office_elsewhere(
    cast: Cast, as_: Any, queue: Any, tie: str, has_login: bool
) -> None:
    account: Any = cast.teacher.account
    if not has_login:
        Person.objects.filter(pk=cast.teacher.pk).update(account=None)
    elsewhere(cast, cast.teacher)[tie]()
    assert sorted_out(cast, cast.teacher, again=True).refused == [cast.teacher]
    made(as_(cast.administrator), [cast.teacher], anew=True)
    assert not LoginIssue.objects.exists()
    assert User.objects.get(pk=account.pk).password == account.password


def test_a_parent_with_a_child_elsewhere_gets_a_first_login_and_keeps_it(
    cast: Cast, as_: Any, queue: Any
) -> None:
    child = make.EnrolmentFactory(school_class__organisation=cast.other_school).student
    make.GuardianshipFactory(guardian=cast.parent, child=child)
    assert sorted_out(cast, cast.parent, again=True).refused == [cast.parent]
    Person.objects.filter(pk=cast.parent.pk).update(account=None)
    assert sorted_out(cast, cast.parent, again=False).fresh == [cast.parent]


def test_a_tie_that_ended_elsewhere_does_not_matter(cast: Cast, as_: Any) -> None:
    yesterday = TODAY - datetime.timedelta(days=1)
    make.EmploymentFactory(person=cast.teacher, organisation=cast.other_school, until=yesterday)
    assert sorted_out(cast, cast.teacher, again=True).unused == [cast.teacher]


@pytest.mark.parametrize(
    "account", [{"is_superuser": True}, {"is_active": False}, {"origin": "esia"}, {"origin": "registered"}]
)
def test_some_accounts_are_no_schools_to_change(cast: Cast, as_: Any, account: dict[str, Any]) -> None:
    User.objects.filter(person=cast.teacher).update(**account)
    assert sorted_out(cast, cast.teacher, again=True).refused == [cast.teacher]


def test_staff_linked_with_gosuslugi_are_the_operators_to_issue_anew(cast: Cast, queue: Any) -> None:
    link = {"account": cast.teacher.account, "person": cast.teacher, "basis": "snils", "level": "verified"}
    EsiaLink.objects.create(oid=1, **link)
    assert sorted_out(cast, cast.teacher, again=True).refused == [cast.teacher]
    operator = batches.scope_of_user(request_of(cast.region_operator).user, on=TODAY)
    assert batches.sort_out([cast.teacher.pk], operator, again=True).unused == [cast.teacher]


def test_a_linked_parent_is_the_schools_to_issue_anew(cast: Cast, queue: Any) -> None:
    link = {"account": cast.parent.account, "person": cast.parent, "basis": "snils", "level": "verified"}
    EsiaLink.objects.create(oid=1, **link)
    assert sorted_out(cast, cast.parent, again=True).unused == [cast.parent]


def test_nobody_issues_the_own_login(cast: Cast, as_: Any) -> None:
    for again in (True, False):
        assert sorted_out(cast, cast.administrator, again=again).refused == [cast.administrator]


def test_an_office_that_ended_meanwhile_issues_nothing(
    cast: Cast, as_: Any, newcomers: Any, queue: Any
) -> None:
    client = as_(cast.administrator)
    batch = draft(client, newcomers)
    start(client, batch)
    Appointment.objects.filter(person=cast.administrator).update(until=TODAY - datetime.timedelta(days=1))
    batches.run(batch.pk)
    assert with_login(newcomers) == set()


def test_the_operator_issues_for_any_school(cast: Cast, as_: Any, newcomers: Any, queue: Any) -> None:
    elsewhere(cast, newcomers[2])["works"]()
    assert made(as_(cast.region_operator), newcomers).done == 3


def test_the_number_of_statements_does_not_grow(cast: Cast, as_: Any, queue: Any) -> None:
    client = as_(cast.administrator)
    ties = [make.EnrolmentFactory(school_class=cast.class_7a) for _each in range(2)]

    def issue() -> None:
        batch = draft(client, [tie.student for tie in ties], anew=True)
        client.get(at(batch, "page"))
        start(client, batch)
        batches.run(batch.pk)

    def grow() -> None:
        ties.extend(make.EnrolmentFactory(school_class=cast.class_7a) for _each in range(10))
        logins.issue_logins([tie.student for tie in ties])

    assert_same_statements(issue, grow)


def test_the_actions_are_on_people_and_on_classes(cast: Cast, as_: Any) -> None:
    for model in (Person, SchoolClass):
        body = as_(cast.administrator).get(url(model, "changelist")).content.decode()
        assert 'value="issue_logins"' in body
        assert 'value="issue_logins_anew"' in body
