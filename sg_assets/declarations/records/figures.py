"""Figures that a report draws, and published numbers that it compares with its own."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field, model_validator

from sg_assets.declarations.names import SafeName
from sg_assets.declarations.records.base import Record
from sg_assets.declarations.records.benchmark import Benchmark
from sg_assets.errors import SgAssetsError, nearest

Kind = Literal["scores", "skills", "likeness", "losses", "worth"]


class FigureScore(Record):
    """A score that has a panel in a figure."""

    benchmark: SafeName
    metric: SafeName
    slice: str


class DeclaredFigure(Record):
    """A figure that compares a few variants."""

    id: SafeName
    title: str
    kind: Kind
    """``scores``: a panel per score. ``skills``: the leaderboard's tasks against base. ``likeness``: how similar
    answers are to base's. ``losses``: dev loss, and dev minus training loss (memorisation). ``worth``: the gain over
    base of each score, and the training's cost."""
    variants: tuple[SafeName, ...] = Field(min_length=2)
    """In the order drawn. Variants that the profile does not run are left out; a figure needs at least two variants."""
    scores: tuple[FigureScore, ...] = ()
    """For ``scores`` and ``worth``: scores that the benchmarks show."""

    @model_validator(mode="after")
    def _complete(self) -> "DeclaredFigure":
        if (self.kind in ("scores", "worth")) != bool(self.scores):
            needs = "needs" if not self.scores else "takes no"
            raise ValueError(f"a figure of kind '{self.kind}' {needs} scores")
        for name in self.variants:
            if self.variants.count(name) > 1:
                raise ValueError(f"variants: '{name}' is named twice")
        return self


class PublishedNumber(Record):
    """A number someone published, of a variant and a score declared here."""

    variant: SafeName
    benchmark: SafeName
    """The name of a benchmark, or ``leaderboard``."""
    metric: SafeName
    slice: str
    value: float | None = None
    """In the score's own unit: shares from 0 to 1, leaderboard scores from 0 to 100."""
    change: float | None = None
    """Where only the change against base was published: a share of base's score."""

    @model_validator(mode="after")
    def _one_number(self) -> "PublishedNumber":
        if (self.value is None) == (self.change is None):
            raise ValueError("needs either value or change")
        return self


class Published(Record):
    """Numbers of one publication, for reports to compare with their own."""

    name: SafeName
    source: str
    """Who published them, and where."""
    numbers: tuple[PublishedNumber, ...] = Field(min_length=1)


def check_figure(figure: DeclaredFigure, variants: set[str], benchmarks: Mapping[str, Benchmark]) -> None:
    """Raise an error where a figure names an unknown variant, benchmark or score.

    Args:
        figure: What is declared.
        variants: Names of all variants, whatever the profile runs.
        benchmarks: Those that could be read.
    """
    where = f"models/figures.yaml, {figure.id}"
    for name in figure.variants:
        _check_named("variant", name, variants, f"{where}.variants")
    for panel in figure.scores:
        _check_named("benchmark", panel.benchmark, benchmarks, f"{where}.scores")
        shown = [f"{score.metric} of {score.slice}" for score in benchmarks[panel.benchmark].shown]
        _check_named(f"score shown by {panel.benchmark}", f"{panel.metric} of {panel.slice}", shown, f"{where}.scores")


def check_published(published: Published, variants: set[str], benchmarks: Mapping[str, Benchmark]) -> None:
    """Raise an error where a published number names an unknown variant or benchmark."""
    where = f"models/published/{published.name}.yaml, numbers"
    for number in published.numbers:
        _check_named("variant", number.variant, variants, where)
        _check_named("benchmark", number.benchmark, [*benchmarks, "leaderboard"], where)


def _check_named(kind: str, name: str, known: "Mapping[str, object] | set[str] | list[str]", where: str) -> None:
    if name not in known:
        raise SgAssetsError(f"unknown {kind} '{name}'", where=where, remedy=nearest(name, known))
