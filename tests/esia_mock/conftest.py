"""The stand-in as a process of its own on a free port, once for all tests, and somebody to talk to it."""

import json
import os
import re
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from local import esia
from local.places import ROOT
from tests.esia_mock.signing import Parameters, System

REDIRECT = "http://portal.example/complete/"
LOGGED_OUT = "http://portal.example/bye/"
STANDARD, STANDARD_SECRET, PUBLIC = "library", "secret of the library", "telephone"
PATIENCE_SECONDS = 20.0


@dataclass(frozen=True)
class Mock:
    """The running stand-in. `system` may ask for much, but not for `email`."""

    url: str
    home: Path
    environment: dict[str, str]
    process: "subprocess.Popen[bytes]"

    @property
    def system(self) -> System:
        return System("SCHOOL", self.home / "client", REDIRECT)

    @property
    def other(self) -> System:
        return System("OTHER", self.home / "other", REDIRECT)

    @property
    def people(self) -> Path:
        return Path(self.environment["ESIA_MOCK_PEOPLE"])


@pytest.fixture(scope="session")
def mock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mock]:
    home = tmp_path_factory.mktemp("esia")
    port = free_port()
    environment = {
        **os.environ,
        "ASURSO_DEVELOPMENT": "1",
        **esia.environment(home, port=port, portal_port=1),
    }
    environment["ESIA_MOCK_CLIENTS"] = json.dumps(clients(home / "esia"))
    process = subprocess.Popen(esia.command(port), cwd=ROOT, env=environment)
    running = Mock(f"http://localhost:{port}", home / "esia", environment, process)
    try:
        wait_until_it_answers(running)
        yield running
    finally:
        process.terminate()
        process.wait(10)


def clients(home: Path) -> list[dict[str, Any]]:
    esia.make_key(home / "other")
    granted = [
        "openid", "fullname", "birthdate", "gender", "snils", "id_doc", "mobile", "contacts", "addresses",
        "usr_org", "vehicles",
        "kid_fullname", "kid_birthdate", "kid_gender", "kid_snils", "kid_birth_cert_doc",
    ]  # fmt: skip
    back = {"redirect_uris": [REDIRECT], "post_logout_urls": [LOGGED_OUT]}
    return [
        {"mnemonic": "SCHOOL", "certificates": [str(home / "client.crt")], "scopes": granted, **back},
        {"mnemonic": "OTHER", "certificates": [str(home / "other.crt")], **back},
        {"mnemonic": STANDARD, "secret": STANDARD_SECRET, **back},
        {"mnemonic": PUBLIC, **back},
    ]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until_it_answers(mock: Mock) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            requests.get(mock.url, timeout=5).raise_for_status()
            return
        except requests.ConnectionError:
            assert mock.process.poll() is None, "the stand-in ended at its start"
            assert time.monotonic() < deadline, "the stand-in does not answer"
            time.sleep(0.1)


@dataclass
class Visitor:
    """Somebody's browser, without a portal: redirections are looked at, not followed out of the mock."""

    mock: Mock
    session: requests.Session = field(default_factory=requests.Session)

    def get(self, path: str, parameters: Parameters | None = None, **kwargs: Any) -> requests.Response:
        kwargs.setdefault("allow_redirects", False)
        return self.session.get(f"{self.mock.url}{path}", params=parameters, timeout=20, **kwargs)

    def post(self, page: requests.Response, **fields: str) -> requests.Response:
        """Send the form of a page."""
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
        assert found, page.text
        data = {"csrfmiddlewaretoken": found[1], **fields}
        return self.session.post(page.url, data=data, allow_redirects=False, timeout=20)

    def open(self, path: str, parameters: Parameters) -> requests.Response:
        """From an authorization end point to the page of the sign-in."""
        page = self.get(path, parameters, allow_redirects=True)
        assert page.status_code == 200, page.text
        return page

    def sign_in(self, path: str, parameters: Parameters, person: str = "parent", **more: str) -> Parameters:
        """To the end; gives the parameters that come back to the system."""
        chosen = {"failure": "none", "seconds": "8", **more}
        return came_back(self.post(self.open(path, parameters), person=person, **chosen))


def came_back(answer: requests.Response) -> Parameters:
    assert answer.status_code == 302, answer.text
    target = urlsplit(answer.headers["Location"])
    assert f"{target.scheme}://{target.netloc}{target.path}" == REDIRECT
    return {name: values[0] for name, values in parse_qs(target.query).items()}


@pytest.fixture
def visitor(mock: Mock) -> Visitor:
    return Visitor(mock)


@dataclass
class Way:
    """One pair of end points, spoken right; a test changes what it wants wrong."""

    mock: Mock
    authorize: str
    token: str
    sign_request: Callable[[System, Parameters], Parameters]
    sign_exchange: Callable[[System, Parameters], Parameters]

    def request(self, scope: str = "openid fullname", /, **changes: str) -> Parameters:
        return self.request_of(self.mock.system, scope, **changes)

    def request_of(self, system: System, scope: str = "openid fullname", /, **changes: str) -> Parameters:
        return self.sign_request(system, system.request(scope, **changes))

    def redeem(self, code: str, scope: str = "openid fullname", /, **changes: str) -> requests.Response:
        system = self.mock.system
        return self.send(self.sign_exchange(system, system.exchange(code, scope, **changes)))

    def send(self, parameters: Parameters, *, timeout: float = 20) -> requests.Response:
        return requests.post(f"{self.mock.url}{self.token}", data=parameters, timeout=timeout)

    def tokens(
        self, person: str = "parent", scope: str = "openid fullname", **changes: str
    ) -> dict[str, Any]:
        """Sign in and redeem the code: the token answer."""
        code = Visitor(self.mock).sign_in(self.authorize, self.request(scope, **changes), person)["code"]
        answer = self.redeem(code, scope)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found


@pytest.fixture
def v1(mock: Mock) -> Way:
    return Way(mock, "/aas/oauth2/ac", "/aas/oauth2/te", System.signed_v1, System.signed_v1)


@pytest.fixture
def v2(mock: Mock) -> Way:
    def with_code(system: System, parameters: Parameters) -> Parameters:
        return system.signed_v2(parameters, "code")

    return Way(mock, "/aas/oauth2/v2/ac", "/aas/oauth2/v3/te", System.signed_v2, with_code)


@pytest.fixture(params=["v1", "v2"])
def way(request: pytest.FixtureRequest) -> Way:
    """Each of both pairs."""
    found: Way = request.getfixturevalue(request.param)
    return found


def refusal(answer: requests.Response | Parameters) -> str:
    """ESIA's code of a refusal, by redirection or in JSON."""
    found = answer if isinstance(answer, dict) else answer.json()
    return str(found["error_description"][:11])
