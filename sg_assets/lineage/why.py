"""Why two versions differ: causes, rows, and for scores the ledger, its verdicts and the items that moved."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from sg_assets.declarations.kinds.benchmarks import SCORES
from sg_assets.declarations.kinds.registry import kind_of
from sg_assets.errors import SgAssetsError
from sg_assets.lineage.rows.row_diff import RowDiff, row_diff
from sg_assets.lineage.scores.evidence import evidence, has_items
from sg_assets.lineage.scores.flips import Better, Flip, flips, with_texts
from sg_assets.lineage.scores.ledger import ScoreChange, ledger
from sg_assets.lineage.scores.seed_spread import Replicates, Spread, spreads
from sg_assets.lineage.scores.significance import Significance, significance
from sg_assets.lineage.walk import Changed, Explanation, explain
from sg_assets.store.manifests import Manifest, PinnedInput
from sg_assets.store.store import Store

FLIPS = 10
"""Moved items shown of each metric."""


@dataclass(frozen=True)
class TableChange:
    """A table on the way, row by row."""

    name: str
    """As in ``Changed``."""
    rows: RowDiff | None
    lost: str
    """Why there is no row diff, where there is none."""


@dataclass(frozen=True)
class Score:
    """What became of one metric on one slice."""

    change: ScoreChange
    significance: Significance
    flips: tuple[Flip, ...]
    """The worst of the items whose value moved; of whole labels only."""


@dataclass(frozen=True)
class Why:
    """Why two versions differ."""

    explanation: Explanation
    tables: tuple[TableChange, ...]
    """Tables whose content differs, sources first; the scores themselves are in ``scores``."""
    scores: tuple[Score, ...]
    """Metrics that both versions have; empty for what is no score."""
    only_before: tuple[str, ...]
    """Metrics and slices that are gone."""
    only_after: tuple[str, ...]
    """Those that are new."""
    lost: tuple[str, ...]
    """What could not be read, in words."""
    notes: tuple[str, ...] = ()
    """What was said of the two versions later, such as that they were accepted as made by other code."""

    @property
    def whole(self) -> tuple[Score, ...]:
        """The scores over whole labels."""
        return tuple(one for one in self.scores if one.change.whole)

    @property
    def parts(self) -> tuple[Score, ...]:
        """The scores over parts of a label, such as one template."""
        return tuple(one for one in self.scores if not one.change.whole)


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
        store: Where they and all they were made from lie.
        before: The earlier version, or that of another partition.
        after: The version to explain.
        better: Which way is good, by metric and slice.
        rows: Whether tables are compared row by row.
        with_text: Whether item texts are shown; without it there are only keys, counts and declared texts.
        replicates: Names of the further trainings of variants: how far those lie apart tells what a seed does.
    """
    explanation = explain(store, before, after)
    tables = tuple(_tables(store, explanation, with_text=with_text)) if rows else ()
    noise = spreads(store, after, replicates or {}) if explanation.trained else {}
    scores, sides, lost = _scores(store, before, after, explanation, better or {}, noise, with_text=with_text)
    return Why(explanation, tables, scores, *sides, lost, _notes(store, before, after))


def _notes(store: Store, *versions: Manifest) -> tuple[str, ...]:
    return tuple(
        f"{version.ref} {version.version} was {named.mark}"
        for version in versions
        for named in store.acceptances(version)
    )


def _tables(store: Store, explanation: Explanation, *, with_text: bool) -> Iterator[TableChange]:
    with TemporaryDirectory() as scratch:
        for one in explanation.changed:
            if kind_of(one.after.asset).schema != SCORES.schema:
                found = _table(store, one, Path(scratch), with_text=with_text)
                if found is not None:
                    yield found


def _table(store: Store, changed: Changed, scratch: Path, *, with_text: bool) -> TableChange | None:
    try:
        before, after = (_manifest(store, pin) for pin in (changed.before, changed.after))
    except SgAssetsError:
        return None  # told as a cause
    if "table" not in (before.kind, after.kind):
        return None
    gone = [one.version for one in (before, after) if not store.has_content(one)]
    if gone:
        return TableChange(changed.name, None, f"the content of {' and '.join(gone)} is gone")
    # Of two variants every row differs in the variant's name: that is what is compared, not what changed.
    ignored = () if before.partition == after.partition else ("variant",)
    found = row_diff(store.path(before), store.path(after), after.key, scratch, ignored=ignored, with_text=with_text)
    return TableChange(changed.name, found, "")


def _manifest(store: Store, pin: PinnedInput) -> Manifest:
    return store.manifest(pin.ref, pin.version)


_Scores = tuple[tuple[Score, ...], tuple[tuple[str, ...], tuple[str, ...]], tuple[str, ...]]


def _scores(  # noqa: PLR0917 - what a score is explained by
    store: Store,
    before: Manifest,
    after: Manifest,
    explanation: Explanation,
    better: Better,
    noise: Mapping[tuple[str, str], Spread],
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
    except SgAssetsError as error:
        return (), ((), ()), (str(error),)
    moved = flips(old, new, FLIPS, better)
    found = []
    for change in changes:
        group = (change.metric, change.slice)
        shown = moved.get(group, ()) if change.whole else ()
        shown = with_texts(store, old, new, shown) if with_text else shown
        found.append(Score(change, verdicts[group], shown))
    known = {(change.metric, change.slice) for change in changes}
    groups = [set(side.items.select("metric", "slice").unique().rows()) - known for side in (old, new)]
    gone, fresh = (tuple(f"{metric}, {slice_}" for metric, slice_ in sorted(side)) for side in groups)
    return tuple(found), (gone, fresh), tuple(dict.fromkeys((*old.lost, *new.lost)))
