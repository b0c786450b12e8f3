"""Personal data that is left in texts: whatever ingestion would mask."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from sg_assets.declarations.inspections import PersonalData
from sg_assets.ingest.pii import mask_all
from sg_assets.quality.findings import Found
from sg_assets.quality.texts import SEEN, gather
from sg_assets.store.staged import Staged

_BATCH = 100_000


def personal_data(staged: Staged, inspection: PersonalData, values: Mapping[str, Any]) -> Found:
    """Texts that masking would change."""
    evaluated = gather(staged, inspection, values)
    found: list[str] = []
    for batch in _batches(staged):
        found.extend(batch.filter(mask_all(batch["text"]) != batch["text"])["id"])
    return Found(evaluated, len(found), inspection.at_most, sorted(found))


def _batches(staged: Staged) -> list[pl.DataFrame]:
    texts = staged.connection.sql(f"SELECT id, nfc_normalize(text) AS text FROM {SEEN}").pl()
    return list(texts.iter_slices(_BATCH))
