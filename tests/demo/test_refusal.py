"""Production does not start, nor go on, with demo data."""

from typing import Any

import pytest
from django.db import OperationalError, connection
from django.db.backends.signals import connection_created

from demo import refusal
from demo.refusal import DemoInProduction, refuse_demo_in_production
from schools.models import Region

pytestmark = pytest.mark.django_db


@pytest.fixture
def production(settings: Any, monkeypatch: Any) -> None:
    settings.DEVELOPMENT = False
    monkeypatch.setattr(connection, "close", lambda: None)  # the test's own transaction goes on


@pytest.fixture
def demo_data() -> None:
    Region.objects.create(name="Самарская область", demo_since="2026-11-24T08:00Z")


@pytest.mark.usefixtures("production", "demo_data")
def test_production_refuses_demo_data() -> None:
    with pytest.raises(DemoInProduction, match="demo region"):
        refuse_demo_in_production()


@pytest.mark.usefixtures("production")
def test_production_starts_with_a_real_region() -> None:
    Region.objects.create(name="Самарская область")
    refuse_demo_in_production()


@pytest.mark.usefixtures("demo_data")
def test_development_starts_with_demo_data() -> None:
    refuse_demo_in_production()


@pytest.mark.usefixtures("production")
def test_unreachable_database_is_asked_later(monkeypatch: Any) -> None:
    def unreachable() -> bool:
        raise OperationalError

    monkeypatch.setattr(refusal, "holds_demo", unreachable)
    refuse_demo_in_production()


@pytest.mark.usefixtures("production", "demo_data")
def test_first_connection_of_a_process_refuses() -> None:
    refusal.watch_connections()
    try:
        with pytest.raises(DemoInProduction):
            connection_created.send(sender=type(connection), connection=connection)
    finally:
        connection_created.disconnect(dispatch_uid="demo.refusal")


@pytest.mark.usefixtures("production")
def test_a_good_database_is_asked_once(django_assert_num_queries: Any) -> None:
    refusal.watch_connections()
    with django_assert_num_queries(1):
        connection_created.send(sender=type(connection), connection=connection)
        connection_created.send(sender=type(connection), connection=connection)
