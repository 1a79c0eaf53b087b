"""The reading of signatures by itself: what a careful forger would try."""

import datetime
from pathlib import Path

import pytest
from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7Options

from esia_mock.signatures import BadSignature, UnknownCertificate, certificate_hash, verify_bare, verify_pkcs7
from local import esia
from tests.esia_mock.signing import System

TEXT = b"openid2026.11.24 12:00:00 +0400SCHOOL"


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> System:
    name = tmp_path_factory.mktemp("keys") / "one"
    esia.make_key(name)
    return System("SCHOOL", name, "")


@pytest.fixture(scope="module")
def certificate(system: System) -> x509.Certificate:
    return x509.load_pem_x509_certificate(system.name.with_suffix(".crt").read_bytes())


OPTIONS = (
    (PKCS7Options.DetachedSignature, PKCS7Options.Binary),
    (PKCS7Options.DetachedSignature, PKCS7Options.Binary, PKCS7Options.NoAttributes),
    (PKCS7Options.DetachedSignature, PKCS7Options.Binary, PKCS7Options.NoCapabilities),
)


@pytest.mark.parametrize("options", OPTIONS)
def test_a_detached_signature_fits_its_text_only(
    system: System, certificate: x509.Certificate, options: tuple[PKCS7Options, ...]
) -> None:
    signature = system.pkcs7(TEXT, *options)
    verify_pkcs7(signature, TEXT, [certificate])
    with pytest.raises(BadSignature):
        verify_pkcs7(signature, TEXT + b"!", [certificate])


def test_an_enclosed_text_is_refused(system: System, certificate: x509.Certificate) -> None:
    with pytest.raises(BadSignature, match="detached"):
        verify_pkcs7(system.pkcs7(TEXT, PKCS7Options.Binary), TEXT, [certificate])


def test_a_certificate_that_is_not_registered_is_refused(system: System, tmp_path: Path) -> None:
    esia.make_key(tmp_path / "other")
    other = x509.load_pem_x509_certificate((tmp_path / "other.crt").read_bytes())
    with pytest.raises(UnknownCertificate):
        verify_pkcs7(system.pkcs7(TEXT), TEXT, [other])


def test_attributes_of_another_text_are_refused(system: System, certificate: x509.Certificate) -> None:
    """The attributes are signed rightly; their digest is of another text."""
    info = cms.ContentInfo.load(system.pkcs7(b"another text"))
    with pytest.raises(BadSignature, match="message_digest"):
        verify_pkcs7(info.dump(), TEXT, [certificate])


def test_attributes_that_were_touched_are_refused(system: System, certificate: x509.Certificate) -> None:
    """The digest is put right by the forger, who cannot sign it."""
    right, wrong = (cms.ContentInfo.load(system.pkcs7(text)) for text in (TEXT, b"another text"))
    signers = [each["content"]["signer_infos"][0] for each in (right, wrong)]
    signers[1]["signed_attrs"] = signers[0]["signed_attrs"].copy()
    with pytest.raises(BadSignature, match="does not fit"):
        verify_pkcs7(wrong.dump(force=True), TEXT, [certificate])


@pytest.mark.parametrize("length", range(0, 1200, 97))
def test_a_torn_signature_is_refused(system: System, certificate: x509.Certificate, length: int) -> None:
    with pytest.raises(BadSignature):
        verify_pkcs7(system.pkcs7(TEXT)[:length], TEXT, [certificate])


def test_an_expired_certificate_is_refused() -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "old")])
    now = datetime.datetime.now(datetime.UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - datetime.timedelta(days=2))
    certificate = builder.not_valid_after(now - datetime.timedelta(days=1)).sign(key, hashes.SHA256())
    with pytest.raises(BadSignature, match="not valid now"):
        verify_bare(b"", TEXT, certificate)


def test_the_hash_is_streebog_of_the_der(system: System, certificate: x509.Certificate) -> None:
    assert certificate_hash(certificate) == system.certificate_hash
    assert len(certificate_hash(certificate)) == 64
