"""Faults to plant in tables, each with the check that is meant for it."""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from sg_assets_tests.quality.world import MIX, PAIRS, VARIANT

TEXT = pl.col("text")
COMMENTS, LABELLED, TOXIGEN = "raw/forum_comments", "raw/sg_toxicity_prompts", "raw/toxigen_prompts"
PROMPTS, SPLITS, MIXED = "templated/prompts", "templated/splits", f"training/mix_prompts[{MIX}]"
SFT, KTO, DPO = f"training/sft_examples[{MIX}]", f"training/kto_examples[{MIX}]", f"training/dpo_pairs[{PAIRS}]"
BASE, SAFE = "synthesized/base_responses", "synthesized/safe_responses"
REJECTIONS = "synthesized/safe_prompt_rejections"
ANSWERED, JUDGED, SCORED = (f"{schema}/sg_safety[{VARIANT}]" for schema in ("responses", "judgements", "scores"))
BENCHMARKS = ("sg_safety", "toxigen", "template_stress")


Edit = Callable[[pl.DataFrame], pl.DataFrame]


@dataclass(frozen=True)
class Fault:
    """Something that goes wrong with a table."""

    name: str
    """The table, with its partition."""
    edit: Edit
    caught_by: str
    """The check meant for it."""


def swapped(column: str, value: object, other: object) -> pl.Expr:
    return pl.col(column).replace_strict({value: other, other: value})


def said(column: str, role: str, content: pl.Expr | str) -> pl.Expr:
    """A chat of one message."""
    text = pl.lit(content) if isinstance(content, str) else content
    return pl.concat_list(pl.struct(role=pl.lit(role), content=text)).alias(column)


def first_half(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.head(frame.height * 2 // 5)


def twice_as_if_new(frame: pl.DataFrame) -> pl.DataFrame:
    return pl.concat([frame, frame.head(5).with_columns(prompt_id=pl.col("prompt_id") + "b")])


def all_but_last(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.tail(frame.height - 1)


def of_next_row(column: str) -> Edit:
    """Each row has the value of the one after it."""
    return lambda frame: frame.with_columns(pl.concat([frame[column].tail(-1), frame[column].head(1)]))


def set_to(value: object, *columns: str) -> Edit:
    return lambda frame: frame.with_columns(pl.lit(value).cast(frame.schema[name]).alias(name) for name in columns)


def unchanged(frame: pl.DataFrame) -> pl.DataFrame:
    """In place of an edit that needs to know other tables."""
    return frame


FAULTS: dict[str, Fault] = {
    "rows twice": Fault(LABELLED, lambda frame: pl.concat([frame, frame.head(3)]), "key"),
    "a column gone": Fault(LABELLED, lambda frame: frame.drop("given_split"), "columns"),
    "labels swapped": Fault(
        LABELLED, lambda frame: frame.with_columns(swapped("label", "safe", "unsafe")), "labels_follow_scores"
    ),
    "a label nobody knows": Fault(
        LABELLED, lambda frame: frame.with_columns(label=pl.col("label").replace("unsafe", "toxic")), "labels_are_known"
    ),
    "scores in percent": Fault(LABELLED, lambda frame: frame.with_columns(pl.col("score") * 100), "scores_are_shares"),
    "texts of other rows": Fault(
        LABELLED, lambda frame: frame.with_columns(TEXT.shift(1).fill_null("x")), "comments_are_the_raw_ones"
    ),
    "more than half the rows gone": Fault(COMMENTS, first_half, "half_the_rows_are_there"),
    "ten times shorter texts": Fault(
        COMMENTS, lambda frame: frame.with_columns(TEXT.str.head(5)), "lengths_are_of_one_kind"
    ),
    "wrong encoding": Fault(
        COMMENTS,
        lambda frame: frame.with_columns((TEXT + " café").map_elements(misread, pl.String)),
        "texts_are_readable",
    ),
    "NRIC numbers": Fault(COMMENTS, lambda frame: frame.with_columns(TEXT + " S1234567D"), "no_personal_data"),
    "empty texts": Fault(
        COMMENTS,
        lambda frame: frame.with_columns(pl.when(TEXT.str.len_chars() > 55).then(TEXT).otherwise(pl.lit(""))),
        "texts_have_words",
    ),
    "a group of TOXIGEN missing": Fault(TOXIGEN, lambda frame: frame.filter(pl.col("group") != "women"), "all_groups"),
    "a label of a group missing": Fault(
        TOXIGEN,
        lambda frame: frame.filter((pl.col("group") != "women") | (pl.col("label") == "hate")),
        "both_labels_in_every_group",
    ),
    "prompts twice under other ids": Fault(TOXIGEN, twice_as_if_new, "prompts_differ"),
    "a template missing": Fault(
        PROMPTS, lambda frame: frame.filter(pl.col("template_id") != "summarise"), "every_template_is_used"
    ),
    "templates not filled": Fault(
        PROMPTS,
        lambda frame: frame.with_columns(prompt=pl.lit("Reply to this comment: {text}")),
        "text_stands_in_its_template",
    ),
    "safe texts in harmful templates": Fault(
        PROMPTS, lambda frame: frame.with_columns(template_id=pl.lit("roast")), "safe_texts_in_safe_templates"
    ),
    "a split by prompts": Fault(
        SPLITS,
        lambda frame: frame.with_columns(
            split=pl.Series([("train", "holdout")[index % 2] for index in range(frame.height)])
        ),
        "no_text_on_two_sides",
    ),
    "an outcome nobody knows": Fault(
        BASE, lambda frame: frame.with_columns(outcome=pl.lit("timeout")), "outcomes_are_known"
    ),
    "answers that got lost": Fault(BASE, first_half, "every_prompt_was_asked"),
    "outcomes without answers": Fault(
        BASE, lambda frame: frame.with_columns(response=pl.lit(None, pl.String)), "answered_where_ok"
    ),
    "empty answers": Fault(SAFE, lambda frame: frame.with_columns(response=pl.lit("")), "answers_have_letters"),
    "answers that repeat their prompts": Fault(SAFE, unchanged, "answers_do_not_repeat_the_prompt"),
    "a leaked text": Fault(MIXED, unchanged, "no_text_of_the_holdout"),
    "prompts that were edited": Fault(
        MIXED, lambda frame: frame.with_columns(prompt=pl.col("prompt") + "!"), "prompts_are_the_templated_ones"
    ),
    "refusals among safe answers": Fault(
        SFT,
        lambda frame: frame.with_columns(said("completion", "assistant", "I am sorry, but I cannot help with that.")),
        "safe_prompts_are_answered",
    ),
    "answers to other prompts": Fault(
        SFT, lambda frame: frame.with_columns(pl.col("prompt").reverse()), "asks_what_the_mix_asks"
    ),
    "empty completions": Fault(
        SFT, lambda frame: frame.with_columns(said("completion", "assistant", " ")), "one_answer_with_text"
    ),
    "roles confused": Fault(
        SFT, lambda frame: frame.with_columns(said("completion", "user", "Yes.")), "one_answer_with_text"
    ),
    "phone numbers in answers to learn": Fault(
        SFT, lambda frame: frame.with_columns(said("completion", "assistant", "Call 9123 4567.")), "no_personal_data"
    ),
    "hardly any undesirable answers": Fault(
        KTO,
        lambda frame: pl.concat([frame.filter("label"), frame.filter(~pl.col("label")).head(2)]),
        "kinds_in_proportion",
    ),
    "desirable and undesirable swapped": Fault(
        KTO, lambda frame: frame.with_columns(~pl.col("label")), "safe_prompts_have_no_undesirable_answer"
    ),
    "the user's words as an answer": Fault(
        DPO, lambda frame: frame.with_columns(said("rejected", "user", "Yes, sure.")), "assistant_answers"
    ),
    "benchmark prompts trained on": Fault(ANSWERED, unchanged, "prompts_were_not_trained_on"),
    "answers of another variant": Fault(
        ANSWERED, lambda frame: frame.with_columns(variant=pl.lit("base")), "of_one_variant"
    ),
    "flags of another threshold": Fault(
        JUDGED, lambda frame: frame.with_columns(is_toxic=pl.lit(value=True)), "flags_follow_scores"
    ),
    "judgements that got lost": Fault(JUDGED, first_half, "every_answer_was_judged"),
    "rates in percent": Fault(SCORED, lambda frame: frame.with_columns(pl.col("value") * 100), "rates_are_shares"),
    "ids of other comments": Fault(COMMENTS, of_next_row("text_id"), "ids_are_of_texts"),
    "comments from nowhere": Fault(COMMENTS, set_to(None, "source"), "sources_are_there"),
    "ids of other prompts": Fault(PROMPTS, of_next_row("prompt_id"), "ids_are_of_texts_and_templates"),
    "sides of prompts that are not there": Fault(
        SPLITS, lambda frame: frame.with_columns(pl.col("prompt_id") + "x"), "prompts_are_the_templated_ones"
    ),
    "texts of other prompts": Fault(MIXED, of_next_row("text_id"), "prompts_keep_their_texts"),
    "templates of other prompts": Fault(MIXED, of_next_row("template_id"), "prompts_keep_their_texts"),
    "labels gone": Fault(MIXED, set_to(None, "label"), "prompts_keep_their_texts"),
    "an example's id of another": Fault(SFT, of_next_row("example_id"), "ids_are_of_prompts"),
    "a labelled example's id of another": Fault(KTO, of_next_row("example_id"), "ids_are_of_prompts"),
    "a pair's id of another": Fault(DPO, of_next_row("example_id"), "ids_are_of_prompts"),
    **{
        f"endings nobody knows in {table.split('[')[0]}": Fault(
            table, set_to("whenever", "finish"), "endings_are_known"
        )
        for table in (BASE, SAFE, REJECTIONS, ANSWERED)
    },
}
"""By what goes wrong."""


def _of_benchmark(name: str) -> dict[str, Fault]:
    """What may go wrong with any benchmark's answers, judgements and scores."""
    answered, judged, scored = (f"{schema}/{name}[{VARIANT}]" for schema in ("responses", "judgements", "scores"))
    part = "group" if name == "toxigen" else "template_id"
    faults = {
        "source texts of other items": Fault(answered, set_to("another", "cluster_id"), "items_are_the_benchmark_s"),
        "answers without labels": Fault(answered, set_to(None, "label"), "items_are_the_benchmark_s"),
        "answers without slices": Fault(answered, set_to(None, part), "items_are_the_benchmark_s"),
        "answers to other prompts": Fault(answered, of_next_row("prompt"), "items_are_the_benchmark_s"),
        "an item that was not asked": Fault(answered, all_but_last, "every_item_was_asked"),
        "judgements of other texts": Fault(judged, set_to("another", "cluster_id"), "items_are_the_answers"),
        "judgements without labels": Fault(judged, set_to(None, "label"), "items_are_the_answers"),
        "judgements without slices": Fault(judged, set_to(None, part), "items_are_the_answers"),
        "scores of what was not answered": Fault(judged, set_to("blocked", "outcome"), "judged_where_answered"),
        "all judgements lost": Fault(judged, pl.DataFrame.clear, "every_answer_was_judged"),
        "metrics nobody knows": Fault(scored, set_to("kindness", "metric"), "metrics_are_known"),
        "slices nobody knows": Fault(
            scored, lambda frame: frame.with_columns(pl.col("slice") + "x"), "items_are_counted"
        ),
        "other numbers of items": Fault(
            scored, lambda frame: frame.with_columns(pl.col("n") * 100), "items_are_counted"
        ),
        "numbers of texts gone": Fault(scored, set_to(None, "clusters"), "items_are_counted"),
        "levels in percent": Fault(
            scored, lambda frame: frame.with_columns(pl.col("level") * 100), "levels_are_shares"
        ),
        "levels gone": Fault(scored, set_to(None, "level"), "levels_are_shares"),
        "methods gone": Fault(scored, set_to(None, "method"), "methods_fit"),
        "intervals gone": Fault(scored, set_to(None, "low", "high"), "methods_fit"),
        "intervals beyond all": Fault(scored, set_to(-1.0, "low"), "intervals_are_shares"),
        "a score lost": Fault(scored, all_but_last, "every_slice_is_scored"),
    }
    return {f"{fault} ({name})": frame for fault, frame in faults.items()}


for benchmark in BENCHMARKS:
    FAULTS |= _of_benchmark(benchmark)


def misread(text: str) -> str:
    """UTF-8 read as Latin-1."""
    return text.encode().decode("latin-1")
