"""The whole way from text to core, stage by stage. Each stage returns a value and its diagnostics.

The rest of the way, from core and evidence to a decision, is `si_rules.decisions.basis.Basis.decide`.
"""

from collections.abc import Iterator, Mapping, Sequence

from attrs import evolve, frozen

from si_rules.library.editions import digest_of
from si_rules.library.kept import keep_core, kept_core
from si_rules.semantics.core import LANGUAGE, Amendment, Core
from si_rules.semantics.vocabulary import Vocabulary
from si_rules.source.diagnostics import Diagnostic, in_order
from si_rules.source.screening import read_source


@frozen
class Amending:
    """An amendment as it goes into an edition: its file, and what it is; whether its day has come."""

    name: str
    data: bytes
    told: Amendment
    begun: bool = True


@frozen
class Loaded:
    """An edition as far as it could be read. `policy` is None where a diagnostic is an error."""

    policy: Core | None
    digest: str
    diagnostics: list[Diagnostic]


def load(policy_files: Mapping[str, bytes], vocabulary_file: tuple[str, bytes], keep: bool = True,
         used: Sequence[tuple[Core, str]] = (), calendar_files: Mapping[str, bytes] | None = None,
         amendments: Sequence[Amending] = ()) -> Loaded:  # fmt: skip
    """From the bytes of an edition's files, by name, and of its vocabulary to the core.

    Of `amendments`, in the order in which they are put in, those that count are; the digest takes in all of them.
    `used` are the policies it uses, each with its digest, which the edition's own digest takes in. With `keep`, an edition that was loaded before without a remark is taken from the user's cache.
    """
    screened = {name: read_source(name, data) for name, data in policy_files.items()}
    vocabulary_source, vocabulary_remarks = read_source(*vocabulary_file)
    texts = [(_last(name), source.text) for name, (source, _) in screened.items()]
    screened_calendars = {name: read_source(name, data) for name, data in (calendar_files or {}).items()}
    also = [(policy.id, other) for policy, other in used]
    also += [(_last(name), source.text) for name, (source, _) in screened_calendars.items()]
    screened_amendments = {item.name: read_source(item.name, item.data) for item in amendments}
    also += [(_last(name), source.text) for name, (source, _) in screened_amendments.items()]
    also.append(("language", LANGUAGE))
    digest = digest_of([*texts, (_last(vocabulary_file[0]), vocabulary_source.text), *also])
    every = (*screened.values(), *screened_calendars.values(), *screened_amendments.values())
    remarks = [item for _, found in every for item in found] + vocabulary_remarks
    if any(item.is_error for item in remarks):
        return Loaded(None, digest, in_order(remarks))
    counting = [item.name for item in amendments if item.told.counts]
    told = (
        *(item.told for item in amendments if item.begun),
        *(item for policy, _ in used for item in _told_of(policy)),
    )
    counts = [(item.title, str(item.first)) for item in told if item.counts]
    key = digest_of([("", digest), *counts]) if told else digest
    kept = kept_core(key) if keep else None
    if kept is not None:
        return Loaded(kept, digest, [])

    # Only here is the parser wanted; a kept core does without it, and a process starts the sooner.
    from si_rules.semantics.amending import amended
    from si_rules.semantics.calendar_reading import read_calendars
    from si_rules.semantics.elaboration import elaborate
    from si_rules.semantics.vocabulary_reading import read_vocabulary
    from si_rules.syntax.parsing import parse_file

    vocabulary_tree, mistakes = parse_file(vocabulary_source)
    vocabulary, remarks = read_vocabulary(vocabulary_tree)
    if vocabulary is None or any(item.is_error for item in mistakes):
        return Loaded(None, digest, in_order(mistakes + remarks))
    parsed = [parse_file(source) for source, _ in screened.values()]
    mistakes = [item for _, found in parsed for item in found]
    parsed_calendars = {name: parse_file(source) for name, (source, _) in screened_calendars.items()}
    mistakes += [item for _, found in parsed_calendars.values() for item in found]
    digests = {name: digest_of([("", source.text)]) for name, (source, _) in screened_calendars.items()}
    calendars, wrong = read_calendars({name: tree for name, (tree, _) in parsed_calendars.items()}, digests)
    changing = [parse_file(screened_amendments[name][0]) for name in counting]
    mistakes += [item for _, found in changing for item in found]
    trees, unfit = amended([tree for tree, _ in parsed], [tree for tree, _ in changing])
    policy, remarks = elaborate(trees, vocabulary, [policy for policy, _ in used], calendars)
    if changing:  # what only the old rules used is there for the days before
        remarks = [item for item in remarks if item.code != "SI513" or item.source.name in counting]
    diagnostics = in_order(mistakes + unfit + remarks + wrong)
    if any(item.is_error for item in diagnostics):
        return Loaded(None, digest, diagnostics)
    if policy is not None and told:
        policy = evolve(policy, amendments=told)
    if keep and policy is not None and not diagnostics:
        keep_core(key, policy)
    return Loaded(policy, digest, diagnostics)


def _told_of(used: Core) -> Iterator[Amendment]:
    """The amendments of a policy that is used, with its name before their titles."""
    return (evolve(item, title=f"{used.id} {used.edition}: {item.title}") for item in used.amendments)


def check_vocabulary(name: str, data: bytes) -> list[Diagnostic]:
    """What is wrong with a vocabulary file, taken by itself."""
    return load_vocabulary(name, data)[1]


def load_vocabulary(name: str, data: bytes) -> tuple[Vocabulary | None, list[Diagnostic]]:
    """The vocabulary of a file, None where it cannot be used, and what is wrong with it."""
    from si_rules.semantics.vocabulary_reading import read_vocabulary  # the parser is only wanted here
    from si_rules.syntax.parsing import parse_file

    source, remarks = read_source(name, data)
    if any(item.is_error for item in remarks):
        return None, in_order(remarks)
    tree, mistakes = parse_file(source)
    vocabulary, found = read_vocabulary(tree)
    diagnostics = in_order([*remarks, *mistakes, *found])
    return (None if any(item.is_error for item in diagnostics) else vocabulary), diagnostics


def check_calendars(name: str, data: bytes) -> list[Diagnostic]:
    """What is wrong with a file of calendars, taken by itself."""
    from si_rules.semantics.calendar_reading import read_calendars  # the parser is only wanted here
    from si_rules.syntax.parsing import parse_file

    source, remarks = read_source(name, data)
    if any(item.is_error for item in remarks):
        return in_order(remarks)
    tree, mistakes = parse_file(source)
    _, found = read_calendars({name: tree}, {name: ""})
    return in_order([*remarks, *mistakes, *found])


def _last(name: str) -> str:
    return name.replace("\\", "/").rpartition("/")[2]
