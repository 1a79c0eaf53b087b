"""The stand-in for ESIA (`esia_mock`): keys of this checkout, and the environment for it and for the portal.

Keys are made at the first start and stay in the data directory: none is ever committed.
"""

import datetime
import json
import os
import sys
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from local.places import make_directory
from local.problem import Problem

CLIENT_ID = "ASURSO_DEV"
# By this name production knows a certificate of development (asurso/esia.py).
ORGANISATION = "ASU RSO, development only"
VALID_DAYS = 3650
CALLBACK = "/social/complete/esia/"


def is_given() -> bool:
    """Does the environment name another ESIA? Then the stand-in does not start."""
    return bool(os.environ.get("ESIA_URL"))


def environment(var: Path, *, port: int, portal_port: int) -> dict[str, str]:
    """For all processes: the portal reads ESIA_…, the stand-in ESIA_MOCK_… as well."""
    home = make_directory(var / "esia")
    client, token = home / "client", home / "token"
    for name in (client, token):
        make_key(name)
    portals = [f"http://{host}:{portal_port}" for host in ("localhost", "127.0.0.1")]
    system = {
        "mnemonic": CLIENT_ID,
        "certificates": [str(certificate(client))],
        "redirect_uris": [f"{portal}{CALLBACK}" for portal in portals],
        "post_logout_urls": [f"{portal}/" for portal in portals],
    }
    url = f"http://localhost:{port}"
    return {
        "ESIA_URL": url,
        "ESIA_ISSUER": f"{url}/",
        "ESIA_CLIENT_ID": CLIENT_ID,
        "ESIA_CLIENT_KEY": str(key(client)),
        "ESIA_CLIENT_CERTIFICATE": str(certificate(client)),
        "ESIA_TOKEN_CERTIFICATES": str(certificate(token)),
        "ESIA_MOCK_KEY": str(key(token)),
        "ESIA_MOCK_CERTIFICATE": str(certificate(token)),
        "ESIA_MOCK_CLIENTS": json.dumps([system, *more_clients()]),
        "ESIA_MOCK_PEOPLE": str(people(var)),
    }


def more_clients() -> list[dict[str, object]]:
    """Clients of the developer's own, from the environment: the portal's is added to them."""
    try:
        return list(json.loads(os.environ.get("ESIA_MOCK_CLIENTS") or "[]"))
    except (ValueError, TypeError) as error:
        raise Problem(f"ESIA_MOCK_CLIENTS is no JSON list of clients: {error}") from error


def command(port: int) -> list[str]:
    """Threads: a sign-in that was told to be slow must not hold up the others."""
    return [
        sys.executable, "-m", "gunicorn", "esia_mock.wsgi", "--bind", f"127.0.0.1:{port}",
        "--workers", "1", "--threads", "8", "--no-control-socket", "--log-level", "warning",
    ]  # fmt: skip


def people(var: Path) -> Path:
    """Where the demo writes its people for the stand-in."""
    return var / "esia-people.json"


def key(name: Path) -> Path:
    return name.with_suffix(".key")


def certificate(name: Path) -> Path:
    return name.with_suffix(".crt")


def make_key(name: Path) -> None:
    """An RSA key and its self-signed certificate beside it, unless both are there."""
    if key(name).exists() and certificate(name).exists():
        return
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    key(name).touch(mode=0o600)
    key(name).write_bytes(made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    certificate(name).write_bytes(_certificate(made, name.name).public_bytes(Encoding.PEM))


def _certificate(made: rsa.RSAPrivateKey, name: str) -> x509.Certificate:
    subject = x509.Name(
        [
            x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, ORGANISATION),
            x509.NameAttribute(x509.NameOID.COMMON_NAME, f"asurso {name}"),
        ]
    )
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(made.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=VALID_DAYS))
        .sign(made, hashes.SHA256())
    )
