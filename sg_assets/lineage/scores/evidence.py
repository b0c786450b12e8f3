"""The items behind two versions of a score, as they pin them: values, prompts, answers, raw scores, flags."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from sg_assets.declarations.kinds.benchmarks import JUDGEMENTS, RESPONSES
from sg_assets.declarations.kinds.kind import AssetKind
from sg_assets.declarations.kinds.registry import kind_of
from sg_assets.errors import SgAssetsError
from sg_assets.lineage.scores.ledger import EVIDENCE
from sg_assets.lineage.stored_versions import recorded_version, stored_rows
from sg_assets.reports.score_items import items_pin
from sg_assets.statistics.items import SCHEMA
from sg_assets.store.manifests import Manifest, PinnedInput
from sg_assets.store.store import Store

_TYPES: Final[Mapping[str, pl.DataType]] = dict(
    zip(EVIDENCE, (pl.UInt64(), pl.UInt64(), pl.String(), pl.String()), strict=True)
)
"""What is known of an item: digests of prompt and answers, and texts. A lost side has these types and no value."""


@dataclass(frozen=True)
class Evidence:
    """The items behind one version of a score."""

    items: pl.DataFrame
    """metric, slice, item_id, cluster_id, value, ``EVIDENCE`` (prompt and answer as digests)."""
    answers: Manifest | None
    """The version of the answers; None where it is not known."""
    lost: tuple[str, ...]
    """The versions and contents that could not be read, in words."""


@dataclass(frozen=True)
class _JudgedAnswers:
    """Judgements with the digests of the prompts and answers judged."""

    rows: pl.DataFrame
    """A row per answer: item_id, flags, raw scores, prompt, response."""
    judges: Mapping[str, str]
    """The judge of each flag."""


def has_items(version: Manifest) -> bool:
    """Whether values were published item by item with a version."""
    return items_pin(version) is not None


def evidence(store: Store, before: Manifest, after: Manifest) -> tuple[Evidence, Evidence]:
    """The items behind two versions of scores of one benchmark.

    Raises:
        SgAssetsError: a version has no values item by item, or they were removed.
    """
    sides = [_Side(store, version) for version in (before, after)]
    flags = _flags_behind([side.matching_flags() for side in sides])
    first, second = (side.evidence(flags) for side in sides)
    return first, second


class _Side:
    """A version of a score with the tables it rests on, each read once."""

    def __init__(self, store: Store, version: Manifest) -> None:
        self.store = store
        self.lost: list[str] = []
        pin = items_pin(version)
        values = None if pin is None else self._table(self._manifest(pin), types=SCHEMA)
        if values is None:
            why = "; ".join(self.lost) or "no item values were published"
            raise SgAssetsError(
                "the change of the score cannot be divided among items",
                where=f"{version.ref} {version.version}",
                why=why,
            )
        self.values = values
        judgements = self._input(version, JUDGEMENTS)
        self.answers = self._input(judgements, RESPONSES)
        self.judged = self._judged(judgements)
        self.compared = self._compared(version) if judgements is None else None

    def matching_flags(self) -> dict[str, set[str]]:
        """By metric, the flags that equal its values on every item; all flags where none does."""
        if self.judged is None:
            return {}
        flags = [flag for flag in self.judged.judges if flag in self.judged.rows.columns]
        joined = self.values.join(self.judged.rows.select("item_id", *flags), on="item_id")
        equal = [(pl.col(flag).cast(pl.Float64) == pl.col("value")).all().alias(flag) for flag in flags]
        rows = joined.group_by("metric").agg(equal).to_dicts()
        return {row["metric"]: {flag for flag in flags if row[flag]} or set(flags) for row in rows}

    def evidence(self, flags_by_metric: Mapping[str, Sequence[str]]) -> Evidence:
        """The items of the version, with digests of prompts and answers, and the raw scores and flags of a metric."""
        judged = self.judged
        if self.compared is not None:
            items = self.values.join(self.compared, on=["slice", "item_id"], how="left")
            return Evidence(items, self.answers, tuple(self.lost))
        if judged is None:
            unknown = [pl.lit(None, dtype=dtype).alias(name) for name, dtype in _TYPES.items()]
            return Evidence(self.values.with_columns(unknown), self.answers, tuple(self.lost))
        parts = []
        for metric, values in self.values.group_by("metric", maintain_order=True):
            flags = flags_by_metric.get(str(metric[0]), ())
            judges = dict.fromkeys(judged.judges[flag] for flag in flags if flag in judged.judges)
            scores = [f"{judge}_score" for judge in judges]
            known = judged.rows.select("item_id", "prompt", "response", _as_text(scores, judged.rows).alias("score"),
                                       _as_text(flags, judged.rows).alias("flag"))  # fmt: skip
            parts.append(values.join(known, on="item_id", how="left"))
        return Evidence(pl.concat(parts), self.answers, tuple(self.lost))

    def _judged(self, judgements: Manifest | None) -> _JudgedAnswers | None:
        verdicts, answers = self._table(judgements), self._table(self.answers, ("item_id", "prompt", "response"))
        if judgements is None or verdicts is None or answers is None:
            return None
        texts = answers.select("item_id", pl.col("prompt", "response").hash())
        return _JudgedAnswers(
            verdicts.join(texts, on="item_id", how="left"), _judges(judgements.parameters, verdicts.columns)
        )

    def _compared(self, version: Manifest) -> pl.DataFrame | None:
        """Of a comparison with base's answers: the prompt and all answers to it, by slice and item."""
        pins = [pin for pin in version.inputs if kind_of(pin.asset) is RESPONSES]
        pins.sort(key=lambda pin: (pin.asset, pin.partition == version.partition, pin.partition or ""))
        columns = ("item_id", "label", "prompt", "response")
        tables = [(pin, self._table(self._manifest(pin), columns)) for pin in pins]
        if not pins or any(table is None for _, table in tables):
            return None
        rows = pl.concat(
            table.select("item_id", slice=pl.lit(f"{pin.ref.table}_") + pl.col("label"), prompt=pl.col("prompt").hash(),
                         response=pl.col("response").hash().cast(pl.String))
            for pin, table in tables if table is not None
        )  # fmt: skip
        answered = rows.group_by("slice", "item_id", maintain_order=True)
        no_judge = [pl.lit("").alias(name) for name in ("score", "flag")]
        return answered.agg(pl.col("prompt").first(), pl.col("response").str.join(" ").hash()).with_columns(no_judge)

    def _input(self, version: Manifest | None, kind: AssetKind) -> Manifest | None:
        pins = [pin for pin in (version.inputs if version else ()) if kind_of(pin.asset) is kind]
        return self._manifest(pins[0]) if len(pins) == 1 else None

    def _manifest(self, pin: PinnedInput) -> Manifest | None:
        try:
            return recorded_version(self.store, pin)
        except SgAssetsError as error:
            self.lost.append(str(error))
            return None

    def _table(
        self,
        version: Manifest | None,
        columns: Sequence[str] | None = None,
        types: Mapping[str, pl.DataType] | None = None,
    ) -> pl.DataFrame | None:
        """The rows of a version; None, and a line in ``lost``, where they cannot be read."""
        if version is None:
            return None
        try:
            return stored_rows(self.store, version, columns, types)
        except SgAssetsError as error:
            self.lost.append(str(error))
            return None


def _judges(parameters: Mapping[str, Any], columns: Sequence[str]) -> dict[str, str]:
    """The judge of each flag, by the parameters of the judgements."""
    judges = parameters.get("judges")
    return {flag: judge for flag, judge in judges.items() if flag in columns} if isinstance(judges, Mapping) else {}


def _flags_behind(sides: Sequence[Mapping[str, set[str]]]) -> dict[str, list[str]]:
    """The flags that each metric is made of: those that equal its values in both versions, else in either."""
    metrics = {metric for side in sides for metric in side}
    flags = {}
    for metric in metrics:
        sets = [side[metric] for side in sides if metric in side]
        flags[metric] = sorted(set.intersection(*sets) or set.union(*sets))
    return flags


def _as_text(columns: Sequence[str], rows: pl.DataFrame) -> pl.Expr:
    """Columns joined to a text that is equal only for equal values."""
    parts = [pl.col(name).cast(pl.String).fill_null("none") for name in columns if name in rows.columns]
    return pl.concat_str(parts, separator=" ") if parts else pl.lit("")
