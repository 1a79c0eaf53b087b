"""Product map §2.5: who may use which door, on a date."""

import datetime

import pytest

from schools.doors import Door, Level, Proof, Refusal, Role, fourteenth_birthday, refusal

BORN = datetime.date(2012, 11, 25)
TURNS_14 = datetime.date(2026, 11, 25)
DAY = datetime.timedelta(days=1)
TODAY = TURNS_14
SCHOOL, OWN, DEMO = Proof(Door.SCHOOL), Proof(Door.OWN), Proof(Door.DEMO)
WITH_FACTOR = Proof(Door.SCHOOL, second_factor=True)
ESIA = {level: Proof(Door.ESIA, level) for level in Level}


def of_student(proof: Proof | None, on: datetime.date, born: datetime.date | None = BORN) -> Refusal | None:
    return refusal(Role.STUDENT, proof, birth_date=born, on=on)


@pytest.mark.parametrize("proof", [SCHOOL, *ESIA.values()])
def test_under_14_the_schools_login_and_every_esia_account_open_the_diary(proof):
    assert of_student(proof, TURNS_14 - DAY) is None


def test_from_the_14th_birthday_the_schools_login_opens_nothing():
    assert of_student(SCHOOL, TURNS_14) == Refusal.FOURTEEN


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        (Level.SIMPLIFIED, Refusal.STUDENT_LEVEL),
        (Level.CHILD, Refusal.STUDENT_LEVEL),
        (Level.STANDARD, None),
        (Level.VERIFIED, None),
    ],
)
def test_from_14_esia_must_have_checked_the_snils(level, expected):
    assert of_student(ESIA[level], TURNS_14) == expected


def test_grace_lets_the_schools_login_live_on_for_some_days(settings):
    settings.SCHOOL_LOGIN_GRACE_DAYS = 30
    assert of_student(SCHOOL, TURNS_14 + 29 * DAY) is None
    assert of_student(SCHOOL, TURNS_14 + 30 * DAY) == Refusal.FOURTEEN


def test_without_a_birth_date_the_schools_login_waits_for_one():
    assert of_student(SCHOOL, TODAY, born=None) == Refusal.BIRTH_DATE


def test_a_login_from_a_registration_opens_no_diary():
    assert of_student(OWN, TURNS_14 - DAY) == Refusal.STUDENT_DOOR


def test_born_on_29_february_one_turns_14_on_1_march():
    assert fourteenth_birthday(datetime.date(2012, 2, 29)) == datetime.date(2026, 3, 1)


@pytest.mark.parametrize(
    ("proof", "expected"),
    [
        (SCHOOL, Refusal.GUARDIAN_DOOR),
        (OWN, Refusal.GUARDIAN_DOOR),
        (ESIA[Level.SIMPLIFIED], Refusal.GUARDIAN_LEVEL),
        (ESIA[Level.STANDARD], Refusal.GUARDIAN_LEVEL),
        (ESIA[Level.VERIFIED], None),
    ],
)
def test_parents_need_a_verified_esia_account(proof, expected):
    assert refusal(Role.GUARDIAN, proof, birth_date=None, on=TODAY) == expected


@pytest.mark.parametrize(
    ("proof", "expected"),
    [
        (SCHOOL, Refusal.SECOND_FACTOR),
        (OWN, Refusal.SECOND_FACTOR),
        (WITH_FACTOR, None),
        (ESIA[Level.STANDARD], Refusal.STAFF_LEVEL),
        (ESIA[Level.VERIFIED], None),
    ],
)
def test_staff_need_a_verified_esia_account_or_a_second_factor(proof, expected):
    assert refusal(Role.STAFF, proof, birth_date=None, on=TODAY) == expected


def test_a_region_may_let_parents_in_by_the_schools_login(settings):
    settings.SCHOOL_LOGIN_OPENS = {"guardian"}
    assert refusal(Role.GUARDIAN, SCHOOL, birth_date=None, on=TODAY) is None
    assert refusal(Role.GUARDIAN, OWN, birth_date=None, on=TODAY) == Refusal.GUARDIAN_DOOR
    assert of_student(SCHOOL, TURNS_14) == Refusal.FOURTEEN


@pytest.mark.parametrize("role", Role)
def test_a_session_that_proved_nothing_opens_nothing(role):
    assert refusal(role, None, birth_date=BORN, on=TODAY) == Refusal.UNPROVEN


@pytest.mark.parametrize("role", Role)
def test_demo_logins_open_everything_only_where_a_setting_admits_them(settings, role):
    assert refusal(role, DEMO, birth_date=BORN, on=TODAY) is None
    settings.ADMIT_DEMO_LOGINS = False
    assert refusal(role, DEMO, birth_date=BORN, on=TODAY) == Refusal.DEMO_CLOSED


@pytest.mark.parametrize("reason", Refusal)
def test_every_refusal_says_what_to_do(reason):
    assert reason.label
    assert reason.advice
