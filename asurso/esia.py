"""What must hold of ESIA's settings before the portal starts. Production asks the real ESIA with keys of
its own: the training stand-in lets anybody in as anybody."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.x509 import load_pem_x509_certificate
from cryptography.x509.oid import NameOID
from django.core.exceptions import ImproperlyConfigured

HOST = "gosuslugi.ru"
# The organisation in certificates that `make run` makes (local/esia.py).
DEVELOPMENT_ORGANISATION = "ASU RSO, development only"
# Signatures by a public key only: with a shared secret whoever verifies could forge as well.
ALGORITHMS = frozenset(("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384"))


def issuer_of(url: str) -> str:
    """ESIA names itself by plain http and a closing slash, whatever its address."""
    return f"http://{urlsplit(url).netloc}/" if url else ""


def origin_of(url: str) -> list[str]:
    """For the content security policy; nothing where ESIA is switched off."""
    parts = urlsplit(url)
    return [f"{parts.scheme}://{parts.netloc}"] if url else []


def check(*, protocol: str, algorithms: Iterable[str], required: Mapping[str, str]) -> None:
    """Of an ESIA that is switched on. Raises ImproperlyConfigured with what to set."""
    if protocol not in ("v1", "v2"):
        raise ImproperlyConfigured("Set ESIA_PROTOCOL to v1 or v2.")
    if not set(algorithms) or set(algorithms) - ALGORITHMS:
        raise ImproperlyConfigured(f"Set ESIA_TOKEN_ALGORITHMS to some of {', '.join(sorted(ALGORITHMS))}.")
    for name, value in required.items():
        if not value:
            raise ImproperlyConfigured(f"Set {name}: see the table of settings in README.md.")


def refuse_stand_in(url: str, certificates: Iterable[str]) -> None:
    """For the start in production: `url` is ESIA's, `certificates` paths of PEM files, both the client's
    and the pinned ones. Raises ImproperlyConfigured."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if url and (parts.scheme != "https" or not (host == HOST or host.endswith(f".{HOST}"))):
        raise ImproperlyConfigured(f"Set ESIA_URL to an https address of {HOST}, or leave it out.")
    for path in filter(None, certificates):
        if DEVELOPMENT_ORGANISATION in _organisations(path):
            raise ImproperlyConfigured(f"{path} is a certificate of development: use the region's own.")


def _organisations(path: str) -> list[str]:
    try:
        certificate = load_pem_x509_certificate(Path(path).read_bytes())
    except (OSError, ValueError) as error:
        raise ImproperlyConfigured(f"{path} cannot be read as a PEM certificate: {error}") from error
    return [str(each.value) for each in certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)]
