"""First logins that a school hands out: readable logins, pronounceable passwords.

A first password exists in the answer of `issue_logins` alone; the database has its hash.
"""

import math
import os
import re
import secrets
import unicodedata
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction

from accounts.models import User
from schools.models import Person

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


def _nobody_counts(done: int, of: int) -> None:
    """Nobody watches."""


@transaction.atomic
def issue_logins(
    people: Iterable[Person], *, progress: Callable[[int, int], None] = _nobody_counts
) -> list[FirstLogin]:
    """Make an account for each of the people who has none, in their order; all or none of them.

    `progress(done, of)` is told how many passwords are hashed: each takes a good part of a second.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    wanted = [person.pk for person in people]
    # no_key: only the account is about to be written, and marks may go on being given meanwhile
    locked = Person.objects.current().filter(pk__in=wanted, account__isnull=True)
    without = {person.pk: person for person in locked.select_for_update(no_key=True).order_by("pk")}
    chosen = [without[pk] for pk in dict.fromkeys(wanted) if pk in without]
    logins = _free_logins(chosen)
    issued = [FirstLogin(person, logins[person.pk], first_password()) for person in chosen]
    hashes = _hashes([login.password for login in issued], progress)
    accounts = [
        User(username=login.login, password=digest) for login, digest in zip(issued, hashes, strict=True)
    ]
    for login, account in zip(issued, User.objects.bulk_create(accounts), strict=True):
        login.person.account = account
    Person.objects.bulk_update([login.person for login in issued], ["account"])
    return issued


def login_stem(surname: str) -> str:
    """«Петрова-Водкина» → `petrovavodkina`; a surname in neither alphabet → `user`."""
    latin = "".join(_LATIN.get(letter, letter) for letter in surname.lower())
    plain = unicodedata.normalize("NFKD", latin)
    return re.sub(r"[^a-z]", "", plain)[:LONGEST_SURNAME] or "user"


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
