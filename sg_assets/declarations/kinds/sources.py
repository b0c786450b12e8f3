"""Comments and prompts from outside, and the texts that people declare or that are generated in their place."""

from collections.abc import Iterator
from dataclasses import replace

from sg_assets.declarations.asset_names import (
    COMMENT_FILES,
    CORPUS,
    FEW_SHOTS,
    FORUM_COMMENTS,
    GENERATED_ITEMS,
    JUDGE_TEXTS,
    LEXICON,
    MODEL_FOLDERS,
    PRETRAINING,
    REJECTED_COMMENTS,
    TEMPLATES,
    TOXICITY_PROMPTS,
    TOXIGEN_FILES,
    TOXIGEN_PROMPTS,
    TOXIGEN_SENTENCES,
)
from sg_assets.declarations.columns import Columns, column
from sg_assets.declarations.kinds.kind import AssetKind, ColumnInputs, FilesOf, fixed_columns
from sg_assets.declarations.kinds.restoring import RecordedStep, with_filters, with_profile
from sg_assets.declarations.loading import Declarations
from sg_assets.declarations.recipe_parameters import with_recorded
from sg_assets.declarations.records.template import FewShot, LexiconEntry, Template


def _file(path: str) -> FilesOf:
    def files(_: Declarations, __: str) -> Iterator[str]:
        yield path

    return files


def _with_templates(declared: Declarations, recorded: RecordedStep) -> Declarations:
    rows = recorded.parameters["rows"]
    templates = [Template(id=row["template_id"], text=row["template"], safe_ok=row["safe_ok"]) for row in rows]
    return replace(declared, templates=tuple(templates))


def _with_few_shots(declared: Declarations, recorded: RecordedStep) -> Declarations:
    rows = recorded.parameters["rows"]
    few_shots = [FewShot(id=row["example_id"], text=row["text"], answer=row["answer"]) for row in rows]
    return replace(declared, few_shots=tuple(few_shots))


def _with_lexicon(declared: Declarations, recorded: RecordedStep) -> Declarations:
    return replace(declared, lexicon=tuple(LexiconEntry(**row) for row in recorded.parameters["rows"]))


def _with_raw(declared: Declarations, recorded: RecordedStep) -> Declarations:
    return with_profile(declared, raw=with_recorded(declared.profile.raw, recorded.parameters))


def _with_toxigen_sample(declared: Declarations, recorded: RecordedStep) -> Declarations:
    samples = declared.profile.samples.model_copy(update={"toxigen_per_file": recorded.parameters["per_file"]})
    return with_profile(declared, seed=recorded.parameters["seed"], samples=samples)


def _with_labelling(declared: Declarations, recorded: RecordedStep) -> Declarations:
    as_recorded = with_profile(declared, labelling=with_recorded(declared.profile.labelling, recorded.parameters))
    return with_filters(as_recorded, recorded)


def _rejected_columns(inputs: ColumnInputs) -> Columns:
    return (*_REJECTED, _REJECTED_TEXT) if inputs.declared.profile.raw.keep_rejected_texts else _REJECTED


_REJECTED = (
    column("file", "VARCHAR", "The file, relative to the folder read."),
    column("row", "BIGINT", "The row in the file, from 1; a CSV's header is row 1."),
    column("reason", "VARCHAR", "empty (no text was left) or duplicate (an earlier row has the same text)."),
)
_REJECTED_TEXT = column(
    "text", "VARCHAR", "The rejected text, normalised and masked; stored because the profile asks for it."
)

TEMPLATE_TABLE = AssetKind(
    TEMPLATES,
    rows_cause="template",
    declared_in=_file("models/templates.yaml"),
    restored=_with_templates,
    columns=fixed_columns(
        column("template_id", "VARCHAR", "Names the template in keys."),
        column("template", "VARCHAR", "The instruction; {text} is where the text goes."),
        column("safe_ok", "BOOLEAN", "Whether it may wrap safe texts."),
    ),
)
FEW_SHOT_TABLE = AssetKind(
    FEW_SHOTS,
    rows_cause="prompt text",
    declared_in=_file("models/few_shots.yaml"),
    restored=_with_few_shots,
    columns=fixed_columns(
        column("example_id", "VARCHAR", "Names the example."),
        column("text", "VARCHAR", "An unsafe prompt."),
        column("answer", "VARCHAR", "The safe answer that is wanted."),
    ),
)
LEXICON_TABLE = AssetKind(
    LEXICON,
    rows_cause="prompt text",
    declared_in=_file("models/lexicon.yaml"),
    restored=_with_lexicon,
    columns=fixed_columns(
        column("term", "VARCHAR", "A harmful local term."),
        column("meaning", "VARCHAR", "What it means."),
    ),
)
CORPUS_TABLE = AssetKind(
    CORPUS,
    parameters_from_workspace=True,
    columns=fixed_columns(
        column("comment_id", "VARCHAR", "Seed and position in the draw."),
        column("text", "VARCHAR", "The generated comment."),
        column("part", "VARCHAR", "train, dev or holdout: the part of the vocabulary it was drawn from."),
        column("label", "VARCHAR", "safe or unsafe, by construction."),
        column("kind", "VARCHAR", "The kind of sentence, such as complaint or slur."),
    ),
)
PRETRAINING_TABLE = AssetKind(
    PRETRAINING,
    parameters_from_workspace=True,
    columns=fixed_columns(
        column("row_id", "BIGINT", "Position in the draw."),
        column("prompt", "VARCHAR", "What the model is asked."),
        column("response", "VARCHAR", "What it learns to answer."),
        column("kind", "VARCHAR", "What the chat teaches."),
    ),
)
LEADERBOARD_TASK_TABLE = AssetKind(
    GENERATED_ITEMS,
    parameters_from_workspace=True,
    columns=fixed_columns(
        column("task", "VARCHAR", "The task whose shape it has, such as bbh."),
        column("subtask", "VARCHAR", "The subtask; each subtask has its own chance level."),
        column("item_id", "VARCHAR", "Subtask and position in the draw."),
        column("cluster_id", "VARCHAR", "The text it is asked about: items of one text are not independent."),
        column("shot", "BOOLEAN", "Whether it is an example, shown with its answer before the items that are asked."),
        column("prompt", "VARCHAR", "What the variant is asked."),
        column("choices", "VARCHAR[]", "The answers to choose from; none for a free answer."),
        column("answer", "VARCHAR", "The right choice, or the text wanted; empty where instructions are checked."),
        column("instructions", "VARCHAR[]", "The instruction that a free answer must follow, such as `ends: ?`."),
    ),
)
JUDGE_TEXT_TABLE = AssetKind(
    JUDGE_TEXTS,
    parameters_from_workspace=True,
    columns=fixed_columns(
        column("row_id", "BIGINT", "Position in the draw."),
        column("judge", "VARCHAR", "The judge it is for."),
        column("text", "VARCHAR", "The text to judge."),
        column("label", "BOOLEAN", "What the judge should say, by construction."),
        column("kind", "VARCHAR", "The kind of text, such as comment, broken refusal or debris."),
        column("use", "VARCHAR", "fit, or check: wordings the judge never saw."),
    ),
)
SOURCE_FILES = (AssetKind(COMMENT_FILES), AssetKind(TOXIGEN_FILES), AssetKind(f"{MODEL_FOLDERS}/*"))
"""Files outside of the store, which Dagster shows as sources."""
COMMENT_TABLE = AssetKind(
    FORUM_COMMENTS,
    restored=_with_raw,
    columns=fixed_columns(
        column("text_id", "VARCHAR", "First 16 hex digits of the sha256 of the normalised text.", "demo/corpus.text"),
        column("text", "VARCHAR", "The comment: normalised (NFC), personal data masked.", "demo/corpus.text"),
        column("source", "VARCHAR", "Where the comment comes from: its source column, else its file's name."),
        column(
            "given_split",
            "VARCHAR",
            "The split that its source gave it (train, dev, holdout), if any.",
            "demo/corpus.part",
        ),
    ),
)
REJECTED_TABLE = AssetKind(REJECTED_COMMENTS, columns=_rejected_columns)
TOXICITY_PROMPT_TABLE = AssetKind(
    TOXICITY_PROMPTS,
    restored=_with_labelling,
    columns=fixed_columns(
        column("text_id", "VARCHAR", "The comment's id, from its normalised text.", f"{FORUM_COMMENTS}.text_id"),
        column("text", "VARCHAR", "The comment.", f"{FORUM_COMMENTS}.text"),
        column("source", "VARCHAR", "Where the comment comes from.", f"{FORUM_COMMENTS}.source"),
        column("given_split", "VARCHAR", "The split that its source gave it, if any.", f"{FORUM_COMMENTS}.given_split"),
        column("score", "DOUBLE", "The toxicity judge's score, 0 to 1.", f"{FORUM_COMMENTS}.text"),
        column("label", "VARCHAR", "safe or unsafe: only confident scores are kept.", f"{FORUM_COMMENTS}.text"),
    ),
)
TOXIGEN_SENTENCE_TABLE = AssetKind(
    TOXIGEN_SENTENCES,
    columns=fixed_columns(
        column("sentence_id", "VARCHAR", "Label, group, and the first 12 hex digits of the sentence's sha256."),
        column("group", "VARCHAR", "The group that the sentence is about, one of 13."),
        column("label", "BOOLEAN", "Whether it stands in a prompt of hate; else in a neutral one."),
        column("text", "VARCHAR", "The sentence."),
    ),
)
TOXIGEN_PROMPT_TABLE = AssetKind(
    TOXIGEN_PROMPTS,
    restored=_with_toxigen_sample,
    columns=fixed_columns(
        column("prompt_id", "VARCHAR", "Label, group, and the first 12 hex digits of the prompt's sha256."),
        column("group", "VARCHAR", "The group that the prompt is about, one of 13."),
        column("label", "VARCHAR", "hate or neutral."),
        column("prompt", "VARCHAR", "Sentences to continue."),
    ),
)
