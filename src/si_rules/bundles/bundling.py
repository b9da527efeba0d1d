"""Makes a bundle of a policy, reads one, and lays it out in a folder so that the policy in it can be used."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from attrs import field, frozen

from si_rules.bundles.bundle import (
    CALENDAR,
    LETTERS,
    MOST_BYTES,
    PAYLOAD_TYPE,
    SCENARIOS,
    VOCABULARY,
    BundledFile,
    Contents,
    Stated,
)
from si_rules.bundles.reading import BundleError
from si_rules.library.editions import edition_in
from si_rules.library.letters import DECLARATION, STYLE, letters_beside, read_letters
from si_rules.policy import Policy, PolicyNotFound, load_edition
from si_rules.source.diagnostics import PolicyError
from si_rules.source.screening import read_source
from si_rules.source.signing import Envelope, PrivateKey, PublicKey, SigningError

# Base64 takes a third more room.
_MOST_SIGNED: Final = MOST_BYTES // 3 * 4 + 100_000
# Folders above a policy are looked into for what it uses: these have nothing in them.
_NOTHING_ABOVE: Final = Path("a", "b", "c", "d", "policies")
_FOLDERS: Final = {VOCABULARY: "vocabularies", CALENDAR: "calendars"}


def make_bundle(policy: Policy, key: PrivateKey | None = None) -> bytes:
    """The bytes of a bundle: the edition, all it uses, its scenarios and its letters; signed where a key is given.

    Raises `BundleError` where a file has a name that a bundle cannot hold, OSError, `LettersUnusable`.
    """
    first, last = map(str, policy.in_force)
    stated = Stated(policy.id, policy.edition, (first, last), policy.digest)
    contents = Contents(stated, tuple(sorted({*_used(policy), *_beside(policy)})))
    data = contents.to_bytes()
    if _loaded(contents).digest != policy.digest:
        raise BundleError("the files of the policy do not give the policy: they were changed meanwhile")
    return data if key is None else key.sign(PAYLOAD_TYPE, data)


@frozen
class Bundle:
    """A bundle that was read: what it holds, as checked against its digests, and by whom it is signed.

    `signed_by` is the key that was given and has signed it; `names` are the ids of the keys it says it is signed with,
    which nobody has checked.
    """

    contents: Contents
    policy: Policy = field(repr=False)
    signed_by: PublicKey | None
    names: tuple[str, ...]

    @classmethod
    def read(cls, data: bytes, key: PublicKey | None = None) -> "Bundle":
        """The bundle of some bytes, of which nothing is trusted.

        With a key it must be signed with that. Raises `BundleError`, which says in a sentence what is wrong.
        """
        names: tuple[str, ...] = ()
        payload, signed_by = data, None
        if len(data) > _MOST_SIGNED:
            raise BundleError(f"it is too large: more than {MOST_BYTES:,} bytes")
        if Envelope.is_one(data):
            try:
                envelope = Envelope.read(data, PAYLOAD_TYPE, _MOST_SIGNED)
                signed_by = None if key is None else envelope.check([key])
            except SigningError as error:
                raise BundleError(str(error)) from None
            payload, names = envelope.payload, tuple(name for name, _ in envelope.signatures)
        contents = Contents.read(payload)
        if key is not None and signed_by is None:
            raise BundleError("it is not signed, and a key was given to check its signature")
        return cls(contents, _checked(contents), signed_by, names)

    def lay_out(self, folder: Path) -> Path:
        """Write its files into a folder, which must be empty, and give the folder of the edition in it. Raises OSError."""
        return lay_out(self.contents, folder)


def lay_out(contents: Contents, folder: Path) -> Path:
    """Write the files of a bundle into an empty folder: each edition into one of its own; the folder of the edition.

    Raises OSError, and `BundleError` for a name that would lead elsewhere.
    """
    places = {of: Path(*of.split(" ")) for of in dict.fromkeys(item.of for item in contents.files) if " " in of}
    own = folder / places[contents.stated.name]
    for item in contents.files:
        place = folder / (places.get(item.of) or _FOLDERS.get(item.of, ""))
        if item.of in (SCENARIOS, LETTERS):
            place = own / LETTERS if item.of == LETTERS else own
        path = place / item.name
        if not path.resolve().is_relative_to(folder.resolve()):
            raise BundleError(f"it has a file called {item.name!r}, which leads out of its folder")
        place.mkdir(parents=True, exist_ok=True)
        path.write_text(item.text, encoding="utf-8", newline="\n")
    return own


def load_laid_out(contents: Contents, folder: Path) -> Policy:
    """The policy of a bundle that was laid out in a folder. Raises `BundleError`."""
    own = folder / Path(*contents.stated.name.split(" "))
    edition = edition_in(sorted(own.glob("*.policy")))
    if edition is None or f"{edition.id} {edition.edition}" != contents.stated.name:
        raise BundleError(f"it says that it holds {contents.stated.name}, and holds another policy")
    try:
        return load_edition(edition, folder)
    except PolicyError as error:
        raise BundleError(f"the policy in it cannot be used: {error.diagnostics[0].message}") from None
    except PolicyNotFound as error:
        raise BundleError(f"the policy in it cannot be used: {error.args[0]}") from None


def _loaded(contents: Contents) -> Policy:
    """The policy of a bundle, from a folder that is gone when it is loaded."""
    with tempfile.TemporaryDirectory(prefix="si-rules-") as name:
        folder = Path(name) / _NOTHING_ABOVE
        folder.mkdir(parents=True)
        lay_out(contents, folder)
        return load_laid_out(contents, folder)


def _checked(contents: Contents) -> Policy:
    """The policy in a bundle, held against what the bundle says of it."""
    policy, stated = _loaded(contents), contents.stated
    if tuple(map(str, policy.in_force)) != stated.in_force:
        raise BundleError("its policy is in force from and to other days than it says")
    if policy.digest != stated.digest:
        raise BundleError(f"its files were altered: they give the policy {policy.digest}, and it says {stated.digest}")
    return policy


def _used(policy: Policy) -> Iterator[BundledFile]:
    for item in policy.files:
        yield BundledFile(item.of, item.name, _text(item.name, item.data))


def _beside(policy: Policy) -> Iterator[BundledFile]:
    """The scenarios and letters that lie beside the edition."""
    if policy.folder is None:
        return
    for path in sorted(policy.folder.glob("*.scenarios")):
        yield BundledFile(SCENARIOS, path.name, _text(path.name, path.read_bytes()))
    folder = letters_beside(policy.folder)
    if folder is not None:
        letters = read_letters(folder)
        yield BundledFile(LETTERS, DECLARATION, letters.declaration)
        if letters.style is not None:
            yield BundledFile(LETTERS, STYLE, letters.style)
        for name, text in letters.templates.items():
            yield BundledFile(LETTERS, name, text)


def _text(name: str, data: bytes) -> str:
    return read_source(name, data)[0].text
