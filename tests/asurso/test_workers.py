"""Workers that test side by side do not empty each other's cache."""

import os

import pytest

from tests.workers import stand_apart


@pytest.mark.parametrize(("worker", "cache", "broker"), [("gw0", 0, 1), ("gw1", 2, 3), ("gw7", 14, 15)])
def test_each_worker_has_a_cache_and_a_broker_of_its_own(
    monkeypatch: pytest.MonkeyPatch, worker: str, cache: int, broker: int
) -> None:
    monkeypatch.setenv("REDIS_URL", "unix:///run/valkey.sock?db=0")
    monkeypatch.setenv("CELERY_BROKER_URL", "redis+socket:///run/valkey.sock?virtual_host=1")
    stand_apart(worker)
    assert os.environ["REDIS_URL"].endswith(f"db={cache}")
    assert os.environ["CELERY_BROKER_URL"].endswith(f"virtual_host={broker}")
