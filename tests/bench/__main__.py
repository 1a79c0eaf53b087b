"""`make bench`: what the main pages cost on the demo region, beside a floor measured in the same turns.

In one process, through all the middleware, one request at a time. The floor of a page is a bare view
with the page's own queries and a minimal Jinja2 template (`tests/bench/floor.py`).
"""

import argparse
import os
import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "asurso.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import User  # noqa: E402
from schedule.models import Lesson  # noqa: E402
from schools.doors import Door, Proof  # noqa: E402
from tests.bench import grids  # noqa: E402

WARM_UP = 20


@dataclass
class Page:
    """A page, who opens it, and the most milliseconds its 95th percentile should take (the peer's,
    times the goal of docs/performance.md)."""

    name: str
    login: str
    address: str
    floor: str
    goal_p95: float | None = None
    # What is sent instead of asking for the address, and for the floor's.
    send: Callable[[Client], Any] | None = None
    send_floor: Callable[[Client], Any] | None = None
    statements: int = 0
    size: int = 0
    times: list[float] = field(default_factory=list)
    floor_times: list[float] = field(default_factory=list)

    def ask(self, client: Client) -> Any:
        return self.send(client) if self.send else client.get(self.address)

    def ask_floor(self, client: Client) -> Any:
        return self.send_floor(client) if self.send_floor else client.get(self.floor)


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=200, help="turns of each page and its floor")
    parser.add_argument("--only", default="", help="pages whose name has these words")
    arguments = parser.parse_args()
    settings.ROOT_URLCONF = "tests.bench.urls"
    settings.ALLOWED_HOSTS = ["testserver"]
    with transaction.atomic():  # the journals made for it are rolled back
        pages = [page for page in (*demo_pages(), *grid_pages()) if arguments.only in page.name]
        measure(pages, arguments.rounds)
        transaction.set_rollback(True)
    report(pages, arguments.rounds)


def measure(pages: list[Page], rounds: int) -> None:
    clients = {page.login: signed_in(page.login) for page in pages}
    for page in pages:
        prepare(page, clients[page.login])
    for _turn in range(rounds):
        for page in pages:
            page.times.append(milliseconds(page.ask, clients[page.login]))
            page.floor_times.append(milliseconds(page.ask_floor, clients[page.login]))


def demo_pages() -> list[Page]:
    """Goals: the peer's p95 at one request at a time × the goal's factor."""
    student = User.objects.get(username="student").person
    teacher = User.objects.get(username="teacher").person
    today = timezone.localdate()
    lesson = Lesson.objects.taught_by(teacher, today).filter(date__lte=today).latest("date", "number")
    return [
        Page("empty signed-in page", "parent", reverse("floor-empty"), reverse("floor-empty")),
        Page("home of a parent", "parent", reverse("diary:home"), reverse("floor-home"), goal_p95=0.4 * 22),
        Page(
            "week diary",
            "parent",
            reverse("diary:week-now", args=[student.pk]),
            reverse("floor-week", args=[student.pk]),
            goal_p95=0.45 * 65,
        ),
        Page(
            "subjects of a child of three",
            "parent",
            reverse("diary:subjects-of", args=[student.pk]),
            reverse("floor-subjects", args=[student.pk]),
        ),
        Page(
            "attendance of a year, a parent of three",
            "parent",
            reverse("diary:attendance-of-period", args=[student.pk, "year"]),
            reverse("floor-empty"),
        ),
        Page(
            "lesson page",
            "teacher",
            reverse("diary:lesson", args=[lesson.pk]),
            reverse("floor-lesson", args=[lesson.pk]),
            goal_p95=0.4 * 37,
        ),
    ]


def grid_pages() -> list[Page]:
    """Goal of the grid: 0.6 of the peer's 95th percentile at 25 × 30."""
    return [
        Page(
            each.name,
            grids.LOGIN,
            each.address,
            each.floor,
            goal_p95=0.6 * 65 if each.name == "grid 25 × 30" else None,
            send=each.send,
            send_floor=each.send_floor,
        )
        for each in grids.pages()
    ]


def signed_in(login: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=login), backend="accounts.backends.PersonBackend")
    session = client.session
    Proof(Door.DEMO).keep_in(session)
    session.save()
    return client


def prepare(page: Page, client: Client) -> None:
    """Warm up, and count statements and bytes."""
    for _time in range(WARM_UP):
        response = page.ask(client)
        assert response.status_code == 200, f"{page.address} answered {response.status_code}"
    with CaptureQueriesContext(connection) as captured:
        response = page.ask(client)
    asked = [query for query in captured.captured_queries if "SAVEPOINT" not in query["sql"]]
    page.statements, page.size = len(asked), len(response.content)
    for _time in range(WARM_UP):
        response = page.ask_floor(client)
        assert response.status_code == 200, f"{page.floor} answered {response.status_code}"


def milliseconds(ask: Callable[[Client], Any], client: Client) -> float:
    started = time.perf_counter()
    ask(client)
    return (time.perf_counter() - started) * 1000


def percentile(times: list[float], share: int) -> float:
    return statistics.quantiles(times, n=100, method="inclusive")[share - 1]


def _server_version() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        return int(cursor.fetchone()[0]) // 10000


def report(pages: list[Page], rounds: int) -> None:
    print(
        f"{rounds} rounds, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"Django {django.__version__}, PostgreSQL {_server_version()}\n"
    )
    print("| page | statements | p50 ms | p95 ms | goal p95 ms | bytes | floor p50 ms | against the floor |")
    print("|---|---|---|---|---|---|---|---|")
    for page in pages:
        p50, bare = percentile(page.times, 50), percentile(page.floor_times, 50)
        goal = f"{page.goal_p95:.1f}" if page.goal_p95 else "–"
        print(
            f"| {page.name} | {page.statements} | {p50:.1f} | {percentile(page.times, 95):.1f} | {goal} "
            f"| {page.size:,} | {bare:.1f} | {bare / p50:.2f}× |"
        )


if __name__ == "__main__":
    main()
