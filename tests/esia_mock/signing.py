"""Signs requests as a system of ESIA's must, for the tests: the portal's own client is another matter."""

import base64
import datetime
import uuid
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7Options, PKCS7SignatureBuilder
from cryptography.x509 import load_pem_x509_certificate
from gostcrypto import gosthash

Parameters = dict[str, str]


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def timestamp(ago: datetime.timedelta = datetime.timedelta()) -> str:
    moment = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=4))) - ago
    return f"{moment:%Y.%m.%d %H:%M:%S %z}"


@dataclass(frozen=True)
class System:
    """A registered system: its mnemonic, key and certificate (`name`.key and `name`.crt)."""

    mnemonic: str
    name: Path
    redirect_uri: str

    @property
    def certificate_hash(self) -> str:
        certificate = load_pem_x509_certificate(self.name.with_suffix(".crt").read_bytes())
        data = bytearray(certificate.public_bytes(Encoding.DER))
        return str(gosthash.new("streebog256", data=data).hexdigest()).upper()

    def request(self, scope: str = "openid fullname", **changes: str) -> Parameters:
        """What every authorization request has, not signed yet."""
        return {
            "client_id": self.mnemonic,
            "response_type": "code",
            "redirect_uri": self.redirect_uri,
            "scope": scope,
            "state": str(uuid.uuid4()),
            "timestamp": timestamp(),
            "access_type": "online",
            **changes,
        }

    def exchange(self, code: str, scope: str = "openid fullname", **changes: str) -> Parameters:
        """A token request, not signed yet."""
        return {
            "client_id": self.mnemonic,
            "code": code,
            "grant_type": "authorization_code",
            "redirect_uri": self.redirect_uri,
            "scope": scope,
            "state": str(uuid.uuid4()),
            "timestamp": timestamp(),
            "token_type": "Bearer",
            **changes,
        }

    def signed_v1(self, parameters: Parameters) -> Parameters:
        names = ("scope", "timestamp", "client_id", "state")
        return {**parameters, "client_secret": base64url(self.pkcs7(_text(parameters, *names)))}

    def signed_v2(self, parameters: Parameters, *more: str) -> Parameters:
        """`more`: names signed after those of an authorization request, for a code «code»."""
        names = ("client_id", "scope", "scope_org", "timestamp", "state", "redirect_uri", *more)
        return self.signed_over(parameters, *names)

    def signed_over(self, parameters: Parameters, *names: str) -> Parameters:
        secret = self._key().sign(_text(parameters, *names), padding.PKCS1v15(), hashes.SHA256())
        return {
            "client_certificate_hash": self.certificate_hash,
            **parameters,
            "client_secret": base64url(secret),
        }

    def pkcs7(self, text: bytes, *options: PKCS7Options) -> bytes:
        certificate = load_pem_x509_certificate(self.name.with_suffix(".crt").read_bytes())
        chosen = options or (PKCS7Options.DetachedSignature, PKCS7Options.Binary)
        builder = PKCS7SignatureBuilder().set_data(text).add_signer(certificate, self._key(), hashes.SHA256())
        return builder.sign(Encoding.DER, list(chosen))

    def _key(self) -> RSAPrivateKey:
        key = load_pem_private_key(self.name.with_suffix(".key").read_bytes(), password=None)
        assert isinstance(key, RSAPrivateKey)
        return key


def _text(parameters: Parameters, *names: str) -> bytes:
    return "".join(parameters.get(name, "") for name in names).encode()
