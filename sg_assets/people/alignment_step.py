"""The step that compares judges with the labels of people."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from sg_assets.declarations.asset_names import ANNOTATOR_AGREEMENT, ANSWER_LABELS, JUDGED_LABELS
from sg_assets.people.answer_labels import ANSWER, agreed_answers, newest_labels

if TYPE_CHECKING:
    import polars as pl

    from sg_assets.judging.kind_scores import KindScores
    from sg_assets.people.flags import FlagJudge
    from sg_assets.people.judge_accuracy import JudgeAccuracy, Rate
    from sg_assets.store.workspace import Workspace

ALL: Final = "all"
"""The slice of all labelled answers."""
SLICE_AT_LEAST: Final = 20
"""Answers that people agree on, from which a slice is shown."""
_DESIGN: Final = ("sample", "stratum", "inclusion", "cluster_id", "slices")


def align_judges(
    workspace: "Workspace", judges: "Sequence[FlagJudge]", bounds: Mapping[str, Mapping[str, Any]], scores: "KindScores"
) -> None:
    """Write each judge's accuracy by slice, the judged labels behind it, and the agreement of people.

    The answers are judged as they were labelled: a judge made anew is compared with all labels there are, whatever
    variants answer today.

    Args:
        workspace: Of the alignment.
        judges: The judges of all flags.
        bounds: What a judge must reach, as plain values, by judge.
        scores: Gives the scores of judges.
    """
    import polars as pl

    from sg_assets.people.annotator_agreement import agreement

    newest = newest_labels(workspace.table(ANSWER_LABELS))
    judged = _judged_labels(newest, judges, scores)
    rows = [row for flag, judge in _pairs(judges) for row in _accuracies(judged, flag, judge, bounds.get(judge))]
    thresholds = pl.DataFrame(
        [(known.flag, known.judge, known.threshold) for known in judges],
        schema={"flag": pl.String(), "judge": pl.String(), "threshold": pl.Float64()},
        orient="row",
    ).unique()
    accuracies = pl.DataFrame(rows, schema=_schema(), orient="row")
    workspace.write_table(accuracies.join(thresholds, on=["flag", "judge"], how="left").sort("flag", "judge", "slice"))
    workspace.write_table(judged.drop("agreed"), JUDGED_LABELS)
    workspace.write_table(agreement(newest), ANNOTATOR_AGREEMENT)
    workspace.details.update({"answers": newest.select(ANSWER).n_unique(), "people": newest["annotator"].n_unique()})


def _pairs(judges: "Sequence[FlagJudge]") -> list[tuple[str, str]]:
    return sorted({(known.flag, known.judge) for known in judges})


def _judged_labels(newest: "pl.DataFrame", judges: "Sequence[FlagJudge]", scores: "KindScores") -> "pl.DataFrame":
    """Each labelled answer, with what people agree on and what each judge of its flag says; a row per sample."""
    import polars as pl

    answers = newest.unique((*ANSWER, "sample")).join(agreed_answers(newest), on=ANSWER)
    texts = answers.unique(ANSWER)
    judged = pl.concat([_scored(texts, known, scores) for known in judges])
    rows = answers.select(*ANSWER, *_DESIGN, "agreed").join(judged, on=ANSWER)
    # What is drawn of one sample sums to the number of its labels, so that each label counts, and not the size of the
    # set that a sample is of.
    decided = rows.with_columns(truth=pl.when(pl.col("agreed") != "undecided").then(pl.col("agreed") == "yes"))
    share = (1 / pl.col("inclusion")).alias("weight")
    total = pl.col("weight").sum().over("flag", "judge", "sample")
    return (
        decided.with_columns(share)
        .with_columns(weight=pl.col("weight") * pl.len().over("flag", "judge", "sample") / total)
        .sort(*ANSWER, "judge", "sample")
    )


def _scored(answers: "pl.DataFrame", known: "FlagJudge", scores: "KindScores") -> "pl.DataFrame":
    """A judge's scores of the answers that it judges."""
    import polars as pl

    of_judge = answers.filter((pl.col("benchmark") == known.benchmark) & (pl.col("flag") == known.flag)).sort(ANSWER)
    scored = scores.add_to(of_judge.select(*ANSWER, "prompt", "response"), [known.judge])
    score = pl.col(known.score).cast(pl.Float64).alias("score")
    return scored.select(*ANSWER, score).with_columns(
        judge=pl.lit(known.judge), flagged=pl.col("score") >= known.threshold
    )


def _accuracies(
    judged: "pl.DataFrame", flag: str, judge: str, bound: Mapping[str, Any] | None
) -> Iterator[dict[str, Any]]:
    """The rows of one judge: of all labelled answers, and of each slice with enough of them."""
    import polars as pl

    from sg_assets.people.alignment_finding import finding
    from sg_assets.people.judge_accuracy import METHOD, accuracy

    of_judge = judged.filter((pl.col("flag") == flag) & (pl.col("judge") == judge))
    decided = of_judge.drop_nulls("truth")
    undecided = of_judge.filter(pl.col("truth").is_null()).select(ANSWER).n_unique()
    whole = accuracy(decided)
    aligned, text = finding(whole, bound)
    known = {"flag": flag, "judge": judge, "method": METHOD}
    yield {**known, **_numbers(whole), "slice": ALL, "undecided": undecided, "aligned": aligned, "finding": text}
    for (name,), part in decided.explode("slices").drop_nulls("slices").group_by("slices", maintain_order=True):
        if part.select(ANSWER).n_unique() >= SLICE_AT_LEAST:
            yield {**known, **_numbers(accuracy(part)), "slice": str(name)}


def _numbers(accuracy: "JudgeAccuracy") -> dict[str, Any]:
    rates = {"sensitivity": accuracy.sensitivity, "specificity": accuracy.specificity}
    ends = {name: value for rate, known in rates.items() for name, value in _ends(rate, known).items()}
    return {**asdict(accuracy), **ends}


def _ends(name: str, rate: "Rate | None") -> dict[str, float | None]:
    if rate is None:
        return {name: None, f"{name}_low": None, f"{name}_high": None}
    return {name: rate.value, f"{name}_low": rate.low, f"{name}_high": rate.high}


def _schema() -> "dict[str, pl.DataType]":
    import polars as pl

    rates = [f"{rate}{end}" for rate in ("sensitivity", "specificity") for end in ("", "_low", "_high")]
    return {
        **dict.fromkeys(("flag", "judge", "slice"), pl.String()),
        **dict.fromkeys(("labels", "undecided", "positives", "texts"), pl.Int64()),
        **dict.fromkeys((*rates, "prevalence"), pl.Float64()),
        "aligned": pl.Boolean(),
        "finding": pl.String(),
        "method": pl.String(),
    }
