"""After a change of keys: document numbers anew under the newest ones."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from schools.rehashing import rehash_documents


class Command(BaseCommand):
    help = "Encrypts and hashes document numbers with the newest keys of ENCRYPTION_KEYS and HASH_KEYS."

    def handle(self, *args: Any, **options: Any) -> None:
        written, twins = rehash_documents()
        self.stdout.write(self.style.SUCCESS(f"{written} files written anew."))
        if twins:
            numbers = ", ".join(map(str, twins))
            raise CommandError(f"Files whose number another file has, to be merged first: {numbers}.")
