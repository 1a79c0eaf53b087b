"""The Celery application: a task is found in the `tasks` module of each app."""

import os
from typing import Any

from celery import Celery
from celery.schedules import crontab
from celery.signals import worker_init
from django.conf import settings

from asurso.starting import plainly

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "asurso.settings")


app = Celery("asurso")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    # A run that waited its whole minute in the queue is the next one's work.
    "send-waiting": {"task": "messaging.tasks.send_waiting", "schedule": 60.0, "options": {"expires": 60}},
    "purge-attempts": {"task": "accounts.tasks.purge_attempts", "schedule": crontab(hour=4, minute=10)},
    "count-region": {"task": "diary.tasks.count_region", "schedule": crontab(minute="*/10")},
    "overdue-points": {
        "task": "diary.tasks.apply_rule_of_overdue_points",
        "schedule": crontab(hour=1, minute=40),
    },
    "forget-saved-entries": {
        "task": "diary.tasks.forget_saved_entries",
        "schedule": crontab(hour=3, minute=20),
    },
    "remove-unused-files": {
        "task": "diary.tasks.remove_unused_files",
        "schedule": crontab(hour=4, minute=40),
    },
    "clear-login-batches": {"task": "accounts.tasks.clear_login_batches", "schedule": 300.0},
    "forget-half-done": {"task": "accounts.tasks.forget_half_done_sign_ins", "schedule": 600.0},
    "send-recovery-codes": {
        "task": "accounts.tasks.send_waiting_recovery_codes",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    # Late enough for the day's entries, early enough for the night's backup.
    "seal-history": {"task": "schools.tasks.seal_history", "schedule": crontab(hour=23, minute=30)},
    "forget-unconfirmed": {"task": "accounts.tasks.forget_unconfirmed", "schedule": crontab(minute=25)},
}


@app.on_configure.connect
def _read_settings(**kwargs: Any) -> None:
    """Celery only logs exceptions of its signals' receivers: the SystemExit of `plainly` ends it."""
    with plainly():
        str(settings.SECRET_KEY)


@worker_init.connect
def _refuse_demo_in_production(**kwargs: Any) -> None:
    from demo.refusal import refuse_demo_in_production  # noqa: PLC0415 - models

    with plainly():
        refuse_demo_in_production()
