"""Every address × everybody → what they get, reads and writes. No address may be missing here."""

import datetime
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from diary.models import JournalRules
from schools.models import TieProposal
from tests import factories as make

ROLES = (
    "anonymous",
    "student",
    "parent",
    "other_parent",
    "teacher",
    "class_teacher",
    "head_teacher",
    "administrator",
    "territory_staff",
    "region_operator",
    "outsider",
    "former_teacher",
    "former_student",
    "former_guardian",
    "limited_guardian",
    "substitute",
)
ALL = dict.fromkeys(ROLES, 200)
SIGNED_IN = ALL | {"anonymous": 302}
NOBODY = dict.fromkeys(ROLES, 404) | {"anonymous": 302}


def only(status: int = 200, *people: str, others: int = 404) -> dict[str, int]:
    return dict.fromkeys(ROLES, others) | {"anonymous": 302} | dict.fromkeys(people, status)


FAMILY = ("student", "parent")
DECIDE = ("administrator", "region_operator")  # a teacher's registration
JOURNAL = ("teacher", "class_teacher", "head_teacher")
GRID = (*JOURNAL, "substitute")
READERS = {"class_teacher": 403, "head_teacher": 403}
STAFF = ("teacher", "class_teacher", "head_teacher", "administrator", "substitute")

# (method, URL name, whose row or none) → who gets what
MATRIX: dict[tuple[str, str, str], dict[str, int]] = {
    ("GET", "front", ""): dict.fromkeys(ROLES, 302) | {"anonymous": 200},
    ("GET", "help", ""): ALL,
    ("GET", "healthz", ""): ALL,
    ("GET", "more", ""): SIGNED_IN,
    ("POST", "set-language", ""): dict.fromkeys(ROLES, 302),
    ("POST", "set-theme", ""): dict.fromkeys(ROLES, 302),
    ("GET", "accounts:sign-in", ""): dict.fromkeys(ROLES, 302) | {"anonymous": 200},
    ("POST", "accounts:sign-in", ""): dict.fromkeys(ROLES, 302) | {"anonymous": 422},
    ("GET", "accounts:class-logins", ""): only(200, "class_teacher", "outsider"),
    ("GET", "accounts:child-logins", ""): only(200, "parent", "other_parent"),
    ("GET", "accounts:student-login", "student"): only(200, "class_teacher", "parent"),
    ("POST", "accounts:student-login", "student"): only(200, "class_teacher", "parent"),
    ("GET", "accounts:recovery", ""): ALL,
    ("POST", "accounts:recovery", ""): dict.fromkeys(ROLES, 422),
    ("GET", "accounts:recovery-code", ""): ALL,
    ("GET", "accounts:recovery-answer", ""): dict.fromkeys(ROLES, 302),
    ("GET", "accounts:recovery-password", ""): dict.fromkeys(ROLES, 302),
    ("GET", "accounts:first-password", ""): dict.fromkeys(ROLES, 302),
    ("GET", "accounts:sign-in-administration", ""): dict.fromkeys(ROLES, 302) | {"anonymous": 200},
    ("POST", "accounts:sign-out", ""): dict.fromkeys(ROLES, 302),
    # ESIA is switched off here; see tests/accounts/esia.
    ("GET", "accounts:esia", ""): dict.fromkeys(ROLES, 302),
    ("POST", "accounts:esia", ""): dict.fromkeys(ROLES, 404),
    ("GET", "accounts:esia-complete", ""): dict.fromkeys(ROLES, 404),
    ("GET", "accounts:esia-link", ""): dict.fromkeys(ROLES, 302),
    ("POST", "accounts:esia-link", ""): dict.fromkeys(ROLES, 302),
    ("GET", "accounts:esia-institution", ""): dict.fromkeys(ROLES, 302),
    ("POST", "accounts:esia-institution", ""): dict.fromkeys(ROLES, 302),
    ("GET", "accounts:esia-refused", ""): ALL,
    ("GET", "old-about", ""): dict.fromkeys(ROLES, 301),
    ("GET", "old-esia", ""): dict.fromkeys(ROLES, 301),
    ("GET", "old-esia-slash", ""): dict.fromkeys(ROLES, 301),
    ("GET", "old-main", ""): dict.fromkeys(ROLES, 301),
    ("GET", "account_signup", ""): dict.fromkeys(ROLES, 302) | {"anonymous": 200},
    ("POST", "account_signup", ""): dict.fromkeys(ROLES, 302),
    ("GET", "account_verify_phone", ""): dict.fromkeys(ROLES, 302),
    ("GET", "account_email_verification_sent", ""): dict.fromkeys(ROLES, 302),
    ("GET", "accounts:security", ""): SIGNED_IN,
    ("GET", "accounts:secret-question", ""): dict.fromkeys(ROLES, 302),
    ("POST", "accounts:secret-question", ""): dict.fromkeys(ROLES, 302),
    ("GET", "accounts:sign-in-journal", ""): SIGNED_IN,
    ("GET", "accounts:sign-in-anew", ""): SIGNED_IN,
    ("POST", "accounts:sign-in-anew", ""): dict.fromkeys(ROLES, 302),
    ("POST", "accounts:switch", ""): NOBODY,  # nobody is what an empty choice says
    # Their own pages, and of nobody else; 302 also leads to proving again (test_proving_again.py).
    ("GET", "account_login", ""): dict.fromkeys(ROLES, 302),
    ("GET", "account_logout", ""): dict.fromkeys(ROLES, 302),
    ("GET", "account_inactive", ""): ALL,
    ("GET", "account_reauthenticate", ""): SIGNED_IN,
    ("GET", "account_email", ""): dict.fromkeys(ROLES, 302),
    ("POST", "account_email", ""): dict.fromkeys(ROLES, 302),
    ("GET", "account_change_phone", ""): dict.fromkeys(ROLES, 302),
    ("POST", "account_change_phone", ""): dict.fromkeys(ROLES, 302),
    ("GET", "account_change_password", ""): SIGNED_IN,
    ("GET", "usersessions_list", ""): SIGNED_IN,
    ("POST", "usersessions_list", ""): dict.fromkeys(ROLES, 302),
    ("GET", "mfa_index", ""): SIGNED_IN,
    ("GET", "mfa_authenticate", ""): dict.fromkeys(ROLES, 302),
    ("GET", "mfa_reauthenticate", ""): dict.fromkeys(ROLES, 302),
    ("GET", "mfa_activate_totp", ""): dict.fromkeys(ROLES, 302),
    ("GET", "mfa_deactivate_totp", ""): NOBODY,
    ("GET", "mfa_view_recovery_codes", ""): NOBODY,
    ("GET", "mfa_generate_recovery_codes", ""): dict.fromkeys(ROLES, 302),
    ("GET", "mfa_list_webauthn", ""): SIGNED_IN,
    ("GET", "mfa_add_webauthn", ""): dict.fromkeys(ROLES, 302),
    ("GET", "mfa_reauthenticate_webauthn", ""): dict.fromkeys(ROLES, 302),
    ("GET", "mfa_edit_webauthn", "student"): dict.fromkeys(ROLES, 302),
    ("POST", "mfa_edit_webauthn", "student"): dict.fromkeys(ROLES, 302),
    ("GET", "mfa_remove_webauthn", "student"): dict.fromkeys(ROLES, 302),
    ("POST", "mfa_remove_webauthn", "student"): dict.fromkeys(ROLES, 302),
    ("GET", "accounts:registration", ""): NOBODY,
    ("POST", "accounts:registration-anew", ""): NOBODY,
    ("GET", "accounts:registrations", ""): only(200, *DECIDE, "territory_staff", "outsider"),
    ("GET", "accounts:registration-decision", "registration"): only(200, *DECIDE),
    ("POST", "accounts:registration-decision", "registration"): only(422, *DECIDE),
    ("POST", "accounts:registration-refusal", "registration"): only(422, *DECIDE),
    ("GET", "messaging:outbox", ""): ALL,  # in development only, see tests/messaging/test_outbox.py
    ("GET", "messaging:outgoing", "outgoing"): ALL,
    ("GET", "diary:home", ""): SIGNED_IN | dict.fromkeys(("teacher", "class_teacher", "substitute"), 302),
    ("GET", "diary:home-of-child", "student"): only(200, *FAMILY),
    ("GET", "diary:diary", ""): only(302, *FAMILY, "other_parent"),
    ("GET", "diary:week-now", "student"): only(200, *FAMILY),
    ("GET", "diary:week", "student"): only(200, *FAMILY),
    ("POST", "diary:week", "student"): dict.fromkeys(ROLES, 405) | {"anonymous": 302},
    ("GET", "diary:teacher-today", ""): only(200, *STAFF, "outsider"),
    ("GET", "diary:teacher-day", ""): only(200, *STAFF, "outsider"),
    ("GET", "diary:lesson", "lesson"): only(200, "teacher", "class_teacher", "head_teacher"),
    ("POST", "diary:lesson", "lesson"): only(302, "teacher") | {"class_teacher": 403, "head_teacher": 403},
    ("GET", "diary:journals", ""): only(200, *STAFF, "outsider"),
    ("GET", "diary:journal", "course"): only(200, *GRID),
    ("GET", "diary:journal-of-term", "course"): only(200, *GRID),
    # An entry that is none; real ones by every role: tests/diary/test_journal_entries.py.
    ("POST", "diary:journal-entries", "course"): only(400, *GRID) | {"anonymous": 401},
    ("GET", "diary:results", "course"): only(200, *JOURNAL),
    ("GET", "diary:results-of", "course"): only(200, *JOURNAL),
    ("POST", "diary:results-of", "course"): only(302, "teacher") | READERS,
    ("POST", "diary:results-acceptance", "course"): only(302, "teacher") | READERS,
    ("GET", "diary:average", "course"): only(200, *JOURNAL, *FAMILY),
    ("GET", "diary:class-results", "class"): only(200, "class_teacher", "head_teacher"),
    ("GET", "diary:class-results-of", "class"): only(200, "class_teacher", "head_teacher"),
    ("POST", "diary:behaviour", "class"): only(302, "class_teacher") | {"head_teacher": 403},
    ("GET", "diary:rules", "school"): only(200, "head_teacher"),
    ("POST", "diary:rules", "school"): only(422, "head_teacher"),
    ("POST", "diary:rules-weights", "school"): only(422, "head_teacher"),
    ("POST", "diary:rules-kinds", "school"): only(422, "head_teacher"),
    ("GET", "schools:proposal", "proposal"): only(200, "teacher"),
    ("POST", "schools:proposal-confirmation", "proposal"): only(302, "teacher"),
    ("POST", "schools:proposal-refusal", "proposal"): only(302, "teacher"),
    ("GET", "schedule:classes", ""): only(200, *STAFF, "outsider")
    | dict.fromkeys(("student", "parent", "other_parent"), 302),
    ("GET", "schedule:class-timetable", "class"): only(200, *FAMILY, "other_parent", *STAFF),
    ("GET", "schedule:class-timetable-week", "class"): only(200, *FAMILY, "other_parent", *STAFF),
}


def arguments(name: str, row: str, cast: Any) -> list[Any]:
    rows = {"student": cast.student, "lesson": cast.lesson, "class": cast.class_7a}
    rows |= {"course": cast.algebra, "school": cast.school}
    if row == "outgoing":
        return [make.OutgoingFactory().pk]
    rows["proposal"] = cast.teacher.tie_proposals.first()
    if row == "registration":
        return [make.RegistrationFactory(organisation=cast.school).pk]
    pk = [rows[row].pk] if row else []
    if name == "accounts:esia-refused":
        return ["unavailable"]
    term = f"term-{cast.lesson.term_id}"
    return pk + {
        "diary:results-of": [term],
        "diary:results-acceptance": [term],
        "diary:average": [cast.lesson.term_id, cast.student.pk],
        "diary:class-results-of": [term],
        "diary:behaviour": [term],
        "diary:week": [datetime.date(2026, 12, 14)],
        "schedule:class-timetable-week": [datetime.date(2026, 12, 14)],
        "diary:journal-of-term": [cast.lesson.term.pk],
        "diary:teacher-day": [datetime.date(2026, 12, 16)],
    }.get(name, [])


@pytest.fixture
def busy_day(cast: Any) -> None:
    """With several classes in sight the list of classes is a page and not a redirect; the other
    school names the teacher."""
    JournalRules.objects.create(organisation=cast.school, behaviour="words")
    for organisation in (cast.school, cast.other_school):
        make.SchoolClassFactory(organisation=organisation, grade=5)
    proposed = {"tie": "employment", "position": "учитель"}
    TieProposal.objects.create(person=cast.teacher, organisation=cast.other_school, proposed=proposed)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("method", "name", "row"), MATRIX, ids=lambda value: str(value))
def test_everybody_gets_what_the_map_says(
    method: str, name: str, row: str, role: str, cast: Any, outlasted: Any, as_: Any, busy_day: None
) -> None:
    people = cast.people() | vars(outlasted)
    client = as_(people.get(role))
    address = reverse(name, args=arguments(name, row, cast))
    response = client.get(address) if method == "GET" else client.post(address, {})
    assert response.status_code == MATRIX[method, name, row][role]
    if role == "anonymous" and response.status_code == 302 and name not in PUBLIC_REDIRECTS:
        assert response["Location"].startswith((reverse("accounts:sign-in"), reverse("account_login")))


PUBLIC_REDIRECTS = {
    "accounts:esia",
    "accounts:recovery-answer",
    "accounts:recovery-password",
    "set-language",
    "set-theme",
    "accounts:sign-out",
    "accounts:esia-link",
    "accounts:esia-institution",
    "account_signup",
    "account_verify_phone",
    "account_email_verification_sent",
    "account_logout",
    "accounts:registration-anew",
}


@pytest.mark.parametrize(("method", "name", "row"), MATRIX, ids=lambda value: str(value))
def test_a_refusal_tells_no_names(
    method: str, name: str, row: str, cast: Any, as_: Any, busy_day: None
) -> None:
    response = as_(cast.outsider).generic(method, reverse(name, args=arguments(name, row, cast)))
    if response.status_code in (403, 404):
        assert cast.student.surname not in response.content.decode()


def test_no_address_is_missing() -> None:
    named = {name for _method, name, _row in MATRIX}
    assert set(_names(get_resolver().url_patterns)) - {"admin"} == named


def _names(patterns: list[Any], namespace: str = "") -> list[str]:
    """Names of all addresses; Django admin's are tried one by one in tests/schools/test_admin_*."""
    names = []
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace == "admin":
                continue
            inner = f"{pattern.namespace}:" if pattern.namespace else namespace
            names += _names(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern) and pattern.name:
            names.append(namespace + pattern.name)
    return names
