"""The sorts of event a policy declares: dated records of its own, which its vocabulary gains."""

from attrs import evolve

from si_rules.semantics.declared import Declared
from si_rules.semantics.interpretations import Ownership
from si_rules.semantics.kinds import Date
from si_rules.semantics.pathway_forms import Event
from si_rules.semantics.report import Report
from si_rules.semantics.vocabulary import Collection, Field, Vocabulary
from si_rules.semantics.vocabulary_reading import read_audience, read_field
from si_rules.syntax import tree

LISTED: str = "{}_events"


def read_events(declared: Declared, vocabulary: Vocabulary, ownership: Ownership,
                report: Report) -> tuple[dict[str, Event], Vocabulary]:  # fmt: skip
    """The sorts of event, and the vocabulary with them: each a collection that happened on `date`, with its fields."""
    events: dict[str, Event] = {}
    collections, fields = dict(vocabulary.collections), dict(vocabulary.fields)
    for name, (source, item) in declared.events.items():
        report.source = source
        ownership.cites(item.cites)
        ownership.interpretations(item.interpretations)
        if name in vocabulary.collections or name in vocabulary.series or name in vocabulary.fields or "." in name:
            report.error("SI302", f"`{name}` is the name of evidence in the vocabulary", item.name.span,
                         "give the event another name")  # fmt: skip
            continue
        shown = read_audience(item.shown_to, vocabulary.audiences, report)
        events[name] = Event(name, item.title.text, len(events), shown)
        collections[name] = Collection(name, item.title.text, LISTED.format(name), "date", "recorded", shown)
        fields[f"{name}.date"] = Field(f"{name}.date", f"the day of {item.title.text}", Date())
    for path, (source, written) in declared.restated.items():
        if isinstance(written, tree.Evidence) and path.rpartition(".")[0] in events:
            report.source = source
            field = read_field(written, vocabulary.units, vocabulary.in_decimals, vocabulary.audiences, report)
            if field is not None and field.key == "date":
                report.error("SI302", "every event has a `date` already", written.name.span, "leave it out")
            elif field is not None:
                fields[path] = field
    return events, evolve(vocabulary, collections=collections, fields=fields) if events else vocabulary
