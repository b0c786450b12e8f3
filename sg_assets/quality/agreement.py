"""Agreement of a judge's labels with those that people gave."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from sg_assets.declarations.records.inspections import Agreement
from sg_assets.quality.findings import Finding, NotCompared
from sg_assets.statistics.clusters import wilson
from sg_assets.store.audit.staged_table import StagedTable
from sg_assets.store.fingerprints import quote

_Z: Final = 1.959963984540054
"""Quantile of the normal distribution for a 95 % interval."""
_DIGITS = 4


@dataclass(frozen=True)
class AgreementFinding:
    """Texts labelled twice, by a judge and by people."""

    evaluated: int
    """Texts with both labels."""
    agreeing: int
    """Texts whose two labels are equal."""
    expected: float
    """The share of equal labels if both sides drew labels at random, each with its own frequencies."""
    kappa_at_least: float
    """The declared bound."""
    undecided: int
    """Texts that people did not agree on; they do not count."""
    elsewhere: int
    """Texts of the sample that the table does not have."""

    @property
    def kappa(self) -> float:
        """Cohen's kappa: 0 if labels are equal as often as by chance, 1 if always."""
        return self._beyond_chance(self.agreeing / self.evaluated)

    @property
    def passed(self) -> bool:
        """Whether kappa reaches the bound."""
        return self.kappa >= self.kappa_at_least

    @property
    def observed(self) -> dict[str, Any]:
        """Agreement and kappa with 95 % intervals; that of kappa takes the chance agreement as fixed."""
        agreement = self.agreeing / self.evaluated
        ends = wilson(pl.lit(agreement), pl.lit(float(self.evaluated)), pl.lit(_Z))
        low, high = (pl.select(end).item() for end in ends)
        numbers = {
            "agreement": agreement,
            "agreement_low": low,
            "agreement_high": high,
            "kappa": self.kappa,
            "kappa_low": self._beyond_chance(low),
            "kappa_high": self._beyond_chance(high),
        }
        counts = {"evaluated": self.evaluated, "undecided": self.undecided, "elsewhere": self.elsewhere}
        rounded = {name: round(value, _DIGITS) for name, value in numbers.items()}
        return {**counts, **rounded, "kappa_at_least": self.kappa_at_least}

    def _beyond_chance(self, share: float) -> float:
        return (share - self.expected) / (1 - self.expected)


def agreement(staged: StagedTable, inspection: Agreement, _: Mapping[str, Any]) -> Finding:
    """Compare the labels of a table with those that people gave to some of its texts."""
    pairs = _pairs(staged, inspection)
    if pairs.is_empty():
        return NotCompared("no text of the sample is in the table")
    times = pl.col("times")
    evaluated = int(pairs["times"].sum())
    agreeing = int(pairs.filter(pl.col("judged") == pl.col("given"))["times"].sum())
    judged, given = (dict(pairs.group_by(side).agg(times.sum()).iter_rows()) for side in ("judged", "given"))
    chance = sum(count * given.get(label, 0) for label, count in judged.items())
    if chance == evaluated**2:
        return NotCompared("only one label occurs, so that agreement by chance is certain")
    elsewhere = len(inspection.labels) - evaluated
    return AgreementFinding(
        evaluated, agreeing, chance / evaluated**2, inspection.kappa_at_least, inspection.undecided, elsewhere
    )


def _pairs(staged: StagedTable, inspection: Agreement) -> pl.DataFrame:
    """Counts of each pair of a judge's label and a people's label."""
    people = pl.DataFrame(
        {"id": list(inspection.labels), "given": list(inspection.labels.values())},
        {"id": pl.String, "given": pl.String},
    )
    name, label = quote(inspection.id), quote(inspection.label)
    staged.connection.register("_people", people)
    try:
        pairs: pl.DataFrame = staged.connection.sql(
            f"SELECT this.{label}::VARCHAR AS judged, given, count(*) AS times FROM this "
            f"JOIN _people ON _people.id = this.{name}::VARCHAR WHERE this.{label} IS NOT NULL GROUP BY ALL"
        ).pl()
        return pairs
    finally:
        staged.connection.unregister("_people")
