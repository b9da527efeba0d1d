"""Follows the case of one fictional school of concern: where it stands on 20 March 2016, what is due, what may be done."""

from datetime import date
from pathlib import Path

from si_rules import PolicyLibrary, SchoolEvidence, read_history

HERE = Path(__file__).resolve().parent
ON = date(2016, 3, 20)


def main() -> None:
    """Read the history, follow it, and show the case as the council's officers see it."""
    read = read_history((HERE / "history.json").read_bytes())
    assert read.history is not None, read.refusals
    school = SchoolEvidence.model_validate_json((HERE / "school.json").read_text(encoding="utf-8"))
    library = PolicyLibrary.bundled()
    case = library.follow("doncaster.school_improvement", read.history, on=ON, evidence=school)
    (track,) = [item for item in case.tracks if item.pathway == "concern"]
    print(f"{case.label}, on {case.on}: {track.states[0].title}, since {track.states[0].since}\n")
    print("Missed, and what is due next:")
    for duty in track.duties:
        if duty.breached_on is not None:
            print(f"  {duty.breached_on}  breach by {duty.bearer}: {duty.title} ({duty.status})")
        elif duty.status == "open" and duty.due is not None:
            print(f"  {duty.due}  due from {duty.bearer}: {duty.title}")
    print("\nThe council may now:")
    for power in track.powers:
        if power.available == "holds":
            print(f"  {power.title}")
            for need in power.requirements:
                if need.truth != "holds":
                    print(f"    the strategy describes before it: {need.words}")
    print("\nIf nothing happens:")
    for item in track.forecast:
        print(f"  {item.date}  {item.title}")


if __name__ == "__main__":
    main()
