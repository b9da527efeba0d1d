"""Prepared records straight from flat dicts of values, each checked as evidence is: a reader made for one layout."""

import ast
import datetime
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from si_rules.evaluation.compiled import syntax
from si_rules.evaluation.compiled.layout import ALL_KNOWN, SOME_MISSING, Layout, Record, Slot
from si_rules.evidence.data import Dispute, EvidenceError, datum_of
from si_rules.semantics.facts import Datum, Facts, Known
from si_rules.semantics.kinds import Choice, Date, Flag, Number, Scale
from si_rules.semantics.vocabulary import Field
from si_rules.source.canonical import digest

MOST_REMEMBERED: Final = 4096  # numbers of one datum that are checked and scaled once only


def raw_reader(layout: Layout, subject_key: str) -> Callable[[Mapping[str, Any]], Record]:
    """A function that makes records of flat dicts, path to value; what is missing is None or not there.

    Numbers are Decimal or int, dates `datetime.date`, yes and no bools, all else str; and, as in models, `Missing`,
    `NoneKnown` and `Disputed`. The function raises `EvidenceError` for a value that its kind does not have.
    """
    return _Reader(layout, subject_key).function()


class _Reader:
    def __init__(self, layout: Layout, subject_key: str) -> None:
        self.layout = layout
        self.policy = layout.situation.policy
        self.subject_key = subject_key
        self.names: dict[str, Any] = {
            "new": layout.record_type, "Decimal": Decimal, "date": datetime.date, "slowly": self.slowly, "EvidenceError": EvidenceError,
            "seal": layout.seal,
        }  # fmt: skip

    # ---- slowly: any value, and every mistake
    def slowly(self, raw: Mapping[str, Any]) -> Record:
        """The record by way of facts."""
        data: dict[str, Datum] = {}
        subject = str(raw.get(self.subject_key, ""))
        for slot in self.layout.slots.values():
            try:
                found = self._datum(slot, raw.get(slot.path))
            except EvidenceError as error:
                raise EvidenceError(error.path, error.reason, subject) from None
            if found is not None:
                data[slot.path] = found
        facts = Facts(subject, None, data, frozenset(), (), digest({"flat": sorted(data)}))
        return self.layout.record_of(facts)

    def _datum(self, slot: Slot, raw: Any) -> Datum | None:
        path = slot.path
        head = path.partition(".")[0]
        if head == "figures":
            raise EvidenceError(path, "is a figure over a cohort, which a flat record cannot give")
        if head == "parameters":
            return None
        found = datum_of(path, self._field(slot), raw, None, self.policy.vocabulary.origins)
        return self.policy.settled_dispute(found.candidates) if isinstance(found, Dispute) else found

    def _field(self, slot: Slot) -> Field:
        return self.layout.situation.field_at(slot.path)

    # ---- quickly: plain values
    def function(self) -> Callable[[Mapping[str, Any]], Record]:
        """The reader."""
        if self.layout.keeps_facts:
            return self.slowly
        body: list[ast.stmt] = [
            syntax.assign("get", syntax.attribute("d", "get")),
            syntax.assign("r", syntax.call("new")),
            syntax.assign("s", syntax.constant(ALL_KNOWN)),
        ]
        for number, slot in enumerate(self.layout.slots.values()):
            body += self._read(slot, number)
        subject = syntax.call("get", syntax.constant(self.subject_key), syntax.constant(""))
        body.append(self._set("subject", subject))
        body.append(self._set("facts", syntax.constant(None)))
        if self.layout.begun_by:
            body.append(ast.Expr(syntax.call("seal", syntax.name("r"), syntax.name("s"))))
        else:
            body.append(self._set("state", syntax.name("s")))
        body.append(ast.Return(syntax.name("r")))
        # a mistake is told by the slow way, which knows whose it is; so is what cannot be looked up
        refused = syntax.tuple_of((syntax.name("TypeError"), syntax.name("EvidenceError")))
        slowly: list[ast.stmt] = [ast.Return(syntax.call("slowly", syntax.name("d")))]
        body = [ast.Try(body, [ast.ExceptHandler(refused, None, slowly)], [], [])]
        arguments = ast.arguments([], [ast.arg("d")], None, [], [], None, [])
        function = ast.FunctionDef("prepare_raw", arguments, body, [], None)
        module = ast.fix_missing_locations(ast.Module([function], []))
        exec(compile(module, "<reader of flat records>", "exec"), self.names)  # a tree made from a checked policy
        made: Callable[[Mapping[str, Any]], Record] = self.names["prepare_raw"]
        return made

    @staticmethod
    def _set(key: str, value: ast.expr) -> ast.stmt:
        return ast.Assign([ast.Attribute(syntax.name("r"), key, ast.Store())], value)

    def _read(self, slot: Slot, number: int) -> list[ast.stmt]:
        """Read one datum: what is plain and right goes into its slot, all else is read slowly."""
        value, raw = syntax.name("v"), syntax.constant(slot.path)
        give_up: list[ast.stmt] = [ast.Return(syntax.call("slowly", syntax.name("d")))]
        missing: list[ast.stmt] = [self._set(slot.name, syntax.constant(None)),
                                   syntax.assign("s", syntax.constant(SOME_MISSING))]  # fmt: skip
        known = [self._set(slot.name, value)]
        kind_of = ast.Attribute(value, "__class__", ast.Load())
        head = slot.path.partition(".")[0]
        if head in ("figures", "parameters"):
            return missing
        match self._field(slot).kind:
            case Flag():
                right = syntax.either(
                    (syntax.is_(value, syntax.constant(True)), syntax.is_(value, syntax.constant(False)))
                )
            case Choice(values=values) | Scale(values=values):
                of_kind = syntax.is_(kind_of, syntax.name("str"))
                right = syntax.both(
                    (of_kind, syntax.compared(value, ast.In(), self._shared(number, frozenset(values))))
                )
            case Date():
                right = syntax.is_(kind_of, syntax.name("date"))
            case Number():
                memory = self._shared(number, _Numbers(self, slot))
                right = syntax.either(
                    (syntax.is_(kind_of, syntax.name("Decimal")), syntax.is_(kind_of, syntax.name("int")))
                )
                known = [self._set(slot.name, ast.Subscript(memory, value, ast.Load()))]
        return [
            syntax.assign("v", syntax.call("get", raw)),
            syntax.branch(
                syntax.is_(value, syntax.constant(None)), missing, [syntax.branch(right, known, give_up)]
            ),
        ]  # fmt: skip

    def _shared(self, number: int, value: Any) -> ast.expr:
        name = f"K{number}"
        self.names[name] = value
        return syntax.name(name)


class _Numbers(dict[Any, Any]):
    """Numbers of one datum as they are kept, checked when they are first met."""

    def __init__(self, reader: _Reader, slot: Slot) -> None:
        super().__init__()
        self._reader, self._slot = reader, slot

    def __missing__(self, raw: Any) -> Any:
        found = self._reader._datum(self._slot, raw)
        assert isinstance(found, Known)
        kept = self._reader.layout.scaled(found.value)
        if len(self) >= MOST_REMEMBERED:
            self.clear()
        self[raw] = kept
        return kept
