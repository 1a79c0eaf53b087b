"""What the doors do outside of requests."""

from celery import shared_task
from django.utils import timezone

from accounts import attempts, codes
from accounts.esia import linking
from accounts.issuing import batches
from accounts.recovery import steps as recovery
from accounts.registration import deciding as registrations


@shared_task(ignore_result=True)
def make_login_batch(pk: int) -> None:
    batches.run(pk)


@shared_task(ignore_result=True)
def clear_login_batches() -> None:
    batches.clear(timezone.now())


@shared_task(ignore_result=True)
def purge_attempts() -> int:
    return attempts.purge(now=timezone.now())


@shared_task(ignore_result=True)
def forget_half_done_sign_ins() -> None:
    linking.forget_half_done(timezone.now())


@shared_task(ignore_result=True)
def forget_unconfirmed() -> None:
    now = timezone.now()
    registrations.forget_unconfirmed(now)
    codes.forget(now)
    recovery.forget(now)


@shared_task(ignore_result=True)
def send_recovery_code(pk: int) -> None:
    recovery.send_code(pk)


@shared_task(ignore_result=True)
def send_waiting_recovery_codes() -> None:
    recovery.send_waiting(timezone.now())
