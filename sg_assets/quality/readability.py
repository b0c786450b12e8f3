"""Texts that were read with the wrong encoding."""

from collections.abc import Mapping
from heapq import nsmallest
from typing import Any, Final

from sg_assets.declarations.records.inspections import Unreadable
from sg_assets.ingest.mojibake import unreadable
from sg_assets.quality.findings import TextMatches
from sg_assets.quality.text_columns import gather, text_batches
from sg_assets.store.audit.conditions import EXAMPLES
from sg_assets.store.audit.staged_table import StagedTable

_ONLY_QUESTIONS: Final = r"^[\s?]{4,}$"
_QUESTIONS_AT_MOST: Final = 0.05
"""People write "????" too, so such texts count only where more than this share of all texts is nothing else."""


def unreadable_texts(staged: StagedTable, inspection: Unreadable, values: Mapping[str, Any]) -> TextMatches:
    """Texts with traces of a wrong encoding."""
    evaluated = gather(staged, inspection, values)
    failing, asking = 0, 0
    examples, asking_examples = list[str](), list[str]()
    for batch in text_batches(staged.connection):
        traced = unreadable(batch["text"])
        questions = batch["text"].str.contains(_ONLY_QUESTIONS) & ~traced
        failing, asking = failing + int(traced.sum()), asking + int(questions.sum())
        examples = nsmallest(EXAMPLES, [*examples, *batch["id"].filter(traced)])
        asking_examples = nsmallest(EXAMPLES, [*asking_examples, *batch["id"].filter(questions)])
    if asking > _QUESTIONS_AT_MOST * evaluated:
        failing, examples = failing + asking, nsmallest(EXAMPLES, [*examples, *asking_examples])
    return TextMatches(evaluated, failing, inspection.at_most, examples)
