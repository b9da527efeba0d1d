"""Decides about one (fictional) school: what a council's own system would do with the JSON it holds."""

from datetime import date

from si_rules import PolicyLibrary, SchoolEvidence

TEXT = """{
  "urn": "990201", "name": "Wintersfield Example Infant School", "phase": "infant", "legal_type": "community",
  "current_category": {"none": true},
  "inspections": [{"date": "2014-03-12", "grade": "good", "category_of_concern": "no_category"}],
  "judgements": {"direction": {"value": "concerns", "author": "Officer A", "date": "2015-10-05"},
                 "persistent_decline": {"value": false}, "persistent_poor_behaviour": {"value": false}}
}"""

on = date(2015, 11, 4)
policy = PolicyLibrary.bundled().in_force("doncaster.school_improvement", on=on)
decision = policy.decide(SchoolEvidence.model_validate_json(TEXT), on=on)

category = decision.classifications["category"]
print(f"category: {category.outcome or category.status}; possible: {', '.join(category.possible)}")
for item in decision.needs:
    print(f"needed for {item.outcome_of}: {', '.join(item.needs.matters)}\n")
print(decision.for_audience({"public"}).to_text(), end="")
