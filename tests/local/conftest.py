import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def open_directory() -> Iterator[Path]:
    """A directory with a short path that other users may pass through, unlike pytest's tmp_path."""
    directory = Path(tempfile.mkdtemp(prefix="asurso-"))
    directory.chmod(0o711)
    yield directory
    shutil.rmtree(directory)


@pytest.fixture
def home() -> Iterator[Path]:
    with open_directory() as directory:
        yield directory


@pytest.fixture
def only_as_root() -> None:
    if os.getuid() != 0:
        pytest.skip("only root gives up its power")
