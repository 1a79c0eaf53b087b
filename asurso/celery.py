"""The Celery application: a task is found in the `tasks` module of each app."""

import os
from typing import Any

from celery import Celery
from celery.schedules import crontab
from celery.signals import worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "asurso.settings")

app = Celery("asurso")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    # A run that waited its whole minute in the queue is the next one's work.
    "send-waiting": {"task": "messaging.tasks.send_waiting", "schedule": 60.0, "options": {"expires": 60}},
    "purge-attempts": {"task": "accounts.tasks.purge_attempts", "schedule": crontab(hour=4, minute=10)},
    "count-region": {"task": "diary.tasks.count_region", "schedule": crontab(minute="*/10")},
    "clear-login-batches": {"task": "accounts.tasks.clear_login_batches", "schedule": 300.0},
    "purge-attempts": {"task": "accounts.tasks.purge_attempts", "schedule": crontab(hour=4, minute=10)},
    "count-region": {"task": "diary.tasks.count_region", "schedule": crontab(minute="*/10")},
}


@worker_init.connect
def _refuse_demo_in_production(**kwargs: Any) -> None:
    """Celery only logs exceptions of its signals' receivers: SystemExit ends the worker."""
    from demo.refusal import DemoInProduction, refuse_demo_in_production  # noqa: PLC0415 - models

    try:
        refuse_demo_in_production()
    except DemoInProduction as refusal:
        raise SystemExit(str(refusal)) from refusal
