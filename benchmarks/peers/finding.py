"""Which other engines are installed, and what is told of those that are not."""

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any, Final

from attrs import frozen


@frozen
class Peer:
    """Another engine, loaded with the decision.

    `single` takes a plain record; `traced` too, None where the engine has no trace; `batch` a list of records. `answer`
    gives what `single` gave as the references do; `answers` that of a batch. `takes` says how it is called.
    """

    name: str
    takes: str
    single: Callable[[dict[str, Any]], Any]
    batch: Callable[[list[dict[str, Any]]], Any]
    answer: Callable[[Any], tuple[Any, ...]]
    traced: Callable[[dict[str, Any]], Any] | None = None


MODULES: Final = {"zen_engine": ("zen", "zen-engine"), "rule_engine": ("rule_engine", "rule-engine")}


def installed() -> list[str]:
    """The names of those that are installed."""
    return [name for name, (module, _) in MODULES.items() if find_spec(module) is not None]


def absent() -> list[str]:
    """A sentence for each that is not."""
    return [
        f"{package} is not installed, so it is not measured: make peers"
        for name, (_, package) in MODULES.items()
        if name not in installed()
    ]


def loaded(name: str) -> Peer:
    """An engine with the decision, ready to be asked. Raises ImportError where it is not installed."""
    if name == "zen_engine":
        from benchmarks.peers.with_zen_engine import peer  # only wanted where it is installed
    else:
        from benchmarks.peers.with_rule_engine import peer
    return peer()
