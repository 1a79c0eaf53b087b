"""The Celery application: a task is found in the `tasks` module of each app."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "asurso.settings")

app = Celery("asurso")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
