"""Something for one reader: sealed to a public key, opened by the private half alone.

X25519 with a key of one use, HKDF-SHA256, ChaCha20-Poly1305. Whoever seals keeps nothing that opens.
"""

from base64 import b64decode, b64encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_KEY_BYTES = 32
# Each key seals one thing, so that the nonce need not differ.
_NONCE = bytes(12)


class CannotOpen(Exception):
    """Sealed for somebody else, or changed since."""


def new_pair() -> tuple[str, bytes]:
    """The private half as text, for a cookie, and the public half."""
    private = X25519PrivateKey.generate()
    return b64encode(private.private_bytes_raw()).decode(), private.public_key().public_bytes_raw()


def seal(plain: bytes, *, to: bytes) -> bytes:
    """`to` is the public half; the answer begins with the public half of the key of one use."""
    once = X25519PrivateKey.generate()
    mine = once.public_key().public_bytes_raw()
    key = _key(once.exchange(X25519PublicKey.from_public_bytes(to)), mine, to)
    return mine + ChaCha20Poly1305(key).encrypt(_NONCE, plain, None)


def open_sealed(sealed: bytes, *, private: str) -> bytes:
    """Raises CannotOpen; `private` comes from outside and may be anything."""
    try:
        own = X25519PrivateKey.from_private_bytes(b64decode(private))
    except ValueError as error:
        raise CannotOpen from error
    theirs, hidden = sealed[:_KEY_BYTES], sealed[_KEY_BYTES:]
    shared = own.exchange(X25519PublicKey.from_public_bytes(theirs))
    key = _key(shared, theirs, own.public_key().public_bytes_raw())
    try:
        return ChaCha20Poly1305(key).decrypt(_NONCE, hidden, None)
    except InvalidTag as error:
        raise CannotOpen from error


def _key(shared: bytes, once: bytes, reader: bytes) -> bytes:
    return HKDF(SHA256(), _KEY_BYTES, salt=None, info=b"asurso slips" + once + reader).derive(shared)
