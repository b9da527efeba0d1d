"""What a run takes from files: evidence, moderations and letters, each remembered as it was read."""

import hashlib
from pathlib import Path

from attrs import define, evolve, field
from pydantic import BaseModel

from si_rules.decisions.moderation import Moderation, Moderations, stand
from si_rules.decisions.moderation_reading import read_moderations
from si_rules.documents.letters import Letters
from si_rules.documents.manifest import Input
from si_rules.documents.templates import ExtraMissing
from si_rules.evidence.readers import Refusal, read_placed
from si_rules.interfaces.cli.arguments import read_bytes
from si_rules.interfaces.cli.decide import _model as model_for
from si_rules.interfaces.cli.exits import POLICY_UNUSABLE, WRONG_USAGE, stop
from si_rules.library.letters import LettersUnusable
from si_rules.policy import Policy


def load_letters(policy: Policy, folder: Path | None) -> Letters:
    """The letters of a folder, or those beside the policy; ends the command where they cannot be used."""
    try:
        return Letters.of(policy, folder)
    except LettersUnusable as error:
        stop(POLICY_UNUSABLE, f"letters: {error}")
    except ExtraMissing as error:
        stop(WRONG_USAGE, str(error))


@define
class RunFiles:
    """The files of a run under a policy; `inputs` says what each of them was."""

    policy: Policy
    inputs: list[Input] = field(factory=list)

    def evidence(self, name: str) -> tuple[list[tuple[str, BaseModel]], list[Refusal]]:
        """The records of a file with their places, and those that are refused."""
        items = list(
            read_placed(
                self._bytes("evidence", name), model_for(self.policy), self.policy.core.vocabulary.identified_by
            )
        )
        records = [(place, item) for place, item in items if not isinstance(item, Refusal)]
        return records, [item for _, item in items if isinstance(item, Refusal)]

    def moderations(self, files: tuple[str, ...]) -> tuple[Moderations, frozenset[str], list[Refusal]]:
        """The moderations that stand, the ids of all that were read, and those that are refused."""
        read: list[tuple[str, Moderation]] = []
        refused: list[Refusal] = []
        for name in files:
            found = read_moderations(self._bytes("moderation", name))
            prefix = f"{Path(name).name}, " if len(files) > 1 else ""
            read += [(prefix + place, record) for place, record in found.records]
            refused += [evolve(item, place=prefix + item.place) for item in found.refused]
        standing, more = stand(read, self.policy.core)
        return standing, frozenset(record.id for _, record in read), refused + more

    def _bytes(self, role: str, name: str) -> bytes:
        data = read_bytes(name)
        shown_name = "standard input" if name == "-" else Path(name).name
        self.inputs.append(Input(role, shown_name, hashlib.sha256(data).hexdigest(), len(data)))
        return data
