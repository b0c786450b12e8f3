"""Why two versions differ: causes, rows, and for scores the ledger, its verdicts and the items that moved."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import polars as pl

from sg_assets.declarations.kinds.benchmarks import SCORES
from sg_assets.declarations.kinds.registry import kind_of
from sg_assets.errors import SgAssetsError
from sg_assets.lineage.causes import Cause, Kind
from sg_assets.lineage.demo_judged import demo_judged_of
from sg_assets.lineage.rows.row_diff import RowDiff, row_diff
from sg_assets.lineage.scores.evidence import evidence, has_items
from sg_assets.lineage.scores.flips import Better, Flip, flips, with_texts
from sg_assets.lineage.scores.ledger import ScoreChange, ledger
from sg_assets.lineage.scores.seed_spread import Replicates, SeedSpread, spreads
from sg_assets.lineage.scores.significance import Significance, significance
from sg_assets.lineage.stale_inputs import stale_inputs
from sg_assets.lineage.stored_versions import recorded_version
from sg_assets.lineage.walk import ChangedPartition, Explanation, explain, is_training
from sg_assets.store.content_loss import content_loss, reason
from sg_assets.store.manifests import Manifest, PinnedInput
from sg_assets.store.store import Store

FLIPS = 10
"""The most moved items shown of each metric."""


@dataclass(frozen=True)
class TableChange:
    """A changed table, row by row."""

    name: str
    """Its name, as in ``Changed``."""
    rows: RowDiff | None
    """The row diff; None where a content is gone or damaged."""
    lost: str
    """Why no row diff exists; empty where it does."""


@dataclass(frozen=True)
class ComparedScore:
    """One metric on one slice in two versions."""

    change: ScoreChange
    """The ledger."""
    significance: Significance
    """Whether it moved by more than noise."""
    flips: tuple[Flip, ...]
    """The items whose value moved, the worst first; for whole labels only."""


@dataclass(frozen=True)
class Why:
    """Why two versions differ."""

    explanation: Explanation
    """The causes, and the asset partitions that differ."""
    tables: tuple[TableChange, ...]
    """Tables whose content differs, sources first; the scores themselves are in ``scores``."""
    scores: tuple[ComparedScore, ...]
    """The metrics that both versions have; empty for assets other than scores."""
    only_before: tuple[str, ...]
    """Metrics and slices of the earlier version only."""
    only_after: tuple[str, ...]
    """Metrics and slices of the later version only."""
    lost: tuple[str, ...]
    """The versions and contents that could not be read, in words."""
    notes: tuple[str, ...] = ()
    """Later remarks on the two versions: that they were accepted as made by other code, and of two partitions which of
    their inputs are out of date."""

    @property
    def whole(self) -> tuple[ComparedScore, ...]:
        """The scores over whole labels."""
        return tuple(score for score in self.scores if score.change.whole)

    @property
    def parts(self) -> tuple[ComparedScore, ...]:
        """The scores over parts of a label, such as one template."""
        return tuple(score for score in self.scores if not score.change.whole)


def why(
    store: Store,
    before: Manifest,
    after: Manifest,
    *,
    better: Better | None = None,
    rows: bool = True,
    with_text: bool = False,
    replicates: Replicates | None = None,
) -> Why:
    """Compare two versions.

    Args:
        store: Holds both and everything they were made from.
        before: The earlier version, or the version of another partition.
        after: The version to explain.
        better: Which way is good, by metric and slice.
        rows: Whether tables are compared row by row.
        with_text: Whether item texts are shown; without them only keys, counts and declared texts.
        replicates: Names of the further trainings of variants: how far they lie apart shows the effect of a seed.
    """
    explanation = explain(store, before, after)
    tables = tuple(_tables(store, explanation, with_text=with_text)) if rows else ()
    noise = spreads(store, after, replicates or {}) if explanation.trained else {}
    scores, sides, lost = _scores(store, before, after, explanation, better or {}, noise, with_text=with_text)
    return Why(explanation, tables, scores, *sides, lost, tuple(_notes(store, before, after)))


def why_not_known(before: PinnedInput, after: Manifest, error: SgAssetsError) -> Why:
    """The comparison with a version that is known by its id alone: that its record is lost is the only cause known."""
    name = str(after.ref)
    note = f"What it was made from and what it held is not known: {error.what}."
    cause = Cause(Kind.UNKNOWN, (name,), "manifest", before.version, after.version, note=note)
    changed = ChangedPartition(name, before, after.pin(), (cause,), (), (), is_training(after))
    return Why(Explanation(before, after.pin(), (changed,)), (), (), (), (), (error.what,))


def _notes(store: Store, *versions: Manifest) -> Iterator[str]:
    yield from dict.fromkeys(mark for version in versions for mark in demo_judged_of(store, version))
    for version in versions:
        try:
            yield from (f"{version.ref} {version.version} was {named.mark}" for named in store.acceptances(version))
        except (SgAssetsError, OSError) as error:
            yield f"whether {version.ref} {version.version} was accepted is not known: {reason(error)}"
    if len({version.ref for version in versions}) > 1:
        yield from dict.fromkeys(line for version in versions for line in stale_inputs(store, version))


def _tables(store: Store, explanation: Explanation, *, with_text: bool) -> Iterator[TableChange]:
    with TemporaryDirectory() as scratch:
        for changed in explanation.changed:
            if kind_of(changed.after.asset).schema != SCORES.schema:
                table = _table(store, changed, Path(scratch), with_text=with_text)
                if table is not None:
                    yield table


def _table(store: Store, changed: ChangedPartition, scratch: Path, *, with_text: bool) -> TableChange | None:
    try:
        before, after = (recorded_version(store, pin) for pin in (changed.before, changed.after))
    except SgAssetsError:
        return None  # reported as a cause
    if "table" not in (before.kind, after.kind):
        return None
    if losses := [loss for version in (before, after) if (loss := content_loss(store, version))]:
        return TableChange(changed.name, None, "; ".join(losses))
    # Every row of two variants differs in the variant's name, which is the question and not a change.
    ignored = () if before.partition == after.partition else ("variant",)
    try:
        rows = row_diff(store.path(before), store.path(after), after.key, scratch, ignored=ignored, with_text=with_text)
    except duckdb.Error as error:
        return TableChange(changed.name, None, f"the rows cannot be read ({reason(error)})")
    return TableChange(changed.name, rows, "")


_Scores = tuple[tuple[ComparedScore, ...], tuple[tuple[str, ...], tuple[str, ...]], tuple[str, ...]]


def _scores(  # noqa: PLR0917 - everything a score is explained by
    store: Store,
    before: Manifest,
    after: Manifest,
    explanation: Explanation,
    better: Better,
    noise: Mapping[tuple[str, str], SeedSpread],
    *,
    with_text: bool,
) -> _Scores:
    if explanation.equal or before.asset != after.asset:
        return (), ((), ()), ()
    if not (has_items(before) or has_items(after)):
        return (), ((), ()), ()
    try:
        old, new = evidence(store, before, after)
        verdicts = significance(old.items, new.items, trained=explanation.trained, spreads=noise)
        changes = ledger(old.items, new.items)
        moved = flips(old, new, FLIPS, better)
    except SgAssetsError as error:
        return (), ((), ()), (str(error),)
    except pl.exceptions.PolarsError as error:
        return (), ((), ()), (f"the items of the two versions cannot be joined ({reason(error)})",)
    scores = []
    for change in changes:
        group = (change.metric, change.slice)
        shown = moved.get(group, ()) if change.whole else ()
        shown = with_texts(store, old, new, shown) if with_text else shown
        scores.append(ComparedScore(change, verdicts[group], shown))
    known = {(change.metric, change.slice) for change in changes}
    groups = [set(side.items.select("metric", "slice").unique().rows()) - known for side in (old, new)]
    only_before, only_after = (tuple(f"{metric}, {slice_}" for metric, slice_ in sorted(side)) for side in groups)
    return tuple(scores), (only_before, only_after), tuple(dict.fromkeys((*old.lost, *new.lost)))
