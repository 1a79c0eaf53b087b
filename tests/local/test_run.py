"""What `make run` says once the portal answers."""

import socket

import pytest

from local.run import announce_once


@pytest.mark.parametrize("is_demo", [True, False])
def test_the_demos_logins_are_told_only_where_they_exist(
    is_demo: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        announce_once(server.getsockname()[1], None, is_demo=is_demo)()
    said = capsys.readouterr().out
    assert "http://localhost:" in said
    assert ("schooladmin" in said) == ("demo-asurso" in said) == is_demo
