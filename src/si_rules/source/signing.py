"""Signed bytes: keys (Ed25519, as PEM), and the DSSE envelope, which holds what was signed, of which type, and by whom.

Nothing here reads or writes a file. What is inside an envelope is untrusted until `Envelope.check` has returned.
See https://github.com/secure-systems-lab/dsse for the envelope and RFC 8032 for the signatures.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from attrs import field, frozen

from si_rules.source.extras import ExtraMissing

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

MOST_BYTES_OF_KEY: Final = 10_000
MOST_SIGNATURES: Final = 32
_KEYS: Final = {"payload", "payloadType", "signatures"}


class SigningError(Exception):
    """A key or an envelope is none, or a signature does not hold; the message says so in a sentence."""


class WrongKey(SigningError):
    """An envelope is signed, and not with the key that was given."""


class Forged(SigningError):
    """An envelope names the key that was given, and the signature is not one of that key over its content."""


@frozen
class PrivateKey:
    """A key that signs. Whoever has it can sign in its owner's name: keep it where only they can read it."""

    pem: bytes = field(repr=False)
    public: "PublicKey"

    @classmethod
    def new(cls) -> "PrivateKey":
        """A key drawn by chance. Raises `ExtraMissing` without the extra `sign`."""
        made = _ed25519().Ed25519PrivateKey.generate()
        return cls.read(_pem_of(made))

    @classmethod
    def read(cls, pem: bytes) -> "PrivateKey":
        """The key of a PEM (PKCS 8, without a password). Raises `SigningError`, and `ExtraMissing`."""
        kinds = _ed25519()
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        try:
            found = load_pem_private_key(_short(pem), None)
        except TypeError:
            raise SigningError("it is a private key with a password; a key without one is needed") from None
        except (ValueError, UnsupportedAlgorithm):
            raise SigningError(f"it is not a private key{_other_half(pem)}") from None
        if not isinstance(found, kinds.Ed25519PrivateKey):
            raise SigningError("it is a private key of another sort than Ed25519")
        return cls(_pem_of(found), PublicKey(_public_pem_of(found.public_key()), _id_of(found.public_key())))

    def sign(self, payload_type: str, payload: bytes) -> bytes:
        """The envelope of a payload with one signature: a line of JSON. The same input gives the same bytes."""
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        key = load_pem_private_key(self.pem, None)
        assert isinstance(key, _ed25519().Ed25519PrivateKey)
        signature = key.sign(pre_authentication(payload_type, payload))
        document = {
            "payload": base64.b64encode(payload).decode(),
            "payloadType": payload_type,
            "signatures": [{"keyid": self.public.id, "sig": base64.b64encode(signature).decode()}],
        }
        return json.dumps(document, sort_keys=True, separators=(",", ":")).encode() + b"\n"


@frozen
class PublicKey:
    """A key that says whether the private one has signed. `id` is `sha256:` and the SHA-256 over its 32 bytes."""

    pem: bytes = field(repr=False)
    id: str

    @classmethod
    def read(cls, pem: bytes) -> "PublicKey":
        """The key of a PEM (SubjectPublicKeyInfo). Raises `SigningError`, and `ExtraMissing`."""
        kinds = _ed25519()
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.serialization import load_pem_public_key

        try:
            found = load_pem_public_key(_short(pem))
        except (ValueError, UnsupportedAlgorithm):
            raise SigningError(f"it is not a public key{_other_half(pem)}") from None
        if not isinstance(found, kinds.Ed25519PublicKey):
            raise SigningError("it is a public key of another sort than Ed25519")
        return cls(_public_pem_of(found), _id_of(found))

    def has_signed(self, signature: bytes, data: bytes) -> bool:
        """Whether a signature is one of this key over the data."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.serialization import load_pem_public_key

        key = load_pem_public_key(self.pem)
        assert isinstance(key, _ed25519().Ed25519PublicKey)
        try:
            key.verify(signature, data)
        except InvalidSignature:
            return False
        return True


@frozen
class Envelope:
    """What an envelope holds: the payload, its type, and signatures, each with the id of its key (or none)."""

    payload_type: str
    payload: bytes = field(repr=False)
    signatures: tuple[tuple[str, bytes], ...] = field(repr=False)

    @classmethod
    def read(cls, data: bytes, payload_type: str, most_bytes: int) -> "Envelope":
        """The envelope of a JSON text. Nothing is checked by it yet but its form, its length and its type.

        Raises `SigningError`.
        """
        if len(data) > most_bytes:
            raise SigningError(f"it is longer than {most_bytes:,} bytes")
        try:
            document = json.loads(data)
        except (ValueError, RecursionError):
            raise SigningError("it is not JSON") from None
        if not isinstance(document, dict) or not document.keys() >= _KEYS:
            raise SigningError("it is not a signed envelope (DSSE): it lacks payload, payloadType or signatures")
        if document["payloadType"] != payload_type:
            raise SigningError(f"it is signed as {document['payloadType']!r}, not as {payload_type!r}")
        listed = document["signatures"]
        if not isinstance(listed, list) or not 0 < len(listed) <= MOST_SIGNATURES:
            raise SigningError(f"it has no signatures, or more than {MOST_SIGNATURES}")
        return cls(payload_type, _decoded(document["payload"], "payload"), tuple(map(_signature, listed)))

    def check(self, keys: Iterable[PublicKey]) -> PublicKey:
        """The first of the keys that signed this. Raises `Forged`, or `WrongKey` where none of them is named at all.

        The id of a key is a hint only: each signature is tried with each key.
        """
        given = list(keys)
        data = pre_authentication(self.payload_type, self.payload)
        for key in given:
            if any(key.has_signed(signature, data) for _, signature in self.signatures):
                return key
        wanted, named = {key.id for key in given}, {name for name, _ in self.signatures}
        if wanted & named:
            raise Forged("its signature does not hold: it was altered, or forged")
        raise WrongKey(
            f"it is not signed with this key, but with {' and '.join(sorted(named)) or 'one it does not name'}"
        )

    @staticmethod
    def is_one(data: bytes) -> bool:
        """Whether a text looks like an envelope, signed by whomever."""
        try:
            document = json.loads(data)
        except (ValueError, RecursionError):
            return False
        return isinstance(document, dict) and document.keys() >= _KEYS


def pre_authentication(payload_type: str, payload: bytes) -> bytes:
    """What is signed (PAE): type and payload, each with its length in bytes, so that neither can pass for the other."""
    kind = payload_type.encode("utf-8")
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def _signature(item: Any) -> tuple[str, bytes]:
    if not isinstance(item, dict) or not isinstance(item.get("keyid", ""), str):
        raise SigningError("a signature of it is none")
    return item.get("keyid", ""), _decoded(item.get("sig"), "signature")


def _decoded(text: Any, what: str) -> bytes:
    """Base64, of either alphabet, as the protocol wants."""
    try:
        plain = text.replace("-", "+").replace("_", "/").encode("ascii")
        return base64.b64decode(plain + b"=" * (-len(plain) % 4), validate=True)
    except (AttributeError, UnicodeEncodeError, binascii.Error):
        raise SigningError(f"its {what} is not base64") from None


def _short(pem: bytes) -> bytes:
    if len(pem) > MOST_BYTES_OF_KEY:
        raise SigningError("it is too long for a key")
    return pem


def _other_half(pem: bytes) -> str:
    """What else it is, where somebody gave the wrong half of a pair."""
    if b"-----BEGIN PRIVATE KEY-----" in pem:
        return ", but a private one"
    return ", but a public one" if b"-----BEGIN PUBLIC KEY-----" in pem else ""


def _id_of(key: "Ed25519PublicKey") -> str:
    return "sha256:" + hashlib.sha256(key.public_bytes_raw()).hexdigest()


def _pem_of(key: "Ed25519PrivateKey") -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _public_pem_of(key: "Ed25519PublicKey") -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _ed25519() -> Any:
    try:
        from cryptography.hazmat.primitives.asymmetric import ed25519
    except ImportError:
        raise ExtraMissing("signing and checking a signature", "sign") from None
    return ed25519
