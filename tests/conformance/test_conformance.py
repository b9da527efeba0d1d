"""Runs the conformance files; `docs/reference/conformance.md` tells how they are written."""

import json
import re
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest

from si_rules.decisions.basis import Basis
from si_rules.decisions.decision import Decision
from si_rules.evidence.any_vocabulary import model_of
from si_rules.evidence.exact_json import loads
from si_rules.evidence.facts import facts_of
from si_rules.loading import Stretch, by_then, parts_from, standing, stretches_of
from si_rules.pipeline import Amending, Loaded, load
from si_rules.policy import Cohort, NotInForce, Policy
from si_rules.semantics.core import Amendment
from si_rules.semantics.declared import LEGEND
from si_rules.source.diagnostics import in_order
from si_rules.source.screening import read_source
from si_rules.tools.scenarios.reading import read_cases
from si_rules.tools.scenarios.running import run

HERE = Path(__file__).parent
SPEC = HERE.parents[1] / "docs" / "reference" / "spec.md"
VOCABULARY = (HERE / "conformance.vocabulary").read_text(encoding="utf-8")
PRELUDE = (HERE / "prelude.policy").read_text(encoding="utf-8")
WRITTEN_LEGEND = "legend\n" + "".join(f'  "{sentence}"\n' for sentence in LEGEND)
MARK = re.compile(r"#! (SI\d+) ?(.*)$", re.M)
SETTING = re.compile(r"^(on|known at|audience|nodes|as if|explain) ?(.*)$", re.M)
CLAUSE = re.compile(r"^\*\*\[([a-z0-9.-]+)\]\*\*\{ #([a-z0-9.-]+) \}( \*Definition\.\*)?", re.M)
STATED = re.compile(r'^ +(title|from|adopted) +"?([^"\n#]*?)"? *(?:#.*)?$', re.M)
BEGIN = date(2015, 9, 1)
HEADER = "scenarios for conformance.books 2015-16\n  on 2016-01-10\n\n"


def written(folder: str) -> list[tuple[str, str, list[str], str]]:
    """Every case of a folder: its file, title, clauses and body."""
    found = []
    for path in sorted((HERE / folder).glob("*.cases")):
        for part in re.split(r"^=== ", path.read_text(encoding="utf-8"), flags=re.M)[1:]:
            head, _, body = part.partition("\n")
            found.append((path.stem, head.partition(" [")[0], re.findall(r"\[([^\]]*)\]", head), body))
    return found


def cases(folder: str) -> list[Any]:
    """The cases of a folder as parameters."""
    return [pytest.param(body, id=f"{file}: {title}") for file, title, _, body in written(folder)]


def parts_of(body: str) -> list[tuple[str, str]]:
    """The parts of a case: what comes first, under an empty name, and each part after a line `--- NAME`."""
    first, *rest = re.split(r"^--- (.*)\n", body, flags=re.M)
    return [("", first), *zip(rest[::2], rest[1::2], strict=True)]


def files_of(body: str) -> dict[str, str]:
    """The files of a case by name: those of the edition in order, and the vocabulary."""
    parts = parts_of(body)
    own = {name.removeprefix("policy "): text for name, text in parts if name.startswith("policy ")}
    amendments = {name.removeprefix("amendment "): text for name, text in parts if name.startswith("amendment ")}
    if parts[0][1].strip() or not own:
        own["case.policy"] = PRELUDE + parts[0][1]
    every = [*sorted(own.items()), *amendments.items()]
    files = {name: text.replace("LEGEND\n", WRITTEN_LEGEND) for name, text in every}
    return {**files, "conformance.vocabulary": dict(parts).get("vocabulary", VOCABULARY)}


def in_bytes(text: str) -> bytes:
    """The bytes of a file; `<U+0009>` stands for the letter of that number, `<U+0009*20>` for twenty of them."""
    letters = re.sub(r"<U\+([0-9A-F]{4})(?:\*(\d+))?>", lambda m: chr(int(m[1], 16)) * int(m[2] or 1), text)
    return letters.encode("utf-8", "surrogatepass")


def amendments_of(body: str, files: dict[str, bytes]) -> list[Amending]:
    """The amendments of a case, in the order in which they are put in; one without its days counts from the first on."""
    found = []
    for name in (name.removeprefix("amendment ") for name, _ in parts_of(body) if name.startswith("amendment ")):
        stated = dict(STATED.findall(files[name].decode()))
        days = [date.fromisoformat(stated[key]) for key in ("from", "adopted") if key in stated]
        dated = len(days) == 2 and BEGIN < days[0] <= date(2016, 8, 31)
        first, adopted = days if dated else (BEGIN, date.min)
        found.append(Amending(name, files[name], Amendment(stated.get("title", ""), first, adopted)))
    return sorted(found, key=lambda item: (item.told.first, item.told.adopted, item.name))


@cache
def stretches(body: str) -> list[tuple[date, date, Loaded]]:
    """The edition of a case, with the policies that it uses, from each day of the decision and of knowledge on."""
    files = {name: in_bytes(text) for name, text in files_of(body).items()}
    vocabulary = ("conformance.vocabulary", files.pop("conformance.vocabulary"))
    used = []
    for name, text in parts_of(body):
        if name.startswith("used "):
            whole = in_bytes(text.replace("LEGEND\n", WRITTEN_LEGEND))
            found = load({name.removeprefix("used "): whole}, vocabulary, keep=False)
            assert found.policy is not None, found.diagnostics
            used.append((found.policy, found.digest))
    amending = amendments_of(body, files)
    for item in amending:
        del files[item.name]
    return [
        (part.first, part.known_from, load(files, vocabulary, False, used, None, by_then(part, amending)))
        for part in parts_from(BEGIN, [], amending)
    ]


def loaded(body: str) -> Loaded:
    """The edition of a case as it begins, with everything that is wrong with it, amended or not."""
    found = [one for *_, one in stretches(body)]
    every = in_order([item for one in found for item in one.diagnostics])
    return Loaded(found[0].policy, found[0].digest, every)


def usable(body: str) -> tuple[Any, str]:
    """The policy of a case that must have no error, and its digest."""
    result = loaded(body)
    assert [item for item in result.diagnostics if item.is_error] == []
    return result.policy, result.digest


def usable_policy(body: str) -> Policy:
    """The same, ready to decide on every day."""
    usable(body)
    (_, _, begun), *later = stretches(body)
    return Policy(begun.policy, begun.digest, later=tuple(Stretch(f, one.policy, one.digest, k) for f, k, one in later))


@pytest.mark.parametrize("body", cases("diagnostics"))
def test_a_faulty_program_draws_the_expected_findings_and_no_others(body: str) -> None:
    """Each marked line draws its finding, with its words; no other line draws any."""
    wanted = [
        (name, text.count("\n", 0, mark.start()) + 1, mark[1], mark[2].strip())
        for name, text in files_of(body).items()
        for mark in MARK.finditer(text)
    ]
    for name, line, code in map(str.split, dict(parts_of(body)).get("findings", "").strip().splitlines()):
        wanted.append((name, int(line), code, ""))
    found = []
    for item in loaded(body).diagnostics:
        place = (item.source.name, item.source.place(item.span.start)[0], item.code)
        said = f"{item.message} {item.help}"
        found.append((*place, next((w[3] for w in wanted if w[:3] == place and w[3] in said), said)))
    assert sorted(found) == sorted(wanted)


@pytest.mark.parametrize("body", cases("behaviour"))
def test_a_program_behaves_as_its_scenarios_say(body: str) -> None:
    """Every expectation of the scenarios of a case is met."""
    policy, digest = usable(body)
    source, _ = read_source("case.scenarios", (HEADER + dict(parts_of(body))["scenarios"]).encode())
    later = usable_policy(body).later
    read, mistakes = read_cases(source, policy, later)
    assert mistakes == []
    assert read, "a case without a scenario shows nothing"
    every = stretches_of(policy, digest, later)
    then = [(case, Basis(standing(every, case.on, case.known_at).core, digest)) for case in read]
    assert [failure.message for case, basis in then for failure in run(case, basis).failures] == []


def decided(policy: Any, digest: str, evidence: str, settings: dict[str, str], members: str | None) -> Decision:
    """The decision of a case. Raises ValueError for evidence that is refused, NotInForce outside the period."""
    return decided_by(Policy(policy, digest), evidence, settings, members)


def decided_by(whole: Policy, evidence: str, settings: dict[str, str], members: str | None) -> Decision:
    """The same by a policy that may be amended."""
    policy, digest = whole.core, whole.digest
    model = model_of(policy.vocabulary)
    record = model.model_validate({policy.vocabulary.identified_by: "1", **loads(evidence)})
    listed = [] if members is None else loads(members)
    read = [model.model_validate(member) for member in listed if member is not None]
    cohort = None if members is None else Cohort("books", read, listed.count(None))
    on = date.fromisoformat(settings.get("on", "2016-01-10"))
    known_at = date.fromisoformat(settings.get("known at", str(on)))
    audience = settings["audience"].split(", ") if "audience" in settings else None
    if "nodes" in settings:
        return Basis(policy, digest, int(settings["nodes"])).decide(partial(facts_of, record), on, known_at, False)
    as_if = "as if" in settings
    return whole.decide(record, on=on, known_at=known_at, cohort=cohort, as_if=as_if, audience=audience)


def differs(expected: Any, came: Any, at: str = "decision") -> list[str]:
    """Where what came differs from what is expected: of an object only the keys that are named count."""
    if isinstance(expected, dict) and isinstance(came, dict):
        keys = [f"{at} has the keys {list(came)}"] if list(came) != expected.get("$keys", list(came)) else []
        named = [(key, value) for key, value in expected.items() if key != "$keys"]
        return keys + [
            line for key, value in named for line in differs(value, came.get(key, "left out"), f"{at}.{key}")
        ]
    if isinstance(expected, list) and isinstance(came, list) and len(expected) == len(came):
        pairs = enumerate(zip(expected, came, strict=True))
        return [line for n, (one, other) in pairs for line in differs(one, other, f"{at}[{n}]")]
    return [] if expected == came else [f"{at} is {json.dumps(came)}, not {json.dumps(expected)}"]


@pytest.mark.parametrize("body", cases("decisions"))
def test_a_decision_has_the_parts_expected(body: str) -> None:
    """Each part that a case names is in the decision, and what must be refused is refused."""
    policy = usable_policy(body)
    evidence, settings, members, checked = "{}", dict[str, str](), None, 0
    for name, text in parts_of(body):
        if name == "evidence":
            evidence = text
        elif name == "cohort":
            members = text
        elif name == "decide":
            settings = dict(SETTING.findall(text))
            assert len(settings) == len(text.strip().splitlines())
        elif name == "refused":
            with pytest.raises({"evidence": ValueError, "period": NotInForce}[text.strip()]):
                decided_by(policy, evidence, settings, members)
            checked += 1
        elif name == "expect":
            came = decided_by(policy, evidence, settings, members).to_dict(explain="explain" in settings)
            assert differs(json.loads(text), came) == []
            checked += 1
    assert checked, "a case that expects nothing shows nothing"


def test_every_clause_has_a_case_and_every_case_a_clause() -> None:
    """Every clause but the definitions is named by a case; a case names clauses that exist; no case stands twice."""
    clauses = CLAUSE.findall(SPEC.read_text(encoding="utf-8"))
    names = [name for name, _, _ in clauses]
    assert names == [anchor for _, anchor, _ in clauses]
    assert len(set(names)) == len(names)
    every = [case for folder in ("diagnostics", "behaviour", "decisions", "pathways") for case in written(folder)]
    assert [title for _, title, named, _ in every if not named or set(named) - set(names)] == []
    shown = {name for *_, named, _ in every for name in named}
    assert [name for name, _, definition in clauses if not definition and name not in shown] == []
    titles = [(file, title) for file, title, _, _ in every]
    assert len(set(titles)) == len(titles)
    assert len({body for *_, body in every}) == len(every)


def test_what_differs_is_noticed() -> None:
    """Another value, a key left out, keys in another order, a list too long: each is told, and where."""
    assert differs({"a": [1, {"b": None}]}, {"a": [1, {"b": None, "c": 2}], "d": 3}) == []
    assert differs({"a": [1]}, {"a": [2]}) == ["decision.a[0] is 2, not 1"]
    assert differs({"a": None}, {}) == ['decision.a is "left out", not null']
    assert differs({"$keys": ["a", "b"]}, {"b": 1, "a": 1}) == ["decision has the keys ['b', 'a']"]
    assert differs([1], [1, 2]) == ["decision is [1, 2], not [1]"]
