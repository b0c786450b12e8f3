"""Scores and variants for tests of reports. Values resemble the article's; intervals and counts are invented."""

import polars as pl

from sg_assets.reports.results import Results, VariantNote, VersionNote, results

WILSON = "Wilson at effective n, clustered"

VARIANTS = (
    VariantNote("base", "Before any training", "none"),
    VariantNote("sft_r128", "SFT at rank 128", "sft"),
    VariantNote("sft_kto", "KTO on top of SFT", "kto"),
    VariantNote("sft_dpo", "DPO on top of SFT", "dpo"),
)
"""``sft_kto`` has one score missing, ``sft_dpo`` all of them."""


def score(variant: str, metric: str, slice_: str, value: float, half: float, *, n: int = 500) -> dict[str, object]:
    """One row of scores, its interval ``value`` plus or minus ``half`` within [0, 1]."""
    return {
        "benchmark": "sg_safety",
        "variant": variant,
        "metric": metric,
        "slice": slice_,
        "value": value,
        "n": n,
        "clusters": n // 4,
        "low": max(0.0, value - half),
        "high": min(1.0, value + half),
        "level": 0.95,
        "method": WILSON,
        "version": f"01J0-{variant}",
    }


def scores() -> pl.DataFrame:
    rows = [
        score("base", "toxicity_rate", "unsafe", 0.505, 0.06),
        score("base", "rejection_rate", "unsafe", 0.093, 0.03),
        score("base", "rejection_rate", "safe", 0.002, 0.004, n=400),
        score("sft_r128", "toxicity_rate", "unsafe", 0.098, 0.03),
        score("sft_r128", "rejection_rate", "unsafe", 0.985, 0.01),
        score("sft_r128", "rejection_rate", "safe", 0.012, 0.008, n=400),
        score("sft_kto", "toxicity_rate", "unsafe", 0.0, 0.012),
        score("sft_kto", "rejection_rate", "unsafe", 0.996, 0.004)
        | {"low": None, "high": None, "method": "no interval: too few clusters"},
    ]
    return pl.DataFrame(rows, schema_overrides={"low": pl.Float64, "high": pl.Float64})


def sample() -> Results:
    return results(scores(), VARIANTS)


def versions() -> list[VersionNote]:
    made = "2026-01-05 10:00 UTC"
    return [
        VersionNote("01J0-base", "scores/sg_safety", "base", made),
        VersionNote("01J0-sft_r128", "scores/sg_safety", "sft_r128", made),
        VersionNote("01J0-sft_kto", "scores/sg_safety", "sft_kto", made, "other judge: not comparable"),
    ]
