"""Personal data left in texts, looked for by other means than ingestion masks them with."""

from collections.abc import Mapping
from heapq import nsmallest
from typing import Any

from sg_assets.declarations.records.inspections import PersonalData
from sg_assets.quality.contact_signs import has_signs
from sg_assets.quality.findings import TextMatches
from sg_assets.quality.text_columns import gather, text_batches
from sg_assets.store.audit.conditions import EXAMPLES
from sg_assets.store.audit.staged_table import StagedTable

_ASKED = r"[@\x{FF20}\x{FE6B}%&/\x{FF0F}]|(?i:[\s_({\[]at[\s_)}\]])|\p{N}(?:[^\p{L}\p{N}]*\p{N}){6}"
"""What every text with such a sign has: a cheap way to pass over nearly all others."""


def personal_data(staged: StagedTable, inspection: PersonalData, values: Mapping[str, Any]) -> TextMatches:
    """Texts with signs of personal data. Texts that are masked have none, unless the mask has a hole."""
    evaluated = gather(staged, inspection, values)
    failing, examples = 0, list[str]()
    for batch in text_batches(staged.connection):
        asked = batch.filter(batch["text"].str.contains(_ASKED))
        matching = [key for key, text in asked.select("id", "text").iter_rows() if has_signs(text)]
        failing += len(matching)
        examples = nsmallest(EXAMPLES, [*examples, *matching])
    return TextMatches(evaluated, failing, inspection.at_most, examples)
