"""The client's signature of a request: PKCS#7 (v1) or bare (v2), and the hash of its certificate.

The training keys are RSA with SHA-256; real systems sign with GOST R 34.10-2012. `cryptography` makes
PKCS#7 but cannot verify it, so its parts are read with asn1crypto and checked here.
"""

import base64
import binascii
import datetime
import hashlib
from collections.abc import Iterable

from asn1crypto import cms
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import Certificate
from gostcrypto import gosthash


class BadSignature(Exception):
    """The signature is not one of this text by this client; the message says why."""


class UnknownCertificate(BadSignature):
    """The certificate inside the signature is not registered for the client."""


def from_base64url(text: str) -> bytes:
    """With or without `=` at the end: clients do both. Raises BadSignature."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadSignature("not base64url") from error


def certificate_hash(certificate: Certificate) -> str:
    """GOST R 34.11-2012 (Streebog) 256 of the DER: 64 hexadecimal digits, upper case."""
    found: str = gosthash.new("streebog256", data=bytearray(der(certificate))).hexdigest()
    return found.upper()


def der(certificate: Certificate) -> bytes:
    return certificate.public_bytes(Encoding.DER)


def verify_bare(signature: bytes, text: bytes, certificate: Certificate) -> None:
    """RSA PKCS#1 v1.5 with SHA-256 over `text`. Raises BadSignature."""
    _refuse_inactive(certificate)
    key = certificate.public_key()
    if not isinstance(key, RSAPublicKey):
        raise BadSignature("the training stand-in knows RSA keys only")
    try:
        key.verify(signature, text, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature as error:
        raise BadSignature("the signature does not fit the text") from error


def verify_pkcs7(signature: bytes, text: bytes, registered: Iterable[Certificate]) -> None:
    """A detached PKCS#7 signature (DER) over `text` by one of the `registered` certificates.

    Raises BadSignature, UnknownCertificate.
    """
    signed = _signed_data(signature)
    signer = _only_signer(signed)
    certificate = _signers_certificate(signed, signer, registered)
    attributes = signer["signed_attrs"]
    if isinstance(attributes, cms.CMSAttributes) and len(attributes):
        _check_attributes(attributes, text)
        # What is signed is the SET itself, not the implicit tag it has inside the signature.
        text = attributes.untag().dump(force=True)
    verify_bare(signer["signature"].native, text, certificate)


def _signed_data(signature: bytes) -> cms.SignedData:
    try:
        info = cms.ContentInfo.load(signature, strict=True)
        if info["content_type"].native != "signed_data":
            raise BadSignature("PKCS#7, but no signature")
        signed = info["content"]
        _ = signed.native  # asn1crypto reads lazily: let broken parts fail here
    except (ValueError, TypeError, KeyError) as error:
        raise BadSignature("not PKCS#7") from error
    if signed["encap_content_info"]["content"].native is not None:
        raise BadSignature("the signature is not detached")
    return signed


def _only_signer(signed: cms.SignedData) -> cms.SignerInfo:
    if len(signed["signer_infos"]) != 1:
        raise BadSignature("not exactly one signer")
    signer = signed["signer_infos"][0]
    if signer["digest_algorithm"]["algorithm"].native != "sha256":
        raise BadSignature("the digest is not SHA-256")
    if signer["signature_algorithm"].signature_algo != "rsassa_pkcs1v15":
        raise BadSignature("the signature is not RSA PKCS#1 v1.5")
    return signer


def _signers_certificate(
    signed: cms.SignedData, signer: cms.SignerInfo, registered: Iterable[Certificate]
) -> Certificate:
    """The certificate travels inside; only a registered one counts."""
    issued = signer["sid"].chosen
    if not isinstance(issued, cms.IssuerAndSerialNumber):
        raise BadSignature("the signer is not named by issuer and serial number")
    enclosed = signed["certificates"]
    carried = {each.chosen.dump() for each in enclosed} if enclosed.native else set()
    for certificate in registered:
        names_it = (
            certificate.serial_number == issued["serial_number"].native
            and certificate.issuer.public_bytes() == issued["issuer"].dump()
        )
        if names_it and der(certificate) in carried:
            return certificate
    raise UnknownCertificate("the certificate is not registered for this system")


def _check_attributes(attributes: cms.CMSAttributes, text: bytes) -> None:
    found = {each["type"].native: each["values"] for each in attributes}
    for name, expected in (("content_type", "data"), ("message_digest", hashlib.sha256(text).digest())):
        if name not in found or len(found[name]) != 1 or found[name][0].native != expected:
            raise BadSignature(f"the signed attribute {name} is wrong")


def _refuse_inactive(certificate: Certificate) -> None:
    now = datetime.datetime.now(datetime.UTC)
    if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
        raise BadSignature("the certificate is not valid now")
