"""Scores that declarations name, against those that exist: metric, slice, and the range of a bound."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from sg_assets.declarations.asset_names import (
    DIVERGENCE,
    LEADERBOARD,
    TEMPLATES,
    TOXICITY_PROMPTS,
    TOXIGEN_PROMPTS,
)
from sg_assets.declarations.columns import Columns
from sg_assets.declarations.kinds.benchmarks import JUDGEMENTS, RESPONSES, SCORES, benchmark_file
from sg_assets.declarations.loading import Declarations
from sg_assets.declarations.problems import Problems
from sg_assets.declarations.records.objective import Objective
from sg_assets.declarations.score_names import NORMALISED, RAW, SIMILARITY
from sg_assets.declarations.select_values import ANY_TEXT, ANYTHING, Patterns, select_parts
from sg_assets.errors import SgAssetsError, nearest
from sg_assets.text.numbers import is_rate

_SUBTASKS: Final = r"(bbh|math|gpqa|musr)_[a-z0-9_]+"
_LABELS: Final[Mapping[str, Patterns]] = {
    TOXICITY_PROMPTS: frozenset({"safe", "unsafe"}),
    TOXIGEN_PROMPTS: frozenset({"hate", "neutral"}),
}
_NEAREST_SHOWN: Final = 12


@dataclass(frozen=True)
class KnownScores:
    """A metric, its slices and its range."""

    metrics: Patterns
    slices: Patterns
    range: tuple[float, float] | None
    """The least and the greatest value; None where nothing says so."""


@dataclass(frozen=True)
class _Named:
    """A score that a declaration names."""

    benchmark: str
    metric: str
    slice: str
    where: str
    """File and key, to which ``.metric`` or ``.slice`` is added."""


def check_scores(declared: Declarations, tables: Mapping[str, Columns], problems: Problems) -> None:
    """Add to ``problems`` what objectives, comparisons, reports and published numbers name and nothing gives.

    Args:
        declared: Everything declared.
        tables: The columns of the tables whose declaration is right.
        problems: Takes what is wrong.
    """
    scores = _Scores(declared, tables)
    for named in _named_scores(declared):
        problems.call(_check_named, named, scores.of(named.benchmark))
    for objective in declared.profile.objectives:
        where = f"models/profiles/{declared.profile.name}.yaml, objectives.{objective.id}"
        problems.call(_check_bound, objective, scores.of(objective.benchmark), where)


def _named_scores(declared: Declarations) -> Iterator[_Named]:
    profile = declared.profile
    for objective in profile.objectives:
        where = f"models/profiles/{profile.name}.yaml, objectives.{objective.id}"
        yield _Named(objective.benchmark, objective.metric, objective.slice, where)
    for comparison in (*declared.comparisons, *declared.other_comparisons):
        where = f"models/comparisons.yaml, {comparison.id}"
        yield _Named(comparison.benchmark, comparison.metric, comparison.slice, where)
    for name, benchmark in declared.benchmarks.items():
        for index, shown in enumerate(benchmark.shown):
            yield _Named(name, shown.metric, shown.slice, f"{benchmark_file(name)}, shown[{index}]")
    for number in () if declared.published is None else declared.published.numbers:
        where = f"models/published/{profile.published}.yaml, numbers"
        yield _Named(number.benchmark, number.metric, number.slice, where)


def _check_named(named: _Named, known: list[KnownScores]) -> None:
    """Raise an error where no score has that metric, or none of that metric the slice."""
    if not known:
        return  # the scores' own declaration is missing or wrong, which is reported
    scores = SCORES.of(named.benchmark)
    of_metric = [score for score in known if _matches(named.metric, score.metrics)]
    if not of_metric:
        metrics = _texts(pattern for score in known for pattern in score.metrics)
        raise SgAssetsError(
            f"{scores} has no metric '{named.metric}'",
            where=f"{named.where}.metric",
            remedy=nearest(named.metric, metrics),
        )
    if not any(_matches(named.slice, score.slices) for score in of_metric):
        slices = _texts(pattern for score in of_metric for pattern in score.slices)
        raise SgAssetsError(
            f"the {named.metric} of {scores} has no slice '{named.slice}'",
            where=f"{named.where}.slice",
            remedy=_nearest_slice(named.slice, slices),
        )


def _check_bound(objective: Objective, known: list[KnownScores], where: str) -> None:
    """Raise an error where a bound lies outside of what the score can be."""
    ranges = {score.range for score in known if _matches(objective.metric, score.metrics)}
    allowed = ranges.pop() if len(ranges) == 1 else None
    if allowed is None:
        return
    low, high = (-(allowed[1] - allowed[0]), allowed[1] - allowed[0]) if objective.against_base else allowed
    for key, bound in (("at_most", objective.at_most), ("at_least", objective.at_least)):
        if bound is None or low <= bound <= high:
            continue
        subject = f"a difference of {objective.metric}" if objective.against_base else objective.metric
        share = bound / 100
        percent = f"Write {share:g} for {bound:g} %. " if high == 1 and low <= share <= high else ""
        raise SgAssetsError(
            f"is {bound:g}", where=f"{where}.{key}", why=f"{subject} lies between {low:g} and {high:g}",
            remedy=f"{percent}The nearest bound is {min(max(bound, low), high):g}",
        )  # fmt: skip


class _Scores:
    """The scores that exist, each benchmark's looked at once."""

    def __init__(self, declared: Declarations, tables: Mapping[str, Columns]) -> None:
        self.declared = declared
        self.tables = tables
        self.known: dict[str, list[KnownScores]] = {}
        self.texts: dict[tuple[str, str], Patterns] = {
            (TEMPLATES, "template_id"): frozenset(template.id for template in declared.templates) or ANYTHING,
            **{(asset, "label"): labels for asset, labels in _LABELS.items()},
        }

    def of(self, benchmark: str) -> list[KnownScores]:
        """The scores of a benchmark, of the leaderboard or of divergence; none where they are unknown."""
        if benchmark not in self.known:
            self.known[benchmark] = self._scores(SCORES.of(benchmark))
        return self.known[benchmark]

    def _scores(self, asset: str) -> list[KnownScores]:
        if asset == DIVERGENCE:
            return self._divergence()
        if asset == LEADERBOARD:
            return self._leaderboard()
        if asset not in self.declared.sql or asset not in self.tables:
            return []
        parts = select_parts(
            self.declared.sql[asset].query, self.tables, ("metric", "slice"), self._column_texts, "value"
        )
        return [
            KnownScores(metrics, slices, (0, 1) if part.holds_flags or all(map(is_rate, _texts(metrics))) else None)
            for part in parts
            for metrics, slices in [part.texts]
        ]

    def _leaderboard(self) -> list[KnownScores]:
        declared = self.declared.profile.leaderboard
        if declared is None:
            return []
        tasks = frozenset({*declared.tasks, _SUBTASKS})
        return [
            KnownScores(frozenset({RAW}), tasks, (0, 1)),
            KnownScores(frozenset({NORMALISED}), tasks | {"mean"}, (0, 100)),
        ]

    def _divergence(self) -> list[KnownScores]:
        compared = [name for name, benchmark in self.declared.benchmarks.items() if benchmark.divergence is not None]
        slices = frozenset(
            f"{name}_{label}" for name in compared for label in self._column_texts(RESPONSES.of(name), "label")
        )
        return [KnownScores(frozenset({SIMILARITY}), slices, (-1, 1))] if compared else []

    def _column_texts(self, asset: str, column: str) -> Patterns:
        """The possible texts of a table's column."""
        if (asset, column) not in self.texts:
            self.texts[asset, column] = ANYTHING  # meanwhile: a table that reads itself is reported elsewhere
            self.texts[asset, column] = self._made_by_select(asset, column)
        return self.texts[asset, column]

    def _made_by_select(self, asset: str, column: str) -> Patterns:
        if asset in self.declared.sql:
            query = self.declared.sql[asset].query
        else:
            benchmarks = [name for name in self.declared.items if asset in (RESPONSES.of(name), JUDGEMENTS.of(name))]
            if not benchmarks:
                return ANYTHING
            query = self.declared.items[benchmarks[0]]
        if not all(read in self.tables for read in query.tables):
            return ANYTHING
        parts = select_parts(query, self.tables, (column,), self._column_texts)
        return frozenset().union(*(part.texts[0] for part in parts))


def _matches(text: str, patterns: Patterns) -> bool:
    return any(re.fullmatch(pattern, text) for pattern in patterns)


def _texts(patterns: Iterable[str]) -> list[str]:
    """The texts that patterns stand for, without those that stand for several."""
    plain = (pattern for pattern in patterns if ANY_TEXT not in pattern and pattern != _SUBTASKS)
    return sorted({re.sub(r"\\(.)", r"\1", pattern) for pattern in plain})


def _nearest_slice(name: str, slices: list[str]) -> str:
    close = get_close_matches(name, slices, n=1)
    whole = [known for known in slices if ":" not in known][:_NEAREST_SHOWN]
    return nearest(name, close or whole)
