"""Which rules speak of the whole cohort: they ask only what its figures come to, so they say the same of every member."""

from collections.abc import Iterable, Iterator
from typing import Final

from si_rules.semantics import core
from si_rules.semantics.core import Core

_PLACES: Final = ("rank", "percentile")  # a member's own


class CohortRules:
    """Tells the classifications, rules and values of a policy that hang on figures of the cohort only.

    To whom a rule applies is another matter: its guard may ask about the member.
    """

    def __init__(self, policy: Core) -> None:
        self._policy = policy
        self._bring: dict[str, bool] = {}
        self._of_all = {found.path for found in policy.figures.values() if found.measure not in _PLACES}

    def classification(self, name: str) -> bool:
        """Whether every clause of a classification asks figures only."""
        return self._only_figures(self._clauses(name))

    def rule(self, name: str) -> bool:
        """Whether a fact or trigger asks figures only."""
        return self._only_figures([self._policy.rules[name].condition])

    def brings(self, name: str) -> bool:
        """Whether what brings a consequence asks figures only: a fact or trigger, a class, or any outcome of a classification."""
        found = self._bring.get(name)
        if found is None:
            owner = name if name in self._policy.classifications else name.rpartition(".")[0]
            found = self.rule(name) if name in self._policy.rules else self.classification(owner)
            self._bring[name] = found
        return found

    def figure(self, name: str) -> bool:
        """Whether a figure is that of the whole cohort, not a member's place in it."""
        return self._policy.figures[name].path in self._of_all

    def value(self, name: str) -> bool:
        """Whether a value, by its id, is worked out from figures only."""
        return self._only_figures([found.term for found in self._policy.definitions.values() if found.id == name])

    def _clauses(self, name: str) -> list[core.Condition]:
        classes = self._policy.classifications[name].classes
        return [self._policy.rules[clause].condition for described in classes for clause in described.clauses]

    def _only_figures(self, parts: Iterable[core.Condition | core.Term]) -> bool:
        asked = set(self._asked(parts))
        return bool(asked) and asked <= self._of_all

    def _asked(self, parts: Iterable[core.Condition | core.Term]) -> Iterator[str]:
        """The paths of all that conditions and terms ask, rules and values followed, guards left out."""
        waiting, seen = list(parts), set[str]()
        while waiting:
            match waiting.pop():
                case core.Guarded(body=body):
                    waiting.append(body)
                case core.Listed(items=items):
                    waiting += items
                case core.Not(condition=inner):
                    waiting.append(inner)
                case core.Unless(body=body, exception=exception):
                    waiting += [body, exception]
                case core.RuleHolds(rule=name) if name not in seen and name in self._policy.rules:
                    seen.add(name)
                    waiting.append(self._policy.rules[name].condition)
                case core.OutcomeIs(classification=name) if name not in seen:
                    seen.add(name)
                    waiting += self._clauses(name)
                case core.Compare(left=left, right=right):
                    waiting += [left, right]
                case core.IsAmong(term=term) | core.IsNone(term=term):
                    waiting.append(term)
                case core.Computed(parts=inside):
                    waiting += inside
                case core.Chosen(cases=cases, otherwise=otherwise):
                    waiting += [part for case in cases for part in case]
                    waiting += [] if otherwise is None else [otherwise]
                case core.DefinedValue(name=name) if name not in seen:
                    seen.add(name)
                    waiting.append(self._policy.definitions[name].term)
                case core.FieldValue(path=path) | core.RecordValue(path=path) | core.YearValue(path=path):
                    yield path
                case core.Trend(path=path):
                    yield path
                case core.OverRecords(collection=name) | core.ForRecords(collection=name):
                    yield name
                case _:
                    pass  # told before, or the same for everybody: constants, parameters, the day
