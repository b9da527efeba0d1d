"""Remarks on what was refused, as some roles may see them: what stood in a field is as confidential as the field."""

from typing import Final

from attrs import evolve

from si_rules.evidence.readers import Refusal
from si_rules.semantics.audiences import may_see
from si_rules.semantics.core import Core

_UNUSABLE: Final = "it cannot be used"


def masked(item: Refusal, policy: Core, roles: frozenset[str]) -> Refusal:
    """The remark, without its field and reason where these roles may not see what it is about."""
    return evolve(item, path="", reason=_UNUSABLE) if set(item.path.split(".")) & _kept(policy, roles) else item


def _kept(policy: Core, roles: frozenset[str]) -> set[str]:
    """Names of fields, judgements and records that some roles may not see, and of what tells an outcome kept from them."""
    vocabulary = policy.vocabulary
    names = {field.key for path, field in vocabulary.fields.items() if not may_see(roles, vocabulary.audience_of(path))}
    names |= {name for name, judgement in policy.judgements.items() if not may_see(roles, judgement.field.shown_to)}
    if not all(may_see(roles, found.audience) for found in policy.classifications.values()):
        names.add("engine_outcome")
    return names
