"""What the chains of history cost: `python -m local.shell --owner python -m tests.bench.history`.

On a loaded demo region; everything is rolled back. Marks are copied and updated many at once, and one at a
time as a saved entry does, with the triggers of the chains off and on in turn.
"""

import os
import statistics
import time
from collections.abc import Callable
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "asurso.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402 - after the settings

from demo.copying import copy_rows, prepare_history  # noqa: E402
from diary.models import Mark  # noqa: E402

MANY, SINGLE, TURNS = 20_000, 300, 3


def main() -> None:
    for _turn in range(TURNS):
        for chained in (False, True):
            with transaction.atomic():
                switch(on=chained)
                prepare_history()
                print(f"{'chained' if chained else 'plain':>8}: {measured()}", flush=True)
                transaction.set_rollback(True)


def switch(*, on: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgname LIKE 'pgtrigger_chained%'"
        )
        for table, trigger in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} {'ENABLE' if on else 'DISABLE'} TRIGGER {trigger}")


def measured() -> str:
    columns = ("work_id", "student_id", "year_id", "value_id", "published_at", "version", "comment")
    found = Mark.objects.values_list(*columns)[:MANY]
    rows: list[dict[str, Any]] = [dict(zip(columns, row, strict=True)) for row in found]
    keys = list(Mark.objects.order_by("pk").values_list("pk", flat=True)[:SINGLE])
    single = [1000 * seconds(lambda: change(key)) for key in keys]  # noqa: B023 - called at once
    update = seconds(lambda: change_many(len(rows)))
    Mark.objects.all().delete()
    copy = seconds(lambda: copy_rows(Mark, rows))
    p95 = statistics.quantiles(single, n=20)[18]
    return (
        f"copied {len(rows) / copy:,.0f} a second, updated {len(rows) / update:,.0f} a second, "
        f"one {statistics.median(single):.2f} ms, p95 {p95:.2f} ms"
    )


def seconds(action: Callable[[], Any]) -> float:
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def change(key: int) -> None:
    with transaction.atomic():
        Mark.objects.filter(pk=key).update(comment="раз")


def change_many(most: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE diary_mark SET comment = 'два' "
            "WHERE id IN (SELECT id FROM diary_mark ORDER BY id LIMIT %s)",
            [most],
        )


if __name__ == "__main__":
    main()
