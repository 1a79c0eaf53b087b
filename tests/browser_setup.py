"""The browser of the tests: Debian's Chromium under Playwright. Loaded by conftest.py.

A test that takes one of Playwright's fixtures is marked `browser` by itself. Without Chromium such
tests are skipped, and the summary says how to get it; with CI=true they fail.
"""

import os
from collections.abc import Iterator
from typing import Any

import pytest

from local import browser

# Playwright runs an event loop in the thread of the test, where Django refuses its database else.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

REASON = f"no Chromium: {browser.INSTALL} (as root)"


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    arguments = ["--disable-dev-shm-usage"]
    if os.getuid() == 0:  # its sandbox does not work for root
        arguments.append("--no-sandbox")
    return {**browser_type_launch_args, "executable_path": browser.find(), "args": arguments}


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Tests in a browser empty the database, so they come last, however pytest groups their parameters."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
    yield
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("browser") and not browser.find():
        if browser.is_required():
            pytest.fail(REASON, pytrace=False)
        pytest.skip(REASON)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    skipped = [
        report for report in terminalreporter.stats.get("skipped", []) if REASON in str(report.longrepr)
    ]
    if skipped:
        terminalreporter.write_line(f"{len(skipped)} browser tests skipped, {REASON}", yellow=True)
