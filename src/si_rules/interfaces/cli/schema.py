"""`si-rules schema`: the JSON Schema of evidence, or of a decision."""

import datetime
import json
from typing import Any

import click

from si_rules import shipped
from si_rules.evidence.json_schema import evidence_schema
from si_rules.evidence.school import SchoolEvidence
from si_rules.interfaces.cli.arguments import DAY, find_policy
from si_rules.interfaces.cli.evidence_files import model_for
from si_rules.interfaces.cli.exits import WRONG_USAGE, stop
from si_rules.library.editions import find_vocabularies
from si_rules.pipeline import load_vocabulary
from si_rules.semantics.vocabulary import Vocabulary

_SCHOOLS = ("school", "1")


@click.command()
@click.argument("what", type=click.Choice(["evidence", "decision"]))
@click.option("--policy", help="Evidence of this policy's vocabulary, with the judgements it declares.")
@click.option("--on", type=DAY, help="The day that says which edition of the policy.")
def command(what: str, policy: str | None, on: datetime.date | None) -> None:
    """Print the JSON Schema of evidence or of a decision.

    Of evidence it is that about schools; with --policy, that of the vocabulary and the judgements of a policy.
    """
    if what == "decision" and policy is not None:
        stop(WRONG_USAGE, "a decision has the same form under every policy: leave out --policy")
    found = _decision() if what == "decision" else _evidence(policy, on)
    click.echo(json.dumps(found, ensure_ascii=False, indent=2))


def _decision() -> dict[str, Any]:
    from si_rules.decisions.json_schema import decision_schema  # only wanted here

    return decision_schema()


def _evidence(policy: str | None, on: datetime.date | None) -> dict[str, Any]:
    if policy is None:
        return evidence_schema(_of_schools(), SchoolEvidence)
    found = find_policy(policy, on)
    return evidence_schema(found.core.evidence_vocabulary, model_for(found), found.core.judgements)


def _of_schools() -> Vocabulary:
    path = find_vocabularies(shipped.policies_folder())[_SCHOOLS]
    found, _ = load_vocabulary(path.name, path.read_bytes())
    if found is None:
        raise RuntimeError(f"{path} is shipped and cannot be read")
    return found
