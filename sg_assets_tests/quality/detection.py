"""The table of what the shipped checks detect: ``python -m sg_assets_tests.quality.detection`` writes it anew."""

import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from upath import UPath

from sg_assets.declarations.project_declarations import read_project
from sg_assets.orchestration.project import Project
from sg_assets.settings import Settings
from sg_assets_tests.paths import PROJECT
from sg_assets_tests.quality.fuzzing import STRENGTHS, TABLES, Fault, Outcome, faults_of, outcome
from sg_assets_tests.quality.world import World, good_world

PAGE = PROJECT / "docs" / "detection.md"
_HEAD = """# What the checks detect

Every column of these tables is damaged in every way that makes sense for it, in a few rows (2 %, one at least), 20 %
and all of them, drawn by a seed, and published under the shipped declarations: small tables of the `tiny` profile.
*Stopped*: a blocking check kept the version in quarantine. *Told*: a check warned, and the version was published. A
dash: nothing was noticed. *Same*: the damage changes nothing of this table. Written by
`python -m sg_assets_tests.quality.detection`; a test holds parts of it to be true.

What no check can notice is a value as good as the right one: another source, a score moved within its range.
"""


def built(home: Path) -> World:
    """A good version of every table."""
    whole = read_project(PROJECT, "tiny", generated_comments=True)
    settings = Settings(PROJECT, "tiny", home, None, None, None, UPath(home / "store"))
    return good_world(Project(settings, whole.declared, whole.graph, whole.tables))


def tried(world: World, table: str) -> dict[Fault, tuple[Outcome | None, ...]]:
    """Every fault of a table in every strength."""
    faults = list(faults_of(table, world.frame(table)))
    return {fault: tuple(outcome(world, fault, strength) for strength in STRENGTHS) for fault in faults}


def page(found: Mapping[str, Mapping[Fault, tuple[Outcome | None, ...]]]) -> str:
    """The page as Markdown."""
    parts = [_HEAD, "## In short\n", *_summary(found)]
    return "\n".join([*parts, *(section(table, faults) for table, faults in found.items())]) + "\n"


def section(table: str, faults: Mapping[Fault, tuple[Outcome | None, ...]]) -> str:
    """What happens to one table."""
    head = [f"\n## `{table}`\n", "| column | fault | a few | 20 % | all | by |", "|---|---|---|---|---|---|"]
    return "\n".join([*head, *(_row(fault, outcomes) for fault, outcomes in faults.items())])


def _summary(found: Mapping[str, Mapping[Fault, tuple[Outcome | None, ...]]]) -> list[str]:
    lines = ["| rows hit | faults | stopped | told | unnoticed |", "|---|---:|---:|---:|---:|"]
    for place, strength in enumerate(("a row or 2 %", "20 %", "all")):
        every = [outcomes[place] for faults in found.values() for outcomes in faults.values()]
        counts = Counter(str(one) for one in every if one is not None)
        told = (counts["stopped"], counts["told"], counts["-"])
        lines.append(f"| {strength} | {sum(told)} | {' | '.join(map(str, told))} |")
    return lines


def _row(fault: Fault, outcomes: tuple[Outcome | None, ...]) -> str:
    cells = ["same" if one is None else str(one) for one in outcomes]
    by = [name for one in outcomes if one is not None for name in (one.stopped_by or one.told_by)]
    named = ", ".join(f"`{name}`" for name in dict.fromkeys(by))
    return f"| {fault.column.replace('_', chr(92) + '_')} | {fault.kind} | {' | '.join(cells)} | {named} |"


def write() -> None:
    """Write the page anew."""
    with tempfile.TemporaryDirectory() as home:
        world = built(Path(home))
        PAGE.write_text(page({table: tried(world, table) for table in TABLES}), encoding="utf-8")


if __name__ == "__main__":
    write()
