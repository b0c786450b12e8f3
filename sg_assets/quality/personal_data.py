"""Personal data left in texts: everything that ingestion would mask."""

from collections.abc import Iterator, Mapping
from heapq import nsmallest
from typing import Any

import polars as pl

from sg_assets.declarations.records.inspections import PersonalData
from sg_assets.ingest.pii import mask_all
from sg_assets.quality.findings import TextMatches
from sg_assets.quality.text_columns import SEEN, gather
from sg_assets.store.audit.conditions import EXAMPLES
from sg_assets.store.audit.staged_table import StagedTable

_BATCH = 20_000


def personal_data(staged: StagedTable, inspection: PersonalData, values: Mapping[str, Any]) -> TextMatches:
    """Texts that masking would change."""
    evaluated = gather(staged, inspection, values)
    failing, examples = 0, list[str]()
    for batch in _batches(staged):
        matching = batch.filter(mask_all(batch["text"]) != batch["text"])["id"].to_list()
        failing += len(matching)
        examples = nsmallest(EXAMPLES, [*examples, *matching])
    return TextMatches(evaluated, failing, inspection.at_most, examples)


def _batches(staged: StagedTable) -> Iterator[pl.DataFrame]:
    """All texts, a few at a time: a table may be larger than memory."""
    reader = staged.connection.sql(f"SELECT id, nfc_normalize(text) AS text FROM {SEEN}").to_arrow_reader(_BATCH)
    for batch in reader:
        yield pl.DataFrame(batch)
