"""Personal data left in texts, looked for by other means than ingestion masks them with."""

from collections.abc import Iterator, Mapping
from heapq import nsmallest
from typing import Any

import polars as pl

from sg_assets.declarations.records.inspections import PersonalData
from sg_assets.quality.contact_signs import has_signs
from sg_assets.quality.findings import TextMatches
from sg_assets.quality.text_columns import SEEN, gather
from sg_assets.store.audit.conditions import EXAMPLES
from sg_assets.store.audit.staged_table import StagedTable

_BATCH = 20_000
_ASKED = r"[@\x{FF20}\x{FE6B}%&/\x{FF0F}]|(?i:[\s_({\[]at[\s_)}\]])|\p{N}(?:[^\p{L}\p{N}]*\p{N}){6}"
"""What every text with such a sign has: a cheap way to pass over nearly all others."""


def personal_data(staged: StagedTable, inspection: PersonalData, values: Mapping[str, Any]) -> TextMatches:
    """Texts with signs of personal data. Texts that are masked have none, unless the mask has a hole."""
    evaluated = gather(staged, inspection, values)
    failing, examples = 0, list[str]()
    for batch in _batches(staged):
        asked = batch.filter(batch["text"].str.contains(_ASKED))
        matching = [key for key, text in asked.select("id", "text").iter_rows() if has_signs(text)]
        failing += len(matching)
        examples = nsmallest(EXAMPLES, [*examples, *matching])
    return TextMatches(evaluated, failing, inspection.at_most, examples)


def _batches(staged: StagedTable) -> Iterator[pl.DataFrame]:
    """All texts, a few at a time: a table may be larger than memory."""
    reader = staged.connection.sql(f"SELECT id, nfc_normalize(text) AS text FROM {SEEN}").to_arrow_reader(_BATCH)
    for batch in reader:
        yield pl.DataFrame(batch)
