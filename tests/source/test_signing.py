"""Signatures hold for what was signed, by whom, and for nothing else."""

import base64
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from si_rules.source.extras import ExtraMissing
from si_rules.source.signing import Envelope, Forged, PrivateKey, PublicKey, SigningError, WrongKey, pre_authentication

pytest.importorskip("cryptography")

TYPE = "application/vnd.si-rules.example+json"
# RFC 8032, section 7.1, test 2: a key, its public half, and its signature over the byte 72.
SEED = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"
PUBLIC = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
SIGNATURE = (
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
)


def pem(kind: str, start: str, key: str) -> bytes:
    """A key as PEM: RFC 8410 puts a fixed beginning before its 32 bytes."""
    body = base64.b64encode(bytes.fromhex(start + key)).decode()
    return f"-----BEGIN {kind} KEY-----\n{body}\n-----END {kind} KEY-----\n".encode()


PRIVATE_PEM = pem("PRIVATE", "302e020100300506032b657004220420", SEED)
PUBLIC_PEM = pem("PUBLIC", "302a300506032b6570032100", PUBLIC)


@pytest.fixture
def key() -> PrivateKey:
    return PrivateKey.read(PRIVATE_PEM)


def opened(data: bytes) -> Envelope:
    return Envelope.read(data, TYPE, 100_000)


def altered(data: bytes, **changes: Any) -> bytes:
    return json.dumps({**json.loads(data), **changes}).encode()


def test_what_is_signed_is_that_of_the_protocol() -> None:
    """The example of the protocol of DSSE gives the bytes printed there."""
    assert pre_authentication("http://example.com/HelloWorld", b"hello world") == (
        b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    )


def test_keys_and_signatures_are_those_of_the_standard() -> None:
    """A published key gives its published half, and its published signature holds."""
    public = PublicKey.read(PUBLIC_PEM)
    assert PrivateKey.read(PRIVATE_PEM).public == public
    assert public.has_signed(bytes.fromhex(SIGNATURE), b"\x72")
    assert not public.has_signed(bytes.fromhex(SIGNATURE), b"\x73")


def test_what_was_signed_comes_out_again(key: PrivateKey) -> None:
    """The payload comes out byte for byte, signed by the key; signing again gives the same envelope."""
    data = key.sign(TYPE, b'{"a": "\xc3\xa4"}')
    envelope = opened(data)
    assert envelope.check([PrivateKey.new().public, key.public]) == key.public
    assert envelope.payload == b'{"a": "\xc3\xa4"}'
    assert key.sign(TYPE, b'{"a": "\xc3\xa4"}') == data


def test_a_new_key_is_another_each_time() -> None:
    """Two new keys have different ids, and come back from their PEM as they were."""
    one, other = PrivateKey.new(), PrivateKey.new()
    assert one.public.id != other.public.id
    assert PrivateKey.read(one.pem) == one
    assert PublicKey.read(one.public.pem) == one.public
    assert one.pem.decode().strip() not in repr(one)


def test_another_key_has_not_signed(key: PrivateKey) -> None:
    """A sound envelope is refused for a key that did not sign it, with the id of the one that did."""
    with pytest.raises(WrongKey, match=f"not signed with this key, but with {key.public.id}"):
        opened(key.sign(TYPE, b"x")).check([PrivateKey.new().public])


def test_an_altered_payload_is_forged(key: PrivateKey) -> None:
    """With another payload, or a signature of another key under this one's name, an envelope is refused."""
    data = key.sign(TYPE, b"x")
    theirs = json.loads(PrivateKey.new().sign(TYPE, b"x"))["signatures"][0]["sig"]
    for forged in (
        altered(data, payload=base64.b64encode(b"y").decode()),
        altered(data, signatures=[{"keyid": key.public.id, "sig": theirs}]),
        altered(data, signatures=[{"keyid": key.public.id, "sig": ""}]),
    ):
        with pytest.raises(Forged):
            opened(forged).check([key.public])


def test_the_type_is_signed_too(key: PrivateKey) -> None:
    """What was signed as one thing cannot pass for another."""
    data = key.sign("application/another", b"x")
    with pytest.raises(SigningError, match="signed as 'application/another'"):
        opened(data)
    with pytest.raises(Forged):
        opened(altered(data, payloadType=TYPE)).check([key.public])


def test_the_id_of_a_key_is_only_a_hint(key: PrivateKey) -> None:
    """A signature counts whatever name it carries, or none, and beside others."""
    sound = json.loads(key.sign(TYPE, b"x"))["signatures"][0]["sig"]
    other = json.loads(PrivateKey.new().sign(TYPE, b"x"))["signatures"][0]
    data = altered(key.sign(TYPE, b"x"), signatures=[other, {"sig": sound.replace("+", "-").replace("/", "_")}])
    assert opened(data).check([key.public]) == key.public


def test_another_program_agrees(key: PrivateKey, tmp_path: Path) -> None:
    """OpenSSL, told what the page on the record says, finds the signature good, and none over other bytes."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("there is no openssl")
    document = json.loads(key.sign(TYPE, b"payload"))
    (tmp_path / "signature.bin").write_bytes(base64.b64decode(document["signatures"][0]["sig"]))
    (tmp_path / "public.pem").write_bytes(PUBLIC_PEM)
    given = [
        "pkeyutl",
        "-verify",
        "-pubin",
        "-inkey",
        "public.pem",
        "-rawin",
        "-in",
        "signed.bin",
        "-sigfile",
        "signature.bin",
    ]
    for payload, good in ((b"payload", True), (b"another", False)):
        (tmp_path / "signed.bin").write_bytes(b"DSSEv1 %d %b 7 %b" % (len(TYPE), TYPE.encode(), payload))
        done = subprocess.run([openssl, *given], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert (done.returncode == 0) == good, done.stderr


@pytest.mark.parametrize(
    "text", [
        "", "[]", "{}", "[" * 50_000, '{"payload": "", "payloadType": "T", "signatures": []}',
        f'{{"payload": "", "payloadType": "{TYPE}", "signatures": []}}',
        f'{{"payload": "!", "payloadType": "{TYPE}", "signatures": [{{"sig": ""}}]}}',
        f'{{"payload": 1, "payloadType": "{TYPE}", "signatures": [{{"sig": ""}}]}}',
        f'{{"payload": "", "payloadType": "{TYPE}", "signatures": [1]}}',
        f'{{"payload": "", "payloadType": "{TYPE}", "signatures": [{{"sig": "", "keyid": 1}}]}}', " " * 200_000,
    ],
)  # fmt: skip
def test_what_is_no_envelope_is_a_sentence(text: str) -> None:
    """Anything else is refused with a sentence, whatever its depth and length."""
    with pytest.raises(SigningError):
        opened(text.encode())


def test_what_is_no_key_is_a_sentence() -> None:
    """The wrong half, another sort of key, one with a password, and no key at all are told apart."""
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
    from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat

    other = generate_private_key(SECP256R1())
    plain = other.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, BestAvailableEncryption(b"x"))
    for data, told in ((PUBLIC_PEM, "but a public one"), (plain, "with a password"), (b"x", "not a private key$"),
                       (b" " * 20_000, "too long")):  # fmt: skip
        with pytest.raises(SigningError, match=told):
            PrivateKey.read(data)
    with pytest.raises(SigningError, match="but a private one"):
        PublicKey.read(PRIVATE_PEM)


def test_without_the_extra_it_says_which(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the package that signs, the sentence names the extra."""
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.asymmetric", None)
    with pytest.raises(ExtraMissing, match=r"signing .* needs the extra `sign`"):
        PrivateKey.new()
