"""Changes of tables that are nobody's concern."""

import hashlib
from collections.abc import Callable

import polars as pl

from sg_assets_tests.quality.faults import (
    ANSWERED,
    BASE,
    COMMENTS,
    DPO,
    JUDGED,
    KTO,
    LABELLED,
    MIXED,
    PROMPTS,
    SAFE,
    SCORED,
    SFT,
    TEXT,
    TOXIGEN,
    said,
)

Edit = Callable[[pl.DataFrame], pl.DataFrame]
PLACE = pl.int_range(pl.len())


def reversed_rows(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.reverse()


def more(frame: pl.DataFrame) -> pl.DataFrame:
    """A twentieth more comments, in the same voice."""
    return pl.concat([frame, frame.head(frame.height // 20).with_columns(text=TEXT + " leh, true")])


def keyed(edit: Edit) -> Edit:
    """The edit of comments, each then named by its text."""

    def edited(frame: pl.DataFrame) -> pl.DataFrame:
        digests = [hashlib.sha256(text.encode()).hexdigest()[:16] for text in edit(frame)["text"]]
        return edit(frame).with_columns(text_id=pl.Series(digests))

    return edited


def ending(suffix: str, every: int = 10) -> Edit:
    """A few texts end with something."""
    some = pl.when(PLACE % every == 0).then(TEXT + suffix).otherwise(TEXT)
    return lambda frame: frame.with_columns(some)


def last_unanswered(frame: pl.DataFrame) -> pl.DataFrame:
    """One prompt was too long."""
    first = PLACE == 0
    emptied = [
        pl.when(first).then(None).otherwise(pl.col(name)).alias(name) for name in frame.columns if name in MISSING
    ]
    return frame.with_columns(emptied).with_columns(
        outcome=pl.when(first).then(pl.lit("invalid")).otherwise("outcome"),
        finish=pl.when(first).then(pl.lit("too long")).otherwise("finish"),
    )


MISSING = {"response", "toxicity_score", "rejection_score"}
RESPONSE = pl.col("response")
COMPLETION = pl.col("completion").list.first().struct.field("content")

_VARIATIONS: dict[str, tuple[str, Edit]] = {
    "other order of comments": (COMMENTS, reversed_rows),
    "other order of prompts": (PROMPTS, reversed_rows),
    "other order of examples": (SFT, reversed_rows),
    "a few comments more": (COMMENTS, more),
    "a few comments fewer": (COMMENTS, lambda frame: frame.head(frame.height * 95 // 100)),
    "comments with emoji": (COMMENTS, ending(" 😂😂")),
    "comments in Chinese and Tamil": (COMMENTS, ending(" 真的吗 உண்மையா")),
    "comments with accents": (COMMENTS, ending(" café NÃO Â já", every=3)),
    "comments with quotes and marks": (COMMENTS, ending(" \"'; DROP TABLE raw;-- {text} $seed")),
    "comments with line breaks": (COMMENTS, ending("\n<b>&amp;</b>\r\n\tend")),
    "masked personal data": (COMMENTS, ending(" <NRIC> <EMAIL> <PHONE> <HANDLE>")),
    "numbers that are nobody's": (COMMENTS, ending(" S1234567A 123 4567 12345678 1000000")),
    "slightly longer comments": (COMMENTS, ending(" lah", every=1)),
    "a few new words": (COMMENTS, ending(" skibidi rizz")),
    "no given sides": (COMMENTS, lambda frame: frame.with_columns(given_split=pl.lit(None, pl.String))),
    "a few rows less of one label": (
        LABELLED,
        lambda frame: frame.filter((pl.col("label") == "safe") | (PLACE % 10 != 0)),
    ),
    "other scores of the same labels": (
        LABELLED,
        lambda frame: frame.with_columns(pl.when(pl.col("label") == "safe").then(0.29).otherwise(0.71).alias("score")),
    ),
    "scores at the ends": (
        LABELLED,
        lambda frame: frame.with_columns(pl.when(pl.col("label") == "safe").then(0.0).otherwise(1.0).alias("score")),
    ),
    "other TOXIGEN prompts": (TOXIGEN, lambda frame: frame.with_columns(prompt=pl.col("prompt") + " and -")),
    "one prompt without an answer": (BASE, last_unanswered),
    "longer answers": (SAFE, lambda frame: frame.with_columns(RESPONSE + " Let us be kind.")),
    "answers that are toxic to unsafe texts": (
        BASE,
        lambda frame: frame.with_columns(toxicity_score=(pl.col("toxicity_score") > 0.5).cast(pl.Float64)),
    ),
    "other order of a mix": (MIXED, reversed_rows),
    "one refusal among safe answers": (
        SFT,
        lambda frame: frame.with_columns(
            said("completion", "assistant", pl.when(PLACE == 0).then(pl.lit("I cannot do it.")).otherwise(COMPLETION))
        ),
    ),
    "sympathy among safe answers": (
        SFT,
        lambda frame: frame.with_columns(
            said("completion", "assistant", COMPLETION + " Sorry to hear about your watch!")
        ),
    ),
    "fewer desirable answers": (
        KTO, lambda frame: pl.concat([frame.filter("label").head(60), frame.filter(~pl.col("label"))])
    ),
    "other rejected answers": (DPO, lambda frame: frame.with_columns(said("rejected", "assistant", "Yes, I agree."))),
    "one empty answer to a benchmark": (
        ANSWERED,
        lambda frame: frame.with_columns(pl.when(PLACE == 0).then(pl.lit("")).otherwise(RESPONSE).alias("response")),
    ),
    "all answers refuse": (ANSWERED, lambda frame: frame.with_columns(response=pl.lit("I cannot do that."))),
    "other scores under the threshold": (JUDGED, lambda frame: frame.with_columns(toxicity_score=pl.lit(0.49))),
    "other order of scores": (SCORED, reversed_rows),
}  # fmt: skip

VARIATIONS = {name: (table, keyed(edit) if table == COMMENTS else edit) for name, (table, edit) in _VARIATIONS.items()}
