"""Requests to ESIA are signed by whatever signer the settings name, and laid out as ESIA wants them."""

import base64
import datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.x509 import load_pem_x509_certificate

from accounts.esia import protocol, signing
from accounts.esia.signing import GostSigner, RsaSigner

NOW = datetime.datetime(2026, 11, 23, 10, tzinfo=datetime.timezone(datetime.timedelta(hours=4)))
REQUEST = {"client_id": "S", "scope": "openid", "state": "1-2", "redirect_uri": "http://x/"}
TEXT = b"Sopenid2026.11.23 10:00:00 +04001-2http://x/"
# GOST R 34.11-2012, example 1 of the standard, 256 bits.
EXAMPLE = b"012345678901234567890123456789012345678901234567890123456789012"
DIGEST = "9d151eefd8590b89daa6ba6cb74af9275dd051026bb149a452fd84e5e57b5500"


@pytest.fixture
def rsa(keys: Path) -> RsaSigner:
    return RsaSigner(keys / "client.key", keys / "client.crt")


@pytest.fixture
def gost_key(tmp_path: Path) -> Path:
    key = tmp_path / "gost.key"
    key.write_text(f"{'0123456789abcdef' * 4}\n")
    return key


@pytest.fixture
def gost(gost_key: Path, keys: Path) -> GostSigner:
    return GostSigner(gost_key, keys / "client.crt")


def secret_of(signed: dict[str, str]) -> bytes:
    text = signed["client_secret"]
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_v2_signs_these_values_in_this_order(rsa: RsaSigner, keys: Path) -> None:
    signed = protocol.signed(REQUEST, by=rsa, layout=protocol.LAYOUTS["v2"], now=NOW)
    key: Any = load_pem_x509_certificate((keys / "client.crt").read_bytes()).public_key()
    key.verify(secret_of(signed), TEXT, padding.PKCS1v15(), hashes.SHA256())


def test_v3_te_signs_the_code_as_well(rsa: RsaSigner, keys: Path) -> None:
    signed = protocol.signed({**REQUEST, "code": "C"}, by=rsa, layout=protocol.LAYOUTS["v2"], now=NOW)
    key: Any = load_pem_x509_certificate((keys / "client.crt").read_bytes()).public_key()
    key.verify(secret_of(signed), TEXT + b"C", padding.PKCS1v15(), hashes.SHA256())


def test_v1_carries_pkcs7_and_no_hash(rsa: RsaSigner) -> None:
    signed = protocol.signed(REQUEST, by=rsa, layout=protocol.LAYOUTS["v1"], now=NOW)
    assert "client_certificate_hash" not in signed
    assert rsa.certificate_der in secret_of(signed)


def test_the_certificates_hash_is_streebog_in_capitals() -> None:
    assert signing.certificate_hash(EXAMPLE) == DIGEST.upper()


def test_a_gost_signer_fits_the_place(gost: GostSigner) -> None:
    signed = protocol.signed(REQUEST, by=gost, layout=protocol.LAYOUTS["v2"], now=NOW)
    assert len(secret_of(signed)) == 64
    assert len(signed["client_secret"]) == 86
    assert gost.verifies(secret_of(signed), TEXT)
    assert not gost.verifies(secret_of(signed), TEXT + b"x")


def test_a_gost_signer_says_that_it_cannot_speak_v1(gost: GostSigner) -> None:
    with pytest.raises(signing.NoPKCS7):
        protocol.signed(REQUEST, by=gost, layout=protocol.LAYOUTS["v1"], now=NOW)


def test_the_setting_chooses_the_signer(esia_on: Any, gost_key: Path) -> None:
    assert isinstance(signing.signer(), RsaSigner)
    esia_on.ESIA_SIGNER, esia_on.ESIA_CLIENT_KEY = "accounts.esia.signing.GostSigner", str(gost_key)
    assert isinstance(signing.signer(), GostSigner)


@pytest.mark.parametrize("text", ["", "not hexadecimal", "00ff"])
def test_a_gost_key_that_is_none_is_named(tmp_path: Path, keys: Path, text: str) -> None:
    (tmp_path / "bad.key").write_text(text)
    with pytest.raises(signing.BadKey):
        GostSigner(tmp_path / "bad.key", keys / "client.crt")
