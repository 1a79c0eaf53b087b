"""The project: settings, addresses, the Celery application. Nothing of the domain."""

from asurso.celery import app as celery_app

__all__ = ["celery_app"]
