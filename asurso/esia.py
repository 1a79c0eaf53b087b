"""Production asks the real ESIA with keys of its own: the training stand-in lets anybody in as anybody."""

from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.x509 import load_pem_x509_certificate
from cryptography.x509.oid import NameOID
from django.core.exceptions import ImproperlyConfigured

HOST = "gosuslugi.ru"
# The organisation in certificates that `make run` makes (local/esia.py).
DEVELOPMENT_ORGANISATION = "ASU RSO, development only"


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
