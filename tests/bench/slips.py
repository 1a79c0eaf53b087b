"""What first logins cost: `python -m local.shell python -m tests.bench.slips 1000`.

Hashing, accounts and journal, the QR code, the PDF, the memory. The people are made in a transaction
that is rolled back.
"""

import os
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import django

ADDRESS = "https://portal.example/"


def main(number: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "asurso.settings")
    django.setup()
    from django.db import transaction  # noqa: PLC0415 - after the set-up

    print(f"{number} people, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    with transaction.atomic():
        _measure(number)
        transaction.set_rollback(True)


def _measure(number: int) -> None:
    from accounts.issuing import addressees, logins, slips  # noqa: PLC0415
    from schools.models import Person  # noqa: PLC0415

    made = Person.objects.bulk_create(
        Person(surname="Измеров", first_name="Александра", patronymic="Сергеевна") for _each in range(number)
    )
    with _timed("passwords and hashes"):
        passwords = logins.first_passwords([person.pk for person in made], again=False)
    with _timed("accounts and journal"):
        issued = logins.hand_out(passwords, again=False, by=None, how="command")
    with _timed("QR code (one for all)"):
        slips._qr_code(ADDRESS)
    sheet = [addressees.slip_of(login, addressees.NOWHERE) for login in issued]
    with _timed("PDF"):
        pdf = slips.slips_pdf(sheet, address=ADDRESS)
    print(f"{'PDF':24} {len(pdf) / 1e6:8.2f} MB")


@contextmanager
def _timed(what: str) -> Iterator[None]:
    """The clock, and the processor's own time, which neighbours on the machine do not stretch."""
    began, worked = time.perf_counter(), time.process_time()
    yield
    seconds, cpu = time.perf_counter() - began, time.process_time() - worked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{what:24} {seconds:8.2f} s, CPU {cpu:8.2f} s, peak {peak:.0f} MB", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
