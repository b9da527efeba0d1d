"""A pathway as a Mermaid state diagram: its states, and what leads from one to another."""

from collections.abc import Iterator

from si_rules.semantics.core import Core
from si_rules.semantics.pathway_forms import Move, Pathway, State, TimeOut


def mermaid(policy: Core, pathway: Pathway) -> str:
    """The diagram, ending in a newline. Titles are those of the policy; guards stand in square brackets."""
    return "\n".join(_lines(policy, pathway)) + "\n"


def _lines(policy: Core, pathway: Pathway) -> Iterator[str]:
    yield "stateDiagram-v2"
    for name, state in pathway.states.items():
        yield f"    state {_label(state.title)} as {name}"
    for begin in pathway.begins:
        yield f"    [*] --> {begin.state}: {_text(policy.events[begin.event].title)}"
    inside = [state for state in pathway.states.values() if state.within is None and state.is_stage]
    for stage in inside:
        yield from _stage(pathway, stage, 1)
    for state in pathway.states.values():
        for move in state.moves:
            if move.to is not None:
                yield f"    {state.name} --> {move.to}: {_move(policy, move)}"
        for item in state.time_outs:
            yield f"    {state.name} --> {item.to}: {_time_out(item)}"
        if state.ends:
            yield f"    {state.name} --> [*]"


def _stage(pathway: Pathway, stage: State, depth: int) -> Iterator[str]:
    """A stage with the states inside it, each once."""
    space = "    " * depth
    yield f"{space}state {stage.name} {{"
    for state in pathway.states.values():
        if state.within == stage.name and state.is_stage:
            yield from _stage(pathway, state, depth + 1)
        elif state.within == stage.name:
            yield f"{space}    {state.name}"
    yield f"{space}}}"


def _move(policy: Core, move: Move) -> str:
    return _text(policy.events[move.event].title) + (" [on a condition]" if move.condition is not None else "")


def _time_out(item: TimeOut) -> str:
    guard = " [on a condition]" if item.condition is not None else ""
    return f"after {item.count} {item.unit.replace('_', ' ')}{guard}"


def _label(text: str) -> str:
    return '"' + _text(text) + '"'


def _text(text: str) -> str:
    """A title without the marks that mean something to Mermaid."""
    return text.replace('"', "'").replace(":", " -").replace(";", ",").replace("\n", " ")
