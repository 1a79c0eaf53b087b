"""A production server does not work with demo data: everybody knows its passwords.

Asked when a server starts, and again at the first connection of every process, commands included:
a database that is put back from a copy, or reached only later, is caught as well.
"""

from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, ProgrammingError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from schools.models import Region

REFUSAL = (
    "This database holds the demo region, whose passwords everybody knows: choose another one with "
    "DATABASE_URL, or set ASURSO_DEVELOPMENT=1 on a computer that only you can reach."
)


class DemoInProduction(ImproperlyConfigured):
    """The settings are production's, the data the demo's."""


def refuse_demo_in_production() -> None:
    """For the start of a server. Raises DemoInProduction.

    A database that cannot be reached yet is asked at the first connection.
    """
    if settings.DEVELOPMENT:
        return
    try:
        found = holds_demo()
    except OperationalError:
        return
    finally:
        connection.close()  # a worker's children need connections of their own
    if found:
        raise DemoInProduction(REFUSAL)


def holds_demo() -> bool:
    try:
        return Region.objects.filter(demo_since__isnull=False).exists()
    except ProgrammingError:  # not migrated yet
        return False


def watch_connections() -> None:
    if not settings.DEVELOPMENT:
        connection_created.connect(_ask_once, dispatch_uid="demo.refusal")


def _ask_once(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Without closing, the next statement would find the connection open and go on."""
    if holds_demo():
        connection.close()
        raise DemoInProduction(REFUSAL)
    connection_created.disconnect(dispatch_uid="demo.refusal")
