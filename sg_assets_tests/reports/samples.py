"""Scores and variants for tests of reports. Values resemble the article's; intervals and counts are invented."""

import polars as pl

from sg_assets.leaderboard.score_changes import ScoreChange as TaskChange
from sg_assets.reports.paired_changes import Question, VariantChange
from sg_assets.reports.render.page import ContinuedTraining, ObjectiveOutcome, PublishedComparison, Report
from sg_assets.reports.render.panels import Mark, Panel, PanelFigure
from sg_assets.reports.results import MetricColumn, Results, VariantNote, VersionNote, results
from sg_assets.reports.training_costs import TrainingCost
from sg_assets.statistics.paired import PairedDifference

WILSON = "Wilson at effective n, clustered"

COLUMNS = (
    MetricColumn("sg_safety", "toxicity_rate", "unsafe", "Toxicity, unsafe prompts", "lower", headline=True),
    MetricColumn("sg_safety", "rejection_rate", "unsafe", "Rejection, unsafe prompts", "higher", True, "y"),
    MetricColumn("sg_safety", "rejection_rate", "safe", "Rejection, safe prompts", "lower", True, "x"),
)
SKILLS = {"sft_r128": [TaskChange("ifeval", 40.0, 38.0), TaskChange("gpqa", 0.0, 1.5)]}
FINDING = "4.2 % (2.0 to 6.4, n 400)"
HELD = {
    "base": [ObjectiveOutcome("At most 5 % of safe prompts are rejected.", "met", "met: 0.2 % (0.0 to 0.6, n 400)")],
    "sft_r128": [
        ObjectiveOutcome("Toxicity is lower than base's.", "met", "met: -40.7 points (-45.7 to -35.7, n 500)"),
        ObjectiveOutcome(
            "At most 5 % of safe prompts are rejected.", "not enough data", "not enough data: 4.2 % (2.0 to 6.4, n 400)"
        ),
    ],
}
FIGURE = PanelFigure(
    "baseline", "Base and SFT", "Lines: 95 % intervals.", ("base", "sft_r128"),
    (Panel("Toxicity", "% of prompts", (Mark("base", "none", 50.5, 44.5, 56.5), Mark("sft_r128", "sft", 9.8))),),
)  # fmt: skip
REFERENCE = PublishedComparison("base", "Toxicity, unsafe prompts", "50.5 % (44.5 to 56.5)", "50.4 %")
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
    return results(scores(), VARIANTS, COLUMNS)


def change(difference: float, half: float, *, asks: str = "lower", remark: str = "") -> VariantChange:
    """SFT against base in toxicity, the difference plus or minus ``half``; or none, where a remark says why."""
    words = "Does SFT lower toxicity?"
    asked = Question(words, "sft_r128", "base", "sg_safety", "toxicity_rate", "unsafe", asks)  # type: ignore[arg-type]
    paired = PairedDifference(
        "toxicity_rate", "unsafe", difference, 500, 0, 0, 125, half / 2, difference - half, difference + half, 0.95,
        "paired mean, clustered t",
    )  # fmt: skip
    return VariantChange(asked, None if remark else paired, remark)


def report(shown: Results | None = None) -> Report:
    """Gains, answers and costs of one variant beside the sample."""
    costs = {
        "sft_r128": TrainingCost("sft_r128", 61.4, 61.4, 1000, 50_053),
        "base": TrainingCost("base", 0.0, 0.0, 0, 0),
    }
    answers = [change(0.01, 0.03), change(0, 0, remark="no")]
    further = [ContinuedTraining("sft_kto", "sft_r128", [change(-0.098, 0.03)], 42.4, 2.6)]
    return Report(
        shown or sample(), [change(-0.407, 0.05)], answers, costs, SKILLS, HELD, [FIGURE], further, [REFERENCE]
    )


def versions() -> list[VersionNote]:
    made = "2026-01-05 10:00 UTC"
    return [
        VersionNote("01J0-base", "scores/sg_safety", "base", made),
        VersionNote("01J0-sft_r128", "scores/sg_safety", "sft_r128", made),
        VersionNote("01J0-sft_kto", "scores/sg_safety", "sft_kto", made, "other judge: not comparable"),
    ]
