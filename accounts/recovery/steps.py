"""A new password for who lost theirs (product map §2.7): a contact → its code → the secret
question, where one is set → the new password.

Nothing tells whether a contact is known: the request writes the same row and asks the worker for the
same task in either case, and the worker finds out. Every step holds for a quarter of an hour.
"""

import datetime
import hmac
import secrets
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts import codes
from accounts.attempts import ADDRESS_REMEMBERED
from accounts.models import PhoneNumber, Recovery, SecretQuestion, User
from messaging.sending import hurry, send_letter, send_sms
from schools.models import SignIn
from schools.models.documents import document_hashes

HOLDS = datetime.timedelta(minutes=15)
KEPT = datetime.timedelta(days=30)
CODE_DIGITS = 6
TRIES = 5
# Of one account, however often a recovery is begun anew.
ANSWERS_A_DAY = 10
DAY = datetime.timedelta(days=1)


class WrongCode(Exception):
    """It does not fit, or fits nothing; `left` tries remain."""

    def __init__(self, left: int) -> None:
        super().__init__(left)
        self.left = left


class WrongAnswer(WrongCode):
    """To the secret question."""


class Over(Exception):
    """Too late, tried too often, finished, or never begun: it has to be begun anew."""


@transaction.atomic
def begin(channel: str, contact: str, *, address: str, language: str) -> Recovery:
    """`contact`: an e-mail address, or a number in E.164. Raises codes.TooManyCodes, for the hour alone:
    the day's limit depends on whose contact it is, so that the worker applies it in silence."""
    sent = codes.count(contact, address, now=timezone.now(), today=False)
    recovery = Recovery.objects.create(
        channel=channel,
        contact=contact,
        address=sent.address,
        language=language,
        at=sent.at,
        expires_at=sent.at + HOLDS,
    )
    # The worker sends the code, for the time of an answer would tell whether one was sent.
    transaction.on_commit(lambda: hurry("accounts.tasks.send_recovery_code", recovery.pk))
    return recovery


def send_waiting(now: datetime.datetime) -> None:
    """What no task came for, because the broker was down. Those of unknown contacts wait for ever."""
    waiting = Recovery.objects.filter(code="", expires_at__gt=now)
    for pk in waiting.values_list("pk", flat=True):
        send_code(pk)


def forget(now: datetime.datetime) -> None:
    Recovery.objects.filter(at__lte=now - KEPT).delete()


@transaction.atomic
def send_code(pk: int) -> None:
    """What the worker does; safe to run twice: a second run sends nothing."""
    recovery = Recovery.objects.select_for_update().get(pk=pk)
    account = _account_of(recovery)
    if recovery.code or account is None or recovery.expires_at <= timezone.now():
        return
    if _is_flood(recovery, account):
        return
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
    recovery.account, recovery.code = account, _hashed(recovery, code)
    recovery.save(update_fields=["account", "code"])
    with translation.override(recovery.language):
        text = _("%(code)s is the code for a new password. It holds for 15 minutes.") % {"code": code}
        if recovery.channel == Recovery.Channel.SMS:
            send_sms(to=recovery.contact, text=text, expires_at=recovery.expires_at)
            return
        warning = _("If you did not ask for it, do nothing: your password stays as it is.")
        send_letter(
            to=recovery.contact,
            subject=_("A new password"),
            text=f"{text}\n\n{warning}",
            expires_at=recovery.expires_at,
        )


def _account_of(recovery: Recovery) -> User | None:
    """Whose confirmed contact it is. An account of ESIA has no password to lose."""
    owners: Any
    if recovery.channel == Recovery.Channel.SMS:
        numbers = PhoneNumber.objects.filter(number_hash__in=document_hashes(recovery.contact))
        owners = numbers.filter(confirmed_at__isnull=False).values("account")
    else:
        addresses = EmailAddress.objects.filter(email__iexact=recovery.contact, verified=True)
        owners = addresses.values("user")
    account = User.objects.filter(pk__in=owners, is_active=True).first()
    return account if account and account.has_usable_password() else None


def _is_flood(recovery: Recovery, account: User) -> bool:
    """Strangers who ask all day do not keep a family out: who asks at an address that the account signed
    in from lately gets a code."""
    lately = SignIn.objects.filter(account=account, at__gt=recovery.at - ADDRESS_REMEMBERED)
    known = set(lately.exclude(address=None).values_list("address", flat=True))
    return recovery.address not in known and codes.is_flooded(recovery.contact, recovery.at, known=known)


def check_code(pk: int, code: str) -> Recovery:
    """Raises WrongCode, Over."""
    with transaction.atomic():
        recovery = _running(pk)
        if recovery.wrong_codes >= TRIES:
            raise Over
        fits = bool(recovery.code) and hmac.compare_digest(recovery.code, _hashed(recovery, code))
        if fits:
            recovery.code_shown_at = timezone.now()
        else:
            recovery.wrong_codes += 1
        recovery.save(update_fields=["code_shown_at", "wrong_codes"])
    if not fits:
        raise WrongCode(TRIES - recovery.wrong_codes)
    return recovery


def question_of(pk: int) -> SecretQuestion | None:
    """The question that is still to be answered, if the account has one. Raises Over."""
    recovery = _running(pk, lock=False)
    if recovery.code_shown_at is None:
        raise Over
    if recovery.answered_at:
        return None
    return SecretQuestion.objects.filter(account=recovery.account_id).first()


def check_answer(pk: int, answer: str) -> None:
    """Raises WrongAnswer, Over."""
    with transaction.atomic():
        recovery = _running(pk)
        question, left = question_of(pk), _answers_left(recovery)
        if left <= 0 or question is None:
            raise Over
        fits = question.is_answered_by(answer)
        if fits:
            recovery.answered_at = timezone.now()
        else:
            recovery.wrong_answers += 1
        recovery.save(update_fields=["answered_at", "wrong_answers"])
    if not fits:
        raise WrongAnswer(left - 1)


def _answers_left(recovery: Recovery) -> int:
    """Of this recovery, and of the account's within a day. Held until the answer is counted, so that
    recoveries side by side wait for each other."""
    User.objects.select_for_update(no_key=True, of=("self",)).filter(recoveries=recovery).first()
    of_a_day = Recovery.objects.filter(account=recovery.account_id, at__gt=timezone.now() - DAY)
    wrong: int = of_a_day.aggregate(wrong=Sum("wrong_answers", default=0))["wrong"]
    return min(TRIES - recovery.wrong_answers, ANSWERS_A_DAY - wrong)


def account_for_password(pk: int) -> User:
    """Whose password may be chosen now. Raises Over while a step is missing."""
    recovery = _running(pk, lock=False)
    if question_of(pk) is not None or recovery.account is None:
        raise Over
    return recovery.account


@transaction.atomic
def choose_password(pk: int, password: str) -> User:
    """All sessions of the account end with its old password. Raises Over."""
    recovery = _running(pk)
    account = account_for_password(pk)
    account.choose_password(password)
    recovery.finished_at = timezone.now()
    recovery.save(update_fields=["finished_at"])
    return account


def _running(pk: int, *, lock: bool = True) -> Recovery:
    rows = Recovery.objects.select_related("account")
    if lock:
        rows = rows.select_for_update(of=("self",))
    recovery = rows.filter(pk=pk, finished_at=None, expires_at__gt=timezone.now()).first()
    if recovery is None:
        raise Over
    return recovery


def _hashed(recovery: Recovery, code: str) -> str:
    """Six digits are guessed from any plain hash; the key is not in the database."""
    message = f"recovery {recovery.pk} {code}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), message, "sha256").hexdigest()
