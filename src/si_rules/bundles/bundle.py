"""A bundle, `si-rules/bundle/1`: an edition with all it uses in one text, which nobody need trust before it is checked.

It is canonical JSON, perhaps in a signed envelope. Reading it bounds its size, refuses any name that leads out of its
folder, holds each file against its digest, and the whole against the digest of the policy that is loaded from it.
"""

import hashlib
import re
from collections.abc import Iterable
from typing import Any, Final

from attrs import field, frozen

from si_rules.bundles.reading import BundleError, document_of, text_at
from si_rules.semantics.core import LANGUAGE
from si_rules.source.canonical import canonical

FORMAT: Final = "si-rules/bundle/1"
PAYLOAD_TYPE: Final = "application/vnd.si-rules.bundle+json"
MOST_BYTES: Final = 20_000_000
MOST_FILES: Final = 2_000
SCENARIOS: Final = "scenarios"
LETTERS: Final = "letters"
VOCABULARY: Final = "vocabulary"
CALENDAR: Final = "calendar"
_NAME: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_. -]{0,99}")
_POLICY: Final = re.compile(r"[a-z][a-z0-9_.]{0,99} [a-z0-9][a-z0-9_.-]{0,99}")
_ENDINGS: Final = {
    SCENARIOS: (".scenarios",),
    LETTERS: (".md.jinja", ".html.jinja", "letters.toml", "letters.css"),
    VOCABULARY: (".vocabulary",),
    CALENDAR: (".calendar",),
}
_OF_POLICY: Final = (".policy",)
# What these would be on some systems is no file.
_RESERVED: Final = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?")


@frozen(order=True)
class BundledFile:
    """A file in a bundle: what it belongs to, its name without folders, its text with line ends LF.

    `of` is an id and an edition, `council.attendance 2015-16`, or `vocabulary`, `calendar`, `scenarios` or `letters`.
    """

    of: str
    name: str
    text: str = field(repr=False)

    @property
    def digest(self) -> str:
        """The digest of the text."""
        return "sha256:" + hashlib.sha256(self.text.encode("utf-8")).hexdigest()


@frozen
class Stated:
    """What a bundle says it holds: the policy's id, edition, first and last day, digest, and its language version."""

    id: str
    edition: str
    in_force: tuple[str, str]
    digest: str
    language: str = LANGUAGE

    @property
    def name(self) -> str:
        """The id and the edition."""
        return f"{self.id} {self.edition}"


@frozen
class Contents:
    """What is in a bundle, its form checked: what it says it holds, and its files in order."""

    stated: Stated
    files: tuple[BundledFile, ...] = field(repr=False)

    def to_bytes(self) -> bytes:
        """The canonical bytes. The same policy gives the same bytes, on every machine. Raises `BundleError`."""
        stated = self.stated
        check_names(self.files, stated)
        data = canonical(
            {
                "format": FORMAT,
                "language": stated.language,
                "policy": {
                    "id": stated.id,
                    "edition": stated.edition,
                    "in_force": list(stated.in_force),
                    "digest": stated.digest,
                },
                "files": [
                    {"of": item.of, "name": item.name, "digest": item.digest, "text": item.text}
                    for item in sorted(self.files)
                ],
            }
        )
        if len(data) >= MOST_BYTES:
            raise BundleError(f"the bundle would be larger than {MOST_BYTES:,} bytes")
        return data + b"\n"

    @classmethod
    def read(cls, data: bytes) -> "Contents":
        """What is in the bytes of a bundle without its envelope. Raises `BundleError`, which says what is wrong."""
        if len(data) > MOST_BYTES:
            raise BundleError(f"it is too large: more than {MOST_BYTES:,} bytes")
        document = document_of(data)
        _check_format(document)
        policy = document.get("policy")
        days = policy.get("in_force") if isinstance(policy, dict) else None
        if not isinstance(policy, dict) or not isinstance(days, list) or len(days) != 2:
            raise BundleError("it does not say which policy it holds")
        stated = Stated(
            text_at(policy, "id"),
            text_at(policy, "edition"),
            (str(days[0]), str(days[1])),
            text_at(policy, "digest"),
            text_at(document, "language"),
        )
        listed = document.get("files")
        if not isinstance(listed, list) or not listed:
            raise BundleError("it holds no files")
        if len(listed) > MOST_FILES:
            raise BundleError(f"it holds more than {MOST_FILES:,} files")
        files = tuple(map(_file, listed))
        check_names(files, stated)
        found = cls(stated, files)
        if found.to_bytes().rstrip(b"\n") != data.rstrip(b"\n"):
            raise BundleError("it is not written as a bundle is: it was altered")
        return found


def check_names(files: Iterable[BundledFile], stated: Stated) -> None:
    """Refuse names that lead elsewhere, are of no sort that a bundle has, or stand twice. Raises `BundleError`."""
    seen: set[tuple[str, str]] = set()
    for item in files:
        if not _NAME.fullmatch(item.name) or item.name.endswith((".", " ")) or _RESERVED.fullmatch(item.name):
            raise BundleError(f"it has a file called {item.name[:80]!r}, which could lead out of its folder")
        endings = _ENDINGS.get(item.of) or (_OF_POLICY if _POLICY.fullmatch(item.of) else None)
        if endings is None or not item.name.endswith(endings):
            raise BundleError(f"it has a file {item.name!r} of {item.of[:80]!r}, which belongs into no bundle")
        key = (item.of, item.name.lower())
        if key in seen:
            raise BundleError(f"it has two files {item.name!r} of {item.of}")
        seen.add(key)
    if not any(item.of == stated.name for item in files):
        raise BundleError(f"it says that it holds {stated.name[:120]}, and does not")


def _check_format(document: dict[str, Any]) -> None:
    written = document.get("format")
    if written != FORMAT:
        if isinstance(written, str) and written.startswith("si-rules/bundle/"):
            raise BundleError(f"its format is {written[:80]}, and this version reads {FORMAT}")
        raise BundleError("it is not a bundle of si_rules")
    language = document.get("language")
    if language != LANGUAGE:
        raise BundleError(
            f"it is written in version {str(language)[:40]} of the language, and this one knows {LANGUAGE}"
        )


def _file(item: Any) -> BundledFile:
    if not isinstance(item, dict):
        raise BundleError("one of its files is none")
    found = BundledFile(text_at(item, "of"), text_at(item, "name"), text_at(item, "text"))
    try:
        as_stated = found.digest == item.get("digest")
    except UnicodeEncodeError:
        raise BundleError(f"its file {found.name[:80]!r} is no text") from None
    if not as_stated:
        raise BundleError(f"its file {found.name[:80]!r} was altered: the text is not what its digest says")
    return found
