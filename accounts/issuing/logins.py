"""First logins that a school hands out: readable logins, pronounceable passwords.

A first password exists in the answers of this module alone; the database has its hash.
"""

import datetime
import math
import os
import re
import secrets
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import LoginIssue, User
from accounts.security import notices
from accounts.security.notices import Notice
from schools.models import Organisation, Person
from schools.models.people import PersonQuerySet

_LATIN = dict(zip("абвгдеёзийклмнопрстуфыэ", "abvgdeeziyklmnoprstufye", strict=True)) | {
    "ж": "zh",
    "х": "kh",
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "shch",
    "ъ": "",
    "ь": "",
    "ю": "yu",
    "я": "ya",
}
LONGEST_SURNAME = 20

# No letters or digits that look alike on paper (l 1 j, o 0, c, w), none that Russian spells otherwise.
CONSONANTS, VOWELS, DIGITS = "bdfghkmnprstvz", "aeiu", "23456789"
SYLLABLES, FINAL_DIGITS = 6, 2
# 6 syllables of 14·4 and 2 digits of 8: 6·log2(56) + 2·log2(8) = 40.8 bits
PASSWORD_BITS = SYLLABLES * math.log2(len(CONSONANTS) * len(VOWELS)) + FINAL_DIGITS * math.log2(len(DIGITS))
# Sounds that a child should not find on its slip; leaving them out costs under 0.1 bits.
_UNSEEMLY = ("suk", "mud", "sis", "pis", "kak", "tup", "pid", "deb", "pip")

# Any constant; it keeps two issues of logins from choosing the same one.
_LOCK = 5_202_512
_CANDIDATES_A_ROUND = 4


@dataclass(frozen=True)
class FirstLogin:
    """What a slip shows. The password is kept out of `repr`, and so out of logs."""

    person: Person
    login: str
    password: str = field(repr=False)
    until: datetime.datetime


@dataclass(frozen=True)
class FirstPassword:
    """A password before anybody has it, and its hash."""

    password: str = field(repr=False)
    digest: str = field(repr=False)


class NoLogin(Exception):
    """There is nothing to issue anew: the person has no account, a closed one, or one not of a school's."""


def _nobody_counts(done: int, of: int) -> None:
    """Nobody watches."""


def issue_logins(
    people: Iterable[Person],
    *,
    again: bool = False,
    by: Person | None = None,
    how: str = LoginIssue.How.COMMAND,
    organisations: Mapping[int, int | None] | None = None,
    progress: Callable[[int, int], None] = _nobody_counts,
) -> list[FirstLogin]:
    """Make an account for each of the people who has none, in their order; all or none of them.

    With `again` those who have one get a new first password, which ends their sessions.
    `organisations` says for the journal whose person each is, by the person's number.
    `progress(done, of)` is told how many passwords are hashed: each takes a good part of a second.
    """
    passwords = first_passwords((person.pk for person in people), again=again, progress=progress)
    return hand_out(passwords, again=again, by=by, how=how, organisations=organisations)


def first_passwords(
    people: Iterable[int], *, again: bool, progress: Callable[[int, int], None] = _nobody_counts
) -> dict[int, FirstPassword]:
    """The slow half, outside of any transaction: a hashed password for each who is to get one."""
    wanted = list(dict.fromkeys(people))
    concerned = set(_concerned(wanted, again=again).values_list("pk", flat=True))
    chosen = {pk: first_password() for pk in wanted if pk in concerned}
    hashes = _hashes(list(chosen.values()), progress)
    return {pk: FirstPassword(chosen[pk], digest) for pk, digest in zip(chosen, hashes, strict=True)}


@transaction.atomic
def hand_out(
    passwords: Mapping[int, FirstPassword],
    *,
    again: bool,
    by: Person | None,
    how: str,
    organisations: Mapping[int, int | None] | None = None,
) -> list[FirstLogin]:
    """The quick half: accounts made or changed, and the journal of who issued them."""
    # no_key: only the account is about to be written, and marks may go on being given meanwhile
    locked = _concerned(passwords, again=again).select_for_update(no_key=True, of=("self",)).order_by("pk")
    found = {person.pk: person for person in locked.select_related("account")}
    chosen = [found[pk] for pk in passwords if pk in found]
    fresh = [person for person in chosen if person.account is None]
    until = timezone.now() + datetime.timedelta(days=settings.FIRST_PASSWORD_DAYS)
    had = [person for person in chosen if person.account]
    _change_passwords(had, passwords, until)
    if had:
        _tell([person.account for person in had], how)
    _make_accounts(fresh, passwords, until)
    of, new = organisations or {}, {person.pk for person in fresh}
    LoginIssue.objects.bulk_create(
        LoginIssue(
            account=person.account,
            person=person,
            by=by,
            how=how,
            again=person.pk not in new,
            organisation_id=of.get(person.pk),
        )
        for person in chosen
    )
    return [_first_login(person, passwords[person.pk], until) for person in chosen]


@transaction.atomic
def reissue(person: Person, *, by: Person, how: str, organisation: Organisation | None) -> FirstLogin:
    """A new first password for an account that exists; every session of the person ends.

    The file is locked before the password is made: of two presses on one button the later one's
    slip holds, and that is the one the browser shows. Raises NoLogin.
    """
    locked = _concerned([person.pk], again=True).filter(account__isnull=False)
    if not locked.select_for_update(no_key=True, of=("self",)).exists():
        raise NoLogin
    passwords = first_passwords([person.pk], again=True)
    where = {person.pk: organisation.pk if organisation else None}
    (login,) = hand_out(passwords, again=True, by=by, how=how, organisations=where)
    return login


def _concerned(people: Iterable[int], *, again: bool) -> PersonQuerySet:
    """Files without an account; with `again` also those with an open one whose password is a school's
    to change (`User.is_of_a_school`)."""
    may = Q(account__isnull=True)
    if again:
        may |= Q(account__is_active=True, account__origin__in=User.ORIGINS_OF_A_SCHOOL)
    return Person.objects.current().filter(may, pk__in=list(people))


def _first_login(person: Person, made: FirstPassword, until: datetime.datetime) -> FirstLogin:
    account: Any = person.account
    return FirstLogin(person, account.username, made.password, until)


def _change_passwords(
    people: list[Person], passwords: Mapping[int, FirstPassword], until: datetime.datetime
) -> None:
    """Sessions hold a value made of the password's hash: they end with it (`get_session_auth_hash`)."""
    accounts: list[Any] = [person.account for person in people]
    for person, account in zip(people, accounts, strict=True):
        account.password = passwords[person.pk].digest
        account.must_change_password, account.first_password_until = True, until
    User.objects.bulk_update(accounts, ["password", "must_change_password", "first_password_until"])


def _tell(accounts: list[Any], how: str) -> None:
    """Whoever hands out a new password could sign in by it: the account's holder hears of it."""
    device = _("none: it was issued %(how)s") % {"how": LoginIssue.How(how).label}
    notices.send_to_all(Notice.LOGIN_REISSUED, accounts, device=device)


def _make_accounts(
    people: list[Person], passwords: Mapping[int, FirstPassword], until: datetime.datetime
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    logins = _free_logins(people)
    accounts = User.objects.bulk_create(
        User(
            username=logins[person.pk],
            password=passwords[person.pk].digest,
            must_change_password=True,
            first_password_until=until,
        )
        for person in people
    )
    for person, account in zip(people, accounts, strict=True):
        person.account = account
    Person.objects.bulk_update(people, ["account"])


def login_stem(surname: str) -> str:
    """«Петрова-Водкина» → `petrovavodkina`; a surname in neither alphabet → `user`."""
    latin = "".join(_LATIN.get(letter, letter) for letter in surname.lower())
    plain = unicodedata.normalize("NFKD", latin)
    return re.sub(r"[^a-z]", "", plain)[:LONGEST_SURNAME] or "user"


def free_login(surname: str) -> str:
    """One that nobody has yet, to suggest: `sokolova47`."""
    return _free_logins([Person(pk=0, surname=surname)])[0]


def _free_logins(people: list[Person]) -> dict[int, str]:
    """A login for each: the surname and a number drawn by lot, so that nobody counts or guesses
    them along; with more digits every round, until all are free."""
    found: dict[int, str] = {}
    digits = 2
    while len(found) < len(people):
        candidates = {
            person.pk: [_candidate(person, digits) for _try in range(_CANDIDATES_A_ROUND)]
            for person in people
            if person.pk not in found
        }
        every = {login for logins in candidates.values() for login in logins}
        taken = set(User.objects.filter(username__in=every).values_list("username", flat=True))
        for pk, logins in candidates.items():
            free = next((login for login in logins if login not in taken), None)
            if free:
                found[pk] = free
                taken.add(free)
        digits += 1
    return found


def _candidate(person: Person, digits: int) -> str:
    first = 10 ** (digits - 1)
    return f"{login_stem(person.surname)}{first + secrets.randbelow(9 * first)}"


def first_password() -> str:
    """`kamu-tire-saha-47`: to be read out on the telephone and typed on one; `PASSWORD_BITS`."""
    while True:
        syllables = [secrets.choice(CONSONANTS) + secrets.choice(VOWELS) for _syllable in range(SYLLABLES)]
        if not any(word in "".join(syllables) for word in _UNSEEMLY):
            break
    words = ["".join(syllables[start : start + 2]) for start in range(0, SYLLABLES, 2)]
    return "-".join([*words, "".join(secrets.choice(DIGITS) for _digit in range(FINAL_DIGITS))])


def _hashes(passwords: list[str], progress: Callable[[int, int], None]) -> list[str]:
    """In as many threads as there are processors: hashing lets go of the interpreter's lock."""
    hashes = []
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        for digest in pool.map(make_password, passwords):
            hashes.append(digest)
            progress(len(hashes), len(passwords))
    return hashes
