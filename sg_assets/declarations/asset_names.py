"""Names of assets, methods and variants that declarations, work and reports share."""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sg_assets.declarations.loading import Declarations

METHODS = ("sft", "kto", "dpo")
ADAPTER_METHODS: Final = (*METHODS, "imported")
"""How a variant may come by an adapter: ``adapters/<method>`` holds those of each."""
BASE = "base"
"""The variant that others are compared with: the base model as it is."""
CHAT_MODEL: Final = "models/chat"
GENERATOR: Final = "models/generator"
EMBEDDER: Final = "models/embedder"
TEMPLATES: Final = "templated/templates"
FEW_SHOTS: Final = "synthesized/few_shots"
LEXICON: Final = "synthesized/lexicon"
CORPUS: Final = "demo/corpus"
PRETRAINING: Final = "demo/pretraining"
JUDGE_TEXTS: Final = "demo/judge_texts"
GENERATED_ITEMS = "demo/leaderboard_items"
COMMENT_FILES: Final = "raw/comment_files"
TOXIGEN_FILES: Final = "raw/toxigen_files"
MODEL_FOLDERS: Final = "model_folders"
"""Schema of the folders that declared models lie in, as Dagster shows them."""
FORUM_COMMENTS: Final = "raw/forum_comments"
REJECTED_COMMENTS: Final = "raw/rejected_comments"
TOXICITY_PROMPTS: Final = "raw/sg_toxicity_prompts"
TOXIGEN_PROMPTS: Final = "raw/toxigen_prompts"
TOXIGEN_SENTENCES: Final = "raw/toxigen_sentences"
PROMPTS: Final = "templated/prompts"
SPLITS: Final = "templated/splits"
BASE_RESPONSES: Final = "synthesized/base_responses"
SAFE_RESPONSES: Final = "synthesized/safe_responses"
SAFE_PROMPT_REJECTIONS: Final = "synthesized/safe_prompt_rejections"
MIX_PROMPTS: Final = "training/mix_prompts"
EXAMPLES = {"sft": "training/sft_examples", "kto": "training/kto_examples", "dpo": "training/dpo_pairs"}
"""Training table by method."""
IMPORTED_ADAPTERS: Final = "adapters/imported"
DIVERGENCE = "scores/divergence"
LEADERBOARD = "scores/leaderboard"
OBJECTIVES = "scores/objectives"
LABEL_SAMPLE: Final = "labels/sample"
"""Answers drawn for people to label. An act makes it, so it is not in the graph."""
ANSWER_LABELS: Final = "labels/answers"
JUDGE_ALIGNMENT: Final = "labels/alignment"
JUDGED_LABELS: Final = "labels/judged"
ANNOTATOR_AGREEMENT: Final = "labels/agreement"
RESULTS: Final = "reports/results"
MODEL_CARD = "reports/model_card"
RELEASE = "reports/release"
ITEMS = "_items"
"""Ends the name of the table of the values a score is estimated from, item by item."""


def items_of(score: str) -> str:
    """The table of a score's values item by item: ``scores/sg_safety`` to ``scores/sg_safety_items``."""
    return f"{score}{ITEMS}"


def is_score_of_variants(asset: str, declarations: "Declarations") -> bool:
    """Whether an asset holds scores of each variant: a benchmark's, the leaderboard's, or the similarity to base."""
    return asset in {LEADERBOARD, DIVERGENCE, *(f"scores/{name}" for name in declarations.benchmarks)}
