"""How the portal signs its requests to ESIA: a small interface, so that a certified GOST device or
service can take the place by the setting ESIA_SIGNER."""

import ssl
from functools import lru_cache
from pathlib import Path
from typing import Protocol, cast

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7Options, PKCS7SignatureBuilder
from cryptography.x509 import load_pem_x509_certificate
from django.conf import settings
from django.utils.module_loading import import_string
from gostcrypto import gosthash, gostsignature

GOST_CURVE = "id-tc26-gost-3410-2012-256-paramSetB"
GOST_KEY_BYTES = 32


class BadKey(Exception):
    """The key or the certificate cannot be used; the message says why."""


class NoPKCS7(Exception):
    """This signer cannot make PKCS#7: ESIA's protocol v2 does without."""


class Signer(Protocol):
    """The key of the portal's certificate, wherever it is kept."""

    certificate_der: bytes

    def sign(self, text: bytes) -> bytes:
        """The bare signature (v2)."""

    def pkcs7(self, text: bytes) -> bytes:
        """A detached PKCS#7 signature, DER, with the certificate inside (v1). Raises NoPKCS7."""


class RsaSigner:
    """RSA PKCS#1 v1.5 with SHA-256; PEM files of the key and its certificate. Raises BadKey."""

    def __init__(self, key: Path, certificate: Path) -> None:
        loaded = load_pem_private_key(key.read_bytes(), password=None)
        if not isinstance(loaded, RSAPrivateKey):
            raise BadKey(f"{key} holds no RSA key")
        self._key = loaded
        self._certificate = load_pem_x509_certificate(certificate.read_bytes())
        self.certificate_der = self._certificate.public_bytes(Encoding.DER)

    def sign(self, text: bytes) -> bytes:
        return self._key.sign(text, padding.PKCS1v15(), hashes.SHA256())

    def pkcs7(self, text: bytes) -> bytes:
        builder = PKCS7SignatureBuilder().set_data(text)
        signed = builder.add_signer(self._certificate, self._key, hashes.SHA256())
        return signed.sign(Encoding.DER, [PKCS7Options.DetachedSignature, PKCS7Options.Binary])


class GostSigner:
    """GOST R 34.10-2012, 256 bits, in pure Python: 0.1 s a signature, and no certified device.

    It proves that the place fits; `key` is a file with the private key as 64 hexadecimal digits.
    The 64 bytes are laid out as in certificates (RFC 9215): s, then r; the digest of GOST R 34.11-2012
    counts as a little-endian number. Check both at ESIA's test stand before relying on it.
    """

    def __init__(self, key: Path, certificate: Path) -> None:
        try:
            self._key = bytearray.fromhex(key.read_text().strip())
        except ValueError as error:
            raise BadKey(f"{key} holds no hexadecimal digits") from error
        if len(self._key) != GOST_KEY_BYTES:
            raise BadKey(f"{key} holds no key of 256 bits")
        self.certificate_der = ssl.PEM_cert_to_DER_cert(certificate.read_text())

    def sign(self, text: bytes) -> bytes:
        signed = bytes(_gost().sign(self._key, streebog(text)[::-1]))
        return signed[GOST_KEY_BYTES:] + signed[:GOST_KEY_BYTES]

    def verifies(self, signature: bytes, text: bytes) -> bool:
        r_and_s = bytearray(signature[GOST_KEY_BYTES:] + signature[:GOST_KEY_BYTES])
        public = _gost().public_key_generate(self._key)
        return bool(_gost().verify(public, streebog(text)[::-1], r_and_s))

    def pkcs7(self, text: bytes) -> bytes:
        raise NoPKCS7


def _gost() -> gostsignature.GOST34102012:
    curve = gostsignature.CURVES_R_1323565_1_024_2019[GOST_CURVE]
    return gostsignature.new(gostsignature.MODE_256, curve)


def streebog(data: bytes) -> bytearray:
    """GOST R 34.11-2012, 256 bits."""
    return cast("bytearray", gosthash.new("streebog256", data=bytearray(data)).digest())


def signer() -> Signer:
    """The one of the settings; its key is read once."""
    return _signer(settings.ESIA_SIGNER, settings.ESIA_CLIENT_KEY, settings.ESIA_CLIENT_CERTIFICATE)


@lru_cache(maxsize=4)
def _signer(dotted: str, key: str, certificate: str) -> Signer:
    return cast("Signer", import_string(dotted)(Path(key), Path(certificate)))


@lru_cache(maxsize=4)
def certificate_hash(certificate_der: bytes) -> str:
    """`client_certificate_hash`: Streebog-256 of the DER (not of the PEM text), 64 digits, upper case."""
    return streebog(certificate_der).hex().upper()
