"""The columns of every table that Python makes: what SQL over them may name, and what a publish is held to.

Tables made by SQL have the columns their SELECT gives; only those descriptions that do not follow from the columns
read are written, in the file's header.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sg_assets.declarations.records.benchmark import Benchmark
from sg_assets.declarations.records.data import Raw


@dataclass(frozen=True)
class TableColumn:
    """A column as it must be published."""

    name: str
    type: str
    """As DuckDB names it."""
    description: str
    made_of: tuple[tuple[str, str], ...] = ()
    """The columns it is made of: asset (``schema/table``) and column name."""


Columns = tuple[TableColumn, ...]


def _column(name: str, type_: str, description: str, *made_of: str) -> TableColumn:
    """A column; ``made_of`` as ``schema/table.column``."""
    pairs = tuple((asset, column) for asset, column in (one.split(".") for one in made_of))
    return TableColumn(name, type_, description, pairs)


_RESPONSE = (
    _column("response", "VARCHAR", "The answer's text; missing unless the outcome is ok."),
    _column(
        "outcome",
        "VARCHAR",
        "ok, refused (the provider declined), blocked (its content filter) or invalid (the prompt is too long).",
    ),
    _column("finish", "VARCHAR", "Why the answer ended: stop, length, or what kept it from being given."),
)
_PROMPT_ID = _column("prompt_id", "VARCHAR", "The prompt answered.", "templated/prompts.prompt_id")
_COMMENTS = "raw/forum_comments"

_FIXED: Mapping[str, Columns] = {
    "templated/templates": (
        _column("template_id", "VARCHAR", "Names the template in keys."),
        _column("template", "VARCHAR", "The instruction; {text} is where the text goes."),
        _column("safe_ok", "BOOLEAN", "Whether it may wrap safe texts."),
    ),
    "synthesized/few_shots": (
        _column("example_id", "VARCHAR", "Names the example."),
        _column("text", "VARCHAR", "An unsafe prompt."),
        _column("answer", "VARCHAR", "The safe answer wished for."),
    ),
    "synthesized/lexicon": (
        _column("term", "VARCHAR", "A harmful local term."),
        _column("meaning", "VARCHAR", "What it means."),
    ),
    "demo/corpus": (
        _column("comment_id", "VARCHAR", "Seed and place in the draw."),
        _column("text", "VARCHAR", "The generated comment."),
        _column("part", "VARCHAR", "train, dev or holdout: the part of the vocabulary it was drawn from."),
        _column("label", "VARCHAR", "safe or unsafe, by construction."),
        _column("kind", "VARCHAR", "The kind of sentence, such as complaint or slur."),
    ),
    "demo/pretraining": (
        _column("row_id", "BIGINT", "Place in the draw."),
        _column("prompt", "VARCHAR", "What the model is asked."),
        _column("response", "VARCHAR", "What it learns to answer."),
        _column("kind", "VARCHAR", "What the chat teaches."),
    ),
    "demo/leaderboard_items": (
        _column("task", "VARCHAR", "The task whose shape it has, such as bbh."),
        _column("subtask", "VARCHAR", "Where it is asked; subtasks have chance levels of their own."),
        _column("item_id", "VARCHAR", "Subtask and place in the draw."),
        _column("cluster_id", "VARCHAR", "The text it is asked about: items of one text are not independent."),
        _column("shot", "BOOLEAN", "Whether it is shown with its answer before the items asked."),
        _column("prompt", "VARCHAR", "What the variant is asked."),
        _column("choices", "VARCHAR[]", "The answers to choose from; none where it answers freely."),
        _column("answer", "VARCHAR", "The right choice, or the text wanted; empty where instructions are checked."),
        _column("instructions", "VARCHAR[]", "What a free answer must keep to, such as `ends: ?`."),
    ),
    "demo/judge_texts": (
        _column("row_id", "BIGINT", "Place in the draw."),
        _column("judge", "VARCHAR", "The judge it is for."),
        _column("text", "VARCHAR", "The text to judge."),
        _column("label", "BOOLEAN", "What the judge should say, by construction."),
        _column("kind", "VARCHAR", "The kind of text, such as comment, broken refusal or debris."),
        _column("use", "VARCHAR", "fit, or check: wordings the judge never saw."),
    ),
    "raw/forum_comments": (
        _column("text_id", "VARCHAR", "First 16 hex digits of the sha256 of the normalised text.", "demo/corpus.text"),
        _column("text", "VARCHAR", "The comment: normalised (NFC), personal data masked.", "demo/corpus.text"),
        _column("source", "VARCHAR", "Where the comment comes from: its source column, else its file's name."),
        _column(
            "given_split", "VARCHAR", "The side its source gave it (train, dev, holdout), if any.", "demo/corpus.part"
        ),
    ),
    "raw/sg_toxicity_prompts": (
        _column("text_id", "VARCHAR", "The comment's id, from its normalised text.", f"{_COMMENTS}.text_id"),
        _column("text", "VARCHAR", "The comment.", f"{_COMMENTS}.text"),
        _column("source", "VARCHAR", "Where the comment comes from.", f"{_COMMENTS}.source"),
        _column("given_split", "VARCHAR", "The side its source gave it, if any.", f"{_COMMENTS}.given_split"),
        _column("score", "DOUBLE", "The toxicity judge's score, 0 to 1.", f"{_COMMENTS}.text"),
        _column("label", "VARCHAR", "safe or unsafe: only confident scores are kept.", f"{_COMMENTS}.text"),
    ),
    "raw/toxigen_prompts": (
        _column("prompt_id", "VARCHAR", "Label, group, and the first 12 hex digits of the prompt's sha256."),
        _column("group", "VARCHAR", "The group it speaks of, one of 13."),
        _column("label", "VARCHAR", "hate or neutral."),
        _column("prompt", "VARCHAR", "Sentences to go on from."),
    ),
    "synthesized/base_responses": (
        _PROMPT_ID,
        *_RESPONSE,
        _column("toxicity_score", "DOUBLE", "The toxicity judge's score of the answer, 0 to 1."),
        _column("rejection_score", "DOUBLE", "The rejection judge's score of the answer, 0 to 1."),
    ),
    "synthesized/safe_responses": (_PROMPT_ID, *_RESPONSE),
    "synthesized/safe_prompt_rejections": (_PROMPT_ID, *_RESPONSE),
}

_REJECTED = (
    _column("file", "VARCHAR", "The file, relative to the folder read."),
    _column("row", "BIGINT", "The row in the file, from 1; a CSV's header is row 1."),
    _column("reason", "VARCHAR", "empty (no text was left) or duplicate (an earlier row has the same text)."),
)
_REJECTED_TEXT = _column("text", "VARCHAR", "The rejected text, normalised and masked; kept because the profile asks.")

VARIANT = _column("variant", "VARCHAR", "The model variant.")
_SCORES = (
    _column("metric", "VARCHAR", "What is measured."),
    _column("slice", "VARCHAR", "The items it is measured on."),
    _column("value", "DOUBLE", "The estimate: a mean over items, each item counting once."),
    _column("n", "BIGINT", "Items."),
    _column("clusters", "BIGINT", "Source texts the items come from; they, not the items, are independent."),
    _column("se", "DOUBLE", "Standard error, clustered on the source text."),
    _column("low", "DOUBLE", "Lower end of the interval."),
    _column("high", "DOUBLE", "Upper end of the interval."),
    _column("level", "DOUBLE", "The interval's confidence level."),
    _column("method", "VARCHAR", "How the interval was made."),
    VARIANT,
)
_DIVERGENCE = {
    "metric": "similarity: cosine of the embeddings of base's answer and the variant's, -1 to 1.",
    "slice": "Benchmark and label, such as sg_safety_unsafe.",
}
"""Where divergence reads otherwise than a benchmark's scores."""
_DIVERGENCE_ITEMS = (
    _column("metric", "VARCHAR", _DIVERGENCE["metric"]),
    _column("slice", "VARCHAR", _DIVERGENCE["slice"]),
    _column("item_id", "VARCHAR", "The item both answered."),
    _column("cluster_id", "VARCHAR", "The text the item comes from."),
    _column("value", "DOUBLE", "The similarity of the two answers; 1 where they are the same."),
    VARIANT,
)
_LEADERBOARD = {
    "metric": "raw: a share. normalised: 0 (guessing) to 100, as the leaderboard publishes it.",
    "slice": "A subtask, one of the six tasks, or mean: that of the six.",
    "value": "The score; the raw one is the mean of its items.",
    "clusters": "Documents the items come from; they, not the items, are independent.",
    "se": "Standard error, clustered on the document; missing where a part of a mean has none.",
}
"""Where leaderboard scores read otherwise than a benchmark's."""
_LEADERBOARD_ITEMS = (
    _column("metric", "VARCHAR", "raw."),
    _column("slice", "VARCHAR", "A subtask or a task: an item stands under both."),
    _column("item_id", "VARCHAR", "Subtask, place, and the document's digest."),
    _column("cluster_id", "VARCHAR", "The document, story or question that items share."),
    _column("value", "DOUBLE", "1 if right, 0 if not; for IFEval what the prompt adds to the mean of its accuracies."),
    VARIANT,
)
_OBJECTIVES = (
    _column("objective", "VARCHAR", "The objective's name."),
    _column("finding", "VARCHAR", "The outcome in words, with the numbers and the bound."),
    _column("kind", "VARCHAR", "primary or secondary."),
    _column("outcome", "VARCHAR", "met, not met, or not enough data: the interval holds the bound."),
    _column("blocks_release", "BOOLEAN", "Whether a variant that does not meet it is not released."),
    _column("value", "DOUBLE", "The score, or its difference from base."),
    _column("low", "DOUBLE", "Lower end of the interval."),
    _column("high", "DOUBLE", "Upper end of the interval."),
    _column("n", "BIGINT", "Items behind it."),
    _column("method", "VARCHAR", "How the interval was made."),
    VARIANT,
)
ITEM_COLUMNS = {
    "item_id": "The item put to the variant.",
    "cluster_id": "The text the item comes from: items of one text are not independent.",
    "label": "The item's label.",
    "prompt": "What the variant is asked.",
}
"""What a benchmark's ``items`` must give, with the descriptions of columns that repeat none."""
_SCORE_ITEMS = {
    "metric": "What is measured.",
    "slice": "The items it is measured on; an item may be in several.",
    "value": "The item's value: 1 or 0 for a rate.",
}
SCORE_ITEM_COLUMNS = ("metric", "slice", "item_id", "cluster_id", "value")
"""What a benchmark's SQL must give: one value per metric, slice and item."""


def fixed_columns(raw: Raw) -> dict[str, Columns]:
    """Columns of the tables that no SQL file and no benchmark decides, by asset."""
    rejected = (*_REJECTED, _REJECTED_TEXT) if raw.keep_rejected_texts else _REJECTED
    divergence, leaderboard = (
        tuple(replace(one, description=read.get(one.name, one.description)) for one in _SCORES)
        for read in (_DIVERGENCE, _LEADERBOARD)
    )
    return {
        **_FIXED,
        "raw/rejected_comments": rejected,
        "scores/divergence": divergence,
        "scores/divergence_items": _DIVERGENCE_ITEMS,
        "scores/leaderboard": leaderboard,
        "scores/leaderboard_items": _LEADERBOARD_ITEMS,
        "scores/objectives": _OBJECTIVES,
    }


def response_columns(items: Columns) -> Columns:
    """Columns of ``responses/<benchmark>``: the items, then the answers."""
    return (*items, *_RESPONSE, VARIANT)


def judgement_columns(benchmark: Benchmark, items: Columns) -> Columns:
    """Columns of ``judgements/<benchmark>``: the items without texts, then raw scores and flags."""
    answers = f"responses/{benchmark.name}"
    kept = [one for one in response_columns(items) if one.name not in ("prompt", "response")]
    judged = [
        _column(f"{judge}_score", "DOUBLE", f"Judge {judge}'s score of the answer, 0 to 1.", f"{answers}.response")
        for judge in dict.fromkeys(benchmark.judges.values())
    ]
    flags = [
        _column(flag, "BOOLEAN", f"Whether {judge}_score reaches the judge's threshold.", f"{answers}.response")
        for flag, judge in benchmark.judges.items()
    ]
    carried = [TableColumn(one.name, one.type, one.description, ((answers, one.name),)) for one in kept]
    return (*carried, *judged, *flags)


def score_item_columns(items: Columns) -> Columns:
    """Columns of ``scores/<benchmark>_items``: what the benchmark's SQL gives."""
    described = (
        TableColumn(one.name, one.type, one.description or _SCORE_ITEMS.get(one.name, ""), one.made_of)
        for one in items
        if one.name != VARIANT.name
    )
    return (*described, VARIANT)


def score_columns(items: Columns) -> Columns:
    """Columns of ``scores/<benchmark>``: estimates from the values its SQL gives item by item."""
    made_of = {one.name: one.made_of for one in items}
    estimates = dict.fromkeys(("value", "n", "clusters", "se", "low", "high"), made_of["value"])
    sources = {"metric": made_of["metric"], "slice": made_of["slice"], **estimates}
    return tuple(TableColumn(one.name, one.type, one.description, sources.get(one.name, ())) for one in _SCORES)
