"""Files that nobody gets without being asked who they are: outside what the web server serves, under
random names."""

import uuid
from typing import Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.utils.deconstruct import deconstructible
from django.utils.functional import cached_property


@deconstructible(path="diary.private_files.PrivateFiles")
class PrivateFiles(FileSystemStorage):
    """In the folder of PRIVATE_FILES_ROOT. Files have no address: a view asks who may have them."""

    # Not cached, as the parent does: a test names another folder.
    @property
    def base_location(self) -> Any:
        return settings.PRIVATE_FILES_ROOT

    @property
    def location(self) -> str:
        return str(settings.PRIVATE_FILES_ROOT)

    def url(self, name: str | None) -> str:
        raise NotImplementedError("A private file is served by a view.")

    @cached_property
    def file_permissions_mode(self) -> int:
        return 0o640


def private_files() -> PrivateFiles:
    return PrivateFiles()


def random_path(instance: Any, filename: str) -> str:
    """«3f/3f9c…»: nothing of the name, and no folder with too many files."""
    key = uuid.uuid4().hex
    return f"{key[:2]}/{key}"
