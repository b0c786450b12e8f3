"""Writes ``docs/detection.md``, the faults that the shipped checks detect."""

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

A seeded fuzzer damages every column of these tables in several ways: in a few rows (2 %, at least one), in 20 % and in
all rows. Each damaged table is published under the shipped declarations; the tables are small, of the `tiny` profile.
*Stopped*: a blocking check put the version into quarantine. *Warned*: a check warned, and the version was published. A
dash: no check failed. *Same*: the damage does not change this table. The page is written by
`python -m sg_assets_tests.quality.detection`; a test verifies parts of it.

No check can notice a value that is as plausible as the right value: another source, a score changed within its range.
"""


def built(home: Path) -> World:
    """A good version of every table."""
    whole = read_project(PROJECT, "tiny", generated_comments=True)
    settings = Settings(PROJECT, "tiny", home, None, None, None, UPath(home / "store"), home / "weights")
    return good_world(Project(settings, whole.declared, whole.graph, whole.tables))


def tried(world: World, table: str) -> dict[Fault, tuple[Outcome | None, ...]]:
    """Every fault of a table in every strength."""
    faults = list(faults_of(table, world.frame(table)))
    return {fault: tuple(outcome(world, fault, strength) for strength in STRENGTHS) for fault in faults}


def page(outcomes: Mapping[str, Mapping[Fault, tuple[Outcome | None, ...]]]) -> str:
    """The page as Markdown."""
    parts = [_HEAD, "## In short\n", *_summary(outcomes)]
    return "\n".join([*parts, *(section(table, faults) for table, faults in outcomes.items())]) + "\n"


def section(table: str, faults: Mapping[Fault, tuple[Outcome | None, ...]]) -> str:
    """What happens to one table."""
    head = [f"\n## `{table}`\n", "| column | fault | a few | 20 % | all | by |", "|---|---|---|---|---|---|"]
    return "\n".join([*head, *(_row(fault, outcomes) for fault, outcomes in faults.items())])


def _summary(outcomes: Mapping[str, Mapping[Fault, tuple[Outcome | None, ...]]]) -> list[str]:
    lines = ["| rows hit | faults | stopped | warned | unnoticed |", "|---|---:|---:|---:|---:|"]
    for index, strength in enumerate(("a row or 2 %", "20 %", "all")):
        every = [strengths[index] for faults in outcomes.values() for strengths in faults.values()]
        counts = Counter(str(outcome) for outcome in every if outcome is not None)
        numbers = (counts["stopped"], counts["warned"], counts["-"])
        lines.append(f"| {strength} | {sum(numbers)} | {' | '.join(map(str, numbers))} |")
    return lines


def _row(fault: Fault, outcomes: tuple[Outcome | None, ...]) -> str:
    cells = ["same" if outcome is None else str(outcome) for outcome in outcomes]
    by = [name for outcome in outcomes if outcome is not None for name in (outcome.stopped_by or outcome.warned_by)]
    named = ", ".join(f"`{name}`" for name in dict.fromkeys(by))
    return f"| {fault.column.replace('_', chr(92) + '_')} | {fault.kind} | {' | '.join(cells)} | {named} |"


def write() -> None:
    """Write the page anew."""
    with tempfile.TemporaryDirectory() as home:
        world = built(Path(home))
        PAGE.write_text(page({table: tried(world, table) for table in TABLES}), encoding="utf-8")


if __name__ == "__main__":
    write()
